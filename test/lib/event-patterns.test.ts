import { Template } from 'aws-cdk-lib/assertions';
import type { RewindConfigInput } from '../../lib/config';
import { ControlStack } from '../../lib/control-stack';
import { defaultConfig } from '../../local/deployment-config';
import { allBlocks } from '../support/documentation';
import { eventRuler, hasJava } from '../support/event-ruler';
import type { Question } from '../support/event-ruler';
import { unbundledApp } from '../support/unbundled-app';

/* The patterns of rules, on Event Ruler: the matcher of EventBridge itself. */

if (!hasJava)
  console.log('Skipped: event patterns are compared with events by Event Ruler, which needs a JDK and Maven.');
const onRuler = hasJava ? describe : describe.skip;

const ACCOUNT = '111122223333';
const namespace = 'orders.test';
type Triggers = NonNullable<RewindConfigInput['triggers']>;

/** What an event pattern can have, with details that match and others that do not. */
const details: Record<string, { detail: Record<string, unknown>; matching: object[]; others: object[] }> = {
  prefixed: {
    detail: { orderId: [{ prefix: 'eu-' }], reason: [{ 'anything-but': ['test'] }] },
    matching: [{ orderId: 'eu-1', reason: 'late' }],
    others: [
      { orderId: 'us-1', reason: 'late' },
      { orderId: 'eu-1', reason: 'test' },
    ],
  },
  numeric: {
    detail: { amount: [{ numeric: ['>', 0, '<=', 1000] }], voided: [true] },
    matching: [
      { amount: 1000, voided: true },
      { amount: 0.5, voided: true },
    ],
    others: [{ amount: 0, voided: true }, { amount: 5 }],
  },
  optional: {
    detail: { note: [{ exists: false }], customer: { id: [{ exists: true }] } },
    matching: [{ customer: { id: 7 } }],
    others: [{ customer: {} }, { customer: { id: 7 }, note: 'x' }],
  },
  either: {
    detail: { $or: [{ kind: ['full'] }, { kind: [{ wildcard: 'part-*' }] }] },
    matching: [{ kind: 'full' }, { kind: 'part-2' }],
    others: [{ kind: 'none' }],
  },
};
const written: Triggers = Object.fromEntries(
  Object.entries(details).map(([name, { detail }]) => [
    name,
    {
      sources: ['com.example.orders', 'com.example.billing'],
      eventPattern: { 'detail-type': ['OrderWithdrawn'], detail },
      namespace,
      workflowId: 'order-<$.detail.orderId>',
    },
  ]),
);

/** Objects at any depth that have one of these keys. */
function objectsWith(key: string, value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const here = key in value ? [value as Record<string, unknown>] : [];
  return [...here, ...Object.values(value).flatMap((part) => objectsWith(key, part))];
}

const inDocumentation = allBlocks()
  .filter(({ language, text }) => language === 'json' && /eventPattern|EventPattern/i.test(text))
  .map(({ text }) => JSON.parse(/^\s*"/.test(text) ? `{${text}}` : text) as unknown);

/** The triggers that pages show, in a namespace of this deployment. */
const documented: Triggers = Object.fromEntries(
  objectsWith('eventPattern', inDocumentation).map((trigger, index) => [
    `documented-${index}`,
    { ...(trigger as unknown as Triggers[string]), namespace, engine: 'server' as const },
  ]),
);

/** The pattern of each rule for events, as it is deployed into the account. */
function synthesized(triggers: Triggers): { pattern: Pattern; trigger: string }[] {
  const { cancellationRequests } = defaultConfig([namespace]);
  const secretArn = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:rewind-AbCdEf`;
  const config = {
    namespaces: { [namespace]: { address: 'orders.test:7233', secretArn } },
    triggers,
    cancellationRequests,
  };
  const template = Template.fromStack(new ControlStack(unbundledApp(), 'Control', { config }));
  return Object.values(template.findResources('AWS::Events::Rule')).flatMap(({ Properties: properties }) => {
    if (properties.EventPattern === undefined) return [];
    const text = JSON.stringify(properties.EventPattern).replaceAll('{"Ref":"AWS::AccountId"}', `"${ACCOUNT}"`);
    return [{ pattern: JSON.parse(text) as Pattern, trigger: String(properties.Description).split(' ').at(-1) ?? '' }];
  });
}

interface Pattern {
  source: string[];
  'detail-type': string[];
  account: string[];
  detail?: object;
}

const eventOf = ({ source, 'detail-type': types, account }: Pattern, detail: object, changes: object = {}) => ({
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': types.at(-1),
  source: source.at(-1),
  account: account.at(-1),
  time: '2026-01-31T12:00:00Z',
  region: 'eu-west-1',
  resources: [],
  detail,
  ...changes,
});

onRuler('event patterns', () => {
  test('those of the default configuration, the pages and tests match their events and no others', async () => {
    const { triggers: byDefault = {} } = defaultConfig([namespace]);
    const triggers = { ...byDefault, ...documented, ...written };
    const rules = synthesized(triggers);
    expect(rules).toHaveLength(Object.keys(triggers).length + 1);
    const questions = rules.map(({ pattern, trigger }): Question & { expected: boolean[] } => {
      const { matching, others } = details[trigger] ?? { matching: [{ orderId: '1' }, {}], others: [] };
      const [detail = {}] = matching;
      const strangers = [
        { source: `${pattern.source[0]}.stranger` },
        { source: 'rewind' },
        { account: '999999999999' },
        { 'detail-type': 'Another' },
      ];
      const events = [
        ...[...matching, ...others].map((each) => eventOf(pattern, each)),
        ...strangers.map((changes) => eventOf(pattern, detail, changes)),
      ];
      return { pattern, events, expected: events.map((_, index) => index < matching.length) };
    });
    const shown = objectsWith('EventPattern', inDocumentation).map(({ EventPattern: pattern }) => pattern as Pattern);
    expect(shown.length).toBeGreaterThan(0);
    questions.push(
      ...shown.map((pattern) => {
        return { pattern, events: [eventOf({ ...pattern, account: [ACCOUNT] }, {})], expected: [true] };
      }),
    );

    const verdicts = await eventRuler([...questions, { pattern: { source: 'no list' }, events: [] }]);

    expect(verdicts).toEqual([
      ...questions.map(({ expected }) => ({ matches: expected })),
      { error: expect.stringContaining('source') },
    ]);
  });
});
