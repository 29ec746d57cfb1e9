import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Actor } from './attribution';
import { completion, failureKind, failureResult, nothingWasDone } from './attempt-result';
import { OperationFailure } from '../../api/failures';
import type { AttemptResult, OperationRecord } from './ledger';
import { fingerprint, keyedOperationId, randomOperationId } from './operation-id';
import { withDeadline } from '../deadline';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { EndedOperation } from '../telemetry';
import type { Call, ChangeRequest, ExecutionResult, OperationDependencies, OperationResult, Plan, Verb } from '../verb';

/** An operation as it was asked for. */
export interface RequestedOperation<Request extends ChangeRequest = ChangeRequest> {
  actor: Actor;
  /** The checked request. Its keys come in its schema's order. */
  request: Request;
  /** The caller's `Idempotency-Key` or the event's id. Without one, every request is an operation of its own. */
  idempotencyKey?: string;
  /** Id of the request in the logs. */
  requestId?: string;
  /** The batch operation that this one is an item of. */
  batchOperationId?: string;
  /**
   * The run that it will act on, where that is known beforehand: recorded with the record, which saves a write. Only for
   * changes that do no harm when made twice: between the record and the change nothing checks the lease.
   */
  runId?: string;
  webUiUrl?: string;
  /** When the caller needs an answer, in milliseconds since the epoch by this machine's clock. */
  deadline?: number;
}

/**
 * How long one attempt owns an operation, in milliseconds. Exceeds the functions' timeout (`functionTimeout` in
 * lib/constructs/rewind-function.ts, 29 s), or a second attempt could act while the first still does.
 */
export const LEASE_MS = 35_000;

/** How long a duplicate waits for the first request's answer, and how often it looks, in milliseconds. */
const DUPLICATE_WAIT_MS = 10_000;
const DUPLICATE_POLL_MS = 150;

/**
 * Executes an operation once, however often it is requested under the same key.
 *
 * 1. The record is written before anything is done, on the condition that there is none.
 * 2. The attempt that wrote it records the target run (unless that came with the record), makes the change, and records
 *    the answer. A repetition gets that answer.
 * 3. An attempt that finds a record whose lease has ended takes it over, and looks into Temporal's history before it acts.
 *
 * @throws {OperationFailure} `idempotency-key-reused`, `operation-in-progress`, `ledger-unavailable` (nothing was done
 *   in these), or what the verb threw
 */
export function executeOnce<Request extends ChangeRequest, Answer extends object, P extends Plan>(
  dependencies: OperationDependencies,
  client: NamespaceClient,
  verb: Verb<Request, Answer, P>,
  operation: RequestedOperation<Request>,
): Promise<ExecutionResult<Answer>> {
  return new Attempt(dependencies, client, verb, operation).run();
}

/** One request's attempt at an operation. */
class Attempt<Request extends ChangeRequest, Answer extends object, P extends Plan> {
  /** The record as this request would create it. */
  private readonly record: OperationRecord;
  private call: Call<Request>;
  private readonly now: () => number;
  private readonly leaseMs: number;
  private readonly startedAt: number;
  private readonly telemetryFields: Pick<EndedOperation, 'state' | 'replayed'> = { replayed: false };

  constructor(
    private readonly dependencies: OperationDependencies,
    client: NamespaceClient,
    private readonly verb: Verb<Request, Answer, P>,
    { idempotencyKey, webUiUrl, deadline, request, ...operation }: RequestedOperation<Request>,
  ) {
    const { now = Date.now, leaseMs = LEASE_MS, taskQueue } = dependencies;
    this.now = now;
    this.leaseMs = leaseMs;
    this.startedAt = now();
    const { namespace } = client;
    const leaseUntil = this.ledgerTime() + leaseMs;
    this.record = {
      ...operation,
      operationId: idempotencyKey === undefined ? randomOperationId() : keyedOperationId(namespace, idempotencyKey),
      namespace,
      workflowId: request.workflowId ?? verb.listedUnder ?? '',
      verb: verb.name,
      reason: request.reason,
      request,
      fingerprint: fingerprint(verb.name, request),
      state: 'started',
      requestedAt: new Date(now()).toISOString(),
      attempt: 1,
      owner: randomUUID(),
      leaseUntil,
      nextCheckAt: new Date(leaseUntil).toISOString(),
    };
    const { operationId, actor, requestId } = this.record;
    this.call = { client, request, operationId, actor, requestId, webUiUrl, deadline, taskQueue };
  }

  async run(): Promise<ExecutionResult<Answer>> {
    try {
      const executed = await this.createOrResume();
      this.report(executed.record.outcome ?? executed.record.state);
      return executed;
    } catch (error) {
      this.report(failureKind(error));
      throw error;
    }
  }

  private async createOrResume(): Promise<ExecutionResult<Answer>> {
    const planning = this.verb.plan(this.call);
    // A failure counts where the plan is awaited, once the operation is claimed.
    planning.catch(() => {});
    const existing = await this.dependencies.ledger.createIfAbsent(this.record);
    if (!existing) return this.execute(this.record, () => planning);
    if (existing.fingerprint !== this.record.fingerprint) throw keyReused(existing);
    return this.replayOrTakeOver(existing);
  }

  /** Waits for the attempt that owns the operation, and takes the operation over when its lease has ended. */
  private async replayOrTakeOver(existing: OperationRecord): Promise<ExecutionResult<Answer>> {
    const { ledger, pause = wait } = this.dependencies;
    const { deadline = Infinity } = this.call;
    const waitUntil = this.now() + Math.min(DUPLICATE_WAIT_MS, deadline - Date.now());
    for (let record: OperationRecord | undefined = existing; record; record = await ledger.find(record.operationId)) {
      if (record.state === 'completed' || record.state === 'refused') {
        this.telemetryFields.replayed = true;
        return replay<Answer>(record);
      }
      if (record.leaseUntil <= this.ledgerTime()) {
        const claimed = await ledger.takeOver(record, randomUUID(), this.ledgerTime() + this.leaseMs);
        if (claimed) return this.resume(claimed);
      }
      if (this.now() >= waitUntil) throw inProgress(record, this.ledgerTime());
      await pause(DUPLICATE_POLL_MS);
    }
    throw new Error(`the ledger lost operation ${existing.operationId}`);
  }

  /** Continues where an earlier attempt broke off. The first requester remains the actor. */
  private async resume(claimed: OperationRecord): Promise<ExecutionResult<Answer>> {
    this.call = { ...this.call, actor: claimed.actor };
    const { runId } = claimed;
    if (runId === undefined) return this.execute(claimed, () => this.verb.plan(this.call));
    let lookedUp = false;
    const lookUpThenPlan = async () => {
      const done = await this.verb.lookupOutcome(this.call, runId, new Date(claimed.requestedAt));
      lookedUp = true;
      return done ? { noop: done } : this.verb.plan(this.call, runId);
    };
    return this.execute(claimed, lookUpThenPlan, () => !lookedUp);
  }

  /** @param earlierMayHaveActed whether an earlier attempt may have made the change and it is not known yet */
  private async execute(
    claimed: OperationRecord,
    planned: () => Promise<{ noop: OperationResult<Answer> } | P>,
    earlierMayHaveActed = () => false,
  ): Promise<ExecutionResult<Answer>> {
    let target: OperationRecord | undefined;
    try {
      const plan = await planned();
      if ('noop' in plan) return await this.complete(claimed, plan.noop);
      target = await this.withTargetRun(claimed, plan.runId);
      return await this.complete(target, await this.verb.execute(this.call, plan));
    } catch (error) {
      const mayHaveActed = target !== undefined && !nothingWasDone(error);
      if (target?.runId !== undefined && mayHaveActed) {
        // The request may have arrived although its answer did not.
        const since = new Date(claimed.requestedAt);
        const done = await this.verb.lookupOutcome(this.call, target.runId, since).catch(() => undefined);
        if (done) return this.complete(target, done);
      }
      await this.recordResult(claimed, failureResult(error, mayHaveActed || earlierMayHaveActed(), this.ledgerTime()));
      throw error;
    }
  }

  /**
   * Records the run that is about to be changed.
   * @throws {OperationFailure} `operation-in-progress` when another attempt has taken the operation over
   */
  private async withTargetRun(claimed: OperationRecord, runId: string): Promise<OperationRecord> {
    const { ledger } = this.dependencies;
    const first = claimed.attempt === 1;
    if (first && claimed.runId === runId && this.ledgerTime() < claimed.leaseUntil) return claimed;
    // The ledger's clock may have been unknown when the record was created: from here on the lease has to be exact.
    const leaseUntil = first ? this.startedAt + ledger.clockOffsetMs + this.leaseMs : claimed.leaseUntil;
    if (!(await ledger.recordTargetRun(claimed, runId, leaseUntil))) throw inProgress(claimed, this.ledgerTime());
    return { ...claimed, runId };
  }

  private async complete(claimed: OperationRecord, done: OperationResult<Answer>): Promise<ExecutionResult<Answer>> {
    const result = completion(done, this.now());
    await this.recordResult(claimed, result);
    return { record: { ...claimed, ...result }, answer: done.answer, replayed: false };
  }

  /** The change is already made, or is not going to be: a ledger error does not change the answer. */
  private async recordResult(claimed: OperationRecord, result: AttemptResult): Promise<void> {
    const { ledger, onRecordFailure } = this.dependencies;
    this.telemetryFields.state = result.state;
    await withDeadline(this.call.deadline, ledger.complete(claimed, result)).catch((error: unknown) =>
      onRecordFailure(claimed, error),
    );
  }

  /** The ledger's clock, as far as its answers have shown it. */
  private ledgerTime(): number {
    return this.now() + this.dependencies.ledger.clockOffsetMs;
  }

  private report(outcome: string): void {
    this.dependencies.telemetry?.operationEnded({
      operation: { ...this.record, requestId: this.call.requestId },
      outcome,
      ...this.telemetryFields,
      durationMs: this.now() - this.startedAt,
    });
  }
}

function replay<Answer extends object>(record: OperationRecord): ExecutionResult<Answer> {
  const { failure } = record;
  if (failure) throw new OperationFailure(failure.kind, failure.message, { ...failure.details, replayed: true });
  return { record, answer: record.answer as Answer, replayed: true };
}

function keyReused({ operationId: id, verb, workflowId }: OperationRecord): OperationFailure {
  return new OperationFailure(
    'idempotency-key-reused',
    `This idempotency key belongs to another request: operation ${id}, ${verb} of workflow ${JSON.stringify(workflowId)}. Nothing was done.`,
    { field: 'Idempotency-Key', allowed: 'a new key for every new request, the same key only for the same request' },
  );
}

function inProgress({ operationId: id, leaseUntil }: OperationRecord, now: number): OperationFailure {
  return new OperationFailure(
    'operation-in-progress',
    `Operation ${id} was started under this key and has not ended yet. Nothing was done this time.`,
    { retryAfterSeconds: Math.max(1, Math.ceil((leaseUntil - now) / 1000)) },
  );
}
