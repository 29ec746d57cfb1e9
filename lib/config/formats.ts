import * as z from 'zod';

/* Formats that several sections of the configuration share. */

/** Temporal's own rule for namespace names (`namespace.a1b2c` on Temporal Cloud). */
export const namespaceName = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,253}[a-zA-Z0-9]$/, 'a namespace name: letters, digits, "-", "_" and "."');

export const lowerCaseName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name of lower-case letters, digits and "-"');

export const accountId = z.string().regex(/^\d{12}$/, 'an account id of twelve digits');

/**
 * An ARN, or the CDK's placeholder for one that is known at deployment only: `new Secret(…).secretArn`.
 * @param rest what follows the partition, as the source of a regular expression
 */
export const arn = (rest: string, what: string) =>
  z.string().regex(new RegExp(String.raw`^(?:arn:[\w-]+:${rest}|\$\{Token\[[\w.]+\]\})$`), what);

export const keyArn = arn(String.raw`kms:[\w-]+:\d{12}:key\/[\w-]+`, 'the ARN of a KMS key');
