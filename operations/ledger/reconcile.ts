import type { VerbName } from '../../api';
import { randomUUID } from 'node:crypto';
import { completion } from './attempt-result';
import { LEASE_MS } from './execute-once';
import type { AttemptResult, OperationRecord } from './ledger';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { Namespace } from '../temporal/namespaces';
import type { AnyVerb, ChangeRequest, OperationDependencies } from '../verb';

export interface ReconcileDependencies extends OperationDependencies {
  namespaces: { find(name: string): Namespace };
  verbs: Record<VerbName, AnyVerb>;
  /** Called for operations that could not be looked at this time. They stay due. */
  onReconcileFailure: (record: OperationRecord, error: unknown) => void;
}

/**
 * How long after a lease has ended an operation is reconciled, in milliseconds: an attempt that acted at the very end may
 * still wait for Temporal. Exceeds what one call may take (`CALL_DEADLINE_MS` in operations/temporal/namespace-client.ts).
 */
const LATE_EXECUTION_MARGIN_MS = 15_000;

/** How many operations are looked at in one go. */
const MAX_OPERATIONS = 200;
/** How many of them at the same time. */
const CONCURRENCY = 10;

/**
 * Finds out what the ledger does not know yet. An operation whose function died or got no answer is looked up in
 * Temporal's history; it is never executed here, since nothing waits for it any more. A completed operation whose end is
 * open is settled by its verb.
 *
 * @param until milliseconds since the epoch; what is not looked at by then stays due
 * @returns how many were looked at
 */
export async function reconcileOperations(dependencies: ReconcileDependencies, until: number): Promise<number> {
  const { ledger, now = Date.now } = dependencies;
  const latest = () => new Date(now() + ledger.clockOffsetMs - LATE_EXECUTION_MARGIN_MS);
  const listed = await ledger.listDue(latest(), MAX_OPERATIONS);
  // The ledger's clock is known only from its answer.
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
  const verb = dependencies.verbs[record.verb];
  if (record.state === 'completed') return verb.settle?.(dependencies, client, record);
  return reconcileAttempt(dependencies, client, verb, record);
}

/**
 * Finds out how an operation ended whose function died or got no answer, and records it. Never executes it.
 * Does nothing when another attempt took the operation over.
 */
async function reconcileAttempt(
  { ledger, telemetry, now = Date.now }: OperationDependencies,
  client: NamespaceClient,
  verb: AnyVerb,
  record: OperationRecord,
): Promise<void> {
  const startedAt = now();
  const ledgerTime = () => now() + ledger.clockOffsetMs;
  const claimed = await ledger.takeOver(record, randomUUID(), ledgerTime() + LEASE_MS);
  if (!claimed) return;
  const { operationId, actor, runId } = claimed;
  const call = { client, request: claimed.request as ChangeRequest, operationId, actor };
  const done = runId !== undefined && (await verb.lookupOutcome(call, runId, new Date(claimed.requestedAt)));
  const result = done ? completion(done, now()) : brokenOff(ledgerTime());
  await ledger.complete(claimed, result);
  const { state, outcome = state } = result;
  telemetry?.operationEnded({ operation: claimed, state, outcome, replayed: false, durationMs: now() - startedAt });
}

function brokenOff(leaseUntil: number): AttemptResult {
  const message = 'The request broke off before anything was done.';
  return {
    state: 'failed',
    outcome: 'broken-off',
    failure: { kind: 'internal', message, details: {} },
    leaseUntil,
  };
}
