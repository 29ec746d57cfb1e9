import type { BatchRequest } from './batch/batch';
import { lookAtBatch } from './batch/follow';
import { batchDeed } from './batch/start';
import { cancellation } from './cancel';
import type { CancelAnswer, CancelRequest } from './cancel';
import { OperationFailure } from './failures';
import type { Ledger, OperationRecord, Verb } from './ledger';
import { settleAttempt } from './once';
import type { Deed, OnceDependencies } from './once';
import { resetDeed } from './reset';
import type { ResetRequest } from './reset';
import { explainStuck } from './stuck';
import { isOpen } from './temporal/enums';
import { describeExecution } from './temporal/executions';
import type { NamespaceClient } from './temporal/namespace-client';
import type { Namespace } from './temporal/namespaces';
import { rfc3339 } from './temporal/time';
import { termination } from './terminate';
import type { TerminateRequest } from './terminate';

export interface SettleDependencies extends OnceDependencies {
  namespaces: { find(name: string): Namespace };
  /** Told of operations that could not be looked at this time; they stay due. */
  onUnsettled: (record: OperationRecord, error: unknown) => void;
}

/**
 * How long after a lease has ended it is settled what was done under it, in milliseconds: who acted at its very end may
 * still be waiting for Temporal. Exceeds what one call may take (`CALL_DEADLINE_MS` in
 * operations/temporal/namespace-client.ts).
 */
const LAST_CALL_MS = 15_000;

/** How many operations are looked at in one go. */
const MOST_AT_ONCE = 200;
/** How many of them at the same time. */
const SIDE_BY_SIDE = 10;

/** What is followed may take its time: it is looked at again after a tenth of that time, within bounds. */
const SOONEST_LOOK_MS = 60_000;
const LATEST_LOOK_MS = 60 * 60_000;

/**
 * Brings the ledger up to the truth where it does not know it yet:
 * operations whose function died or got no answer are looked up in Temporal's history (and never done now: nobody
 * waits for them any more), and requested cancellations and jobs of Temporal's own batch engine are followed until
 * their workflow has closed.
 *
 * @param until milliseconds since the epoch; what is not looked at by then stays due
 * @returns how many were looked at
 */
export async function settleDueOperations(dependencies: SettleDependencies, until: number): Promise<number> {
  const { ledger, now = Date.now } = dependencies;
  const latest = () => new Date(now() + ledger.clockAheadMs - LAST_CALL_MS);
  const listed = await ledger.listDue(latest(), MOST_AT_ONCE);
  // Only the answer tells what time it is there.
  const due = listed.filter(({ dueAt = '' }) => Date.parse(dueAt) <= latest().getTime());
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let record = due[next++]; record && now() < until; record = due[next++]) {
      await settle(dependencies, record).catch((error: unknown) => dependencies.onUnsettled(record, error));
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return Math.min(next, due.length);
}

async function settle(dependencies: SettleDependencies, record: OperationRecord): Promise<void> {
  const client = await dependencies.namespaces.find(record.namespace).connect();
  if (record.state !== 'completed')
    return settleAttempt(dependencies, record, deeds[record.verb](client, record.request));
  const follow = record.verb === 'batch' ? followBatch : followCancellation;
  return follow(dependencies.ledger, client, record, dependencies.now?.() ?? Date.now());
}

/** How each verb finds out what it did. */
const deeds: Record<Verb, (client: NamespaceClient, request: object) => Deed<object>> = {
  cancel: (client, request) => cancellation(client, request as CancelRequest),
  terminate: (client, request) => termination(client, request as TerminateRequest),
  reset: (client, request) => resetDeed(client, request as ResetRequest),
  batch: (client, request) => batchDeed(client, request as BatchRequest),
};

/** Notes how a workflow that was asked to cancel has ended, or what keeps it and when to look again. */
async function followCancellation(
  ledger: Ledger,
  client: NamespaceClient,
  record: OperationRecord,
  now: number,
): Promise<void> {
  const { workflowId, runId } = record.answer as CancelAnswer;
  let stuck: OperationRecord['stuck'];
  try {
    const run = await describeExecution(client, { workflowId, runId });
    if (!isOpen(run.status)) {
      const closeTime = rfc3339(run.description.workflowExecutionInfo?.closeTime);
      await ledger.amend(record, { settled: { status: run.status, closeTime }, stuck: undefined, dueAt: undefined });
      return;
    }
    const reasons = await explainStuck(client, run);
    if (reasons.length > 0) stuck = reasons.map(({ kind }) => kind);
  } catch (error) {
    if (!(error instanceof OperationFailure && error.kind.endsWith('not-found'))) throw error;
    // Its retention has ended: nobody will ever know more.
    await ledger.amend(record, { stuck: undefined, dueAt: undefined });
    return;
  }
  await ledger.amend(record, { stuck, dueAt: nextLook(record, now) });
}

/** Notes how a batch operation has ended that Temporal's own engine carries out, or when to look again. */
async function followBatch(
  ledger: Ledger,
  client: NamespaceClient,
  record: OperationRecord,
  now: number,
): Promise<void> {
  const batch = await lookAtBatch(client, record);
  await ledger.noteBatch(record.operationId, batch);
  await ledger.amend(record, { dueAt: batch.state === 'running' ? nextLook(record, now) : undefined });
}

function nextLook({ requestedAt }: OperationRecord, now: number): string {
  const age = now - Date.parse(requestedAt);
  return new Date(now + Math.min(LATEST_LOOK_MS, Math.max(SOONEST_LOOK_MS, age / 10))).toISOString();
}
