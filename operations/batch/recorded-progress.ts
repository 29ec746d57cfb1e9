import type { OperationRecord } from '../ledger/ledger';
import { noProgress } from './batch';
import type { BatchRecord } from './batch';

/** Returns the progress of a batch operation according to the ledger. */
export function recordedProgress(record: OperationRecord): BatchRecord {
  return record.batch ?? initialProgress(record);
}

/** Derives the progress from the answer or failure, before any progress is recorded. */
function initialProgress({ answer, state, failure }: OperationRecord): BatchRecord {
  const matched = answer && 'matched' in answer ? Number(answer.matched) : 0;
  const nothingMatched = state === 'completed' && matched === 0;
  const notBegun = state === 'refused' || state === 'failed';
  return {
    state: notBegun ? 'failed' : nothingMatched ? 'completed' : 'running',
    matched,
    progress: noProgress,
    ...(notBegun && { failure: failure?.message }),
  };
}
