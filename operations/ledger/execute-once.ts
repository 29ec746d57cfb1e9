import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Actor } from './attribution';
import {
  changedNothing,
  completion,
  failureKind,
  isFinal,
  nothingDone,
  outcomeUnknown,
  unknownOutcome,
} from './attempt-result';
import { OperationFailure } from '../../api/failures';
import { changeLease, coversChange, LEASE_MS } from './lease';
import type { AttemptResult, OperationRecord } from './ledger';
import { lookUpOutcome } from './lookup';
import { fingerprint, keyedOperationId, randomOperationId } from './operation-id';
import { guardAge } from '../chain';
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
  /** Which of its items. */
  batchPosition?: number;
  /**
   * The run that it will act on, where that is known beforehand: recorded with the record, which saves a write. Only for
   * changes that do no harm when made twice: between the record and the change nothing checks the lease.
   */
  runId?: string;
  webUiUrl?: string;
  /** When the caller needs an answer, in milliseconds since the epoch by this machine's clock. */
  deadline?: number;
  /**
   * Of a request that may have waited, in a queue or in a batch operation: when it was made, RFC 3339. A workflow that
   * was started anew under the id since is not changed.
   */
  askedAt?: string;
}

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
  /** An earlier attempt may have made the change, or its request may still be executed. */
  private earlierMayHaveActed = false;
  private readonly telemetryFields: Pick<EndedOperation, 'state' | 'replayed'> = { replayed: false };

  constructor(
    private readonly dependencies: OperationDependencies,
    client: NamespaceClient,
    private readonly verb: Verb<Request, Answer, P>,
    { idempotencyKey, webUiUrl, deadline, askedAt, request, ...operation }: RequestedOperation<Request>,
  ) {
    const { now = Date.now, leaseMs = LEASE_MS, taskQueue, ledger } = dependencies;
    this.now = now;
    this.leaseMs = leaseMs;
    this.startedAt = now();
    const { namespace } = client;
    const leaseUntil = this.ledgerTime() + leaseMs;
    this.record = {
      ...operation,
      ...(operation.runId !== undefined && { mayExecuteUntil: changeLease(this.ledgerTime()).mayExecuteUntil }),
      operationId: idempotencyKey === undefined ? randomOperationId() : keyedOperationId(namespace, idempotencyKey),
      namespace,
      workflowId: request.workflowId ?? verb.listedUnder ?? '',
      verb: verb.name,
      reason: request.reason,
      request: verb.recordedRequest?.(request) ?? request,
      fingerprint: fingerprint(verb.name, request),
      state: 'started',
      requestedAt: new Date(this.ledgerTime()).toISOString(),
      attempt: 1,
      owner: randomUUID(),
      leaseUntil,
      version: 1,
      nextCheckAt: new Date(leaseUntil).toISOString(),
    };
    const { operationId, actor, requestId } = this.record;
    this.call = { client, request, operationId, actor, requestId, webUiUrl, deadline, askedAt, taskQueue, ledger };
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
    const planning = this.plan(this.record.runId);
    // A failure counts where the plan is awaited, once the operation is claimed.
    planning.catch(() => {});
    const existing = await this.dependencies.ledger.createIfAbsent(this.record);
    if (!existing) return this.execute(this.record, () => planning);
    if (existing.fingerprint !== this.record.fingerprint) throw keyReused(existing);
    return this.replayOrTakeOver(existing);
  }

  private async plan(targetRunId?: string): Promise<{ noop: OperationResult<Answer> } | P> {
    const plan = await this.verb.plan(this.call, targetRunId);
    const { client, request, askedAt } = this.call;
    const { workflowId } = request;
    if ('noop' in plan || askedAt === undefined || workflowId === undefined) return plan;
    await guardAge(client, { workflowId, runId: plan.runId }, askedAt);
    return plan;
  }

  /** Waits for the attempt that owns the operation, and takes the operation over when its lease has ended. */
  private async replayOrTakeOver(existing: OperationRecord): Promise<ExecutionResult<Answer>> {
    const { ledger, pause = wait } = this.dependencies;
    const { deadline = Infinity } = this.call;
    const waitUntil = this.now() + Math.min(DUPLICATE_WAIT_MS, deadline - Date.now());
    for (let record: OperationRecord | undefined = existing; record; record = await ledger.find(record.operationId)) {
      if (isFinal(record)) return this.replay(record);
      if (record.leaseUntil <= this.ledgerTime()) {
        const claimed = await ledger.takeOver(record, randomUUID(), this.ledgerTime() + this.leaseMs);
        if (claimed) return this.resume(claimed);
      }
      if (this.now() >= waitUntil) throw inProgress(record, record.leaseUntil - this.ledgerTime());
      await pause(DUPLICATE_POLL_MS);
    }
    throw new Error(`the ledger lost operation ${existing.operationId}`);
  }

  private replay(record: OperationRecord): ExecutionResult<Answer> {
    this.telemetryFields.replayed = true;
    const { failure } = record;
    if (failure) throw new OperationFailure(failure.kind, failure.message, { ...failure.details, replayed: true });
    return { record, answer: record.answer as Answer, replayed: true };
  }

  /** Continues where an earlier attempt broke off. The first requester remains the actor. */
  private resume(claimed: OperationRecord): Promise<ExecutionResult<Answer>> {
    this.call = { ...this.call, actor: claimed.actor };
    const { runId } = claimed;
    if (runId === undefined) return this.execute(claimed, () => this.plan());
    this.earlierMayHaveActed = true;
    return this.execute(claimed, () => this.lookUpAndPlan(claimed, runId));
  }

  /** An earlier attempt may have made the change, or its request may still be executed. */
  private async lookUpAndPlan(claimed: OperationRecord, runId: string): Promise<{ noop: OperationResult<Answer> } | P> {
    const done = await this.lookUp(claimed, runId);
    if (done) return { noop: done };
    const { mayExecuteUntil = 0 } = claimed;
    const waitMs = mayExecuteUntil - this.ledgerTime();
    if (waitMs > 0 && !this.verb.repeatable) throw inProgress(claimed, waitMs);
    const planned = await this.plan(runId).catch((error: unknown) => ({ error }));
    // The earlier request may have been executed between the look and the plan.
    const doneLate = await this.lookUp(claimed, runId);
    if (doneLate) return { noop: doneLate };
    if ('error' in planned) throw planned.error;
    return planned;
  }

  private async lookUp(claimed: OperationRecord, runId: string): Promise<OperationResult<Answer> | undefined> {
    const over = this.ledgerTime() >= (claimed.mayExecuteUntil ?? 0);
    const done = await lookUpOutcome(this.verb, this.call, claimed, runId);
    if (!done && over) this.earlierMayHaveActed = false;
    return done;
  }

  private async execute(
    claimed: OperationRecord,
    planned: () => Promise<{ noop: OperationResult<Answer> } | P>,
  ): Promise<ExecutionResult<Answer>> {
    let target: OperationRecord | undefined;
    let done: OperationResult<Answer> | undefined;
    try {
      const plan = await planned();
      if ('noop' in plan) {
        done = this.maybeUnsettled(plan.noop);
      } else {
        target = await this.withTargetRun(claimed, plan.runId);
        if (target) {
          const call = this.withLease(target, (renewed) => (target = renewed));
          done = await this.verb.execute(call, plan, this.dependencies);
        }
      }
    } catch (error) {
      return this.fail(target ?? claimed, error, target !== undefined && !changedNothing(error));
    }
    return done ? this.complete(target ?? claimed, done) : this.answerAsRecorded({ otherwise: inProgress(claimed, 0) });
  }

  /** What an earlier request does after this answer is found out when it is settled. */
  private maybeUnsettled(noop: OperationResult<Answer>): OperationResult<Answer> {
    return this.earlierMayHaveActed ? { ...noop, unsettled: true } : noop;
  }

  /** @returns nothing when another attempt has taken the operation over */
  private async withTargetRun(claimed: OperationRecord, runId: string): Promise<OperationRecord | undefined> {
    if (claimed.runId === runId && coversChange(claimed.mayExecuteUntil, this.ledgerTime())) return claimed;
    return this.dependencies.ledger.recordTargetRun(claimed, runId, changeLease(this.ledgerTime()));
  }

  private withLease(target: OperationRecord, onRenewed: (record: OperationRecord) => void): Call<Request> {
    let leased = target;
    const assertLease = () => {
      if (!coversChange(leased.mayExecuteUntil, this.ledgerTime())) throw tooLate();
    };
    const renewLease = async () => {
      const { runId = '' } = leased;
      const renewed = await this.dependencies.ledger.recordTargetRun(leased, runId, changeLease(this.ledgerTime()));
      if (!renewed) throw inProgress(leased, 0);
      leased = renewed;
      onRenewed(renewed);
    };
    return { ...this.call, assertLease, renewLease };
  }

  /** @param mayHaveActed whether the change was requested and not refused */
  private async fail(
    claimed: OperationRecord,
    error: unknown,
    mayHaveActed: boolean,
  ): Promise<ExecutionResult<Answer>> {
    const { runId } = claimed;
    if (runId !== undefined && mayHaveActed) {
      // The request may have arrived although its answer did not.
      const done = await lookUpOutcome(this.verb, this.call, claimed, runId).catch(() => undefined);
      if (done) return this.complete(claimed, done);
    }
    if (failureKind(error) === 'outcome-unknown') {
      await this.recordResult(claimed, outcomeUnknown(error as OperationFailure, this.ledgerTime()));
      throw error;
    }
    const certain = !mayHaveActed && !this.earlierMayHaveActed;
    const failure = certain || !changedNothing(error) ? error : stillUnknown(claimed, error as OperationFailure);
    const time = this.ledgerTime();
    const result = certain ? nothingDone(failure, time) : unknownOutcome(claimed, failure, time);
    const recorded = await this.recordResult(claimed, result);
    if (!recorded) return this.answerAsRecorded({ otherwise: certain ? inProgress(claimed, 0) : failure });
    throw failure;
  }

  private async complete(claimed: OperationRecord, done: OperationResult<Answer>): Promise<ExecutionResult<Answer>> {
    const result = completion(done, this.ledgerTime());
    const own = { record: { ...claimed, ...result }, answer: done.answer, replayed: false };
    const recorded = await this.recordResult(claimed, result);
    return recorded ? own : this.answerAsRecorded({ own });
  }

  /**
   * The answer of an attempt that lost the operation to another: what that one recorded. While nothing is recorded, `own`,
   * which history shows as well.
   */
  private async answerAsRecorded({
    own,
    otherwise,
  }: {
    own?: ExecutionResult<Answer>;
    otherwise?: unknown;
  }): Promise<ExecutionResult<Answer>> {
    const found = this.dependencies.ledger.find(this.record.operationId);
    const record = await withDeadline(this.call.deadline, found).catch(ignoreFailure);
    if (record && isFinal(record)) return this.replay(record);
    if (own) return own;
    throw otherwise;
  }

  /**
   * A ledger error does not change the answer: the change is already made, or is not going to be.
   * @returns false when another attempt has taken the operation over
   */
  private async recordResult(claimed: OperationRecord, result: AttemptResult): Promise<boolean> {
    const { ledger, onRecordFailure } = this.dependencies;
    this.telemetryFields.state = result.state;
    try {
      return (await withDeadline(this.call.deadline, ledger.complete(claimed, result))) !== undefined;
    } catch (error) {
      onRecordFailure(claimed, error);
      return true;
    }
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

function keyReused({ operationId: id, verb, workflowId }: OperationRecord): OperationFailure {
  return new OperationFailure(
    'idempotency-key-reused',
    `This idempotency key belongs to another request: operation ${id}, ${verb} of workflow ${JSON.stringify(workflowId)}. Nothing was done.`,
    { field: 'Idempotency-Key', allowed: 'a new key for every new request, the same key only for the same request' },
  );
}

function ignoreFailure(): undefined {}

function tooLate(): OperationFailure {
  return new OperationFailure(
    'temporal-timeout',
    'The preparation took so long that another request may execute the operation. Nothing was done; try again.',
    { retryAfterSeconds: 1, nothingDone: true },
  );
}

/** This request did nothing, but an earlier one under its key may have. */
function stillUnknown({ operationId: id }: OperationRecord, error: OperationFailure): OperationFailure {
  if (error.kind === 'operation-in-progress') return error;
  const { retryAfterSeconds = 5, operatorDetail = error.message } = error.details;
  return new OperationFailure(
    'temporal-unavailable',
    `An earlier request may have executed operation ${id}, and Temporal did not let Rewind find out this time. Try again.`,
    { retryAfterSeconds, operatorDetail },
    { cause: error },
  );
}

/** @param waitMs until another attempt can succeed */
function inProgress({ operationId: id }: OperationRecord, waitMs: number): OperationFailure {
  return new OperationFailure(
    'operation-in-progress',
    `Operation ${id} was started under this key and has not ended yet. Nothing was done this time.`,
    { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) },
  );
}
