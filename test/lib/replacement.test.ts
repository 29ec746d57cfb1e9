import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Template } from 'aws-cdk-lib/assertions';
import type { RewindConfigInput } from '../../lib/config';
import { controlStack, namespaces } from '../support/stacks';

/* What CloudFormation replaces when the configuration changes, according to its resource types in the database of the CDK CLI. */

type Properties = Record<string, { causesReplacement?: 'yes' | 'no' | 'maybe' }>;
type Resources = Record<string, { Type: string; Properties?: Record<string, unknown> }>;

/** The properties of each resource type. */
const types = new Map<string, Properties>();

beforeAll(() => {
  const database = gunzipSync(
    readFileSync(path.join(path.dirname(require.resolve('aws-cdk/package.json')), 'db.json.gz')),
  ).toString();
  JSON.parse(database, (_key, value: unknown) => {
    const { cloudFormationType: type, properties } = (value ?? {}) as {
      cloudFormationType?: string;
      properties?: Properties;
    };
    if (type !== undefined && properties !== undefined) types.set(type, properties);
    return value;
  });
});

/** Returns the properties whose change replaces a resource that is in both templates. */
function replaced(before: Resources, after: Resources): string[] {
  return Object.entries(before).flatMap(([id, { Type: type, Properties: old = {} }]) => {
    const now = after[id]?.Properties;
    const schema = types.get(type);
    if (schema === undefined) throw new Error(`there is no schema of ${type}`);
    const changed = Object.entries(schema).filter(
      ([name, { causesReplacement = 'no' }]) =>
        causesReplacement !== 'no' && now && JSON.stringify(old[name]) !== JSON.stringify(now[name]),
    );
    return changed.map(([name]) => `${type}.${name}`);
  });
}

const prod = namespaces['prod.a1b2c'];
const keyArn = 'arn:aws:kms:eu-west-1:111122223333:key/0b1c';
const env = { account: '111122223333', region: 'eu-west-1' };
const trigger = {
  sources: ['com.example.orders'],
  eventPattern: { 'detail-type': ['OrderWithdrawn'] },
  namespace: 'prod.a1b2c',
  workflowId: 'order-<$.detail.orderId>',
};
const before: RewindConfigInput = {
  namespaces: { ...namespaces, 'old.a1b2c': prod },
  access: {
    'on-call': { roles: ['canceller', 'resetter'], namespaces: ['prod.a1b2c', 'old.a1b2c'] },
    readers: { roles: ['reader'], namespaces: 'all', policyName: 'Readers' },
  },
  triggers: { withdrawn: trigger },
  cancellationRequests: { sources: ['com.example.tools'] },
  api: { usagePlans: { shop: { rateLimit: 1, burstLimit: 1 } } },
};
const after: RewindConfigInput = {
  namespaces: { 'prod.a1b2c': { ...prod, secretKmsKeyArn: keyArn }, 'new.a1b2c': prod },
  access: {
    'on-call': { roles: ['canceller'], namespaces: ['prod.a1b2c'] },
    readers: { roles: ['reader'], namespaces: 'all', policyName: 'Readers' },
  },
  triggers: {
    withdrawn: {
      ...trigger,
      sources: ['com.example.shop'],
      eventPattern: { 'detail-type': ['OrderLost'], account: ['444455556666'] },
    },
  },
  cancellationRequests: { sources: ['com.example.tools'], namespaces: ['prod.a1b2c'] },
  api: { usagePlans: { shop: { rateLimit: 2, burstLimit: 2 } }, callerAccounts: ['444455556666'], waf: {} },
  ledger: { retentionDays: 30, kmsKeyArn: keyArn },
  functions: { memoryMiB: 2048, vpcId: 'vpc-0a', subnetIds: ['subnet-0a'] },
  events: { maxConcurrency: 20, retryHours: 2 },
  throttling: { rateLimit: 1 },
  tags: { team: 'payments' },
  runbookUrl: 'https://wiki.example/runbook',
  alarmTopicArn: 'arn:aws:sns:eu-west-1:111122223333:on-call',
  tracing: {},
};

test('a change of the configuration replaces nothing that others use: access policies, ledger, queues, bus, API, keys', () => {
  const [old, now] = [before, after].map(
    (config) => Template.fromStack(controlStack(config, env)).toJSON()['Resources'] as Resources,
  );
  expect(replaced(old!, now!)).toEqual([]);
  // The method detects a replacement.
  const renamed = {
    ...before,
    access: { ...before.access, readers: { ...before.access!['readers']!, policyName: 'R' } },
  };
  const { Resources: resources } = Template.fromStack(controlStack(renamed, env)).toJSON() as { Resources: Resources };
  expect(replaced(old!, resources)).toEqual(['AWS::IAM::ManagedPolicy.ManagedPolicyName']);
});
