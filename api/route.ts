import type * as z from 'zod/mini';
import type { FailureKind } from './failures';
import type { Role } from './roles';
import type { NamedSchema, Output } from './schema';

/** Every route is below this, so that IAM can allow each verb on each namespace. */
export const NAMESPACE_PATH = 'namespaces/{namespace}';

/** What a function needs besides its request. */
export type Resource = 'temporal' | 'ledger';

/** A response of a route that is no problem. */
export interface RouteResponse<Schema extends NamedSchema = NamedSchema> {
  description: string;
  schema: Schema;
  /** By a name that says what each shows. */
  examples: Record<string, Output<Schema>>;
  /** The `Location` header, relative to the request's URL; none when absent. */
  location?: (result: Output<Schema>) => string;
}

/** One route of the HTTP API, complete: the CDK app, IAM roles, OpenAPI, client and functions follow from it. */
export interface Route {
  method: 'GET' | 'POST';
  /** Below {@link NAMESPACE_PATH}, without a slash at its start. */
  path: string;
  /** Folder below functions/ of the function behind the route. Its construct's id is the same in Pascal case. */
  function: string;
  /** The least role that may call it. */
  access: Role;
  tag: 'workflows' | 'activities' | 'operations' | 'batch operations' | 'rejected events';
  summary: string;
  description?: string;
  /** The query string of a GET, the body of a POST. */
  request: z.ZodMiniType;
  /** Example requests, by a name that says what each is for. */
  requests: Record<string, object>;
  /** By status. */
  responses: Record<number, RouteResponse>;
  /** Every failure that the function can answer with. */
  failures: readonly FailureKind[];
  /** What it reads. A change reads and changes workflows, and the ledger only where it needs other operations. */
  reads: readonly Resource[];
  /** A change writes to the ledger, and is done once under an `Idempotency-Key`. */
  changes: boolean;
}

/** A route whose operations the ledger records under a verb. */
export interface VerbRoute extends Route {
  verb: string;
  /**
   * Types of the events of such an operation: by the `outcome` it completes with, and `settled` for a requested
   * change whose effect is recorded later. An outcome without one emits none.
   */
  events: Record<string, string>;
}

/** The request of a route after its schema has checked it. */
export type RequestOf<Of extends Pick<Route, 'request'>> = z.output<Of['request']>;
/** What a route answers with when it succeeds. */
export type ResponseOf<Of extends Pick<Route, 'responses'>> = {
  [Status in keyof Of['responses']]: Of['responses'][Status] extends RouteResponse<infer Schema>
    ? Output<Schema>
    : never;
}[keyof Of['responses']];

/** `temporal-timeout` also stands for a ledger that does not respond in time. */
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
const failuresOfChanges = ['payload-too-large', 'idempotency-key-reused', 'operation-in-progress'] as const;

/** A route that changes nothing. `failures` names those beyond what every such route can answer with. */
// @__NO_SIDE_EFFECTS__
export function readRoute<const Of extends Omit<Route, 'method' | 'changes'>>(route: Of) {
  const failures = [...failuresOfAll, ...route.reads.flatMap((read) => failuresOf[read]), ...route.failures];
  return { ...route, method: 'GET' as const, changes: false as const, failures };
}

/** A route that changes workflows, once under its `Idempotency-Key`. `failures` as in {@link readRoute}. */
// @__NO_SIDE_EFFECTS__
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

/** A route that changes what the ledger keeps, and no workflow. `failures` as in {@link readRoute}. */
// @__NO_SIDE_EFFECTS__
export function ledgerChangeRoute<const Of extends Omit<Route, 'method' | 'changes' | 'reads'>>(route: Of) {
  const failures = [...failuresOfAll, 'payload-too-large' as const, ...failuresOf.ledger, ...route.failures];
  return { ...route, reads: ['ledger'] as const, method: 'POST' as const, changes: true as const, failures };
}

/** A route that changes nothing and takes a body: for what a query string does not hold. */
// @__NO_SIDE_EFFECTS__
export function previewRoute<const Of extends Omit<Route, 'method' | 'changes'>>(route: Of) {
  const failures = [
    ...failuresOfAll,
    'payload-too-large' as const,
    ...route.reads.flatMap((read) => failuresOf[read]),
    ...route.failures,
  ];
  return { ...route, method: 'POST' as const, changes: false as const, failures };
}

/** Checks at compile time that examples are what the schema describes. */
// @__NO_SIDE_EFFECTS__
export function response<Schema extends NamedSchema>(given: RouteResponse<Schema>): RouteResponse<Schema> {
  return given;
}

/** Ends the description of every change. */
export const ONCE =
  'Done once under an `Idempotency-Key`; the same request under the same key gets the first response again.';
