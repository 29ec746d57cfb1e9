import { failures, OperationFailure } from '../../api/failures';
import type { FailureKind } from '../../api/failures';
import type { OperationResult } from '../verb';
import type { AttemptResult } from './ledger';

/**
 * After an unknown outcome, how long no other attempt may begin, in milliseconds: the server may still execute the call.
 * Exceeds what one call may take (`CALL_DEADLINE_MS` in operations/temporal/namespace-client.ts).
 */
export const UNKNOWN_OUTCOME_PAUSE_MS = 10_000;

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

/** @param mayHaveActed whether this or an earlier attempt may have made the change */
export function failureResult(error: unknown, mayHaveActed: boolean, now: number): AttemptResult {
  const kind = failureKind(error);
  const failure = {
    kind,
    message: error instanceof OperationFailure ? error.message : 'Rewind failed.',
    details: error instanceof OperationFailure ? publicDetails(error) : {},
  };
  if (failures[kind].retry === 'never') {
    return { state: 'refused', outcome: kind, failure, completedAt: new Date(now).toISOString() };
  }
  if (!mayHaveActed) return { state: 'failed', outcome: kind, failure, leaseUntil: now };
  const leaseUntil = now + UNKNOWN_OUTCOME_PAUSE_MS;
  return { state: 'unknown', outcome: kind, failure, leaseUntil, nextCheckAt: new Date(leaseUntil).toISOString() };
}

export function failureKind(error: unknown): FailureKind {
  return error instanceof OperationFailure ? error.kind : 'internal';
}

/** Whether it is certain that the failed call changed nothing. */
export function nothingWasDone(error: unknown): boolean {
  return error instanceof OperationFailure && (failures[error.kind].nothingDone || error.details.nothingDone === true);
}

function publicDetails({ details }: OperationFailure): OperationFailure['details'] {
  const { operatorDetail: _, nothingDone: __, replayed: ___, ...shown } = details;
  return shown;
}
