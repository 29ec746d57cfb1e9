import type { OperationState } from '../ledger/ledger';

/** The states of items that `outcome=` of a list of items stands for. */
export const itemOutcomes = {
  succeeded: ['completed'],
  failed: ['refused', 'failed', 'unknown'],
} as const satisfies Record<string, readonly OperationState[]>;
