import { completion, nothingDone, outcomeUnknown } from './attempt-result';
import { nextCheck } from './next-check';
import { ledgerTime } from './ledger-time';
import { lookUpOutcome } from './lookup';
import type { AttemptResult, Ledger, OperationRecord } from './ledger';
import { isFailure, OperationFailure } from '../../api/failures';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { Namespace } from '../temporal/namespaces';
import { RateLimit } from '../temporal/rate-limit';
import type { AnyVerb, ChangeRequest, OperationDependencies, WorkflowVerbName } from '../verb';

export interface ReconcileDependencies extends OperationDependencies {
  namespaces: { find(name: string): Namespace };
  verbs: Record<WorkflowVerbName, AnyVerb>;
  /** Called for an operation that could not be checked. It is checked again later. */
  onReconcileFailure: (record: OperationRecord, error: unknown) => void;
}

/** A namespace to reconcile. */
export interface ReconciledNamespace {
  namespace: string;
  /** Maximum calls to Temporal per second. Default: no limit. */
  requestsPerSecond?: number;
}

/** Operations of a namespace that are checked concurrently: 100 per second where a check takes a third of a second. */
const CONCURRENCY = 32;

/** Consecutive namespace failures after which the other operations of the namespace are left for the next invocation. */
const MAX_FAILURES = 10;

/** How far this machine's clock may be behind the ledger's, in milliseconds. */
const MAX_CLOCK_OFFSET_MS = 5 * 60_000;

/** Kinds of failure that affect the whole namespace, not a single operation. */
const namespaceFailures = new Set([
  'namespace-not-configured',
  'configuration',
  'temporal-unavailable',
  'temporal-timeout',
  'throttled',
]);

/**
 * Determines the results of operations that have no final one. For an interrupted attempt, looks up the change in Temporal's
 * history; never makes the change, because no caller waits for it any more. Only of a change of a batch operation that the
 * ledger has recorded, it completes the second step, in Temporal. For a completed operation, calls the verb's `settle`.
 *
 * Namespaces are processed independently, so a slow or unavailable one does not delay the others. When the check of an
 * operation fails while its namespace responds, the next check is postponed, for longer the older the operation is.
 * Operations of a namespace that does not respond stay due, and count as overdue.
 *
 * @param until milliseconds since the epoch; operations not checked by then stay due
 * @returns the number of operations checked
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
  /** Operations with a namespace failure since the namespace last responded. */
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
    // Before the ledger's first response its clock is unknown, and this machine's clock may be behind it.
    const skewMs = ledger.clockOffsetMs === 0 ? MAX_CLOCK_OFFSET_MS : 0;
    const due = ledger.due(this.namespace, new Date(ledgerTime(this.dependencies) + skewMs));
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
      await this.check(record);
    }
  }

  private async check(record: OperationRecord): Promise<void> {
    try {
      const client = await this.dependencies.namespaces.find(this.namespace).connect(undefined, this.limit);
      await reconcile(this.dependencies, client, record);
    } catch (error) {
      this.dependencies.onReconcileFailure(record, error);
      if (error instanceof OperationFailure && namespaceFailures.has(error.kind)) {
        this.failed.push(record);
        return;
      }
      await this.postpone(record);
    }
    // The namespace responds, so the earlier failures were specific to their operations.
    await Promise.all(this.failed.splice(0).map((failed) => this.postpone(failed)));
  }

  private async postpone(record: OperationRecord): Promise<void> {
    const { ledger, onReconcileFailure } = this.dependencies;
    await ledger
      .postpone(record, nextCheck(record, ledgerTime(this.dependencies)))
      .catch((error: unknown) => onReconcileFailure(record, error));
  }
}

/** Determines the result of a single operation, as far as it is certain. */
export async function reconcile(
  dependencies: OperationDependencies & Pick<ReconcileDependencies, 'verbs'>,
  client: NamespaceClient,
  record: OperationRecord,
): Promise<void> {
  if (record.verb === 'redrive') return;
  const verb = dependencies.verbs[record.verb];
  if (record.state !== 'completed') return reconcileAttempt(dependencies, client, verb, record);
  if (verb.settle) return verb.settle(dependencies, client, record);
  await dependencies.ledger.update(record, { nextCheckAt: undefined });
}

/** Records the result of an operation whose attempt crashed or got no response. Does not make the change. */
async function reconcileAttempt(
  dependencies: OperationDependencies,
  client: NamespaceClient,
  verb: AnyVerb,
  record: OperationRecord,
): Promise<void> {
  const { ledger, telemetry, now = Date.now } = dependencies;
  const startedAt = now();
  // Read the clock before the lookup: a change that Temporal executes after the lookup must not count as never executed.
  const time = ledgerTime(dependencies);
  const result = await outcomeOf(ledger, client, verb, record, time);
  if (!result) return ledger.postpone(record, new Date(record.mayExecuteUntil ?? time).toISOString());
  const recorded = await ledger.complete(record, result);
  if (!recorded) return;
  const { state, outcome = state } = result;
  telemetry?.operationEnded({ operation: record, state, outcome, replayed: false, durationMs: now() - startedAt });
}

/** @returns undefined while Temporal may still execute a request of an attempt */
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
    if (isFailure(error, 'outcome-unknown')) return outcomeUnknown(error, time);
    throw error;
  }
}

function brokenOff(time: number): AttemptResult {
  const error = new OperationFailure('internal', 'The request broke off before it changed the workflow.');
  return { ...nothingDone(error, time), outcome: 'broken-off' };
}
