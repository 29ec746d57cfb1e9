import type { ConsoleProblem } from './responses';

/** A route of the HTTP API, from its OpenAPI document. */
export interface ApiRoute {
  method: string;
  /** Path below `/namespaces/{namespace}/`, with `{operationId}` in place of an id. */
  path: string;
  /** Whether a request changes something; `unlessDryRun`: not with `dryRun: true` in its body. */
  changes: 'always' | 'never' | 'unlessDryRun';
}

/** A request to be signed and sent to the API. */
export interface ApiRequest {
  /** Operation id of the route in the OpenAPI document. */
  route: string;
  path: Record<string, string>;
  query: Record<string, string>;
  body?: unknown;
  idempotencyKey?: string;
}

/** Without a leading dot and `..`, so that no path segment leads to a parent. */
const NAMESPACE = /^\w(?!.*\.\.)[\w.-]{0,254}$/;
const OPERATION_ID = /^[A-Za-z0-9][\w-]{0,99}$/;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

type Parsed<Value> = { value: Value } | { problem: ConsoleProblem };

/**
 * Parses a request to the API into its route and parameters. Accepts only exact paths of routes, so that the console signs
 * only requests to Rewind.
 * @param target the target in the request line, neither decoded nor normalized
 */
export function parseApiTarget(
  routes: Readonly<Record<string, ApiRoute>>,
  method: string,
  target: string,
): Parsed<ApiRequest> {
  const [path, search] = split(target, '?');
  const [, root, namespace = '', ...rest] = path.split('/').slice(1);
  const found = Object.entries(routes).find(
    ([, route]) => route.method === method && matches(route.path.split('/'), rest),
  );
  const ids: Record<string, string> = found?.[1].path.includes('{') ? { operationId: rest[1] ?? '' } : {};
  if (!found || root !== 'namespaces' || !NAMESPACE.test(namespace)) {
    return { problem: { status: 404, kind: 'unknown-route', detail: 'This is not a route of the API.' } };
  }
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    if (Object.hasOwn(query, name)) {
      return { problem: { status: 400, kind: 'repeated-parameter', detail: 'A parameter is given twice.' } };
    }
    query[name] = value;
  }
  return { value: { route: found[0], path: { namespace, ...ids }, query } };
}

const matches = (pattern: string[], segments: string[]): boolean =>
  pattern.length === segments.length &&
  pattern.every((part, index) => part === segments[index] || (isId(part) && OPERATION_ID.test(segments[index] ?? '')));
const isId = (part: string): boolean => part === '{operationId}';

/** Adds the body and, for a change, the idempotency key. */
export function parseChange(
  request: ApiRequest,
  text: string,
  idempotencyKey: string | undefined,
  { readOnly, changes }: { readOnly: boolean; changes: ApiRoute['changes'] },
): Parsed<ApiRequest> {
  const mayChange = changes !== 'never';
  if (mayChange && (idempotencyKey === undefined || !IDEMPOTENCY_KEY.test(idempotencyKey))) {
    return { problem: { status: 400, kind: 'no-idempotency-key', detail: 'A change needs an Idempotency-Key.' } };
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { problem: { status: 400, kind: 'invalid-json', detail: 'The body is not JSON.' } };
  }
  const isDryRun = changes === 'unlessDryRun' && (body as { dryRun?: unknown } | null)?.dryRun === true;
  if (readOnly && mayChange && !isDryRun) {
    return { problem: { status: 403, kind: 'read-only', detail: 'This console was started with --read-only.' } };
  }
  return { value: { ...request, body, ...(mayChange && { idempotencyKey }) } };
}

function split(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}
