import type { ConsoleProblem } from './responses';

/** A route of the HTTP API, from its OpenAPI document. */
export interface ApiRoute {
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
  query: object;
  body?: unknown;
  idempotencyKey?: string;
}

/** Without a leading dot and `..`, so that no path segment leads to a parent. */
const NAMESPACE = /^\w(?!.*\.\.)[\w.-]{0,254}$/;
const OPERATION_ID = /^[A-Za-z0-9][\w-]{0,99}$/;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

type Parsed<Value> = { value: Value } | { problem: ConsoleProblem };

export const unknownRoute = { status: 404, kind: 'unknown-route', detail: 'This is not a route of the API.' };

/**
 * Parses a request to a route. Accepts only parameters of its path that stay one segment of the path, so that the console signs only
 * requests to Rewind.
 * @param text JSON with the fields `path`, `query` and `body`
 */
export function parseApiRequest(
  { name, path: pattern, changes }: ApiRoute & { name: string },
  text: string,
  { idempotencyKey, readOnly }: { idempotencyKey: string; readOnly: boolean },
): Parsed<ApiRequest> {
  const parsed = parse(text);
  if (!parsed) return { problem: { status: 400, kind: 'invalid-json', detail: 'The request is not JSON.' } };
  const { namespace, operationId, query, body } = parsed;
  const hasId = pattern.includes('{operationId}');
  if (!NAMESPACE.test(namespace) || (hasId && !OPERATION_ID.test(operationId))) return { problem: unknownRoute };
  const isDryRun = changes === 'unlessDryRun' && body?.dryRun === true;
  const isChange = changes !== 'never' && !isDryRun;
  if (isChange && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
    return { problem: { status: 400, kind: 'no-idempotency-key', detail: 'A change needs an Idempotency-Key.' } };
  }
  if (isChange && readOnly) {
    return { problem: { status: 403, kind: 'read-only', detail: 'This console was started with --read-only.' } };
  }
  const request = { route: name, path: { namespace, ...(hasId && { operationId }) }, query: { ...query } };
  return { value: { ...request, ...(body !== undefined && { body }), ...(isChange && { idempotencyKey }) } };
}

interface Fields {
  path: { namespace?: string; operationId?: string };
  query?: object;
  body?: { dryRun?: unknown };
}

function parse(text: string) {
  try {
    const { path, query, body } = JSON.parse(text) as Fields;
    const { namespace = '', operationId = '' } = path;
    return { namespace, operationId, query, body };
  } catch {
    return undefined;
  }
}
