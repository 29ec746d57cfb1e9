import type { VerbName } from '../../api';
import { completion, nothingDone, outcomeUnknown } from './attempt-result';
import { nextCheck } from './next-check';
import { lookUpOutcome } from './lookup';
import type { AttemptResult, Ledger, OperationRecord } from './ledger';
import { OperationFailure } from '../../api/failures';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { Namespace } from '../temporal/namespaces';
import type { AnyVerb, ChangeRequest, OperationDependencies } from '../verb';

export interface ReconcileDependencies extends OperationDependencies {
  namespaces: { find(name: string): Namespace };
  verbs: Record<VerbName, AnyVerb>;
  /** Called for operations that could not be looked at this time. They are looked at again later. */
  onReconcileFailure: (record: OperationRecord, error: unknown) => void;
}

/** How many due operations are read from the ledger at a time. */
const PAGE_SIZE = 200;
/** How many operations are looked at at the same time. */
const CONCURRENCY = 10;

/** How far this machine's clock may be behind the ledger's, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** Failures of a namespace and not of one operation: its other operations would fail likewise. */
const namespaceFailures = new Set([
  'namespace-not-configured',
  'configuration',
  'temporal-unavailable',
  'temporal-timeout',
]);

/**
 * Finds out what the ledger does not know yet. An operation whose function died or got no answer is looked up in
 * Temporal's history; it is never executed here, since nothing waits for it any more. A completed operation whose end is
 * open is settled by its verb.
 *
 * What fails is put off, the longer the older it is. A namespace that cannot be reached delays no other.
 *
 * @param until milliseconds since the epoch; what is not looked at by then stays due
 * @returns how many were looked at
 */
export async function reconcileOperations(dependencies: ReconcileDependencies, until: number): Promise<number> {
  const { ledger, now = Date.now } = dependencies;
  const failing = new Set<string>();
  let count = 0;
  let token: string | undefined;
  do {
    // The ledger's clock is known only from its answer: until then, this machine's may be slow.
    const slow = ledger.clockOffsetMs === 0 ? CLOCK_SKEW_MS : 0;
    const page = await ledger.listDue(new Date(ledgerTime(dependencies) + slow), { size: PAGE_SIZE, token });
    const isDue = ({ nextCheckAt = '' }: OperationRecord) => Date.parse(nextCheckAt) <= ledgerTime(dependencies);
    count += await reconcilePage(dependencies, alternating(page.operations.filter(isDue)), until, failing);
    token = page.nextPageToken;
  } while (token !== undefined && now() < until);
  return count;
}

async function reconcilePage(
  dependencies: ReconcileDependencies,
  due: OperationRecord[],
  until: number,
  failing: Set<string>,
): Promise<number> {
  const { now = Date.now } = dependencies;
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let record = due[next++]; record && now() < until; record = due[next++]) {
      await reconcileOrPutOff(dependencies, record, failing);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return Math.min(next, due.length);
}

/** One operation of each namespace in turn. */
function alternating(operations: OperationRecord[]): OperationRecord[] {
  const names = [...new Set(operations.map(({ namespace }) => namespace))];
  const lists = names.map((name) => operations.filter(({ namespace }) => namespace === name));
  return operations.flatMap((_, index) => lists.flatMap((list) => list[index] ?? []));
}

async function reconcileOrPutOff(
  dependencies: ReconcileDependencies,
  record: OperationRecord,
  failing: Set<string>,
): Promise<void> {
  const { ledger, onReconcileFailure } = dependencies;
  try {
    if (!failing.has(record.namespace)) return await reconcile(dependencies, record);
  } catch (error) {
    if (error instanceof OperationFailure && namespaceFailures.has(error.kind)) failing.add(record.namespace);
    onReconcileFailure(record, error);
  }
  await ledger
    .postpone(record, nextCheck(record, ledgerTime(dependencies)))
    .catch((error: unknown) => onReconcileFailure(record, error));
}

async function reconcile(dependencies: ReconcileDependencies, record: OperationRecord): Promise<void> {
  const client = await dependencies.namespaces.find(record.namespace).connect();
  const verb = dependencies.verbs[record.verb];
  if (record.state !== 'completed') return reconcileAttempt(dependencies, client, verb, record);
  if (verb.settle) return verb.settle(dependencies, client, record);
  await dependencies.ledger.update(record, { nextCheckAt: undefined });
}

/** Looks up how an operation ended whose function crashed or got no answer, and records it. Never executes it. */
async function reconcileAttempt(
  dependencies: OperationDependencies,
  client: NamespaceClient,
  verb: AnyVerb,
  record: OperationRecord,
): Promise<void> {
  const { ledger, telemetry, now = Date.now } = dependencies;
  const startedAt = now();
  // Before the look: what is executed after it must not be taken for something that was not done.
  const time = ledgerTime(dependencies);
  const result = await outcomeOf(ledger, client, verb, record, time);
  if (!result) return ledger.postpone(record, new Date(record.mayExecuteUntil ?? time).toISOString());
  const recorded = await ledger.complete(record, result);
  if (!recorded) return;
  const { state, outcome = state } = result;
  telemetry?.operationEnded({ operation: record, state, outcome, replayed: false, durationMs: now() - startedAt });
}

/** @returns nothing while a request of an attempt may still be executed */
async function outcomeOf(
  ledger: Ledger,
  client: NamespaceClient,
  verb: AnyVerb,
  record: OperationRecord,
  time: number,
): Promise<AttemptResult | undefined> {
  const { operationId, actor, runId, mayExecuteUntil = 0 } = record;
  if (runId === undefined) return brokenOff(time);
  const call = { client, request: record.request as ChangeRequest, operationId, actor, ledger };
  try {
    const done = await lookUpOutcome(verb, call, record, runId);
    if (done) return completion(done, time);
    return time < mayExecuteUntil ? undefined : brokenOff(time);
  } catch (error) {
    if (error instanceof OperationFailure && error.kind === 'outcome-unknown') return outcomeUnknown(error, time);
    throw error;
  }
}

function brokenOff(time: number): AttemptResult {
  const error = new OperationFailure('internal', 'The request broke off before it changed the workflow.');
  return { ...nothingDone(error, time), outcome: 'broken-off' };
}

function ledgerTime({ ledger, now = Date.now }: OperationDependencies): number {
  return now() + ledger.clockOffsetMs;
}
