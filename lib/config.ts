import * as z from 'zod';
import { EVENT_SOURCE } from '../operations/operation-events';
import { malformedPaths, placesValuesSafely } from '../operations/trigger';
import { methodsOf, roleNames } from './roles';

/*
 * The deployment's configuration, read from the CDK context key `rewind` (cdk.json, or `cdk -c rewind='{…}'` as JSON
 * text). Every error names the key at fault.
 */

/** Temporal's own rule for namespace names (`namespace.a1b2c` on Temporal Cloud). */
const namespaceName = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,253}[a-zA-Z0-9]$/, 'a namespace name: letters, digits, "-", "_" and "."');

const hostAndPort = z.string().regex(/^[^\s/:]+:\d{1,5}$/, 'host:port, for example prod.a1b2c.tmprl.cloud:7233');

const secretArn = z
  .string()
  .regex(
    /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/,
    'the complete ARN of a Secrets Manager secret, with its six random characters at the end',
  );

const keyArn = z.string().regex(/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/, 'the ARN of a KMS key');

const topicArn = z.string().regex(/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+$/, 'the ARN of an SNS topic');

const namespace = z.strictObject({
  address: hostAndPort.describe('Address of the Temporal frontend.'),
  secretArn: secretArn.describe('Secret with the mTLS pair or the API key of the namespace.'),
  secretKmsKeyArn: keyArn.optional().describe('KMS key of the secret, where it is not the AWS managed one.'),
  tlsServerName: z
    .string()
    .min(1)
    .optional()
    .describe('Server name for TLS, where it differs from the host in `address` (regional endpoints).'),
  webUiUrl: z.url().optional().describe('Base URL of the Temporal Web UI; Temporal Cloud’s for its own addresses.'),
});

const throttling = z.strictObject({
  rateLimit: z.number().positive().default(50).describe('Requests per second, over all callers.'),
  burstLimit: z.int().positive().default(100).describe('Requests at once.'),
});

const lowerCaseName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name of lower-case letters, digits and "-"');

const accountId = z.string().regex(/^\d{12}$/, 'an account id of twelve digits');

/** The longest ARN there is before the method: what IAM counts for each line of a policy is this and the method. */
const LONGEST_METHOD_ARN = 'arn:aws-us-gov:execute-api:ap-southeast-1:111122223333:a1b2c3d4e5/v1/';

/** IAM counts a managed policy's characters without white space; what is around the ARNs takes no more than the rest. */
const MAX_POLICY_CHARACTERS = 6144 - 150;

const accessPolicy = z.strictObject({
  roles: z
    .array(z.enum(roleNames))
    .min(1)
    .describe('What whoever has the policy may do: `reader`, `canceller`, `terminator`, `resetter`, `batchOperator`.'),
  namespaces: z
    .array(namespaceName)
    .min(1)
    .or(z.literal('all'))
    .describe('The namespaces it is good for, of those in `namespaces`; `"all"` for every one of them.'),
  policyName: z
    .string()
    .regex(/^[\w+=,.@-]{1,128}$/, 'a policy name: letters, digits and "+=,.@_-", 128 at most')
    .optional()
    .describe('Name of the managed policy, for permission sets of IAM Identity Center; made by AWS when absent.'),
});

const usagePlan = z.strictObject({
  rateLimit: z.number().positive().describe('Requests per second of this client.'),
  burstLimit: z.int().positive().describe('Requests of this client at once.'),
  requestsPerDay: z.int().positive().optional().describe('Requests a day; not counted when absent.'),
});

const api = z
  .strictObject({
    callerAccounts: z
      .array(accountId)
      .min(1)
      .optional()
      .describe('Other accounts whose principals may call, as far as their own IAM allows. None when absent.'),
    callerOrganizationId: z
      .string()
      .regex(/^o-[a-z0-9]{10,32}$/, 'the id of an organization, for example o-a1b2c3d4e5')
      .optional()
      .describe('The same for every account of an AWS organization.'),
    cidrs: z
      .array(z.union([z.cidrv4(), z.cidrv6()], 'an address range such as 203.0.113.0/24'))
      .min(1)
      .optional()
      .describe('Refuses callers from other addresses. All may call when absent.'),
    vpcEndpointIds: z
      .array(z.string().regex(/^vpce-[0-9a-f]+$/, 'the id of a VPC endpoint for execute-api'))
      .min(1)
      .optional()
      .describe('Makes the API private: only these VPC endpoints lead to it. Public when absent.'),
    waf: z
      .strictObject({
        webAclArn: z
          .string()
          .regex(
            /^arn:[\w-]+:wafv2:[\w-]+:\d{12}:regional\/webacl\/[\w-]+\/[\w-]+$/,
            'the ARN of a regional web ACL of WAFv2',
          )
          .optional()
          .describe('Web application firewall in front of the API: an existing web ACL. `waf: {}` makes one.'),
        requestsPer5Minutes: z
          .int()
          .min(10)
          .max(2_000_000_000)
          .optional()
          .describe('From one address, for the web ACL that is made; 2,000 when absent.'),
      })
      .refine(
        ({ webAclArn, requestsPer5Minutes }) => webAclArn === undefined || requestsPer5Minutes === undefined,
        'either webAclArn or requestsPer5Minutes: an existing web ACL has rules of its own',
      )
      .optional()
      .describe('Puts a web application firewall in front of the API. None when absent.'),
    usagePlans: z
      .record(lowerCaseName, usagePlan)
      .default({})
      .describe('Limits for each client, told apart by API keys, which every request then needs. None when absent.'),
  })
  .refine(
    ({ cidrs, vpcEndpointIds }) => cidrs === undefined || vpcEndpointIds === undefined,
    'either cidrs or vpcEndpointIds: nobody calls a private API from a public address',
  );

const ledger = z.strictObject({
  retentionDays: z.int().min(1).max(3650).default(400).describe('How long the ledger keeps an operation, in days.'),
  kmsKeyArn: keyArn.optional().describe('KMS key that encrypts the ledger, where it is not the AWS managed one.'),
});

const functions = z.strictObject({
  memoryMiB: z
    .int()
    .min(256)
    .max(10_240)
    .default(1024)
    .describe('Memory of a function; its share of a CPU grows with it, 1769 is a whole one.'),
  provisionedConcurrency: z
    .int()
    .min(1)
    .optional()
    .describe('Instances of each function below `workflows/` that are kept warm. None when absent.'),
  trim: z.boolean().default(true).describe('Leave out of the functions what they never use of their packages.'),
});

const tracing = z.strictObject({
  layerArn: z
    .string()
    .regex(/^arn:[\w-]+:lambda:[\w-]+:\d{12}:layer:[\w-]+:\d+$/, 'the ARN of a version of a Lambda layer')
    .optional()
    .describe(
      'OpenTelemetry layer for Node.js on arm64, such as AWS’s: shows the calls to Temporal and the ledger too.',
    ),
});

/** Events of Rewind's own would come back to it, and cancel for ever. */
const eventSources = z
  .array(
    z
      .string()
      .min(1)
      .regex(/^[^*?"\\]+$/, 'the exact source of an event, without wildcards'),
  )
  .min(1)
  .refine((sources) => !sources.includes(EVENT_SOURCE), `other sources than "${EVENT_SOURCE}", which is Rewind’s own`);

const eventTemplate = z
  .string()
  .min(1)
  .max(1000)
  .refine(
    (template) => malformedPaths(template).length === 0,
    'a text with paths into the event such as <$.detail.orderId>: names and [indexes] after "$", joined by dots',
  );

const queryTemplate = eventTemplate.refine(
  placesValuesSafely,
  'a query without comments, whose paths are not within quotes: values are quoted when they are filled in',
);

const trigger = z
  .strictObject({
    sources: eventSources.describe('The only event sources that may pull this trigger.'),
    eventPattern: z
      .strictObject({
        'detail-type': z.array(z.string().min(1)).min(1).describe('EventBridge’s `detail-type`: one of these.'),
        detail: z.record(z.string(), z.unknown()).optional().describe('EventBridge pattern for the detail.'),
        account: z
          .array(accountId)
          .min(1)
          .optional()
          .describe('Accounts it may come from, let onto the bus for this; the deployment’s own when absent.'),
      })
      .describe('EventBridge event pattern; the sources are added to it.'),
    namespace: namespaceName.describe('Namespace of the workflows it cancels; one of `namespaces`.'),
    workflowId: eventTemplate
      .optional()
      .describe('Workflow id with paths into the event: `order-<$.detail.orderId>`. Or `query`.'),
    query: queryTemplate
      .optional()
      .describe('Visibility query with paths into the event: all that match are cancelled, by a batch operation.'),
    ratePerSecond: z.number().positive().max(200).default(20).describe('With `query`: workflows a second.'),
    maxWorkflows: z
      .int()
      .min(1)
      .max(100_000)
      .default(1000)
      .describe('With `query`: dead-letters an event that matches more.'),
    reason: eventTemplate
      .default('event <$.detail-type> of <$.source>')
      .describe('Reason with paths into the event, for Temporal’s history and the ledger.'),
  })
  .refine(
    ({ workflowId, query }) => (workflowId === undefined) !== (query === undefined),
    'either workflowId or query',
  );

const worker = z.strictObject({
  namespace: namespaceName.describe('Namespace it polls; one of `namespaces`.'),
  taskQueue: z.string().min(1).optional().describe('Task queue it polls; `rewind-orders` when absent.'),
  cpu: z
    .union([256, 512, 1024, 2048, 4096].map((units) => z.literal(units)))
    .optional()
    .describe('CPU units of a task; 512 when absent.'),
  memoryMiB: z.int().min(512).optional().describe('Memory of a task; 1024 when absent.'),
  minCapacity: z.int().min(1).optional().describe('Fewest tasks; 1 when absent.'),
  maxCapacity: z.int().min(1).optional().describe('Most tasks; 10 when absent.'),
  vpcId: z
    .string()
    .regex(/^vpc-[0-9a-f]+$/, 'the id of a VPC')
    .optional()
    .describe('An existing VPC; one is made when absent.'),
  imageUri: z
    .string()
    .min(1)
    .optional()
    .describe('An image in a registry; this repository’s own is built when absent.'),
});

/** The schema itself, for the table in README.md (test/lib/configuration-table.test.ts). */
export const rewindConfig = z
  .strictObject({
    namespaces: z
      .record(namespaceName, namespace)
      .refine((namespaces) => Object.keys(namespaces).length > 0, 'at least one namespace')
      .describe('The namespaces Rewind serves, by name.'),
    throttling: throttling.prefault({}).describe('What API Gateway lets through.'),
    access: z
      .record(lowerCaseName, accessPolicy)
      .default({})
      .describe('Managed IAM policies to attach to people and services, by name.'),
    api: api.prefault({}).describe('Who can reach the API, beside what IAM allows.'),
    ledger: ledger.prefault({}).describe('The operation ledger.'),
    functions: functions.prefault({}).describe('The Lambda functions, see docs/performance.md.'),
    worker: worker.optional().describe('The worker stack. None is deployed when absent.'),
    triggers: z
      .record(lowerCaseName, trigger)
      .default({})
      .describe('Events of other services that cancel workflows, by name.'),
    cancellationRequests: z
      .strictObject({
        sources: eventSources.describe('The only event sources that may ask.'),
        account: z
          .array(accountId)
          .min(1)
          .optional()
          .describe('Accounts they may come from, let onto the bus for this; the deployment’s own when absent.'),
      })
      .optional()
      .describe('Accepts events `Workflow Cancellation Requested`, whose detail is the request. Off when absent.'),
    logLevel: z
      .enum(['DEBUG', 'INFO', 'WARN', 'ERROR'])
      .default('INFO')
      .describe('Least level that the functions log.'),
    tracing: tracing.optional().describe('X-Ray traces of the API and its functions. Off when absent.'),
    dashboard: z
      .boolean()
      .default(true)
      .describe('Whether to make a CloudWatch dashboard, which costs 3 US dollars a month.'),
    alarmTopicArn: topicArn.optional().describe('SNS topic that is told of every alarm, and of its end.'),
    tags: z
      .record(z.string().min(1).max(128), z.string().max(256))
      .default({})
      .describe('Tags of everything that is deployed, for cost reports and the like.'),
    emulator: z
      .boolean()
      .default(false)
      .describe(
        'For the laptop’s cloud (`npm start`) only: the deployer’s own credentials instead of the bootstrap roles, and queues that take requests without TLS.',
      ),
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
      if (Object.hasOwn(namespaces, used)) continue;
      const message = `"${used}" is not one of the configured namespaces: ${Object.keys(namespaces).join(', ')}`;
      context.addIssue({ code: 'custom', path: at, message });
    }
    for (const [policyName, policy] of Object.entries(access)) {
      const characters = accessNamespaces(policy, namespaces)
        .flatMap((name) => methodsOf(policy.roles, name))
        .reduce((sum, { method, path }) => sum + `"${LONGEST_METHOD_ARN}${method}/${path}",`.length, 0);
      if (characters <= MAX_POLICY_CHARACTERS) continue;
      const message = `a policy of up to ${characters} characters, where IAM allows ${MAX_POLICY_CHARACTERS}: make several of it, with fewer namespaces each`;
      context.addIssue({ code: 'custom', path: ['access', policyName], message });
    }
  });

/** The namespaces of an access policy, by name. */
export function accessNamespaces(
  { namespaces: chosen }: AccessPolicyConfig,
  configured: Record<string, unknown>,
): string[] {
  return chosen === 'all' ? Object.keys(configured) : chosen;
}

export type AccessPolicyConfig = z.output<typeof accessPolicy>;

/** The configuration as it is written down: what has a default may be absent. */
export type RewindConfigInput = z.input<typeof rewindConfig>;
export type TriggerConfig = z.output<typeof trigger>;
export type RewindConfig = z.output<typeof rewindConfig>;
export type NamespaceConfig = RewindConfig['namespaces'][string];

/** The configuration cannot be used; the message has a line for each key at fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * The context key that holds the configuration: `rewind`, or `rewind-<stage>` with `cdk … -c stage=<stage>`.
 * @throws {ConfigError} for a stage that cannot be part of a stack's name
 */
export function contextKey(stage: unknown): string {
  if (stage === undefined) return 'rewind';
  if (typeof stage === 'string' && /^[a-zA-Z0-9][a-zA-Z0-9-]{0,39}$/.test(stage)) return `rewind-${stage}`;
  throw new ConfigError(`stage ${JSON.stringify(stage)} must be a name of letters, digits and "-", 40 at most`);
}

/**
 * @param context the value of the context key: an object, or its JSON text when given on the command line
 * @param key how messages name it
 * @param where it is written, for the message
 * @throws {ConfigError}
 */
export function parseConfig(
  context: unknown,
  key = contextKey(undefined),
  where = `cdk.json (context key "${key}")`,
): RewindConfig {
  if (context === undefined) {
    throw new ConfigError(`context key "${key}" is missing: see "Deploy" in README.md for what belongs into cdk.json`);
  }
  const result = rewindConfig.safeParse(typeof context === 'string' ? parseJson(context, key) : context);
  if (result.success) return result.data;
  throw new ConfigError(
    [`The configuration in ${where} is not valid:`]
      .concat(
        result.error.issues.map((issue) => `  ${[key, ...issue.path].map(String).join('.')}: ${formatIssue(issue)}`),
      )
      .join('\n'),
  );
}

function formatIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown key ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `must be ${message}`).join('; ');
  if (issue.code === 'invalid_format' && issue.format === 'regex') return `must be ${issue.message}`;
  return issue.message;
}

function parseJson(text: string, key: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError(`context key "${key}", as given with -c, is not JSON`);
  }
}
