import type { ItemOutcome } from '../../api/batch-operations';
import type { OperationRecord, OperationSearch, OperationState, SearchPageRequest } from '../ledger/ledger';

/** Operation states of items by outcome. The other outcomes are those of followed new runs. */
const states = {
  succeeded: ['completed'],
  failed: ['refused', 'failed', 'unknown'],
} as const satisfies Record<string, readonly OperationState[]>;

/** Returns the ledger search for a batch operation's items with an outcome, or for all its items. */
export function itemsOf(
  batchOperationId: string,
  outcome: Exclude<ItemOutcome, 'notBegun'> | undefined,
): { search: OperationSearch; where?: SearchPageRequest['where'] } {
  if (outcome === undefined) return { search: { batchOperationId } };
  if (outcome === 'succeeded' || outcome === 'failed') return { search: { batchOperationId, states: states[outcome] } };
  const test = ({ progress }: OperationRecord) => progress === outcome;
  return { search: { batchOperationId, states: states.succeeded }, where: { name: outcome, test } };
}
