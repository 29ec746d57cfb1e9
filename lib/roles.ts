import { NAMESPACE_PATH, routes } from '../api/routes';
import type { Access, Route } from '../api/routes';

/** What people and services may be to a namespace, from the least to the most. */
export const roleNames = ['reader', 'canceller', 'terminator', 'resetter', 'batchOperator'] as const;

export type Role = (typeof roleNames)[number];

/**
 * What each role may do beside reading, which all may: a workflow has to be looked at before and after. Terminating is a
 * role of its own, because a terminated workflow cleans nothing up; who may do that may also ask politely. A batch
 * operation cancels, terminates or resets as its body says, which IAM cannot see: to hold back from a batch operator
 * what a batch of one workflow does would only look like protection.
 */
const changesOf: Record<Role, readonly Exclude<Access, 'read'>[]> = {
  reader: [],
  canceller: ['cancel'],
  terminator: ['cancel', 'terminate'],
  resetter: ['reset'],
  batchOperator: ['cancel', 'terminate', 'reset', 'batch'],
};

/** A method and a path below the stage, as in the ARN of `execute-api`; `*` stands for anything. */
export interface MethodPattern {
  method: Route['method'];
  path: string;
}

/**
 * The methods that the roles may call on a namespace. All that is read takes one pattern, which keeps a policy for many
 * namespaces within IAM's limit: every GET reads and every other method changes something (test/lib/access.test.ts).
 */
export function methodsOf(roles: readonly Role[], namespace: string): MethodPattern[] {
  const granted = new Set<Access>(roles.flatMap((role) => changesOf[role]));
  const changes = Object.values<Route>(routes).filter(({ access }) => granted.has(access));
  const below = `${NAMESPACE_PATH.replace('{namespace}', namespace)}/`;
  return [
    { method: 'GET', path: `${below}*` },
    ...changes.map(({ method, path }) => ({ method, path: below + path.replaceAll(/\{\w+\}/g, '*') })),
  ];
}
