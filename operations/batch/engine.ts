import type { OperationContext } from '../attribution';
import type { CancelAnswer } from '../cancel';
import type { OperationRecord } from '../ledger';
import type { OnceDependencies, Performed, RequestedOperation } from '../once';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { TerminateAnswer } from '../terminate';
import type { BatchEngineName, BatchProgress, BatchRecord, BatchRequest } from './batch';
import { serverEngine } from './server-engine';
import { workerEngine } from './worker-engine';

/** What is told of a batch operation that an engine has begun. */
export interface Begun {
  /** False when no worker polls: the batch operation waits for one. */
  workerPolling?: boolean;
  explanation?: string;
  /** What this engine does not do for the action, each as a sentence. */
  lost?: string[];
  links: { webUi?: string };
  /** It does not tell the ledger how it ends: that has to be asked. */
  unsettled?: boolean;
}

/** With Temporal's own engine: how far it was, as far as is known. */
export type BatchStopAnswer = CancelAnswer | (TerminateAnswer & Pick<BatchRecord, 'matched'> & BatchProgress);

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
  lost(request: BatchRequest): string[] | undefined;
  begin(context: OperationContext, request: BatchRequest, matched: number): Promise<Begun>;
  /** @returns nothing when it was never begun */
  find(context: OperationContext, request: BatchRequest): Promise<Begun | undefined>;
  /** How far a batch operation is that was begun. */
  look(record: OperationRecord, known: BatchRecord): Promise<BatchRecord>;
  stop(
    dependencies: OnceDependencies,
    record: OperationRecord,
    known: BatchRecord,
    asked: StopRequest,
  ): Promise<Performed<BatchStopAnswer>>;
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
