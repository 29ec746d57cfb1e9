import * as z from 'zod';

/* Formats that several sections of the configuration use. */

/** Temporal's rule for namespace names (`namespace.a1b2c` on Temporal Cloud). */
export const namespaceName = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,253}[a-zA-Z0-9]$/, 'a namespace name: letters, digits, "-", "_" and "."');

export const lowerCaseName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name of lower-case letters, digits and "-"');

export const accountId = z.string().regex(/^\d{12}$/, 'an account id of twelve digits');

/** The CDK's token for a value that is only known at deployment: `new Secret(…).secretArn`. */
const token = String.raw`\$\{Token\[[\w.:-]+\]\}`;

/**
 * An ARN, or a text with tokens, such as `arn:aws:kms:${Aws.REGION}:…`, which cannot be checked at synthesis.
 * @param rest regular expression for the part after the partition
 */
export const arn = (rest: string, what: string) =>
  z.string().regex(new RegExp(`^(?:arn:[\\w-]+:${rest}|.*${token}.*)$`), what);

export const keyArn = arn(String.raw`kms:[\w-]+:\d{12}:key\/[\w-]+`, 'the ARN of a KMS key');

/** The id of an EC2 resource, or a token. @param prefix such as `vpc` */
const ec2Id = (prefix: string, what: string) =>
  z.string().regex(new RegExp(`^(?:${prefix}-[0-9a-f]+|${token})$`), what);

export const vpcId = ec2Id('vpc', 'the id of a VPC');

export const subnetIds = z.array(ec2Id('subnet', 'the id of a subnet')).min(1);
