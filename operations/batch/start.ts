import type { BatchStarted } from '../../api/batch-operation';
import type { BatchPreview, BatchRequest } from '../../api/batch-operations';
import { OperationFailure } from '../../api/failures';
import { nextCheck } from '../ledger/next-check';
import { previewReset } from '../reset/reset';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { Call, OperationResult, Plan, Verb } from '../verb';
import { BATCH_LEDGER_ID } from './batch';
import type { BatchItem } from './batch';
import type { StartedBatch } from './engine';
import { engineOf } from './engines';
import { inspectBatch } from './follow';
import { refuseOwnWorkflow } from './own-workflows';
import { effectiveQuery } from './query';
import { countSubjects, storeList, withoutList } from './subjects';

/** How many of the matches a preview looks at: a reset's preview reads each one's history. */
const SAMPLE_SIZE = 5;

interface BatchPlan extends Plan {
  matched: number;
}

/**
 * Starts a batch operation, on the engine that the request names.
 *
 * @throws {OperationFailure} `invalid-request` for a query that Temporal does not understand or a target that the
 *   engine does not know, `too-many-matches`, `throttled` while Temporal's own engine is busy
 */
export const batch: Verb<BatchRequest, BatchStarted, BatchPlan> = {
  name: 'batch',
  listedUnder: BATCH_LEDGER_ID,
  // It is started once under its id, but a query may match other workflows the next time.
  repeatable: false,

  recordedRequest: withoutList,

  async plan(call) {
    const { client, request, operationId } = call;
    const engine = engineOf(client, request);
    engine.limitations(request);
    const matched = await countSubjects(call);
    // Temporal's own engine would not spare them.
    for (const workflowId of request.workflows ?? []) await refuseOwnWorkflow(client, { workflowId });
    if (matched > request.maxWorkflows) throw tooMany(matched, request.maxWorkflows);
    if (matched === 0 && request.retryOf !== undefined) throw noneFailed(request.retryOf);
    if (matched === 0) return { noop: result(call, 0) };
    // The id that history will show: there is no run yet.
    return { runId: engine.workflowId(operationId), matched };
  },

  async execute(call, { matched }, { ledger }) {
    const { workflows, engine = 'worker' } = call.request;
    if (workflows && engine === 'worker') await storeList(ledger, call.operationId, workflows);
    call.assertLease?.();
    return result(call, matched, await engineOf(call.client, call.request).start(call, matched));
  },

  async lookupOutcome(call) {
    const { client, request } = call;
    const started = await engineOf(client, request).find(call);
    return started && result(call, await countSubjects(call), started);
  },

  preview: ({ client, request, webUiUrl }) => previewBatch(client, request, webUiUrl),

  /** Records how a batch operation has ended, where its engine has not, or when to look again. */
  async settle({ ledger, now = Date.now }, client, record) {
    const { stuck = [], ...seen } = await inspectBatch(ledger, client, record);
    if (JSON.stringify(seen) !== JSON.stringify(record.batch)) await ledger.updateBatch(record.operationId, seen);
    await ledger.update(record, {
      stuck: stuck.length > 0 ? stuck : undefined,
      nextCheckAt: seen.state === 'running' ? nextCheck(record, now() + ledger.clockOffsetMs) : undefined,
    });
  },
};

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

/** @throws {OperationFailure} `invalid-request` for a query that Temporal does not understand */
export async function previewBatch(
  client: NamespaceClient,
  request: BatchRequest,
  webUiUrl?: string,
): Promise<BatchPreview> {
  const { engine = 'worker', maxWorkflows } = request;
  const limitations = engineOf(client, request).limitations(request);
  const matched = await countSubjects({ client, request });
  const items = await firstMatches(client, request);
  const sample = await Promise.all(items.map((item) => previewItem(client, request, item, webUiUrl)));
  const { namespace } = client;
  return { outcome: 'preview', engine, namespace, matched, tooMany: matched > maxWorkflows, sample, limitations };
}

async function previewItem(
  client: NamespaceClient,
  { action, reason, target }: BatchRequest,
  item: BatchItem,
  webUiUrl: string | undefined,
) {
  if (action !== 'reset' || !target) return item;
  try {
    return { ...item, reset: await previewReset(client, { ...item, reason, target }, webUiUrl) };
  } catch (error) {
    if (error instanceof OperationFailure) return { ...item, refused: error.message };
    throw error;
  }
}

async function firstMatches(client: NamespaceClient, request: BatchRequest): Promise<BatchItem[]> {
  const { workflows } = request;
  if (workflows) return workflows.slice(0, SAMPLE_SIZE).map((workflowId) => ({ workflowId }));
  return (await client.listWorkflows(effectiveQuery(request), SAMPLE_SIZE)).executions;
}

function noneFailed(operationId: string): OperationFailure {
  return new OperationFailure('conflict', `No item of batch operation ${operationId} has failed. Nothing was done.`, {
    field: 'operationId',
    value: operationId,
    allowed: 'a batch operation with failed items',
  });
}

function tooMany(matched: number, maxWorkflows: number): OperationFailure {
  return new OperationFailure(
    'too-many-matches',
    `${matched} workflows match, more than maxWorkflows allows. Nothing was done.`,
    { field: 'maxWorkflows', value: maxWorkflows, allowed: `at least ${matched}, or a narrower query` },
  );
}
