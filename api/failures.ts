import type { ResetPoint } from './reset-point';

/** The properties of a kind of failure. */
export interface FailureMeaning {
  /** HTTP status of the response. */
  status: number;
  title: string;
  /** True if the request certainly changed nothing. If false, the outcome of a change is unknown. */
  nothingDone: boolean;
  /**
   * When the same request can succeed. `never`: it fails the same way again. `soon`: the cause is temporary.
   * `afterRepair`: after an operator has fixed the cause.
   */
  retry: 'never' | 'soon' | 'afterRepair';
}

const refused = { nothingDone: true, retry: 'never' } as const;
const refusedForNow = { nothingDone: true, retry: 'soon' } as const;

/**
 * Every kind of failure. HTTP responses, the OpenAPI document, the ledger, batch items and events are based on this table.
 * docs/problems.md explains each kind.
 */
export const failures = {
  'invalid-request': { status: 400, title: 'The request is not valid', ...refused },
  'payload-too-large': { status: 413, title: 'The request body is too large', ...refused },
  'namespace-not-configured': { status: 404, title: 'Namespace not configured', ...refused },
  'workflow-not-found': { status: 404, title: 'Workflow not found', ...refused },
  'run-not-found': { status: 404, title: 'Run not found', ...refused },
  'pause-unsupported': {
    status: 409,
    title: 'The namespace does not support pausing workflows',
    nothingDone: true,
    retry: 'afterRepair',
  },
  'activity-not-found': { status: 404, title: 'Pending activity not found', ...refused },
  'not-a-reset-point': { status: 422, title: 'Not a reset point', ...refused },
  conflict: { status: 409, title: 'The workflow is not in the required state', ...refused },
  'batch-workflow': { status: 409, title: 'The workflow executes a batch operation', ...refused },
  'system-workflow': { status: 409, title: "The workflow is one of Temporal's own", ...refused },
  'idempotency-key-reused': { status: 422, title: 'Idempotency key used for another request', ...refused },
  'operation-in-progress': { status: 409, title: 'The operation is in progress', ...refusedForNow },
  'operation-not-found': { status: 404, title: 'Operation not found', ...refused },
  'too-many-matches': { status: 422, title: 'Too many workflows match', ...refused },
  'unsupported-by-engine': {
    status: 409,
    title: 'The batch engine of this operation does not support this',
    ...refused,
  },
  'ledger-unavailable': { status: 503, title: 'The operation ledger is unavailable', ...refusedForNow },
  'queue-unavailable': { status: 503, title: 'The event queue is unavailable', nothingDone: false, retry: 'soon' },
  'too-many-waiting': { status: 429, title: 'Too many waiting requests', ...refusedForNow },
  throttled: { status: 429, title: 'Throttled by Temporal', ...refusedForNow },
  'temporal-unavailable': { status: 503, title: 'Temporal is unavailable', nothingDone: false, retry: 'soon' },
  'temporal-timeout': { status: 504, title: 'Temporal did not respond in time', nothingDone: false, retry: 'soon' },
  configuration: {
    status: 502,
    title: 'Rewind is not configured to reach this namespace',
    nothingDone: true,
    retry: 'afterRepair',
  },
  'outcome-unknown': {
    status: 410,
    title: 'Unknown whether the operation was executed',
    nothingDone: false,
    retry: 'never',
  },
  'response-too-large': { status: 422, title: 'The response is too large', nothingDone: false, retry: 'never' },
  internal: { status: 500, title: 'Rewind failed', nothingDone: false, retry: 'afterRepair' },
} as const satisfies Record<string, FailureMeaning>;

export type FailureKind = keyof typeof failures;

export const failureKinds = Object.keys(failures) as FailureKind[];

/** Returns the `type` of the RFC 9457 problem for a kind of failure. It is stable. */
export const problemType = (kind: string) => `urn:rewind:problem:${kind}`;

/** An invalid field of a request. */
export interface FieldError {
  field: string;
  /** The value in the request. Absent if the field was missing. */
  value?: unknown;
  /** Describes the valid values. */
  allowed: string;
}

export interface FailureDetails {
  /** Every invalid field, if the request does not match its schema. */
  errors?: FieldError[];
  /** Path of the invalid field in the request: `workflowId`, `target.eventId`. */
  field?: string;
  /** The invalid value. Never a secret. */
  value?: unknown;
  /** Describes the valid values. */
  allowed?: string;
  /** With `not-a-reset-point`: the newest reset points of the run. */
  resetPoints?: ResetPoint[];
  /** Value of the `Retry-After` header. */
  retryAfterSeconds?: number;
  /** True if nothing was done although {@link FailureMeaning.nothingDone} of the kind is false. */
  nothingDone?: true;
  /** True for the recorded failure of an earlier request with the same idempotency key. */
  replayed?: true;
  /** Written to the function log. Never part of a response. */
  operatorDetail?: string;
}

/** Thrown when an operation was not executed or its outcome is unknown. `message` is safe to show to callers. */
export class OperationFailure extends Error {
  override readonly name: string = 'OperationFailure';

  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly details: FailureDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Whether an error is the failure of this kind. */
export function isFailure(error: unknown, kind: FailureKind): error is OperationFailure {
  return error instanceof OperationFailure && error.kind === kind;
}

/** Returns the kind of failure of an error. An error that is not an {@link OperationFailure} is a defect: `internal`. */
export function failureKind(error: unknown): FailureKind {
  return error instanceof OperationFailure ? error.kind : 'internal';
}

/**
 * Thrown when a namespace is unreachable because of its configuration. The response has a generic message;
 * `operatorDetail` names the wrong secret or setting and is only logged.
 */
export class ConfigurationFailure extends OperationFailure {
  override readonly name = 'ConfigurationFailure';

  constructor(operatorDetail: string, options?: ErrorOptions) {
    super(
      'configuration',
      'Rewind is not configured to reach this namespace. The function log has the cause under this request id.',
      { operatorDetail },
      options,
    );
  }
}
