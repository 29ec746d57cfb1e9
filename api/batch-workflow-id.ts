/* The workflow of Rewind's worker that executes a batch operation. The ledger records stops and suspensions under its ID. */

export const BATCH_WORKFLOW_ID_PREFIX = 'rewind-batch-';

export const batchWorkflowId = (operationId: string): string => BATCH_WORKFLOW_ID_PREFIX + operationId;

/** Returns the ID of the batch operation that a workflow with such an ID executes. */
export const batchOperationId = (workflowId: string): string => workflowId.slice(BATCH_WORKFLOW_ID_PREFIX.length);
