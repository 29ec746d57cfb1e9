import { routes } from '../api';
import { roles } from '../api/roles';
import type { Role } from '../api/roles';
import { NAMESPACE_PATH } from '../api/route';
import type { Route } from '../api/route';

/** A method and path pattern in an ARN of `execute-api`. `*` matches any characters. */
export interface MethodPattern {
  method: Route['method'];
  path: string;
}

/**
 * Returns patterns of the methods that the roles may call on a namespace. Paths are combined, to keep a policy for many
 * namespaces within IAM's size limit: one pattern covers all GET methods, which only read, and one covers all POST paths with
 * the same prefix if the roles may call all of them (test/lib/access.test.ts).
 */
export function methodsOf(granted: readonly Role[], namespace: string): MethodPattern[] {
  const included = new Set<Role>(granted.flatMap((role) => [role, ...roles[role]]));
  const posts = Object.values<Route>(routes).filter(({ method }) => method === 'POST');
  const patterns = posts.filter(({ access }) => included.has(access)).map(({ path }) => pattern(path, posts, included));
  const below = `${NAMESPACE_PATH.replace('{namespace}', namespace)}/`;
  return [
    { method: 'GET', path: `${below}*` },
    ...[...new Set(patterns)].map((path) => ({ method: 'POST' as const, path: below + path })),
  ];
}

/** Returns a pattern with the shortest prefix of the path below which the roles may call everything, or the path itself. */
function pattern(path: string, posts: Route[], included: ReadonlySet<Role>): string {
  const [first = ''] = path.split('/');
  const prefixes = [...(first.includes('-') ? [first.slice(0, first.indexOf('-') + 1)] : []), `${first}/`];
  for (const prefix of prefixes) {
    const matching = posts.filter((other) => `${other.path}/`.startsWith(prefix));
    const isShorter = matching.length > 1 && matching.every(({ access }) => included.has(access));
    if (isShorter) return `${prefix.replace(/\/$/, '')}*`;
  }
  return path.replaceAll(/\{\w+\}/g, '*');
}
