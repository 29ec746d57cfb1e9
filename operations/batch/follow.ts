import type {
  BatchOperation,
  BatchProgress,
  BatchState,
  BatchStopResult,
  RollbackPlan,
} from '../../api/batch-operation';
import type {
  BatchItemsPage,
  BatchOperationsPage,
  BatchRequest,
  ItemOutcome,
  RetryOutcome,
} from '../../api/batch-operations';
import { OperationFailure } from '../../api/failures';
import type { Ledger, OperationRecord } from '../ledger/ledger';
import { toResource } from '../find-operations';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { ExecutionResult, OperationDependencies } from '../verb';
import { readPageToken, writePageToken } from '../page-token';
import type { PageRequest } from '../page-token';
import { BATCH_LEDGER_ID, countLeft } from './batch';
import type { BatchItem, BatchRecord } from './batch';
import type { BatchChange, ObservedBatch } from './engine';
import { engineOf } from './engines';
import { itemsOf } from './item-outcomes';
import { recordedProgress } from './recorded-progress';
import { countNotBegun, notBegunPage } from './selection';

/** @throws {OperationFailure} `operation-not-found`, also for an operation that is not a batch operation */
export async function getBatch(ledger: Ledger, client: NamespaceClient, operationId: string): Promise<BatchOperation> {
  const record = await batchRecord(ledger, client.namespace, operationId);
  return toBatch(record, await inspectBatch(ledger, client, record));
}

/** Lists batch operations from the ledger, newest first, without calls to Temporal. */
export async function listBatches(
  ledger: Ledger,
  namespace: string,
  state: BatchState | undefined,
  page: PageRequest,
): Promise<BatchOperationsPage> {
  const ofState = state && {
    where: { name: state, test: (record: OperationRecord) => shownState(record, recordedProgress(record)) === state },
  };
  const search = { workflowId: BATCH_LEDGER_ID, verb: 'batch' as const };
  const { operations, nextPageToken } = await ledger.search(namespace, search, { ...page, ...ofState });
  const batchOperations = operations.map((record) =>
    toBatch(record, { ...recordedProgress(record), stuck: record.stuck }),
  );
  return { namespace, batchOperations, nextPageToken };
}

function toBatch(
  record: OperationRecord,
  { state, matched, progress, recentRate, failure, stuck = [], lastFailure }: ObservedBatch,
): BatchOperation {
  const { operationId, namespace, actor, requestedAt, stopRequestedAt, suspendedAt } = record;
  const { action, query, reason, engine = 'worker', rollback } = record.request as BatchRequest;
  const seconds = (Date.now() - Date.parse(requestedAt)) / 1000;
  const rate = shownState(record, { state }) === 'running' && progress.done > 0 ? progress.done / seconds : undefined;
  return {
    operationId,
    namespace,
    state: shownState(record, { state }),
    engine,
    action,
    query,
    reason,
    actor,
    requestedAt,
    matched,
    ...progress,
    stopRequestedAt,
    ...(rollback && { rollback: reportOf(rollback, progress) }),
    ...(state === 'running' && { suspendedAt }),
    failure,
    ...(stuck.length > 0 && { stuck }),
    lastFailure,
    ...(rate !== undefined && {
      ratePerSecond: Math.round(rate * 10) / 10,
      ...(recentRate !== undefined && { ratePerSecondNow: Math.round(recentRate * 10) / 10 }),
      secondsLeft: Math.ceil(countLeft({ matched, progress }) / (recentRate || rate)),
    }),
  };
}

function reportOf(
  { deploymentName, badBuildId, toBuildId }: RollbackPlan,
  { progress, outcomes, failed }: BatchProgress,
): BatchOperation['rollback'] {
  const { completed = 0, wentOn = 0, failedAgain = 0, stuck = 0 } = progress ?? {};
  const { reset = 0 } = outcomes;
  return {
    deploymentName,
    badBuildId,
    toBuildId,
    repaired: completed + wentOn,
    failedAgain: failedAgain + stuck,
    stillRunning: Math.max(0, reset - completed - wentOn - failedAgain - stuck),
    notRepairable: Object.values(failed).reduce((sum, count) => sum + count, 0),
  };
}

/** Returns the state to show. A suspended batch operation with a requested stop is still shown as running, until it ends. */
export function shownState(
  { suspendedAt, stopRequestedAt }: Pick<OperationRecord, 'suspendedAt' | 'stopRequestedAt'>,
  { state }: Pick<BatchRecord, 'state'>,
): BatchState {
  return state === 'running' && suspendedAt !== undefined && stopRequestedAt === undefined ? 'suspended' : state;
}

/** Returns the state of a batch operation, from the ledger and Temporal. */
export async function inspectBatch(
  ledger: Ledger,
  client: NamespaceClient,
  record: OperationRecord,
): Promise<ObservedBatch> {
  const known = recordedProgress(record);
  if (known.state !== 'running') return known;
  const seen = await engineOf(client, record.request as BatchRequest).progress(record, known);
  if (seen.state === 'running') return seen;
  // The batch operation may have ended and recorded its result since the record was read.
  const latest = (await ledger.find(record.operationId))?.batch;
  return latest && latest.state !== 'running' ? latest : seen;
}

/** @param connect required for the outcome `notBegun` */
export async function listBatchItems(
  ledger: Ledger,
  namespace: string,
  operationId: string,
  { outcome, ...page }: PageRequest & { outcome?: ItemOutcome },
  connect: () => Promise<NamespaceClient> = () => Promise.reject(new Error('not connected')),
): Promise<BatchItemsPage> {
  const record = requireItems(await batchRecord(ledger, namespace, operationId));
  if (outcome === 'notBegun') {
    // A completed batch operation has listed all: what its query matches now has started since.
    if (recordedProgress(record).state === 'completed') return { operationId, items: [], notBegun: [] };
    return listNotBegun(ledger, await connect(), operationId, page);
  }
  const { search, where } = itemsOf(operationId, outcome);
  const { operations, nextPageToken } = await ledger.search(namespace, search, { ...page, where });
  return { operationId, items: operations.map(toResource), nextPageToken };
}

/** Maximum pages of selected workflows to read for a page of `notBegun`. */
const MAX_PAGES_READ = 20;

/**
 * Returns the workflows of the first page of the selection that has some. The page of a query is always used up, because its
 * matches change: the workflow after which the next page would have to start may have left it.
 */
async function listNotBegun(
  ledger: Ledger,
  client: NamespaceClient,
  operationId: string,
  { size, token }: PageRequest,
): Promise<BatchItemsPage> {
  const list = ['not-begun', client.namespace, operationId];
  let position = (readPageToken(token, list) ?? {}) as NotBegunPosition | undefined;
  let notBegun: BatchItem[] = [];
  for (let read = 0; read < MAX_PAGES_READ && position && notBegun.length === 0; read += 1) {
    const { cursor } = position;
    const { items: left, nextCursor } = await notBegunPage(ledger, client, operationId, { size, ...position });
    // Only the pages of a stored list can be larger.
    const taken = left.slice(0, size);
    notBegun = taken.map(({ workflowId, runId }) => ({ workflowId, runId }));
    if (taken.length < left.length) position = { cursor, after: taken.at(-1)?.workflowId };
    else position = nextCursor === undefined ? undefined : { cursor: nextCursor };
  }
  return { operationId, items: [], notBegun, ...(position && { nextPageToken: writePageToken(list, position) }) };
}

/** Where a page of `notBegun` starts. */
interface NotBegunPosition {
  /** Page of selected workflows. */
  cursor?: string | undefined;
  /** ID of the workflow in this page after which to start. */
  after?: string | undefined;
}

/** Requests a batch operation to stop. */
export async function cancelBatch(
  dependencies: OperationDependencies,
  client: NamespaceClient,
  operationId: string,
  operation: BatchChange,
): Promise<ExecutionResult<BatchStopResult>> {
  const record = await batchRecord(dependencies.ledger, client.namespace, operationId);
  const known = await inspectBatch(dependencies.ledger, client, record);
  return engineOf(client, record.request as BatchRequest).stop(dependencies, record, known, operation);
}

/**
 * Returns the request for a retry of a batch operation's items with an outcome, by default `failed`. The request names the
 * batch operation instead of the items, so that it is small and stays the same while more items fail.
 * @throws {OperationFailure} `operation-not-found`, `unsupported-by-engine`, `invalid-request` for a target if the batch
 *   operation is not a reset
 */
export async function retryRequest(
  ledger: Ledger,
  namespace: string,
  operationId: string,
  { outcome, target, expectMatched }: { outcome?: RetryOutcome } & Pick<BatchRequest, 'target' | 'expectMatched'> = {},
): Promise<BatchRequest> {
  const record = requireItems(await batchRecord(ledger, namespace, operationId));
  const {
    query: _1,
    workflows: _2,
    workflowCount: _3,
    exclude: _4,
    expectMatched: _5,
    retryOutcome: _6,
    rollback,
    ...same
  } = record.request as BatchRequest;
  // More workflows than those left may match the query now.
  const left = outcome === 'notBegun' && recordedProgress(record).state !== 'running' ? countNotBegun(record) : 0;
  if (target && same.action !== 'reset') throw targetWithoutReset(target);
  return {
    ...same,
    ...(left > 0 && { maxWorkflows: Math.min(same.maxWorkflows, left) }),
    retryOf: operationId,
    ...(outcome && outcome !== 'failed' && { retryOutcome: outcome }),
    // A target in the retry replaces the rollback's own choice of reset points.
    ...(target ? { target } : rollback && { rollback }),
    expectMatched,
  };
}

function targetWithoutReset(target: BatchRequest['target']): OperationFailure {
  return new OperationFailure('invalid-request', 'The batch operation is not a reset. Nothing was done.', {
    field: 'target',
    value: target,
    allowed: 'left out, unless the batch operation is a reset',
  });
}

export async function batchRecord(ledger: Ledger, namespace: string, operationId: string): Promise<OperationRecord> {
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

/** @throws {OperationFailure} `unsupported-by-engine` for Temporal's own engine, which has no records of single workflows */
function requireItems(record: OperationRecord): OperationRecord {
  return requireWorker(
    record,
    'reports nothing about single workflows',
    '. To find workflows that were not processed, use its query in a visibility query such as: (…) AND CloseTime IS NULL',
  );
}

/**
 * Requires that Rewind's worker executed the batch operation.
 * @param limit what Temporal's own engine does not do, to follow "which"
 * @throws {OperationFailure} `unsupported-by-engine`
 */
export function requireWorker(record: OperationRecord, limit: string, otherwise = ''): OperationRecord {
  const { engine = 'worker' } = record.request as BatchRequest;
  if (engine === 'worker') return record;
  throw new OperationFailure(
    'unsupported-by-engine',
    `Batch operation ${record.operationId} was executed by Temporal's own batch engine, which ${limit}. Nothing was done.`,
    {
      field: 'operationId',
      value: record.operationId,
      allowed: `a batch operation with "engine": "worker"${otherwise}`,
    },
  );
}
