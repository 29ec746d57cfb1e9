import type { ItemOutcome } from '../../api/batch-operations';
import type { OperationRecord, OperationSearch, OperationState, SearchPageRequest } from '../ledger/ledger';

/** The states of items that an outcome stands for. Others are those of new runs that were followed. */
const states = {
  succeeded: ['completed'],
  failed: ['refused', 'failed', 'unknown'],
} as const satisfies Record<string, readonly OperationState[]>;

/** How the ledger is searched for a batch operation's items with an outcome; for all of them without one. */
export function itemsOf(
  batchOperationId: string,
  outcome: Exclude<ItemOutcome, 'notBegun'> | undefined,
): { search: OperationSearch; where?: SearchPageRequest['where'] } {
  if (outcome === undefined) return { search: { batchOperationId } };
  if (outcome === 'succeeded' || outcome === 'failed') return { search: { batchOperationId, states: states[outcome] } };
  const test = ({ progress }: OperationRecord) => progress === outcome;
  return { search: { batchOperationId, states: states.succeeded }, where: { name: outcome, test } };
}
