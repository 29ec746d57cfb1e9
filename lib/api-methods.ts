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
 * one for all that is read, since every GET reads, and one for all that begins alike where the roles may call all of it
 * (test/lib/access.test.ts).
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

/** The shortest beginning of the path of which the roles may call everything, or the path itself. */
function pattern(path: string, posts: Route[], included: ReadonlySet<Role>): string {
  const [first = ''] = path.split('/');
  const beginnings = [...(first.includes('-') ? [first.slice(0, first.indexOf('-') + 1)] : []), `${first}/`];
  for (const beginning of beginnings) {
    const alike = posts.filter((other) => `${other.path}/`.startsWith(beginning));
    const isShorter = alike.length > 1 && alike.every(({ access }) => included.has(access));
    if (isShorter) return `${beginning.replace(/\/$/, '')}*`;
  }
  return path.replaceAll(/\{\w+\}/g, '*');
}
