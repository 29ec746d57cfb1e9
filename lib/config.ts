import * as z from 'zod';

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

const ledger = z.strictObject({
  retentionDays: z.int().min(1).max(3650).default(400).describe('How long the ledger keeps an operation, in days.'),
  kmsKeyArn: keyArn.optional().describe('KMS key that encrypts the ledger, where it is not the AWS managed one.'),
});

const rewindConfig = z.strictObject({
  namespaces: z
    .record(namespaceName, namespace)
    .refine((namespaces) => Object.keys(namespaces).length > 0, 'at least one namespace')
    .describe('The namespaces Rewind serves, by name.'),
  throttling: throttling.prefault({}).describe('What API Gateway lets through.'),
  ledger: ledger.prefault({}).describe('The operation ledger.'),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO').describe('Least level that the functions log.'),
  deployWithCliCredentials: z
    .boolean()
    .default(false)
    .describe('Deploy with the caller’s own credentials instead of the bootstrap roles.'),
});

export type RewindConfig = z.output<typeof rewindConfig>;
export type NamespaceConfig = RewindConfig['namespaces'][string];

/** The configuration cannot be used; the message has a line for each key at fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * @param context the value of the context key `rewind`: an object, or its JSON text when given on the command line
 * @throws {ConfigError}
 */
export function parseConfig(context: unknown): RewindConfig {
  if (context === undefined) {
    throw new ConfigError('context key "rewind" is missing: see "Deploy" in README.md for what belongs into cdk.json');
  }
  const result = rewindConfig.safeParse(typeof context === 'string' ? parseJson(context) : context);
  if (result.success) return result.data;
  throw new ConfigError(
    ['The configuration in cdk.json (context key "rewind") is not valid:']
      .concat(
        result.error.issues.map((issue) => `  ${['rewind', ...issue.path].map(String).join('.')}: ${explained(issue)}`),
      )
      .join('\n'),
  );
}

function explained(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown key ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `must be ${message}`).join('; ');
  if (issue.code === 'invalid_format' && issue.format === 'regex') return `must be ${issue.message}`;
  return issue.message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError('context key "rewind", as given with -c, is not JSON');
  }
}
