import * as z from 'zod';
import { UNKNOWN_NAMESPACE } from '../../api/route';
import { accessNameProblems, accessPolicy, tooLargeForIam } from './access';
import { api, throttling } from './api';
import { arn, keyArn, lowerCaseName, namespaceName, subnetIds, vpcId } from './formats';
import { namespace } from './namespaces';
import { cancellationRequests, events, trigger, triggerNameProblems } from './triggers';
import { worker } from './worker';

/*
 * The configuration of the deployment, from the CDK context key `rewind` (in cdk.json, or as JSON text with
 * `cdk -c rewind='{…}'`). Every error names the invalid key.
 */

const ledger = z.strictObject({
  retentionDays: z
    .int()
    .min(1)
    .max(3650)
    .default(400)
    .describe('How long the ledger keeps an operation, in days; longer while it has not ended.'),
  kmsKeyArn: keyArn.optional().describe('KMS key that encrypts the ledger, if it is not the AWS managed key.'),
  tableStreamArn: z
    .string()
    .regex(
      /^arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\/[\w.-]+\/stream\/[\w.:-]+$/,
      'the ARN of the stream of a DynamoDB table',
    )
    .optional()
    .describe(
      'Stream of an existing ledger table, which the deployment then uses instead of creating one; `npm run migrate-ledger` prepares the table.',
    ),
});

const reconciliation = z.strictObject({
  share: z
    .number()
    .gt(0)
    .max(1)
    .default(0.25)
    .describe(
      'Share of a namespace’s `requestsPerSecond` that reconciliation may use. Each operation needs two to four requests.',
    ),
});

const functions = z
  .strictObject({
    memoryMiB: z
      .int()
      .min(256)
      .max(10_240)
      .default(1024)
      .describe('Memory of each function. CPU is proportional to memory: 1769 MiB corresponds to one vCPU.'),
    maxConcurrency: z
      .int()
      .min(1)
      .max(1000)
      .optional()
      .describe(
        'Reserved concurrency of each function of the API: its maximum, taken from the account’s limit. Limited only by the account when absent.',
      ),
    maxWaiting: z
      .int()
      .min(1)
      .max(1000)
      .default(50)
      .describe(
        'Maximum number of concurrent requests that wait for a workflow (`waitSeconds`). Further requests with a wait get 429; requests without a wait are not affected. Less than `maxConcurrency`.',
      ),
    provisionedConcurrency: z
      .int()
      .min(1)
      .optional()
      .describe('Provisioned concurrency of each function with a route below `workflows/`. None when absent.'),
    vpcId: vpcId
      .optional()
      .describe('An existing VPC in which all functions run; requires `subnetIds`. No VPC when absent.'),
    subnetIds: subnetIds
      .optional()
      .describe(
        'Subnets of `vpcId` that can reach Temporal, Secrets Manager, DynamoDB, EventBridge and SQS, and ECS if there is a worker.',
      ),
    trim: z.boolean().default(true).describe('Removes unused parts of packages from the functions’ bundles.'),
  })
  .refine(({ maxConcurrency = Infinity, maxWaiting }) => maxWaiting < maxConcurrency, {
    path: ['maxWaiting'],
    message: 'must be less than maxConcurrency: requests without a wait need concurrency too',
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
      'OpenTelemetry layer for Node.js on arm64, such as the one of AWS. Traces then include the calls to Temporal and the ledger.',
    ),
});

const topicArn = arn(String.raw`sns:[\w-]+:\d{12}:[\w-]+`, 'the ARN of an SNS topic');

/** Schema of the configuration. docs/configuration.md is generated from it. */
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
      .describe('Managed IAM policies for people and services, by name.'),
    api: api
      .prefault({})
      .describe('Network access to the API, and accounts of callers. IAM also authorizes each request.'),
    ledger: ledger.prefault({}).describe('The operation ledger.'),
    reconciliation: reconciliation
      .prefault({})
      .describe('Reconciliation, which looks up every minute how operations ended.'),
    functions: functions.prefault({}).describe('The Lambda functions, see docs/performance.md.'),
    worker: worker.optional().describe('The worker stack. Not deployed when absent.'),
    triggers: z
      .record(lowerCaseName, trigger)
      .default({})
      .describe('Events of other services that cancel workflows, by name.'),
    cancellationRequests: cancellationRequests
      .optional()
      .describe(
        'Accepts events with the type `Workflow Cancellation Requested`, whose detail is the request. Off when absent.',
      ),
    events: events.prefault({}).describe('How events of triggers and cancellation requests are processed.'),
    logLevel: z
      .enum(['DEBUG', 'INFO', 'WARN', 'ERROR'])
      .default('INFO')
      .describe('Minimum log level of functions and worker.'),
    tracing: tracing.optional().describe('X-Ray traces of the API and its functions. Off when absent.'),
    dashboard: z.boolean().default(true).describe('Creates a CloudWatch dashboard, which costs 3 US dollars a month.'),
    alarmTopicArn: topicArn
      .optional()
      .describe('SNS topic that is notified when an alarm starts and ends. No notifications when absent.'),
    runbookUrl: z
      .url()
      .optional()
      .describe(
        'URL where docs/runbook.md is published, for links in alarms; they have the path of the file when absent.',
      ),
    tags: z
      .record(
        z
          .string()
          .min(1)
          .max(128)
          .regex(/^(?!aws:)/i, 'a key that does not begin with "aws:", which AWS reserves'),
        z.string().max(256),
      )
      .default({})
      .describe('Tags of all deployed resources, for example for cost reports.'),
  })
  .superRefine(({ access, triggers, cancellationRequests: requests }, context) => {
    for (const problem of [...accessNameProblems(access), ...triggerNameProblems(triggers, requests !== undefined)]) {
      context.addIssue({ code: 'custom', ...problem });
    }
  })
  .superRefine(({ namespaces, access, triggers, cancellationRequests: requests, worker: workerConfig }, context) => {
    const uses: [path: string[], namespace: string][] = Object.entries(triggers).map(([name, { namespace: used }]) => [
      ['triggers', name, 'namespace'],
      used,
    ]);
    if (workerConfig) uses.push([['worker', 'namespace'], workerConfig.namespace]);
    for (const used of requests?.namespaces ?? []) uses.push([['cancellationRequests', 'namespaces'], used]);
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
      const message = `"worker" needs a worker in namespace "${used}": set worker.namespace, or use "server", Temporal's batch engine`;
      context.addIssue({ code: 'custom', path: ['triggers', name, 'engine'], message });
    }
    for (const [policyName, policy] of Object.entries(access)) {
      const message = tooLargeForIam(policy, namespaces);
      if (message) context.addIssue({ code: 'custom', path: ['access', policyName], message });
    }
  });

/** The configuration before validation: keys with a default are optional. */
export type RewindConfigInput = z.input<typeof rewindConfig>;
export type RewindConfig = z.output<typeof rewindConfig>;
export type NamespaceConfig = RewindConfig['namespaces'][string];
