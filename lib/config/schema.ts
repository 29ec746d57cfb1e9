import * as z from 'zod';
import { UNKNOWN_NAMESPACE } from '../../api/rejected-events';
import { accessPolicy, tooLargeForIam } from './access';
import { api, throttling } from './api';
import { arn, keyArn, lowerCaseName, namespaceName, subnetIds, vpcId } from './formats';
import { namespace } from './namespaces';
import { cancellationRequests, events, trigger } from './triggers';
import { worker } from './worker';

/*
 * The deployment's configuration, read from the CDK context key `rewind` (cdk.json, or `cdk -c rewind='{…}'` as JSON
 * text). Every error names the key at fault.
 */

const ledger = z.strictObject({
  retentionDays: z.int().min(1).max(3650).default(400).describe('How long the ledger keeps an operation, in days.'),
  kmsKeyArn: keyArn.optional().describe('KMS key that encrypts the ledger, where it is not the AWS managed one.'),
  tableStreamArn: z
    .string()
    .regex(
      /^arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\/[\w.-]+\/stream\/[\w.:-]+$/,
      'the ARN of the stream of a DynamoDB table',
    )
    .optional()
    .describe(
      'Stream of a ledger table that exists, which the deployment then uses instead of making one; `npm run migrate-ledger` prepares the table.',
    ),
});

const reconciliation = z.strictObject({
  share: z
    .number()
    .gt(0)
    .max(1)
    .default(0.25)
    .describe(
      'Share of a namespace’s `requestsPerSecond` that looking up how operations ended may use. An operation takes two to four calls.',
    ),
});

const functions = z
  .strictObject({
    memoryMiB: z
      .int()
      .min(256)
      .max(10_240)
      .default(1024)
      .describe('Memory of a function. Its share of a CPU grows with it: 1769 is one whole CPU.'),
    maxConcurrency: z
      .int()
      .min(1)
      .max(1000)
      .optional()
      .describe(
        'Most executions at once of each function of the API, reserved for it from the account’s. As the account allows when absent.',
      ),
    maxWaiting: z
      .int()
      .min(1)
      .max(1000)
      .default(50)
      .describe(
        'Most requests at once that wait for a workflow (`waitSeconds`). Others that would wait get 429; those that do not wait go on. Below `maxConcurrency`.',
      ),
    provisionedConcurrency: z
      .int()
      .min(1)
      .optional()
      .describe('Instances of each function below `workflows/` that are kept warm. None when absent.'),
    vpcId: vpcId
      .optional()
      .describe('An existing VPC that all functions run in; with `subnetIds`. In none when absent.'),
    subnetIds: subnetIds
      .optional()
      .describe(
        'Subnets of `vpcId` that lead to Temporal and to AWS: Secrets Manager, DynamoDB, EventBridge, SQS; ECS for the worker’s.',
      ),
    trim: z.boolean().default(true).describe('Leaves unused parts of packages out of the functions.'),
  })
  .refine(({ maxConcurrency = Infinity, maxWaiting }) => maxWaiting < maxConcurrency, {
    path: ['maxWaiting'],
    message: 'must be less than maxConcurrency: requests that do not wait need executions too',
  })
  .refine(({ maxConcurrency = Infinity, provisionedConcurrency = 0 }) => provisionedConcurrency <= maxConcurrency, {
    path: ['provisionedConcurrency'],
    message: 'must not be more than maxConcurrency',
  })
  .refine(({ vpcId: vpc, subnetIds: subnets }) => (vpc === undefined) === (subnets === undefined), {
    path: ['subnetIds'],
    message: 'needs vpcId, and vpcId needs subnetIds',
  });

const tracing = z.strictObject({
  layerArn: arn(String.raw`lambda:[\w-]+:\d{12}:layer:[\w-]+:\d+`, 'the ARN of a version of a Lambda layer')
    .optional()
    .describe(
      'OpenTelemetry layer for Node.js on arm64, such as AWS’s. Traces then include the calls to Temporal and the ledger.',
    ),
});

const topicArn = arn(String.raw`sns:[\w-]+:\d{12}:[\w-]+`, 'the ARN of an SNS topic');

/** The schema itself, from which docs/configuration.md is generated. */
export const rewindConfig = z
  .strictObject({
    namespaces: z
      .record(namespaceName, namespace)
      .refine((namespaces) => Object.keys(namespaces).length > 0, 'at least one namespace')
      .describe('The namespaces that Rewind serves, by name.'),
    throttling: throttling.prefault({}).describe('Throttling by API Gateway.'),
    access: z
      .record(lowerCaseName, accessPolicy)
      .default({})
      .describe('Managed IAM policies to attach to people and services, by name.'),
    api: api.prefault({}).describe('Network access to the API, and accounts of callers. IAM authorizes in addition.'),
    ledger: ledger.prefault({}).describe('The operation ledger.'),
    reconciliation: reconciliation.prefault({}).describe('Looking up how operations ended, every minute.'),
    functions: functions.prefault({}).describe('The Lambda functions, see docs/performance.md.'),
    worker: worker.optional().describe('The worker stack. None is deployed when absent.'),
    triggers: z
      .record(lowerCaseName, trigger)
      .default({})
      .describe('Events of other services that cancel workflows, by name.'),
    cancellationRequests: cancellationRequests
      .optional()
      .describe('Accepts events `Workflow Cancellation Requested`, whose detail is the request. Off when absent.'),
    events: events.prefault({}).describe('How events are handled: those of triggers and cancellation requests.'),
    logLevel: z
      .enum(['DEBUG', 'INFO', 'WARN', 'ERROR'])
      .default('INFO')
      .describe('Lowest level that the functions log.'),
    tracing: tracing.optional().describe('X-Ray traces of the API and its functions. Off when absent.'),
    dashboard: z.boolean().default(true).describe('Makes a CloudWatch dashboard, which costs 3 US dollars a month.'),
    alarmTopicArn: topicArn
      .optional()
      .describe('SNS topic that gets every alarm, and its end. No notification when absent.'),
    runbookUrl: z
      .url()
      .optional()
      .describe('Where docs/runbook.md is published, for the links of alarms; they name that file when absent.'),
    tags: z
      .record(z.string().min(1).max(128), z.string().max(256))
      .default({})
      .describe('Tags of all deployed resources, for cost reports for example.'),
  })
  .superRefine(({ namespaces, access, triggers, worker: workerConfig }, context) => {
    const uses: [path: string[], namespace: string][] = Object.entries(triggers).map(([name, { namespace: used }]) => [
      ['triggers', name, 'namespace'],
      used,
    ]);
    if (workerConfig) uses.push([['worker', 'namespace'], workerConfig.namespace]);
    for (const [name, { namespaces: chosen }] of Object.entries(access)) {
      if (chosen !== 'all')
        uses.push(...chosen.map((used): [string[], string] => [['access', name, 'namespaces'], used]));
    }
    for (const [at, used] of uses) {
      if (Object.hasOwn(namespaces, used) || used === UNKNOWN_NAMESPACE) continue;
      const message = `"${used}" is not one of the configured namespaces: ${Object.keys(namespaces).join(', ')}`;
      context.addIssue({ code: 'custom', path: at, message });
    }
    for (const [name, { namespace: used, query, engine }] of Object.entries(triggers)) {
      if (query === undefined || engine === 'server' || workerConfig?.namespace === used) continue;
      const message = `"worker" needs a worker in namespace "${used}": name it in worker.namespace, or use "server", Temporal's own batch engine`;
      context.addIssue({ code: 'custom', path: ['triggers', name, 'engine'], message });
    }
    for (const [policyName, policy] of Object.entries(access)) {
      const message = tooLargeForIam(policy, namespaces);
      if (message) context.addIssue({ code: 'custom', path: ['access', policyName], message });
    }
  });

/** The configuration as it is written down: what has a default may be absent. */
export type RewindConfigInput = z.input<typeof rewindConfig>;
export type RewindConfig = z.output<typeof rewindConfig>;
export type NamespaceConfig = RewindConfig['namespaces'][string];
