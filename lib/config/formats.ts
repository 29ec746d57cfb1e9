import * as z from 'zod';

/* Formats that several sections of the configuration share. */

/** Temporal's own rule for namespace names (`namespace.a1b2c` on Temporal Cloud). */
export const namespaceName = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,253}[a-zA-Z0-9]$/, 'a namespace name: letters, digits, "-", "_" and "."');

export const lowerCaseName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name of lower-case letters, digits and "-"');

export const accountId = z.string().regex(/^\d{12}$/, 'an account id of twelve digits');

export const keyArn = z.string().regex(/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/, 'the ARN of a KMS key');
