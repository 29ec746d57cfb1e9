import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { RewindConfigInput } from '../../lib/config';
import { addRewind } from '../../examples/app';
import { addStages } from '../../examples/company/stages';
import { defaultConfig } from '../../local/deployment-config';
import { allBlocks } from '../support/documentation';
import { eventRuler, describeWithEventRuler } from '../support/event-ruler';
import type { Question } from '../support/event-ruler';
import { resolveReferences } from '../support/resolve-references';
import { controlStack, namespaces, workerStack } from '../support/stacks';
import { unbundledApp } from '../support/unbundled-app';

/* The event patterns of rules, on Event Ruler, EventBridge's own matcher. */

/** As `plain` writes it. */
const ACCOUNT = 'AWS::AccountId';
const namespace = 'prod.a1b2c';
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

/** The deployed event pattern of each rule. */
function synthesized(triggers: Triggers): { pattern: Pattern; trigger: string }[] {
  const { cancellationRequests } = defaultConfig([namespace]);
  return rulesOf(controlStack({ namespaces, triggers, cancellationRequests })).map(({ pattern, description }) => ({
    pattern,
    trigger: description.split(' ').at(-1) ?? '',
  }));
}

/** The rules of a stack that have a pattern. */
function rulesOf(stack: Stack): { pattern: Pattern; description: string }[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule')).flatMap(
    ({ Properties: { EventPattern: pattern, Description: description = '' } }) =>
      pattern === undefined
        ? []
        : [{ pattern: resolveReferences(pattern) as Pattern, description: String(description) }],
  );
}

interface Pattern {
  source: string[];
  'detail-type': string[];
  account?: string[];
  detail?: object;
}

const eventOf = (
  { source, 'detail-type': types, account = [ACCOUNT] }: Pattern,
  detail: object,
  changes: object = {},
) => ({
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

describeWithEventRuler('event patterns', () => {
  test('of the default configuration, the pages and the tests match only their events', async () => {
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
        return { pattern, events: [eventOf(pattern, {})], expected: [true] };
      }),
    );

    const verdicts = await eventRuler([...questions, { pattern: { source: 'no list' }, events: [] }]);

    expect(verdicts).toEqual([
      ...questions.map(({ expected }) => ({ matches: expected })),
      { error: expect.stringContaining('source') },
    ]);
  });

  test('of cancellation requests match only requests for their namespaces', async () => {
    const requests = { sources: ['com.example.tools'], namespaces: [namespace] };
    const [rule] = rulesOf(controlStack({ namespaces, cancellationRequests: requests }));
    const pattern = rule?.pattern as Pattern;
    const others = ['staging.a1b2c', `${namespace}-2`, [namespace, 'staging.a1b2c'], undefined];
    const events = [namespace, ...others].map((named) => eventOf(pattern, { namespace: named }));

    // Only one string is a valid request, so that the function rejects the list.
    expect(await eventRuler([{ pattern, events }])).toEqual([{ matches: [true, false, false, true, false] }]);
  });

  // The function refuses such an event (test/integration/cancel-on-event.test.ts).
  test('match each value of a duplicate field, of which JSON parsing returns only the last', async () => {
    const pattern = { detail: { environment: ['staging'] } };
    const event = '{"detail":{"environment":"staging","environment":"production"}}';

    expect(await eventRuler([{ pattern, events: [event, JSON.parse(event) as object] }])).toEqual([
      { matches: [true, false] },
    ]);
  });

  test('of the worker stack and the examples match only their events', async () => {
    const [deployed, ...more] = rulesOf(workerStack());
    expect(more).toEqual([]);
    const [prefix = ''] = JSON.stringify(deployed).match(/arn:[^"]*/) ?? [];
    const deployment = (eventName: string, service = `${prefix}service`) => ({
      source: 'aws.ecs',
      'detail-type': 'ECS Deployment State Change',
      resources: [service],
      detail: { eventType: 'INFO', eventName, deploymentId: 'ecs-svc/1', reason: '' },
    });
    const completed = 'SERVICE_DEPLOYMENT_COMPLETED';

    const reset = { source: 'rewind', 'detail-type': 'Workflow Reset', detail: { namespace: 'prod.a1b2c' } };
    const order = { source: 'acme.orders', 'detail-type': 'OrderWithdrawn', account: ACCOUNT, detail: {} };
    const events = [
      reset,
      { ...reset, detail: { namespace: 'another' } },
      { ...reset, detail: { ...reset.detail, batchOperationId: 'op-77' } },
      { ...reset, 'detail-type': 'Workflow Cancelled' },
      order,
      { ...order, source: 'acme' },
    ];
    const examples = [addRewind(unbundledApp()).stack, addStages(unbundledApp()).production].flatMap(rulesOf);
    const [ofDeployed, ...verdicts] = await eventRuler([
      {
        pattern: deployed?.pattern ?? {},
        events: [
          deployment(completed),
          deployment('SERVICE_DEPLOYMENT_FAILED'),
          deployment('SERVICE_DEPLOYMENT_IN_PROGRESS'),
          deployment(completed, prefix.replace(/\/$/, '-2/service')),
        ],
      },
      ...examples.map(({ pattern }) => ({ pattern, events })),
    ]);

    expect(ofDeployed).toEqual({ matches: [true, false, false, false] });
    const ofTrigger = { matches: [false, false, false, false, true, false] };
    expect(verdicts).toEqual([
      { matches: [true, false, false, false, false, false] },
      // The company's trigger, and the rules between its bus and Rewind's.
      ofTrigger,
      ofTrigger,
      { matches: [true, true, true, true, false, false] },
    ]);
  });
});
