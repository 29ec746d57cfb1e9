import { failures, OperationFailure } from '../../api/failures';
import type { FailureKind } from '../../api/failures';
import type { OperationResult } from '../verb';
import type { AttemptResult, OperationRecord, RecordedFailure } from './ledger';

/** How long after an operation completes to look for the first time how it ended, in milliseconds. */
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

/** Nothing was done, and no request can be executed later. */
export function nothingDone(error: unknown, now: number): AttemptResult {
  const failure = recordedFailure(error);
  const certain = { outcome: failure.kind, failure, runId: undefined, mayExecuteUntil: undefined };
  if (failures[failure.kind].retry === 'never') {
    return { state: 'refused', ...certain, completedAt: new Date(now).toISOString() };
  }
  return { state: 'failed', ...certain, leaseUntil: now };
}

/**
 * A request was sent whose outcome is not known. The next attempt can begin at once: it looks before it acts.
 * @param ledgerTime by the ledger's clock
 */
export function unknownOutcome(record: OperationRecord, error: unknown, ledgerTime: number): AttemptResult {
  const failure = recordedFailure(error);
  const { leaseUntil, mayExecuteUntil = ledgerTime } = record;
  const nextCheck = Math.max(ledgerTime, Math.min(leaseUntil, mayExecuteUntil));
  const nextCheckAt = new Date(nextCheck).toISOString();
  return { state: 'unknown', outcome: failure.kind, failure, leaseUntil: ledgerTime, nextCheckAt };
}

/** The history that would show the outcome is gone: final. */
export function outcomeUnknown(error: OperationFailure, ledgerTime: number): AttemptResult {
  return { state: 'unknown', outcome: error.kind, failure: recordedFailure(error), leaseUntil: ledgerTime };
}

/** Whether a repetition gets what is recorded. */
export function isFinal({ state, failure }: OperationRecord): boolean {
  return state === 'completed' || state === 'refused' || failure?.kind === 'outcome-unknown';
}

export function failureKind(error: unknown): FailureKind {
  return error instanceof OperationFailure ? error.kind : 'internal';
}

/** Whether it is certain that the failed call changed nothing. */
export function changedNothing(error: unknown): boolean {
  return error instanceof OperationFailure && (failures[error.kind].nothingDone || error.details.nothingDone === true);
}

function recordedFailure(error: unknown): RecordedFailure {
  if (!(error instanceof OperationFailure)) return { kind: 'internal', message: 'Rewind failed.', details: {} };
  const { operatorDetail: _, nothingDone: __, replayed: ___, ...details } = error.details;
  return { kind: error.kind, message: error.message, details };
}
