import { routes } from '../api';
import { roles } from '../api/roles';
import type { Role } from '../api/roles';
import { NAMESPACE_PATH } from '../api/route';
import type { Route } from '../api/route';

/** A method and a path below the stage, as in the ARN of `execute-api`; `*` stands for anything. */
export interface MethodPattern {
  method: Route['method'];
  path: string;
}

/**
 * The methods that the roles may call on a namespace. Few patterns keep a policy for many namespaces within IAM's limit:
 * one for all that is read, since every GET reads and every other method changes something, and one for all that changes
 * a batch operation, since one role may do all of that (test/lib/access.test.ts).
 */
export function methodsOf(granted: readonly Role[], namespace: string): MethodPattern[] {
  const included = new Set<Role>(granted.flatMap((role) => [role, ...roles[role]]));
  const changes = Object.values<Route>(routes).filter((route) => route.changes && included.has(route.access));
  const below = `${NAMESPACE_PATH.replace('{namespace}', namespace)}/`;
  const changed = new Set(changes.map(({ path }) => path.replace(/\{\w+\}.*/, '*')));
  return [
    { method: 'GET', path: `${below}*` },
    ...[...changed].map((path) => ({ method: 'POST' as const, path: below + path })),
  ];
}
