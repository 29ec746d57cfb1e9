import type { ResetPoint } from '../operations/reset-points';

/**
 * Why an operation was not done, in words a caller can act on. The doors (`functions/`) decide what each kind looks
 * like from outside; docs/problems.md lists them.
 */
export type FailureKind =
  /** Input that no schema or server rule allows. */
  | 'invalid-request'
  /** The namespace is not among those this deployment serves. */
  | 'namespace-not-configured'
  | 'workflow-not-found'
  | 'run-not-found'
  /** The event is not one the server can reset to; carries the ones it can. */
  | 'not-a-reset-point'
  /** The workflow is not in the state that the request demands. Nothing was done. */
  | 'conflict'
  /** The idempotency key belongs to another request. Nothing was done. */
  | 'idempotency-key-reused'
  /** A request with the same key has not ended yet. Nothing was done this time. */
  | 'operation-in-progress'
  | 'operation-not-found'
  /** A batch operation would deal with more workflows than it may. Nothing was done. */
  | 'too-many-matches'
  /** Temporal's own batch engine keeps no account of single workflows. Nothing was done. */
  | 'unsupported-by-engine'
  /** The ledger does not answer, and nothing is done without it. */
  | 'ledger-unavailable'
  /** Temporal turned the call away for now. Nothing was done. */
  | 'throttled'
  /** Temporal could not be reached, or went away. For a change, the outcome may be unknown. */
  | 'temporal-unavailable'
  /** Temporal did not answer in time. For a change, the outcome is unknown. */
  | 'temporal-timeout'
  /** Rewind's own configuration (secret, address, certificate) is at fault, not the caller. */
  | 'configuration'
  /** A defect. */
  | 'internal';

export interface FailureDetails {
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
  /** For the operator's log only: never part of an answer. */
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
