import type { OperationContext } from '../ledger/attribution';
import type { CancelResult } from '../cancel';
import type { OperationRecord } from '../ledger/ledger';
import type { ExecuteOnceDependencies, ExecutionResult, RequestedOperation } from '../ledger/execute-once';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { TerminateResult } from '../terminate';
import type { BatchEngineName, BatchProgress, BatchRecord, BatchRequest } from './batch';
import { serverEngine } from './server-engine';
import { workerEngine } from './worker-engine';

/** What is told of a batch operation that an engine has begun. */
export interface StartedBatch {
  /** False when no worker polls: the batch operation waits for one. */
  workerPolling?: boolean;
  explanation?: string;
  /** What this engine does not do for the action, each as a sentence. */
  limitations?: string[];
  links: { webUi?: string };
  /** It does not tell the ledger how it ends: that has to be asked. */
  unsettled?: boolean;
}

/** With Temporal's own engine: how far it was, as far as is known. */
export type BatchStopResult = CancelResult | (TerminateResult & Pick<BatchRecord, 'matched'> & BatchProgress);

/** Who asks for a batch operation to be stopped, and why. */
export type StopRequest = Omit<RequestedOperation, 'workflowId' | 'verb' | 'request'>;

/** Carries batch operations out. Both kinds have a workflow behind them, and begin one operation only once. */
export interface BatchEngine {
  /** Id of the workflow behind a batch operation. */
  workflowId(operationId: string): string;
  /**
   * What this engine does not do for the action, each as a sentence.
   * @throws {OperationFailure} `invalid-request` for what it cannot do at all
   */
  limitations(request: BatchRequest): string[] | undefined;
  start(context: OperationContext, request: BatchRequest, matched: number): Promise<StartedBatch>;
  /** @returns nothing when it was never begun */
  find(context: OperationContext, request: BatchRequest): Promise<StartedBatch | undefined>;
  /** How far a batch operation is that was begun. */
  progress(record: OperationRecord, known: BatchRecord): Promise<BatchRecord>;
  stop(
    dependencies: ExecuteOnceDependencies,
    record: OperationRecord,
    known: BatchRecord,
    asked: StopRequest,
  ): Promise<ExecutionResult<BatchStopResult>>;
}

/** @param taskQueue what the worker polls; needed to begin only */
const engines: Record<BatchEngineName, (client: NamespaceClient, taskQueue?: string) => BatchEngine> = {
  worker: workerEngine,
  server: serverEngine,
};

export function engineOf(
  client: NamespaceClient,
  { engine = 'worker' }: BatchRequest,
  taskQueue?: string,
): BatchEngine {
  return engines[engine](client, taskQueue);
}
