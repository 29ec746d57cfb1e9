import * as z from 'zod';
import { arn, keyArn } from './formats';

const hostAndPort = z
  .string()
  .regex(/^[^\s/:]+:\d{1,5}$/, { error: 'host:port, for example prod.a1b2c.tmprl.cloud:7233', abort: true })
  .refine((address) => {
    const port = Number(address.slice(address.lastIndexOf(':') + 1));
    return port >= 1 && port <= 65_535;
  }, 'must have a port from 1 to 65535');

const secretArn = arn(
  String.raw`secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}`,
  'the complete ARN of a Secrets Manager secret, with its six random characters at the end',
);

export const namespace = z.strictObject({
  address: hostAndPort.describe('Address of the Temporal frontend.'),
  secretArn: secretArn.describe(
    'Secret with the client certificate and private key, or the API key, of the namespace.',
  ),
  secretKmsKeyArn: keyArn.optional().describe('KMS key of the secret, if it is not the AWS managed key.'),
  tlsServerName: z
    .string()
    .min(1)
    .optional()
    .describe('Server name for TLS, if it differs from the host in `address` (regional endpoints).'),
  requestsPerSecond: z
    .number()
    .positive()
    .default(1_600)
    .describe(
      'Rate limit of the namespace, in requests per second. Reconciliation uses at most a share of it (`reconciliation.share`).',
    ),
  webUiUrl: z
    .url()
    .optional()
    .describe('Base URL of the Temporal Web UI; that of Temporal Cloud for its addresses when absent.'),
});
