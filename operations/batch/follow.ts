import { cancelWorkflow } from '../cancel';
import type { CancelAnswer } from '../cancel';
import { OperationFailure } from '../failures';
import type { Ledger, OperationRecord, OperationState } from '../ledger';
import type { OnceDependencies, Performed, RequestedOperation } from '../once';
import { isOpen } from '../temporal/enums';
import { describeExecution } from '../temporal/executions';
import type { NamespaceClient } from '../temporal/namespace-client';
import { operationAnswer } from '../operations';
import type { OperationAnswer } from '../operations';
import { batchWorkflowId, noProgress } from './batch';
import type { BatchProgress, BatchRequest, BatchState } from './batch';

export interface BatchAnswer extends BatchProgress {
  operationId: string;
  namespace: string;
  state: BatchState;
  action: BatchRequest['action'];
  reason: string;
  actor: { id: string };
  requestedAt: string;
  matched: number;
  /** Workflows a second, since it was begun. */
  ratePerSecond?: number;
  /** While it is running, at that rate. */
  secondsLeft?: number;
}

export interface BatchItemsAnswer {
  operationId: string;
  /** Each workflow's operation, with its new run or its failure, by workflow id. */
  items: OperationAnswer[];
  nextPageToken?: string;
}

/** What `outcome=` asks for. */
export const itemOutcomes = {
  succeeded: ['completed'],
  failed: ['refused', 'failed', 'unknown'],
} as const satisfies Record<string, readonly OperationState[]>;

/** @throws {OperationFailure} `operation-not-found`, also for an operation that is no batch */
export async function getBatch(ledger: Ledger, client: NamespaceClient, operationId: string): Promise<BatchAnswer> {
  const record = await batchRecord(ledger, client.namespace, operationId);
  const { action, reason } = record.request as BatchRequest;
  const { state, matched, progress } = record.batch ?? begunOnly(record);
  const seconds = (Date.now() - Date.parse(record.requestedAt)) / 1000;
  const rate = state === 'running' && progress.done > 0 ? progress.done / seconds : undefined;
  return {
    operationId,
    namespace: client.namespace,
    state: state === 'running' ? await runningOrFailed(client, operationId) : state,
    action,
    reason,
    actor: record.actor,
    requestedAt: record.requestedAt,
    matched,
    ...progress,
    ...(rate !== undefined && {
      ratePerSecond: Math.round(rate * 10) / 10,
      secondsLeft: Math.ceil(Math.max(0, matched - progress.done - progress.passedOver) / rate),
    }),
  };
}

export async function listBatchItems(
  ledger: Ledger,
  namespace: string,
  operationId: string,
  { outcome, ...page }: { outcome?: keyof typeof itemOutcomes; size: number; token?: string },
): Promise<BatchItemsAnswer> {
  await batchRecord(ledger, namespace, operationId);
  const { operations, nextPageToken } = await ledger.listItems(operationId, {
    ...page,
    ...(outcome && { states: itemOutcomes[outcome] }),
  });
  return { operationId, items: operations.map(operationAnswer), nextPageToken };
}

/** Asks a batch operation to stop after what it has in hand. */
export async function cancelBatch(
  dependencies: OnceDependencies,
  client: NamespaceClient,
  operationId: string,
  operation: Omit<RequestedOperation, 'workflowId' | 'verb' | 'request'>,
): Promise<Performed<CancelAnswer>> {
  await batchRecord(dependencies.ledger, client.namespace, operationId);
  const workflowId = batchWorkflowId(operationId);
  const request = { workflowId, reason: operation.reason };
  return cancelWorkflow(dependencies, client, { ...operation, workflowId, verb: 'cancel', request });
}

/**
 * The request that takes the failed items of a batch operation again.
 * @throws {OperationFailure} `conflict` when none has failed
 */
export async function retryRequest(ledger: Ledger, namespace: string, operationId: string): Promise<BatchRequest> {
  const { query: _, ...request } = (await batchRecord(ledger, namespace, operationId)).request as BatchRequest;
  const workflows: string[] = [];
  let token: string | undefined;
  do {
    const page = await ledger.listItems(operationId, { size: 1000, token, states: itemOutcomes.failed });
    workflows.push(...page.operations.map(({ workflowId }) => workflowId));
    token = page.nextPageToken;
  } while (token !== undefined);
  if (workflows.length > 0) return { ...request, workflows };
  throw new OperationFailure('conflict', `No item of batch operation ${operationId} has failed. Nothing was done.`, {
    field: 'operationId',
    value: operationId,
    allowed: 'a batch operation with failed items',
  });
}

async function batchRecord(ledger: Ledger, namespace: string, operationId: string): Promise<OperationRecord> {
  const record = await ledger.find(operationId);
  if (record?.verb === 'batch' && record.namespace === namespace) return record;
  throw new OperationFailure(
    'operation-not-found',
    `Namespace ${namespace} has no batch operation ${JSON.stringify(operationId)}.`,
    {
      field: 'operationId',
      value: operationId,
      allowed: 'the operationId of a batch operation that the ledger still keeps',
    },
  );
}

/** Its worker has not told of it yet. */
function begunOnly({ answer, state }: OperationRecord): {
  state: BatchState;
  matched: number;
  progress: BatchProgress;
} {
  const matched = answer && 'matched' in answer ? Number(answer.matched) : 0;
  const nothingMatched = state === 'completed' && matched === 0;
  const notBegun = state === 'refused' || state === 'failed';
  return { state: notBegun ? 'failed' : nothingMatched ? 'completed' : 'running', matched, progress: noProgress };
}

/** A worker tells when it has ended; a batch workflow that was terminated from outside tells nothing. */
async function runningOrFailed(client: NamespaceClient, operationId: string): Promise<BatchState> {
  try {
    const { status } = await describeExecution(client, { workflowId: batchWorkflowId(operationId) });
    return isOpen(status) || status === 'ContinuedAsNew' ? 'running' : 'failed';
  } catch (error) {
    if (error instanceof OperationFailure && error.kind === 'workflow-not-found') return 'running';
    throw error;
  }
}
