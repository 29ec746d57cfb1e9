import { completion, nothingDone, outcomeUnknown } from './attempt-result';
import { nextCheck } from './next-check';
import { lookUpOutcome } from './lookup';
import type { AttemptResult, Ledger, OperationRecord } from './ledger';
import { OperationFailure } from '../../api/failures';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { Namespace } from '../temporal/namespaces';
import { RateLimit } from '../temporal/rate-limit';
import type { AnyVerb, ChangeRequest, OperationDependencies, WorkflowVerbName } from '../verb';

export interface ReconcileDependencies extends OperationDependencies {
  namespaces: { find(name: string): Namespace };
  verbs: Record<WorkflowVerbName, AnyVerb>;
  /** Called for operations that could not be looked at this time. They are looked at again later. */
  onReconcileFailure: (record: OperationRecord, error: unknown) => void;
}

/** A namespace whose operations are to be looked at. */
export interface ReconciledNamespace {
  namespace: string;
  /** Most calls to Temporal per second; as fast as they come when absent. */
  requestsPerSecond?: number;
}

/** Operations of a namespace that are looked at at the same time: 100 a second where each takes a third of a second. */
const CONCURRENCY = 32;

/** A namespace that has failed this often since it last answered is not asked any more this time. */
const MAX_FAILURES = 10;

/** How far this machine's clock may be behind the ledger's, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** Failures of a namespace and not of one operation: its other operations would fail likewise. */
const namespaceFailures = new Set([
  'namespace-not-configured',
  'configuration',
  'temporal-unavailable',
  'temporal-timeout',
  'throttled',
]);

/**
 * Finds out what the ledger does not know yet. An operation whose function died or got no answer is looked up in
 * Temporal's history; it is never executed here, since nothing waits for it any more. A completed operation whose end is
 * open is settled by its verb.
 *
 * Each namespace is looked at by itself, so one that is slow or down delays no other. An operation that fails while its
 * namespace answers is put off, the longer the older it is. Those of a namespace that does not answer stay due: they are
 * counted as overdue.
 *
 * @param until milliseconds since the epoch; what is not looked at by then stays due
 * @returns how many were looked at
 */
export async function reconcileOperations(
  dependencies: ReconcileDependencies,
  namespaces: readonly ReconciledNamespace[],
  until: number,
): Promise<number> {
  const counts = await Promise.all(
    namespaces.map((each) => new NamespaceReconciliation(dependencies, each, until).run()),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

class NamespaceReconciliation {
  private readonly namespace: string;
  private readonly limit?: RateLimit;
  private count = 0;
  /** Operations that failed since the namespace last answered. */
  private failed: OperationRecord[] = [];

  constructor(
    private readonly dependencies: ReconcileDependencies,
    { namespace, requestsPerSecond }: ReconciledNamespace,
    private readonly until: number,
  ) {
    this.namespace = namespace;
    if (requestsPerSecond !== undefined) this.limit = new RateLimit(requestsPerSecond);
  }

  async run(): Promise<number> {
    const { ledger } = this.dependencies;
    // The ledger's clock is known only from its answer: until then, this machine's may be slow.
    const slow = ledger.clockOffsetMs === 0 ? CLOCK_SKEW_MS : 0;
    const due = ledger.due(this.namespace, new Date(ledgerTime(this.dependencies) + slow));
    const records = due[Symbol.asyncIterator]();
    await Promise.all(Array.from({ length: CONCURRENCY }, () => this.work(records)));
    return this.count;
  }

  private async work(records: AsyncIterator<OperationRecord, void>): Promise<void> {
    const { now = Date.now } = this.dependencies;
    while (now() < this.until && this.failed.length < MAX_FAILURES) {
      const { value: record } = await records.next();
      if (!record) return;
      if (Date.parse(record.nextCheckAt ?? '') > ledgerTime(this.dependencies)) continue;
      this.count += 1;
      await this.look(record);
    }
  }

  private async look(record: OperationRecord): Promise<void> {
    try {
      const client = await this.dependencies.namespaces.find(this.namespace).connect(undefined, this.limit);
      await reconcile(this.dependencies, client, record);
    } catch (error) {
      this.dependencies.onReconcileFailure(record, error);
      if (error instanceof OperationFailure && namespaceFailures.has(error.kind)) {
        this.failed.push(record);
        return;
      }
      await this.putOff(record);
    }
    // The namespace answers: those that failed before did so by themselves.
    await Promise.all(this.failed.splice(0).map((failed) => this.putOff(failed)));
  }

  private async putOff(record: OperationRecord): Promise<void> {
    const { ledger, onReconcileFailure } = this.dependencies;
    await ledger
      .postpone(record, nextCheck(record, ledgerTime(this.dependencies)))
      .catch((error: unknown) => onReconcileFailure(record, error));
  }
}

async function reconcile(
  dependencies: ReconcileDependencies,
  client: NamespaceClient,
  record: OperationRecord,
): Promise<void> {
  if (record.verb === 'redrive') return;
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
