import * as fc from 'fast-check';
import { ConfigError, contextKey, parseConfig, readConfigFile, rewindConfig } from '../../lib/config';

const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rewind/prod-AbCdEf';
const prod = { address: 'prod.a1b2c.tmprl.cloud:7233', secretArn };

const trigger = { sources: ['com.example'], eventPattern: { 'detail-type': ['x'] }, namespace: 'prod' };

const ofOtherAccount = {
  ...trigger,
  eventPattern: { ...trigger.eventPattern, account: ['444455556666'] },
  workflowId: 'w',
};
const reader = { roles: ['reader'], namespaces: 'all' };

describe('the configuration', () => {
  test('needs only one namespace', () => {
    expect(parseConfig({ namespaces: { 'prod.a1b2c': prod } })).toMatchObject({
      namespaces: { 'prod.a1b2c': prod },
      throttling: { rateLimit: 50, burstLimit: 100 },
    });
  });

  test('may be JSON text from the command line', () => {
    expect(parseConfig(JSON.stringify({ namespaces: { 'prod.a1b2c': prod } })).namespaces).toHaveProperty([
      'prod.a1b2c',
    ]);
  });

  test('cannot be a file that does not exist', () => {
    expect(() => readConfigFile('nowhere.json')).toThrow(/^nowhere\.json cannot be read: ENOENT/);
  });

  test.each([
    ['the worker of its namespace', { worker: { namespace: 'prod' } }, {}],
    ['Temporal’s own batch engine', {}, { engine: 'server' }],
  ])('may have a query trigger with %s', (_engine, more, engine) => {
    const triggers = { t: { ...trigger, query: 'A = 1', ...engine } };
    expect(() => parseConfig({ namespaces: { prod }, triggers, ...more })).not.toThrow();
  });

  test('may have names that differ in hyphens only where each has an identifier of its own', () => {
    const triggers = { 'tier-1': { ...trigger, workflowId: 'w' }, tier1: ofOtherAccount };
    expect(() => parseConfig({ namespaces: { prod }, triggers })).not.toThrow();
  });

  const broken: [what: string, context: unknown, says: RegExp][] = [
    ['missing', undefined, /context key "rewind" is missing/],
    ['not JSON', '{', /given with -c, is not JSON/],
    ['without namespaces', {}, /rewind\.namespaces: /],
    ['with no namespace', { namespaces: {} }, /rewind\.namespaces: at least one namespace/],
    ['with a bad name', { namespaces: { 'a b': prod } }, /rewind\.namespaces\.a b: must be a namespace name/],
    ['without an address', { namespaces: { prod: { secretArn } } }, /rewind\.namespaces\.prod\.address: /],
    ['without a port', { namespaces: { prod: { ...prod, address: 'host' } } }, /prod\.address: must be host:port/],
    ...['0', '70000'].map((port): [string, unknown, RegExp] => [
      `with port ${port}`,
      { namespaces: { prod: { ...prod, address: `host:${port}` } } },
      /prod\.address: must have a port from 1 to 65535$/,
    ]),
    [
      'with two policies of one output',
      { namespaces: { prod }, access: { 'on-call': reader, 'on--call': reader } },
      /access\.on--call: "on--call" and "on-call" are both OnCall in CloudFormation’s identifiers: rename one/,
    ],
    [
      'with two policies of one name, which IAM compares without case',
      { namespaces: { prod }, access: { a: { ...reader, policyName: 'X' }, b: { ...reader, policyName: 'x' } } },
      /access\.b\.policyName: "x" is also the policy name of access\.a/,
    ],
    [
      'with two triggers of one statement in the bus’s policy',
      { namespaces: { prod }, triggers: { 'tier-1': ofOtherAccount, tier1: ofOtherAccount } },
      /triggers\.tier1: "tier1" and "tier-1" are both Tier1/,
    ],
    [
      'with a trigger that has the name of another rule',
      {
        namespaces: { prod },
        triggers: { 'cancellation-requests': { ...trigger, workflowId: 'w' } },
        cancellationRequests: { sources: ['com.example'] },
      },
      /triggers\.cancellation-requests: is the name of the rule of `cancellationRequests`: rename the trigger/,
    ],
    [
      'with a tag of AWS',
      { namespaces: { prod }, tags: { 'aws:team': 'x' } },
      /rewind\.tags\.aws:team: must be a key that does not begin with "aws:"/,
    ],
    [
      'with a partial ARN',
      { namespaces: { prod: { ...prod, secretArn: secretArn.slice(0, -7) } } },
      /prod\.secretArn: must be the complete ARN/,
    ],
    [
      'with a VPC without subnets',
      { namespaces: { prod }, functions: { vpcId: 'vpc-0a1b' } },
      /functions\.subnetIds: /,
    ],
    [
      'with subnets of no VPC',
      { namespaces: { prod }, worker: { namespace: 'prod', subnetIds: ['subnet-0a1b'] } },
      /worker\.subnetIds: needs vpcId/,
    ],
    ['with an unknown key', { namespaces: { prod }, colour: 'red' }, /rewind: unknown key "colour"/],
    [
      'with a trigger that says nothing',
      { namespaces: { prod }, triggers: { t: trigger } },
      /triggers\.t: either workflowId or query/,
    ],
    [
      'with a trigger that says both',
      { namespaces: { prod }, triggers: { t: { ...trigger, workflowId: 'w', query: 'q' } } },
      /either workflowId or query/,
    ],
    [
      'with a quoted path',
      { namespaces: { prod }, triggers: { t: { ...trigger, query: "A = '<$.detail.a>'" } } },
      /triggers\.t\.query: /,
    ],
    [
      'with a text that Temporal does not find',
      { namespaces: { prod }, triggers: { t: { ...trigger, query: `A = <$.detail.a> AND B != 'c"d'` } } },
      /triggers\.t\.query: .*Temporal matches no other strings/,
    ],
    [
      'with a path that is none',
      { namespaces: { prod }, triggers: { t: { ...trigger, workflowId: '<detail.a>' } } },
      /triggers\.t\.workflowId: /,
    ],
    [
      'listening to itself',
      { namespaces: { prod }, triggers: { t: { ...trigger, sources: ['rewind'], workflowId: 'w' } } },
      /triggers\.t\.sources: sources other than/,
    ],
    [
      'with cancellation requests elsewhere',
      { namespaces: { prod }, cancellationRequests: { sources: ['com.example'], namespaces: ['other'] } },
      /cancellationRequests\.namespaces: "other" is not one/,
    ],
    [
      'with cancellation requests whose pattern is too long',
      { namespaces: { prod }, cancellationRequests: { sources: ['x'.repeat(2000)] } },
      /cancellationRequests: an event pattern of at most 2048/,
    ],
    [
      'with a trigger elsewhere',
      { namespaces: { prod }, triggers: { t: { ...trigger, namespace: 'other', workflowId: 'w' } } },
      /triggers\.t\.namespace: "other" is not one/,
    ],
    [
      'with a query trigger without a worker',
      { namespaces: { prod }, triggers: { t: { ...trigger, query: 'A = 1' } } },
      /triggers\.t\.engine: "worker" needs a worker in namespace "prod"/,
    ],
    [
      'with a query trigger in a namespace other than the worker’s',
      {
        namespaces: { prod, other: prod },
        worker: { namespace: 'other' },
        triggers: { t: { ...trigger, query: 'A' } },
      },
      /triggers\.t\.engine: "worker" needs a worker in namespace "prod"/,
    ],
    [
      'with a trigger that is slower than a batch operation may be',
      {
        namespaces: { prod },
        worker: { namespace: 'prod' },
        triggers: { t: { ...trigger, query: 'A = 1', ratePerSecond: 0.001 } },
      },
      /triggers\.t\.ratePerSecond: /,
    ],
    [
      'with a worker elsewhere',
      { namespaces: { prod }, worker: { namespace: 'other' } },
      /worker\.namespace: "other" is not one/,
    ],
    [
      'with access to elsewhere',
      { namespaces: { prod }, access: { ops: { roles: ['reader'], namespaces: ['other'] } } },
      /access\.ops\.namespaces: "other" is not one/,
    ],
    [
      'with an unknown role',
      { namespaces: { prod }, access: { ops: { roles: ['boss'], namespaces: 'all' } } },
      /access\.ops\.roles\.0: .*"canceller"/,
    ],
    [
      'with access to nothing',
      { namespaces: { prod }, access: { ops: { roles: [], namespaces: 'all' } } },
      /access\.ops\.roles: /,
    ],
    [
      'with an account that is none',
      { namespaces: { prod }, api: { callerAccounts: ['12'] } },
      /api\.callerAccounts\.0: must be an account id/,
    ],
    ['with a range that is none', { namespaces: { prod }, api: { cidrs: ['10.0.0.1'] } }, /api\.cidrs\.0: .*range/],
    [
      'private and public',
      { namespaces: { prod }, api: { cidrs: ['10.0.0.0/8'], vpcEndpointIds: ['vpce-0a'] } },
      /rewind\.api: either cidrs or vpcEndpointIds/,
    ],
    [
      'with a firewall of CloudFront',
      { namespaces: { prod }, api: { waf: { webAclArn: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/b' } } },
      /api\.waf\.webAclArn: must be the ARN of a regional/,
    ],
    [
      'with two firewalls',
      {
        namespaces: { prod },
        api: {
          waf: {
            webAclArn: 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/b',
            requestsPer5Minutes: 100,
          },
        },
      },
      /api\.waf: either webAclArn or requestsPer5Minutes/,
    ],
    [
      'with fewer tasks at most than at least',
      { namespaces: { prod }, worker: { namespace: 'prod', minCapacity: 11 } },
      /worker\.minCapacity: must not be more than maxCapacity/,
    ],
    ['with a CPU that is none', { namespaces: { prod }, worker: { namespace: 'prod', cpu: 300 } }, /worker\.cpu: /],
    [
      'with an image without a tag',
      { namespaces: { prod }, worker: { namespace: 'prod', imageUri: 'localhost:5000/rewind' } },
      /worker\.imageUri: must be an image with a tag or digest/,
    ],
    ['with a wrong level', { namespaces: { prod }, logLevel: 'LOUD' }, /rewind\.logLevel: /],
  ];
  test.each(broken)('%s: the error names the key', (_what, context, says) => {
    expect(() => parseConfig(context)).toThrow(ConfigError);
    expect(() => parseConfig(context)).toThrow(says);
  });

  describe('of the worker’s tasks', () => {
    const sizes = [256, 512, 1024, 2048, 4096].map((cpu) => ({ namespace: 'prod', cpu }));
    const workerOf = (worker: object) => parseConfig({ namespaces: { prod }, worker }).worker;

    test.each(sizes)('has a memory that Fargate has, for every number of CPU units: $cpu', (worker) => {
      const { memoryMiB } = workerOf(worker)!;
      expect(memoryMiB).toBe(Math.max(1024, 2 * worker.cpu));
      expect(workerOf({ ...worker, memoryMiB })).toEqual(workerOf(worker));
    });

    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
    test.each([
      [256, [512, 1024, 2048], [256, 1536, 3072]],
      [512, [1024, 4096], [512, 1536, 5120]],
      [1024, [2048, 8192], [1024, 9216]],
      [2048, [4096, 16_384], [3072, 17_408]],
      [4096, [8192, 30_720], [7168, 31_744]],
    ])('accepts only the pairs that Fargate has: %i', (cpu, good, bad) => {
      for (const memoryMiB of good)
        expect(workerOf({ namespace: 'prod', cpu, memoryMiB })).toMatchObject({ memoryMiB });
      for (const memoryMiB of bad) {
        expect(() => workerOf({ namespace: 'prod', cpu, memoryMiB })).toThrow(
          /worker\.memoryMiB: with cpu \d+, Fargate allows/,
        );
      }
    });
  });

  test('of a stage has a separate context key', () => {
    expect(contextKey('prod')).toBe('rewind-prod');
    expect(() => parseConfig(undefined, contextKey('prod'))).toThrow(/context key "rewind-prod" is missing/);
    for (const stage of ['a/b', '', '-a', true]) expect(() => contextKey(stage)).toThrow(/must be a name/);
  });

  test('names the key in each error, for any content', () => {
    const keys = Object.keys(rewindConfig.shape);
    fc.assert(
      fc.property(fc.constantFrom(...keys, 'unknown'), fc.jsonValue(), (key, value) => {
        const error = thrownBy(() => parseConfig({ namespaces: { 'prod.a1b2c': prod }, [key]: value }));
        expect(error === undefined || (error instanceof ConfigError && error.message.includes(key))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}
