import type { BatchStarted } from '../../api/batch-operation';
import type { BatchPreview, BatchRequest } from '../../api/batch-operations';
import { OperationFailure } from '../../api/failures';
import { ledgerTime } from '../ledger/ledger-time';
import { nextCheck } from '../ledger/next-check';
import { previewReset } from '../reset/reset';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { Call, OperationResult, Plan, Verb } from '../verb';
import { BATCH_LEDGER_ID } from './batch';
import type { BatchItem } from './batch';
import type { StartedBatch } from './engine';
import { requirePausing } from '../pause';
import { engineOf } from './engines';
import { inspectBatch } from './follow';
import { refuseOwnId, refuseOwnIds } from '../own-workflows';
import { effectiveQuery } from './query';
import { rollbackReset } from './rollback';
import { countSelected, listedIds, storeList, withoutList } from './selection';

/** Number of matches that a preview shows. The preview of a reset reads the history of each. */
const SAMPLE_SIZE = 5;

interface BatchPlan extends Plan {
  matched: number;
}

/**
 * Starts a batch operation on the engine that the request names.
 *
 * @throws {OperationFailure} `invalid-request` for an invalid query or a target that the engine does not support,
 *   `too-many-matches`, `conflict` when `expectMatched` differs or there is nothing to retry, `throttled` while Temporal's
 *   own engine is busy, `pause-unsupported`
 */
export const batch: Verb<BatchRequest, BatchStarted, BatchPlan> = {
  name: 'batch',
  listedUnder: BATCH_LEDGER_ID,
  // The engine starts a batch operation only once, but the query may match other workflows the next time.
  repeatable: false,

  recordedRequest: withoutList,

  async plan(call) {
    const { client, request, operationId } = call;
    const engine = engineOf(client, request);
    engine.limitations(request);
    await requireSupport(client, request);
    const matched = await countSelected(call);
    await refuseListed(client, request);
    if (request.expectMatched !== undefined && matched !== request.expectMatched) {
      throw unexpectedCount(matched, request.expectMatched);
    }
    if (matched > request.maxWorkflows) throw tooMany(matched, request.maxWorkflows);
    if (matched === 0 && request.retryOf !== undefined) throw nothingToRepeat(request);
    if (matched === 0) return { noop: result(call, 0) };
    // The workflow does not run yet, so its ID takes the place of a run ID.
    return { runId: engine.workflowId(operationId), matched };
  },

  async execute(call, { matched }, { ledger }) {
    const { engine = 'worker' } = call.request;
    const ids = listedIds(call.request);
    if (ids && engine === 'worker') await storeList(ledger, call.operationId, ids);
    call.assertLease?.();
    return result(call, matched, await engineOf(call.client, call.request).start(call, matched));
  },

  async lookupOutcome(call) {
    const { client, request } = call;
    const started = await engineOf(client, request).find(call);
    return started && result(call, await countSelected(call), started);
  },

  preview: ({ client, request, webUiUrl }) => previewBatch(client, request, webUiUrl),

  /** Records the result of a batch operation if its engine has not, or the time of the next check. */
  async settle(dependencies, client, record) {
    const { ledger } = dependencies;
    const { stuck = [], lastFailure: _, ...seen } = await inspectBatch(ledger, client, record);
    if (JSON.stringify(seen) !== JSON.stringify(record.batch)) await ledger.updateBatch(record.operationId, seen);
    await ledger.update(record, {
      stuck: stuck.length > 0 ? stuck : undefined,
      nextCheckAt: seen.state === 'running' ? nextCheck(record, ledgerTime(dependencies)) : undefined,
    });
  },
};

/** @throws {OperationFailure} `batch-workflow`, `system-workflow` */
async function refuseListed(client: NamespaceClient, request: BatchRequest): Promise<void> {
  const ids = listedIds(request) ?? [];
  for (const workflowId of ids) await refuseOwnId(client, { workflowId });
  if (request.engine === 'server') await refuseOwnIds(client, ids);
}

function result(
  { operationId, client, request }: Call<BatchRequest>,
  matched: number,
  started?: StartedBatch,
): OperationResult<BatchStarted> {
  const { unsettled = false, ...details } = started ?? { links: {} };
  const outcome = started ? 'started' : 'nothingMatched';
  const answer: BatchStarted = {
    operationId,
    outcome,
    state: started ? 'running' : 'completed',
    engine: request.engine ?? 'worker',
    namespace: client.namespace,
    matched,
    ...details,
  };
  return { outcome, answer, unsettled };
}

/**
 * @throws {OperationFailure} `invalid-request` for an invalid query or an unsupported request, `pause-unsupported`, `batch-workflow`,
 *   `system-workflow`
 */
export async function previewBatch(
  client: NamespaceClient,
  request: BatchRequest,
  webUiUrl?: string,
): Promise<BatchPreview> {
  const { engine = 'worker', maxWorkflows } = request;
  const limitations = engineOf(client, request).limitations(request);
  await requireSupport(client, request);
  const matched = await countSelected({ client, request });
  await refuseListed(client, request);
  const items = await firstMatches(client, request);
  const sample = await Promise.all(items.map((item) => previewItem(client, request, item, webUiUrl)));
  const { namespace } = client;
  const reexecutedActivities = request.action === 'reset' ? activitiesOf(sample) : undefined;
  return {
    outcome: 'preview',
    engine,
    namespace,
    matched,
    tooMany: matched > maxWorkflows,
    sample,
    reexecutedActivities,
    limitations,
  };
}

/** Counts the activities that run again, by activity type. */
function activitiesOf(sample: BatchPreview['sample']): Record<string, number> {
  // A map: an activity may be called as a property that every object has.
  const counts = new Map<string, number>();
  for (const { reset } of sample) {
    for (const { activityType = 'unknown' } of reset?.discarded.activities.newest ?? []) {
      counts.set(activityType, (counts.get(activityType) ?? 0) + 1);
    }
  }
  return Object.fromEntries(counts);
}

async function previewItem(
  client: NamespaceClient,
  request: BatchRequest,
  item: BatchItem,
  webUiUrl: string | undefined,
): Promise<BatchPreview['sample'][number]> {
  const { action, reason, target, excludeReapply } = request;
  if (action !== 'reset' || !target) return item;
  try {
    const reset = (await rollbackReset(client, request, item)) ?? { ...item, reason, target, excludeReapply };
    return { ...item, reset: await previewReset(client, reset, webUiUrl) };
  } catch (error) {
    if (error instanceof OperationFailure) return { ...item, refused: error.message };
    throw error;
  }
}

async function firstMatches(client: NamespaceClient, request: BatchRequest): Promise<BatchItem[]> {
  const ids = listedIds(request);
  if (ids) return ids.slice(0, SAMPLE_SIZE).map((workflowId) => ({ workflowId }));
  return (await client.listWorkflows(effectiveQuery(request), SAMPLE_SIZE)).executions;
}

/** @throws {OperationFailure} `pause-unsupported` */
async function requireSupport(client: NamespaceClient, { action }: BatchRequest): Promise<void> {
  if (action === 'pause' || action === 'unpause') await requirePausing(client);
}

function nothingToRepeat({ retryOf: operationId, retryOutcome: outcome = 'failed' }: BatchRequest): OperationFailure {
  return new OperationFailure(
    'conflict',
    `No item of batch operation ${operationId} has the outcome ${outcome}. Nothing was done.`,
    {
      field: 'operationId',
      value: operationId,
      allowed: `a batch operation with items that have the outcome ${outcome}`,
    },
  );
}

function unexpectedCount(matched: number, expected: number): OperationFailure {
  return new OperationFailure(
    'conflict',
    `${matched} workflows match, not the ${expected} of expectMatched. Nothing was done.`,
    {
      field: 'expectMatched',
      value: expected,
      allowed: `${matched}, if these are the intended workflows; a preview shows some of them`,
    },
  );
}

function tooMany(matched: number, maxWorkflows: number): OperationFailure {
  return new OperationFailure(
    'too-many-matches',
    `${matched} workflows match, more than maxWorkflows allows. Nothing was done.`,
    { field: 'maxWorkflows', value: maxWorkflows, allowed: `at least ${matched}, or a narrower query` },
  );
}
