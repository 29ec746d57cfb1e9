import { internalKey, keyedOperationId } from '../ledger/operation-id';

/** The idempotency key of a batch operation's operation on a workflow. */
export const itemKey = (batchOperationId: string, workflowId: string): string =>
  internalKey('batch', batchOperationId, workflowId);

/** The id of that operation. */
export const itemOperationId = (namespace: string, batchOperationId: string, workflowId: string): string =>
  keyedOperationId(namespace, itemKey(batchOperationId, workflowId));
