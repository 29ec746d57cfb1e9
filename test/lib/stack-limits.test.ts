import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { roleNames } from '../../api/roles';
import { parseConfig } from '../../lib/config';
import type { RewindConfigInput } from '../../lib/config';
import { ControlStack } from '../../lib/control-stack';
import { RewindControl } from '../../lib/rewind-control';
import { limits, overLimits } from '../../lib/template-limits';
import type { TemplateResource } from '../../lib/template-limits';
import { WorkerStack } from '../../lib/worker-stack';
import { unbundledApp } from '../support/unbundled-app';

/* AWS limits: synthesized templates stay within them, and a configuration that would exceed them is refused. */

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
const triggersOf = (count: number, account?: string[], prefix = 'trigger'): RewindConfigInput['triggers'] =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `${prefix}-${index}`,
      {
        sources: [`com.example.${index}`],
        eventPattern: { 'detail-type': ['Withdrawn'], ...(account && { account }) },
        namespace: name(0),
        workflowId: 'order-<$.detail.orderId>',
      },
    ]),
  );

/** All that is optional. Each more usage plan is three resources, each more trigger of other accounts two. */
const everything = (namespaces: number, triggers: number): RewindConfigInput => ({
  namespaces: namespacesOf(namespaces),
  triggers: { ...triggersOf(triggers - 2), ...triggersOf(2, ['444455556666', '777788889999'], 'other-accounts') },
  cancellationRequests: { sources: ['com.example.support'], account: ['444455556666'] },
  access: Object.fromEntries(
    roleNames.map((role) => [role.toLowerCase(), { roles: [role], namespaces: [name(0), name(1)] }]),
  ),
  api: {
    waf: {},
    usagePlans: { pipeline: { rateLimit: 5, burstLimit: 10, requestsPerDay: 1000 } },
    callerAccounts: Array.from({ length: 20 }, (_, index) => String(100000000000 + index)),
    callerOrganizationId: 'o-a1b2c3d4e5',
    cidrs: Array.from({ length: 50 }, (_, index) => `203.0.113.${index}/32`),
  },
  functions: {
    provisionedConcurrency: 2,
    maxConcurrency: 100,
    vpcId: 'vpc-0a1b2c3d',
    subnetIds: ['subnet-0a1b2c3d', 'subnet-1a2b3c4d', 'subnet-2a3b4c5d'],
  },
  worker: { namespace: name(0) },
  tracing: { layerArn: 'arn:aws:lambda:eu-west-1:901920570463:layer:otel:1' },
  ledger: { kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0' },
  alarmTopicArn: 'arn:aws:sns:eu-west-1:111122223333:alarms',
  runbookUrl: 'https://wiki.example.com/rewind/runbook',
});

type Resources = Record<string, TemplateResource>;

describe.each([
  ['default', 40, 200],
  ['default', 300, 200],
  ['every', 40, 200],
  ['every', 300, 200],
])('with %s option, %i namespaces and %i triggers', (options, namespaces, triggers) => {
  const config =
    options === 'every'
      ? everything(namespaces, triggers)
      : { namespaces: namespacesOf(namespaces), triggers: triggersOf(triggers) };
  const env = { account: '111122223333', region: 'eu-west-1' };
  const app = unbundledApp();
  const control = new ControlStack(app, 'Control', { config, env });
  const { worker, ...parsed } = parseConfig(config);
  const stacks = worker
    ? [control, new WorkerStack(app, 'Worker', { ...parsed, worker, ledger: control.ledger, env })]
    : [control];
  const [template = {}, ...others] = stacks.map(
    (stack) => Template.fromStack(stack).toJSON() as Record<string, object>,
  );
  const resources = Object.values(template['Resources'] as Resources);
  const ofType = (type: string) => resources.filter(({ Type: is }) => is === type).map(({ Properties: p = {} }) => p);

  test('no resource is over a limit', () => {
    for (const { Resources: all } of [template, ...others]) expect(overLimits(all as Resources)).toEqual([]);
  });

  test('CloudFormation: 500 resources, 200 outputs, 1 MB', () => {
    for (const each of [template, ...others]) {
      expect(Object.keys(each['Resources'] ?? {}).length).toBeLessThanOrEqual(500);
      expect(Object.keys(each['Outputs'] ?? {}).length).toBeLessThanOrEqual(200);
      expect(Buffer.byteLength(JSON.stringify(each))).toBeLessThan(1_000_000);
    }
  });

  test('every function that reads secrets may read each', () => {
    const readers = ofType('AWS::IAM::Role').filter(({ ManagedPolicyArns: attached }) =>
      JSON.stringify(attached ?? '').includes('NamespaceSecrets'),
    );
    expect(readers.length).toBeGreaterThan(8);
    const policies = JSON.stringify(ofType('AWS::IAM::ManagedPolicy'));
    for (let index = 0; index < namespaces; index += 1) expect(policies).toContain(`rewind/${name(index)}-AbCdEf`);
    const shared = Object.entries(template['Resources'] as Resources).filter(
      ([id, { Type: is }]) => is === 'AWS::IAM::ManagedPolicy' && id.startsWith('NamespaceSecrets'),
    ).length;
    for (const { ManagedPolicyArns: attached } of readers) expect(attached).toHaveLength(shared);
  });

  test('one alarm for each metric watches all namespaces', () => {
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

/** For each limit a resource that is over it, and what counts for it. */
describe('limits of resources', () => {
  const many = (count: number, each: (index: number) => unknown = String) =>
    Array.from({ length: count }, (_, index) => each(index));
  const statements = (count: number, characters: number) => ({
    PolicyDocument: { Statement: many(count, () => 'x'.repeat(characters)) },
  });
  const dashboard = (...widgets: object[]) => ({
    DashboardBody: JSON.stringify({ widgets: widgets.map((properties) => ({ properties })) }),
  });
  const search = `SEARCH('${'x'.repeat(1025)}', 'Sum')`;
  const over: Record<string, [what: string, properties: object, others?: Resources][]> = {
    'AWS::SQS::QueuePolicy': [
      ['statements', statements(21, 1)],
      ['bytes', statements(1, 8210)],
    ],
    'AWS::Events::EventBus': [
      [
        'bytes of policies',
        {},
        Object.fromEntries(
          many(10, (index) => [
            `P${index}`,
            {
              Type: 'AWS::Events::EventBusPolicy',
              Properties: { EventBusName: { Ref: 'Id' }, Statement: 'x'.repeat(913) },
            },
          ]) as [string, TemplateResource][],
        ),
      ],
    ],
    'AWS::Events::Rule': [
      ['characters of event pattern', { EventPattern: { source: ['x'.repeat(2049 - 15)] } }],
      ['targets', { Targets: many(6) }],
      ['characters of input of a target', { Targets: [{ Input: 'x'.repeat(8193) }] }],
    ],
    'AWS::Lambda::Function': [
      ['bytes of environment variables', { Environment: { Variables: { A: 'x'.repeat(4096) } } }],
      [
        'bytes of resource policy',
        {},
        Object.fromEntries(
          many(60, (index) => [
            `P${index}`,
            {
              Type: 'AWS::Lambda::Permission',
              Properties: { FunctionName: { 'Fn::GetAtt': ['Id', 'Arn'] }, SourceArn: 'x'.repeat(12) },
            },
          ]) as [string, TemplateResource][],
        ),
      ],
      ['layers', { Layers: many(6) }],
      ['subnets', { VpcConfig: { SubnetIds: many(17) } }],
    ],
    'AWS::Lambda::EventSourceMapping': [
      ['filters', { FilterCriteria: { Filters: many(6, () => ({ Pattern: '{}' })) } }],
      ['characters of a filter', { FilterCriteria: { Filters: [{ Pattern: 'x'.repeat(4097) }] } }],
    ],
    'AWS::IAM::ManagedPolicy': [
      ['characters', statements(1, 6144)],
      ['characters of description', { ...statements(1, 1), Description: 'x'.repeat(1001) }],
    ],
    'AWS::IAM::Role': [
      [
        'characters of inline policies',
        { Policies: [statements(1, 5000)] },
        {
          P: {
            Type: 'AWS::IAM::Policy',
            Properties: { PolicyDocument: { Statement: ['x'.repeat(5300)] }, Roles: [{ Ref: 'Id' }] },
          },
        },
      ],
      [
        'managed policies',
        { ManagedPolicyArns: many(10) },
        { P: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: {}, Roles: [{ Ref: 'Id' }] } } },
      ],
      ['characters of trust policy', { AssumeRolePolicyDocument: { A: 'x'.repeat(2049 - 8) } }],
      ['characters of description', { Description: 'x'.repeat(1001) }],
    ],
    'AWS::ApiGateway::RestApi': [['bytes of resource policy', { Policy: { A: 'x'.repeat(8193 - 8) } }]],
    'AWS::EC2::SecurityGroup': [['outbound rules', { SecurityGroupEgress: many(61) }]],
    'AWS::CloudWatch::Alarm': [
      ['characters of name', { AlarmName: 'x'.repeat(256) }],
      ['characters of description', { AlarmDescription: 'x'.repeat(1025) }],
      ['metrics', { Metrics: [...many(11, () => ({ MetricStat: {} })), { Expression: 'SUM(METRICS())' }] }],
      ['actions', { AlarmActions: many(6) }],
    ],
    'AWS::CloudWatch::Dashboard': [
      ['widgets', dashboard(...(many(501, () => ({})) as object[]))],
      ['metrics', dashboard(...(many(5, () => ({ metrics: many(501) })) as object[]))],
      ['metrics of a graph', dashboard({ metrics: many(501) })],
      ['alarms of a widget', dashboard({ alarms: many(101) })],
      ['characters of a search', dashboard({ metrics: [[{ expression: search }]] })],
    ],
  };

  const cases = Object.entries(over).flatMap(([type, each]) =>
    each.map(([what, properties, others = {}]): [string, string, object, Resources] => [
      type,
      what,
      properties,
      others,
    ]),
  );

  test.each(cases)('refuses %s by its %s', (type, what, properties, others) => {
    const messages = overLimits({ Id: { Type: type, Properties: properties }, ...others }, ['Id']);
    expect(messages).toContainEqual(
      expect.stringMatching(new RegExp(`^${type} Id has \\d+ ${what}, and AWS allows \\d+$`)),
    );
  });

  test('and every limit is among these', () => {
    const tested = Object.entries(over).map(([type, each]) => [type, each.map(([what]) => what)]);
    expect(tested).toEqual(Object.entries(limits).map(([type, each]) => [type, each.map(({ what }) => what)]));
  });

  test('at synthesis, with what the app adds', () => {
    const app = unbundledApp();
    const stack = new Stack(app, 'Platform');
    const { bus } = new RewindControl(stack, 'Rewind', { namespaces: namespacesOf(1) });
    const partner = new AccountPrincipal('444455556666');
    for (let index = 0; index < 40; index += 1) {
      bus.addToResourcePolicy(
        new PolicyStatement({
          sid: `Partner${index}`,
          principals: [partner],
          actions: ['events:PutEvents'],
          resources: [bus.eventBusArn],
          conditions: { StringEquals: { 'events:detail-type': `Type ${index}` } },
        }),
      );
    }
    expect(() => app.synth()).toThrow(/AWS::Events::EventBus \w+ has \d+ bytes of policies, and AWS allows 10240/);
  });
});

describe('refuses by its key what exceeds a limit:', () => {
  const made = (config: Partial<RewindConfigInput>) => () =>
    new ControlStack(unbundledApp(), 'Control', { config: { namespaces: namespacesOf(1), ...config } });

  test.each<[string, Partial<RewindConfigInput>, RegExp]>([
    [
      'namespaces',
      { namespaces: namespacesOf(900) },
      /\n  namespaces: with 900 entries, the template has about \d+ bytes/,
    ],
    ['triggers', { triggers: triggersOf(400) }, /\n  triggers: with 400 entries, the stack has \d+ resources/],
    [
      'triggers of other accounts',
      { triggers: triggersOf(40, ['444455556666']) },
      /\n  triggers: triggers with an account need an event bus policy of about \d+ bytes/,
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
      /triggers\.wide\.eventPattern: an event pattern of at most 2048 characters/,
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
      /\n  namespaces: entries with values that are only known at deployment need \d+ characters/,
    );
  });

  test('triggers with values that are known at deployment only, and those of namespaces count too', () => {
    const [first = ['', undefined]] = Object.entries(namespacesOf(1));
    const deployed = (count: number) => () => {
      const stack = new Stack(unbundledApp(), 'Platform');
      const secret = (id: string) => new Secret(stack, id).secretArn;
      const triggers = Object.fromEntries(
        Object.entries(triggersOf(count)!).map(([id, trigger]) => [id, { ...trigger, reason: secret(id) }]),
      );
      const namespaces = { [first[0]]: { ...first[1]!, secretArn: secret('first') } };
      return new RewindControl(stack, 'Rewind', { namespaces, triggers });
    };
    expect(deployed(2)).not.toThrow();
    expect(deployed(20)).toThrow(
      /\n  triggers: entries with values that are only known at deployment need \d+ characters.*of namespaces and triggers together/,
    );
  });
});
