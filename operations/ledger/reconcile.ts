import type { BatchRequest } from '../batch/batch';
import { inspectBatch } from '../batch/follow';
import { batchHandler } from '../batch/start';
import { cancelHandler } from '../cancel';
import type { CancelResult, CancelRequest } from '../cancel';
import { OperationFailure } from '../../api/failures';
import type { Ledger, OperationRecord, Verb } from './ledger';
import { reconcileAttempt } from './execute-once';
import type { OperationHandler, ExecuteOnceDependencies } from './execute-once';
import { resetHandler } from '../reset/reset';
import type { ResetRequest } from '../reset/reset';
import { explainStuck } from '../stuck';
import { isOpen } from '../temporal/enums';
import { describeExecution } from '../temporal/executions';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { Namespace } from '../temporal/namespaces';
import { rfc3339 } from '../temporal/time';
import { terminateHandler } from '../terminate';
import type { TerminateRequest } from '../terminate';

export interface ReconcileDependencies extends ExecuteOnceDependencies {
  namespaces: { find(name: string): Namespace };
  /** Told of operations that could not be looked at this time; they stay due. */
  onReconcileFailure: (record: OperationRecord, error: unknown) => void;
}

/**
 * How long after a lease has ended it is settled what was done under it, in milliseconds: who acted at its very end may
 * still be waiting for Temporal. Exceeds what one call may take (`CALL_DEADLINE_MS` in
 * operations/temporal/namespace-client.ts).
 */
const LATE_EXECUTION_MARGIN_MS = 15_000;

/** How many operations are looked at in one go. */
const MAX_OPERATIONS = 200;
/** How many of them at the same time. */
const CONCURRENCY = 10;

/** What is followed may take its time: it is looked at again after a tenth of that time, within bounds. */
const MIN_CHECK_INTERVAL_MS = 60_000;
const MAX_CHECK_INTERVAL_MS = 60 * 60_000;

/**
 * Brings the ledger up to the truth where it does not know it yet:
 * operations whose function died or got no answer are looked up in Temporal's history (and never done now: nobody
 * waits for them any more), and requested cancellations and jobs of Temporal's own batch engine are followed until
 * their workflow has closed.
 *
 * @param until milliseconds since the epoch; what is not looked at by then stays due
 * @returns how many were looked at
 */
export async function reconcileOperations(dependencies: ReconcileDependencies, until: number): Promise<number> {
  const { ledger, now = Date.now } = dependencies;
  const latest = () => new Date(now() + ledger.clockOffsetMs - LATE_EXECUTION_MARGIN_MS);
  const listed = await ledger.listDue(latest(), MAX_OPERATIONS);
  // Only the answer tells what time it is there.
  const due = listed.filter(({ nextCheckAt = '' }) => Date.parse(nextCheckAt) <= latest().getTime());
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let record = due[next++]; record && now() < until; record = due[next++]) {
      await reconcile(dependencies, record).catch((error: unknown) => dependencies.onReconcileFailure(record, error));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return Math.min(next, due.length);
}

async function reconcile(dependencies: ReconcileDependencies, record: OperationRecord): Promise<void> {
  const client = await dependencies.namespaces.find(record.namespace).connect();
  if (record.state !== 'completed')
    return reconcileAttempt(dependencies, record, handlers[record.verb](client, record.request));
  const follow = record.verb === 'batch' ? followBatch : followCancellation;
  return follow(dependencies.ledger, client, record, dependencies.now?.() ?? Date.now());
}

/** How each verb finds out what it did. */
const handlers: Record<Verb, (client: NamespaceClient, request: object) => OperationHandler<object>> = {
  cancel: (client, request) => cancelHandler(client, request as CancelRequest),
  terminate: (client, request) => terminateHandler(client, request as TerminateRequest),
  reset: (client, request) => resetHandler(client, request as ResetRequest),
  batch: (client, request) => batchHandler(client, request as BatchRequest),
};

/** Notes how a workflow that was asked to cancel has ended, or what keeps it and when to look again. */
async function followCancellation(
  ledger: Ledger,
  client: NamespaceClient,
  record: OperationRecord,
  now: number,
): Promise<void> {
  const { workflowId, runId } = record.answer as CancelResult;
  let stuck: OperationRecord['stuck'];
  try {
    const run = await describeExecution(client, { workflowId, runId });
    if (!isOpen(run.status)) {
      const closeTime = rfc3339(run.description.workflowExecutionInfo?.closeTime);
      await ledger.update(record, {
        settled: { status: run.status, closeTime },
        stuck: undefined,
        nextCheckAt: undefined,
      });
      return;
    }
    const reasons = await explainStuck(client, run);
    if (reasons.length > 0) stuck = reasons.map(({ kind }) => kind);
  } catch (error) {
    if (!(error instanceof OperationFailure && error.kind.endsWith('not-found'))) throw error;
    // Its retention has ended: nobody will ever know more.
    await ledger.update(record, { stuck: undefined, nextCheckAt: undefined });
    return;
  }
  await ledger.update(record, { stuck, nextCheckAt: nextCheck(record, now) });
}

/** Notes how a batch operation has ended that Temporal's own engine carries out, or when to look again. */
async function followBatch(
  ledger: Ledger,
  client: NamespaceClient,
  record: OperationRecord,
  now: number,
): Promise<void> {
  const batch = await inspectBatch(client, record);
  await ledger.updateBatch(record.operationId, batch);
  await ledger.update(record, { nextCheckAt: batch.state === 'running' ? nextCheck(record, now) : undefined });
}

function nextCheck({ requestedAt }: OperationRecord, now: number): string {
  const age = now - Date.parse(requestedAt);
  return new Date(now + Math.min(MAX_CHECK_INTERVAL_MS, Math.max(MIN_CHECK_INTERVAL_MS, age / 10))).toISOString();
}
