import { internalKey, keyedOperationId } from '../ledger/operation-id';

/** Returns the idempotency key of a batch operation's item. */
export const itemKey = (batchOperationId: string, workflowId: string): string =>
  internalKey('batch', batchOperationId, workflowId);

/** Returns the operation ID of a batch operation's item. */
export const itemOperationId = (namespace: string, batchOperationId: string, workflowId: string): string =>
  keyedOperationId(namespace, itemKey(batchOperationId, workflowId));
