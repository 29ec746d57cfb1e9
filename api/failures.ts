import type { ResetPoint } from './reset-point';

/** What a kind of failure means, for everybody who reads it. */
export interface FailureMeaning {
  /** Of the HTTP response. */
  status: number;
  title: string;
  /** Certain that the request changed nothing. Without it the outcome of a change is unknown. */
  nothingDone: boolean;
  /**
   * When the same request can succeed. `never`: it gets the same failure again. `soon`: what stands in the way passes by
   * itself. `afterRepair`: once an operator has repaired something.
   */
  retry: 'never' | 'soon' | 'afterRepair';
}

/**
 * The one table of failures. HTTP responses, the OpenAPI document, executing once, batch items and events all read it;
 * docs/problems.md explains each kind.
 */
export const failures = {
  'invalid-request': { status: 400, title: 'The request is not valid', nothingDone: true, retry: 'never' },
  'payload-too-large': { status: 413, title: 'The request body is too large', nothingDone: true, retry: 'never' },
  'namespace-not-configured': { status: 404, title: 'Namespace not configured', nothingDone: true, retry: 'never' },
  'workflow-not-found': { status: 404, title: 'Workflow not found', nothingDone: true, retry: 'never' },
  'run-not-found': { status: 404, title: 'Run not found', nothingDone: true, retry: 'never' },
  'pause-unsupported': {
    status: 409,
    title: 'The namespace cannot pause workflows',
    nothingDone: true,
    retry: 'afterRepair',
  },
  'activity-not-found': { status: 404, title: 'No such pending activity', nothingDone: true, retry: 'never' },
  'not-a-reset-point': { status: 422, title: 'Not a reset point', nothingDone: true, retry: 'never' },
  conflict: { status: 409, title: 'The workflow is not in the required state', nothingDone: true, retry: 'never' },
  'batch-workflow': {
    status: 409,
    title: 'The workflow executes a batch operation',
    nothingDone: true,
    retry: 'never',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'Idempotency key used for another request',
    nothingDone: true,
    retry: 'never',
  },
  'operation-in-progress': { status: 409, title: 'The operation is in progress', nothingDone: true, retry: 'soon' },
  'operation-not-found': { status: 404, title: 'Operation not found', nothingDone: true, retry: 'never' },
  'too-many-matches': { status: 422, title: 'Too many workflows match', nothingDone: true, retry: 'never' },
  'unsupported-by-engine': {
    status: 409,
    title: 'The batch engine of this operation does not support this',
    nothingDone: true,
    retry: 'never',
  },
  'ledger-unavailable': { status: 503, title: 'The operation ledger is unavailable', nothingDone: true, retry: 'soon' },
  'queue-unavailable': { status: 503, title: 'The event queue is unavailable', nothingDone: false, retry: 'soon' },
  'too-many-waiting': { status: 429, title: 'Too many requests wait', nothingDone: true, retry: 'soon' },
  throttled: { status: 429, title: 'Throttled by Temporal', nothingDone: true, retry: 'soon' },
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

/** The `type` of the problem that a failure becomes, which is stable. */
export const problemType = (kind: string) => `urn:rewind:problem:${kind}`;

/** A field of a request that was refused. */
export interface FieldError {
  field: string;
  /** The value that was sent; absent when none was. */
  value?: unknown;
  /** What would be accepted. */
  allowed: string;
}

export interface FailureDetails {
  /** Every field that was refused, where a schema refused the request. */
  errors?: FieldError[];
  /** The request field at fault, as the caller wrote it: `workflowId`, `target.eventId`. */
  field?: string;
  /** The value that was refused. Never a secret. */
  value?: unknown;
  /** What would be accepted instead. */
  allowed?: string;
  /** With `not-a-reset-point`: the newest points that the server accepts. */
  resetPoints?: ResetPoint[];
  /** When it makes sense to try again. */
  retryAfterSeconds?: number;
  /** It is certain that nothing was done, where the kind alone leaves that open. */
  nothingDone?: true;
  /** It is the recorded failure of an earlier request under the same idempotency key. */
  replayed?: true;
  /** For the operator's log only: never part of a response. */
  operatorDetail?: string;
}

/** An operation that was not done, or whose outcome is not known; `message` may be shown to the caller. */
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

/**
 * Rewind cannot serve a namespace as it is configured. The caller learns only that much; `operatorDetail` names the
 * secret or setting at fault and goes to the log.
 */
export class ConfigurationFailure extends OperationFailure {
  override readonly name = 'ConfigurationFailure';

  constructor(operatorDetail: string, options?: ErrorOptions) {
    super(
      'configuration',
      'Rewind is not configured to reach this namespace. Its operator finds the cause in the function log under this request id.',
      { operatorDetail },
      options,
    );
  }
}
