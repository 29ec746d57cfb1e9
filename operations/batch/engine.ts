import type { BatchStopResult } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import type { BatchStuckKind } from '../../api/stuck';
import type { OperationRecord } from '../ledger/ledger';
import type { RequestedOperation } from '../ledger/execute-once';
import type { Call, ExecutionResult, OperationDependencies } from '../verb';
import type { BatchRecord } from './batch';

/** A batch operation that an engine has started, as the answer shows it. */
export interface StartedBatch {
  /** False when no worker polls: the batch operation waits for one. Absent when that could not be read. */
  workerPolling?: boolean;
  explanation?: string;
  /** What this engine does not do for the action, each as a sentence. */
  limitations?: string[];
  links: { webUi?: string };
  /** The engine does not report to the ledger how it ends. */
  unsettled?: boolean;
}

/** A batch operation as it was seen. */
export interface SeenBatch extends BatchRecord {
  /** While it is running: what keeps it from proceeding. */
  stuck?: BatchStuckKind[];
  /** Why the worker's last attempt failed, where its attempts fail. */
  lastFailure?: string;
}

/** Who asks for a batch operation to be stopped, and why. */
export type StopRequest = RequestedOperation<{ reason: string }>;

/** Who asks for a batch operation to be suspended or resumed, and why. */
export type SuspensionRequest = StopRequest;

/** Carries out batch operations. Both kinds have a workflow behind them, and start one operation only once. */
export interface BatchEngine {
  /** Id of the workflow behind a batch operation. */
  workflowId(operationId: string): string;
  /**
   * What this engine does not do for the action, each as a sentence.
   * @throws {OperationFailure} `invalid-request` for what it cannot do at all
   */
  limitations(request: BatchRequest): string[] | undefined;
  start(call: Call<BatchRequest>, matched: number): Promise<StartedBatch>;
  /** @returns nothing when it was never started */
  find(call: Call<BatchRequest>): Promise<StartedBatch | undefined>;
  /** How far a batch operation is that is running by the ledger. */
  progress(record: OperationRecord, known: BatchRecord): Promise<SeenBatch>;
  stop(
    dependencies: OperationDependencies,
    record: OperationRecord,
    known: BatchRecord,
    operation: StopRequest,
  ): Promise<ExecutionResult<BatchStopResult>>;
}
