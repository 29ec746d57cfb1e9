import * as z from 'zod';
import { UNKNOWN_NAMESPACE } from '../../api/rejected-events';
import { roleNames } from '../../api/roles';
import { methodsOf } from '../api-methods';
import { namespaceName } from './formats';

export const accessPolicy = z.strictObject({
  roles: z
    .array(z.enum(roleNames))
    .min(1)
    .describe(`Roles that the policy grants: ${roleNames.map((role) => `\`${role}\``).join(', ')}.`),
  namespaces: z
    .array(namespaceName.or(z.literal(UNKNOWN_NAMESPACE)))
    .min(1)
    .or(z.literal('all'))
    .describe(
      `Namespaces that the policy covers, of those in \`namespaces\`, and \`${UNKNOWN_NAMESPACE}\` for rejected events that name none of them; \`"all"\` for every one and these.`,
    ),
  policyName: z
    .string()
    .regex(/^[\w+=,.@-]{1,128}$/, 'a policy name: letters, digits and "+=,.@_-", 128 at most')
    .optional()
    .describe('Name of the managed policy, for permission sets of IAM Identity Center; made by AWS when absent.'),
});

export type AccessPolicyConfig = z.output<typeof accessPolicy>;

/** The namespaces of an access policy, by name. */
export function accessNamespaces(
  { namespaces: chosen }: AccessPolicyConfig,
  configured: Record<string, unknown>,
): string[] {
  return chosen === 'all' ? [...Object.keys(configured), UNKNOWN_NAMESPACE] : chosen;
}

/** The longest ARN there is before the method: what IAM counts for each line of a policy is this and the method. */
const LONGEST_METHOD_ARN = 'arn:aws-us-gov:execute-api:ap-southeast-1:111122223333:a1b2c3d4e5/v1/';

/** IAM counts a managed policy's characters without white space; what is around the ARNs takes no more than the rest. */
const MAX_POLICY_CHARACTERS = 6144 - 150;

/** A message for a policy that IAM would not take; `undefined` where it takes it. */
export function tooLargeForIam(policy: AccessPolicyConfig, configured: Record<string, unknown>): string | undefined {
  const characters = accessNamespaces(policy, configured)
    .flatMap((name) => methodsOf(policy.roles, name))
    .reduce((sum, { method, path }) => sum + `"${LONGEST_METHOD_ARN}${method}/${path}",`.length, 0);
  if (characters <= MAX_POLICY_CHARACTERS) return undefined;
  return `a policy of up to ${characters} characters, where IAM allows ${MAX_POLICY_CHARACTERS}: make several of it, with fewer namespaces each`;
}
