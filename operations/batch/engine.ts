import type { BatchStopResult } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import type { BatchStuckKind } from '../../api/stuck';
import type { OperationRecord } from '../ledger/ledger';
import type { RequestedOperation } from '../ledger/execute-once';
import type { Call, ExecutionResult, OperationDependencies } from '../verb';
import type { BatchRecord } from './batch';

/** The part of the answer that the engine contributes when it has started a batch operation. */
export interface StartedBatch {
  /** False when the batch operation waits because no worker polls. Absent when the pollers could not be read. */
  workerPolling?: boolean;
  explanation?: string;
  /** Sentences about what this engine does not do for the action. */
  limitations?: string[];
  links: { webUi?: string };
  /** Whether reconciliation has to determine the result. */
  unsettled?: boolean;
}

/** The state of a batch operation, from the ledger and Temporal. */
export interface ObservedBatch extends BatchRecord {
  /** While it is running: what keeps it from proceeding. */
  stuck?: BatchStuckKind[];
  /** Failure of the worker's last activity attempt, if its attempts keep failing. */
  lastFailure?: string;
}

/** A request to stop, suspend or resume a batch operation. */
export type BatchChange = RequestedOperation<{ reason: string }>;

/** Executes batch operations, each in a workflow that is started only once. */
export interface BatchEngine {
  /** Returns the ID of the workflow that executes a batch operation. */
  workflowId(operationId: string): string;
  /**
   * Returns sentences about what this engine does not do for the action.
   * @throws {OperationFailure} `invalid-request` for a request that it does not support
   */
  limitations(request: BatchRequest): string[] | undefined;
  start(call: Call<BatchRequest>, matched: number): Promise<StartedBatch>;
  /** @returns undefined when the batch operation was never started */
  find(call: Call<BatchRequest>): Promise<StartedBatch | undefined>;
  /** Returns the progress of a batch operation that is running according to the ledger. */
  progress(record: OperationRecord, known: BatchRecord): Promise<ObservedBatch>;
  stop(
    dependencies: OperationDependencies,
    record: OperationRecord,
    known: BatchRecord,
    operation: BatchChange,
  ): Promise<ExecutionResult<BatchStopResult>>;
}
