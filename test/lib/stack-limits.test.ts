import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { RewindConfigInput } from '../../lib/config';
import { ControlStack } from '../../lib/control-stack';
import { RewindControl } from '../../lib/rewind-control';
import { unbundledApp } from '../support/unbundled-app';

/* AWS’s limits: what is synthesized is within them, and what would not be is refused. */

const name = (index: number) => `a-namespace-of-forty-characters-${String(index).padStart(3, '0')}.a1b`;
const namespacesOf = (count: number): RewindConfigInput['namespaces'] =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      name(index),
      {
        address: `${name(index)}.tmprl.cloud:7233`,
        secretArn: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:rewind/${name(index)}-AbCdEf`,
        secretKmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0',
      },
    ]),
  );
const triggersOf = (count: number, account?: string[]): RewindConfigInput['triggers'] =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `trigger-${index}`,
      {
        sources: [`com.example.${index}`],
        eventPattern: { 'detail-type': ['Withdrawn'], ...(account && { account }) },
        namespace: name(0),
        workflowId: 'order-<$.detail.orderId>',
      },
    ]),
  );

const synthesized = (namespaces: number, triggers: number) => {
  const config = { namespaces: namespacesOf(namespaces), triggers: triggersOf(triggers) };
  return Template.fromStack(new ControlStack(unbundledApp(), 'Control', { config }));
};

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

/** As it is deployed: what is known at deployment only, as long as an ARN is. */
const deployed = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null) return part;
    const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = part as Record<string, unknown>;
    if (ref !== undefined || attribute !== undefined) return 'x'.repeat(80);
    return Array.isArray(join)
      ? (join[1] as unknown[]).map((each) => JSON.parse(deployed(each)) as string).join(String(join[0]))
      : part;
  });

describe.each([
  [40, 200],
  [300, 200],
])('a stack with %i namespaces and %i triggers is within the limits of', (namespaces, triggers) => {
  const template = synthesized(namespaces, triggers);
  const resources = Object.values(template.toJSON()['Resources'] as Record<string, Resource>);
  const ofType = (type: string) => resources.filter(({ Type: is }) => is === type).map(({ Properties: p }) => p);
  const bytes = (value: unknown) => Buffer.byteLength(deployed(value));

  test('CloudFormation: 500 resources, 1 MB', () => {
    expect(resources.length).toBeLessThanOrEqual(500);
    expect(Buffer.byteLength(JSON.stringify(template.toJSON()))).toBeLessThan(1_000_000);
  });

  test('Lambda: 4 KB of variables, 20 KB of policy', () => {
    for (const { Environment: environment } of ofType('AWS::Lambda::Function')) {
      expect(bytes(environment ?? {})).toBeLessThan(4096);
    }
    const permissions = ofType('AWS::Lambda::Permission');
    for (const { FunctionName: of } of permissions) {
      const same = permissions.filter(({ FunctionName: other }) => JSON.stringify(other) === JSON.stringify(of));
      expect(bytes(same)).toBeLessThan(20_480);
    }
  });

  test('IAM: 10,240 characters in a role’s policies, 6,144 in a managed one, ten of those for a role', () => {
    for (const { PolicyDocument: document } of ofType('AWS::IAM::Policy')) expect(bytes(document)).toBeLessThan(10_240);
    for (const { PolicyDocument: document } of ofType('AWS::IAM::ManagedPolicy'))
      expect(bytes(document)).toBeLessThan(6144);
    for (const { ManagedPolicyArns: attached = [] } of ofType('AWS::IAM::Role')) {
      expect((attached as unknown[]).length).toBeLessThanOrEqual(10);
    }
  });

  test('SQS and EventBridge: 20 statements and 8,192 bytes for a queue, 10,240 for the bus', () => {
    for (const { PolicyDocument: document } of ofType('AWS::SQS::QueuePolicy')) {
      expect((document as { Statement: unknown[] }).Statement.length).toBeLessThanOrEqual(20);
      expect(bytes(document)).toBeLessThan(8192);
    }
    expect(bytes(ofType('AWS::Events::EventBusPolicy'))).toBeLessThan(10_240);
  });

  test('CloudWatch: 10 metrics and 1,024 characters for an alarm; 500 metrics, 100 alarms and 1,024 characters of search', () => {
    for (const { Metrics: metrics = [], AlarmDescription: description } of ofType('AWS::CloudWatch::Alarm')) {
      expect((metrics as unknown[]).length).toBeLessThanOrEqual(11);
      expect(String(description).length).toBeLessThanOrEqual(1024);
    }
    const [{ DashboardBody: body } = {}] = ofType('AWS::CloudWatch::Dashboard');
    const { widgets }: { widgets: Widget[] } = JSON.parse(JSON.parse(deployed(body)) as string);
    for (const { properties } of widgets) {
      expect(properties.metrics?.length ?? 0).toBeLessThanOrEqual(500);
      expect(properties.alarms?.length ?? 0).toBeLessThanOrEqual(100);
      for (const [, query = ''] of JSON.stringify(properties).matchAll(/SEARCH\('(.*?)'/g)) {
        expect(query.length).toBeLessThanOrEqual(1024);
      }
    }
    expect(widgets.flatMap(({ properties }) => properties.metrics ?? []).length).toBeLessThanOrEqual(2500);
  });

  test('and every function that reads a secret may read each', () => {
    const readers = ofType('AWS::IAM::Role').filter(({ ManagedPolicyArns: attached }) =>
      JSON.stringify(attached ?? '').includes('NamespaceSecrets'),
    );
    expect(readers.length).toBeGreaterThan(8);
    const policies = JSON.stringify(ofType('AWS::IAM::ManagedPolicy'));
    for (let index = 0; index < namespaces; index += 1) expect(policies).toContain(`rewind/${name(index)}-AbCdEf`);
    const shared = resources.filter(({ Type: is }) => is === 'AWS::IAM::ManagedPolicy').length;
    for (const { ManagedPolicyArns: attached } of readers) expect(attached).toHaveLength(shared);
  });

  test('and one alarm for each metric of a namespace watches all namespaces', () => {
    const alarms = ofType('AWS::CloudWatch::Alarm').map((alarm) => JSON.stringify(alarm));
    for (const metric of ['StuckCancellations', 'StuckBatchOperations', 'TemporalErrors', 'CertificateDaysLeft']) {
      expect(alarms.filter((alarm) => alarm.includes(metric))).toEqual([
        expect.stringMatching(
          String.raw`SELECT M(AX|IN)\(${metric}\)|SELECT SUM\(${metric}\)[^;]*WHERE ..stack.. = 'Control' GROUP BY ..namespace..`,
        ),
      ]);
    }
  });
});

interface Widget {
  properties: { metrics?: unknown[]; alarms?: unknown[] };
}

describe('what is over a limit is refused by its key:', () => {
  const made = (config: Partial<RewindConfigInput>) => () =>
    new ControlStack(unbundledApp(), 'Control', { config: { namespaces: namespacesOf(1), ...config } });

  test.each<[string, Partial<RewindConfigInput>, RegExp]>([
    ['namespaces', { namespaces: namespacesOf(900) }, /\n  namespaces: 900 of them make a template of about \d+ bytes/],
    ['triggers', { triggers: triggersOf(400) }, /\n  triggers: with 400 of them the stack has \d+ resources/],
    [
      'triggers of other accounts',
      { triggers: triggersOf(40, ['444455556666']) },
      /\n  triggers: those with an account make a policy of about \d+ bytes/,
    ],
    [
      'access',
      {
        access: Object.fromEntries(
          Array.from({ length: 200 }, (_, index) => [`p-${index}`, { roles: ['reader'], namespaces: 'all' }]),
        ),
      },
      /\n  access: 200 policies/,
    ],
    [
      'an event pattern',
      {
        triggers: {
          wide: {
            ...triggersOf(1)!['trigger-0']!,
            eventPattern: { 'detail-type': Array.from({ length: 200 }, (_, index) => `Type ${index}`) },
          },
        },
      },
      /triggers\.wide\.eventPattern: an event pattern of 2048 characters at most/,
    ],
  ])('%s', (_what, config, says) => {
    expect(made(config)).toThrow(says);
  });

  test('namespaces with secrets that the app makes', () => {
    const stack = new Stack(unbundledApp(), 'Platform');
    const namespaces = Object.fromEntries(
      Object.entries(namespacesOf(20)).map(([id, namespace]) => [
        id,
        { ...namespace, secretArn: new Secret(stack, id).secretArn },
      ]),
    );
    expect(() => new RewindControl(stack, 'Rewind', { namespaces })).toThrow(
      /\n  namespaces: those with values that are known at deployment only take \d+ characters/,
    );
  });

  test('triggers with values that are known at deployment only, and those of namespaces count too', () => {
    const stack = new Stack(unbundledApp(), 'Platform');
    const secret = (id: string) => new Secret(stack, id).secretArn;
    const [first = ['', undefined]] = Object.entries(namespacesOf(1));
    const triggers = (count: number) =>
      Object.fromEntries(
        Object.entries(triggersOf(count)!).map(([id, trigger]) => [
          id,
          { ...trigger, reason: secret(`${id}-${count}`) },
        ]),
      );
    const namespaces = { [first[0]]: { ...first[1]!, secretArn: secret('first') } };
    expect(() => new RewindControl(stack, 'Fits', { namespaces, triggers: triggers(2) })).not.toThrow();
    expect(() => new RewindControl(stack, 'Rewind', { namespaces, triggers: triggers(20) })).toThrow(
      /\n  triggers: those with values that are known at deployment only take \d+ characters.*of namespaces and triggers together/,
    );
  });
});
