import { failures, OperationFailure } from '../../api/failures';
import type { FailureDetails } from '../../api/failures';
import type { OperationResult } from '../verb';
import type { AttemptResult, OperationRecord, RecordedFailure } from './ledger';

/** Delay between the completion of an unsettled operation and its first check, in milliseconds. */
const FIRST_CHECK_MS = 15_000;

export function completion<Answer extends object>(result: OperationResult<Answer>, now: number): AttemptResult {
  return {
    state: 'completed',
    completedAt: new Date(now).toISOString(),
    outcome: result.outcome,
    answer: result.answer,
    nextCheckAt: result.unsettled ? new Date(now + FIRST_CHECK_MS).toISOString() : undefined,
  };
}

/** Result of an attempt that changed nothing, and of which Temporal can execute no request later. */
export function nothingDone(error: unknown, now: number): AttemptResult {
  const failure = recordedFailure(error);
  const certain = { outcome: failure.kind, failure, runId: undefined, mayExecuteUntil: undefined };
  if (failures[failure.kind].retry === 'never') {
    return { state: 'refused', ...certain, completedAt: new Date(now).toISOString() };
  }
  return { state: 'failed', ...certain, leaseUntil: now };
}

/**
 * Result of an attempt that sent a request with an unknown outcome. The lease ends immediately: the next attempt checks the
 * history before it acts.
 * @param ledgerTime in milliseconds since the epoch by the ledger's clock
 */
export function unknownOutcome(record: OperationRecord, error: unknown, ledgerTime: number): AttemptResult {
  const failure = recordedFailure(error);
  const { leaseUntil, mayExecuteUntil = ledgerTime } = record;
  const nextCheck = Math.max(ledgerTime, Math.min(leaseUntil, mayExecuteUntil));
  const nextCheckAt = new Date(nextCheck).toISOString();
  return { state: 'unknown', outcome: failure.kind, failure, leaseUntil: ledgerTime, nextCheckAt };
}

/** Result of an operation whose outcome cannot be determined, because Temporal has deleted the history. Final. */
export function outcomeUnknown(error: OperationFailure, ledgerTime: number): AttemptResult {
  return { state: 'unknown', outcome: error.kind, failure: recordedFailure(error), leaseUntil: ledgerTime };
}

/** Whether a repeated request gets the recorded result. */
export function isFinal({ state, failure }: OperationRecord): boolean {
  return state === 'completed' || state === 'refused' || failure?.kind === 'outcome-unknown';
}

/** Whether it is certain that the failed call changed nothing. */
export function changedNothing(error: unknown): boolean {
  return error instanceof OperationFailure && (failures[error.kind].nothingDone || error.details.nothingDone === true);
}

/**
 * Replaces a failure that would claim that nothing was done, although an earlier step or an earlier request may have changed
 * something. The same request under the same key continues.
 */
export function continuable(message: string, error: unknown): OperationFailure {
  const { details, message: why } = error instanceof OperationFailure ? error : { details: {}, message: undefined };
  const { retryAfterSeconds = 5, operatorDetail = why }: FailureDetails = details;
  return new OperationFailure('temporal-unavailable', message, { retryAfterSeconds, operatorDetail }, { cause: error });
}

function recordedFailure(error: unknown): RecordedFailure {
  if (!(error instanceof OperationFailure)) return { kind: 'internal', message: 'Rewind failed.', details: {} };
  const { operatorDetail: _, nothingDone: __, replayed: ___, ...details } = error.details;
  return { kind: error.kind, message: error.message, details };
}
