import type * as z from 'zod/mini';
import type { FailureKind } from './failures';
import type { Role } from './roles';
import type { NamedSchema, Output } from './schema';

/** Path prefix of every route. With the namespace in the path, IAM policies can allow each verb on each namespace. */
export const NAMESPACE_PATH = 'namespaces/{namespace}';

/**
 * Replaces the namespace in the path for rejected events without a configured namespace: events of a removed trigger, and
 * cancellation requests for an unknown namespace. No namespace can have this name.
 */
export const UNKNOWN_NAMESPACE = '_unknown';

/** A backend that the function behind a route reads. */
type Resource = 'temporal' | 'ledger';

/** A successful response of a route. */
export interface RouteResponse<Schema extends NamedSchema = NamedSchema> {
  description: string;
  schema: Schema;
  /** Example bodies, keyed by a short title. */
  examples: Record<string, Output<Schema>>;
  /** Returns the `Location` header, relative to the request's URL. When absent, the response has none. */
  location?: (result: Output<Schema>) => string;
}

/** One route of the HTTP API. The CDK app, IAM policies, OpenAPI document, client and functions are derived from it. */
export interface Route {
  method: 'GET' | 'POST';
  /** Path below {@link NAMESPACE_PATH}, without a leading slash. */
  path: string;
  /** Name of the directory in functions/ that contains the route's function. Its construct id is this name in Pascal case. */
  function: string;
  /** Role that may call the route. Roles that include it may too, and every role may call the routes of `reader`. */
  access: Role;
  tag: 'workflows' | 'activities' | 'operations' | 'batch operations' | 'rejected events';
  summary: string;
  description?: string;
  /** Schema of the query string (GET) or the body (POST). */
  request: z.ZodMiniType;
  /** Example requests, keyed by a short title. */
  requests: Record<string, object>;
  /** Successful responses, keyed by HTTP status. */
  responses: Record<number, RouteResponse>;
  /** Every kind of failure that the function can return. */
  failures: readonly FailureKind[];
  /** Backends that the function reads. A change lists `ledger` only if it reads operations other than its own. */
  reads: readonly Resource[];
  /** Whether the route writes to the ledger. Such a request is executed once per `Idempotency-Key`. */
  changes: boolean;
}

/** A route whose operations are recorded in the ledger under `verb`. */
export interface VerbRoute extends Route {
  verb: string;
  /**
   * Detail types of the events that an operation emits, keyed by its `outcome`. `settled` is the key for an effect that is
   * recorded after the operation, such as the end of a cancelled workflow. An outcome without a key emits no event.
   */
  events: Record<string, string>;
}

/** A validated request of a route. */
export type RequestOf<Of extends Pick<Route, 'request'>> = z.output<Of['request']>;
/** The body of a route's successful response. */
export type ResponseOf<Of extends Pick<Route, 'responses'>> = {
  [Status in keyof Of['responses']]: Of['responses'][Status] extends RouteResponse<infer Schema>
    ? Output<Schema>
    : never;
}[keyof Of['responses']];

/** `temporal-timeout` is also returned when the ledger does not respond in time. */
const failuresOfAll = [
  'invalid-request',
  'namespace-not-configured',
  'internal',
  'response-too-large',
  'temporal-timeout',
] as const;
const failuresOf: Record<Resource, readonly FailureKind[]> = {
  temporal: ['throttled', 'temporal-unavailable', 'configuration'],
  ledger: ['ledger-unavailable'],
};
/** Failures that every change of a run can have, besides those of all changes. */
export const failuresOfRunChanges = [
  'workflow-not-found',
  'run-not-found',
  'conflict',
  'batch-workflow',
  'system-workflow',
  'outcome-unknown',
] as const;
const failuresOfChanges = ['payload-too-large', 'idempotency-key-reused', 'operation-in-progress'] as const;

/** Defines a read-only route. `failures` lists the failures that are specific to the route. */
export function readRoute<const Of extends Omit<Route, 'method' | 'changes'>>(route: Of) {
  const failures = [...failuresOfAll, ...route.reads.flatMap((read) => failuresOf[read]), ...route.failures];
  return { ...route, method: 'GET' as const, changes: false as const, failures };
}

/** Defines a route that changes workflows, once per `Idempotency-Key`. `failures` as in {@link readRoute}. */
export function changeRoute<
  const Of extends Omit<Route, 'method' | 'changes' | 'reads'> & Partial<Pick<Route, 'reads'>>,
>(route: Of) {
  const failures = [
    ...failuresOfAll,
    ...failuresOfChanges,
    ...failuresOf.ledger,
    ...failuresOf.temporal,
    ...route.failures,
  ];
  return { reads: ['temporal'] as const, ...route, method: 'POST' as const, changes: true as const, failures };
}

/** Defines a route that changes records in the ledger but no workflow. `failures` as in {@link readRoute}. */
export function ledgerChangeRoute<const Of extends Omit<Route, 'method' | 'changes' | 'reads'>>(route: Of) {
  const failures = [...failuresOfAll, 'payload-too-large' as const, ...failuresOf.ledger, ...route.failures];
  return { ...route, reads: ['ledger'] as const, method: 'POST' as const, changes: true as const, failures };
}

/** Defines a read-only route whose request is a body, because it does not fit into a query string. */
export function previewRoute<const Of extends Omit<Route, 'method' | 'changes'>>(route: Of) {
  const failures = [
    ...failuresOfAll,
    'payload-too-large' as const,
    ...route.reads.flatMap((read) => failuresOf[read]),
    ...route.failures,
  ];
  return { ...route, method: 'POST' as const, changes: false as const, failures };
}

/** Returns its argument. The types make the compiler check the examples against the schema. */
export function response<Schema extends NamedSchema>(given: RouteResponse<Schema>): RouteResponse<Schema> {
  return given;
}

/** The last sentence in the description of every change. */
export const ONCE =
  'Executed once per `Idempotency-Key`: the same request with the same key gets the first response again.';
