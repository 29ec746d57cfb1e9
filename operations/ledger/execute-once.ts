import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Actor } from './attribution';
import {
  changedNothing,
  completion,
  continuable,
  isFinal,
  nothingDone,
  outcomeUnknown,
  unknownOutcome,
} from './attempt-result';
import { failureKind, isFailure, OperationFailure } from '../../api/failures';
import { changeLease, coversChange, LEASE_MS } from './lease';
import type { AttemptResult, OperationRecord } from './ledger';
import { ledgerTime } from './ledger-time';
import { lookUpOutcome } from './lookup';
import { fingerprint, keyedOperationId, keyReused, randomOperationId } from './operation-id';
import { guardStartedBefore } from '../chain';
import { withDeadline } from '../deadline';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { EndedOperation } from '../telemetry';
import type { Call, ChangeRequest, ExecutionResult, OperationDependencies, OperationResult, Plan, Verb } from '../verb';

/** A requested operation. */
export interface RequestedOperation<Request extends ChangeRequest = ChangeRequest> {
  actor: Actor;
  /** The validated request, with its keys in the schema's order: the fingerprint depends on it. */
  request: Request;
  /** The caller's `Idempotency-Key`, or the event's ID. Without a key, each request is a separate operation. */
  idempotencyKey?: string;
  /** Id of the request in the logs. */
  requestId?: string;
  /** The batch operation that this one is an item of. */
  batchOperationId?: string;
  /** The item's index in the batch operation. */
  batchPosition?: number;
  /**
   * The target run, where it is known in advance. Recording it with the first write saves a second one. Only for changes
   * that are idempotent in Temporal, because the lease is not checked between this write and the change.
   */
  runId?: string;
  webUiUrl?: string;
  /** Time by which the caller needs an answer, in milliseconds since the epoch by this machine's clock. */
  deadline?: number;
  /**
   * Time of the original request, RFC 3339. Set for requests that may have waited in a queue or in a batch operation: a
   * workflow that was started under the same ID after this time is not changed.
   */
  askedAt?: string;
  /**
   * Whether another request may have been made under this key, for example by an event's trigger before it was changed. Its
   * result is replayed; `idempotency-key-reused` means that it changed nothing.
   */
  replaysOtherRequest?: boolean;
}

/** How long a duplicate request waits for the first request's answer, and its polling interval, in milliseconds. */
const DUPLICATE_WAIT_MS = 10_000;
const DUPLICATE_POLL_MS = 150;

/**
 * Executes an operation once, however often it is requested under the same idempotency key.
 *
 * 1. A conditional write creates the record before any change, if no record exists under its ID.
 * 2. The attempt that created the record records the target run (unless it was part of the first write), makes the change,
 *    and records the answer. A repeated request gets the recorded answer.
 * 3. An attempt that finds a record with an expired lease takes it over, and searches Temporal's history before it acts.
 *
 * @throws {OperationFailure} `idempotency-key-reused`, `operation-in-progress` or `ledger-unavailable`, which all mean that
 *   this request changed nothing; or the verb's failure
 */
export function executeOnce<Request extends ChangeRequest, Answer extends object, P extends Plan>(
  dependencies: OperationDependencies,
  client: NamespaceClient,
  verb: Verb<Request, Answer, P>,
  operation: RequestedOperation<Request>,
): Promise<ExecutionResult<Answer>> {
  return new Attempt(dependencies, client, verb, operation).run();
}

/** A request's attempt at an operation. */
class Attempt<Request extends ChangeRequest, Answer extends object, P extends Plan> {
  /** The record as this request would create it. */
  private readonly record: OperationRecord;
  private call: Call<Request>;
  private readonly now: () => number;
  private readonly leaseMs: number;
  private readonly startedAt: number;
  /** Whether an earlier attempt may have made the change, or Temporal may still execute its request. */
  private earlierMayHaveActed = false;
  private readonly replaysOtherRequest: boolean;
  private readonly telemetryFields: Pick<EndedOperation, 'state' | 'replayed'> = { replayed: false };

  constructor(
    private readonly dependencies: OperationDependencies,
    client: NamespaceClient,
    private readonly verb: Verb<Request, Answer, P>,
    {
      idempotencyKey,
      webUiUrl,
      deadline,
      askedAt,
      request,
      replaysOtherRequest = false,
      ...operation
    }: RequestedOperation<Request>,
  ) {
    const { now = Date.now, leaseMs = LEASE_MS, taskQueue, ledger } = dependencies;
    this.now = now;
    this.leaseMs = leaseMs;
    this.startedAt = now();
    this.replaysOtherRequest = replaysOtherRequest;
    const { namespace } = client;
    const leaseUntil = this.ledgerTime() + leaseMs;
    this.record = {
      ...operation,
      askedAt,
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
    // Avoids an unhandled rejection: a failure is reported where the plan is awaited, once the record exists.
    planning.catch(() => {});
    const existing = await this.dependencies.ledger.createIfAbsent(this.record);
    if (!existing) return this.execute(this.record, () => planning);
    if (existing.fingerprint !== this.record.fingerprint) return this.replayOther(existing);
    return this.replayOrTakeOver(existing);
  }

  /** Replays another request under this key, if the caller allows that and the request changed something, or may have. */
  private replayOther(existing: OperationRecord): ExecutionResult<Answer> {
    if (!this.replaysOtherRequest || existing.state === 'failed')
      throw keyReused(
        `operation ${existing.operationId}, ${existing.verb} of workflow ${JSON.stringify(existing.workflowId)}`,
      );
    if (isFinal(existing)) return this.replay(existing);
    throw inProgress(existing, existing.leaseUntil - this.ledgerTime());
  }

  private async plan(targetRunId?: string): Promise<{ noop: OperationResult<Answer> } | P> {
    const plan = await this.verb.plan(this.call, targetRunId);
    const { client, request, askedAt } = this.call;
    const { workflowId } = request;
    if ('noop' in plan || askedAt === undefined || workflowId === undefined) return plan;
    // The workflow of a batch operation, whose ID takes the place of a run ID, is never another one.
    if (plan.runId === workflowId) return plan;
    await guardStartedBefore(client, { workflowId, runId: plan.runId }, askedAt);
    return plan;
  }

  /** Waits for the attempt that owns the operation, and takes the operation over when that lease expires. */
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

  /**
   * Continues an interrupted attempt. The first requester remains the actor, and the time of the first request decides which
   * workflow is meant.
   */
  private resume(claimed: OperationRecord): Promise<ExecutionResult<Answer>> {
    const { actor, askedAt = claimed.requestedAt } = claimed;
    this.call = { ...this.call, actor, askedAt };
    const { runId } = claimed;
    if (runId === undefined) return this.execute(claimed, () => this.plan());
    this.earlierMayHaveActed = true;
    return this.execute(claimed, () => this.lookUpAndPlan(claimed, runId));
  }

  /** Plans the change only if Temporal's history does not show it: an earlier attempt may have made it. */
  private async lookUpAndPlan(claimed: OperationRecord, runId: string): Promise<{ noop: OperationResult<Answer> } | P> {
    const done = await this.lookUp(claimed, runId);
    if (done) return { noop: done };
    const { mayExecuteUntil = 0 } = claimed;
    const waitMs = mayExecuteUntil - this.ledgerTime();
    if (waitMs > 0 && !this.verb.repeatable) throw inProgress(claimed, waitMs);
    const planned = await this.plan(runId).catch((error: unknown) => ({ error }));
    // Temporal may have executed the earlier request between the lookup and the plan.
    const doneLate = await this.lookUp(claimed, runId);
    if (doneLate) return { noop: doneLate };
    if ('error' in planned) throw planned.error;
    return planned;
  }

  private async lookUp(claimed: OperationRecord, runId: string): Promise<OperationResult<Answer> | undefined> {
    const executionWindowOver = this.ledgerTime() >= (claimed.mayExecuteUntil ?? 0);
    const done = await lookUpOutcome(this.verb, this.call, claimed, runId);
    if (!done && executionWindowOver) this.earlierMayHaveActed = false;
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

  /** Temporal may execute an earlier request after this answer: marks the result for settlement. */
  private maybeUnsettled(noop: OperationResult<Answer>): OperationResult<Answer> {
    return this.earlierMayHaveActed ? { ...noop, unsettled: true } : noop;
  }

  /** @returns undefined when another attempt has taken the operation over */
  private async withTargetRun(claimed: OperationRecord, runId: string): Promise<OperationRecord | undefined> {
    if (claimed.runId === runId && coversChange(claimed.mayExecuteUntil, this.ledgerTime())) return claimed;
    return this.dependencies.ledger.recordTargetRun(claimed, runId, changeLease(this.ledgerTime()));
  }

  private withLease(target: OperationRecord, onRenewed: (record: OperationRecord) => void): Call<Request> {
    let leased = target;
    const assertLease = () => {
      if (!coversChange(leased.mayExecuteUntil, this.ledgerTime())) throw leaseTooShort();
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

  /** @param mayHaveActed whether the change may have been requested, and was not definitely refused */
  private async fail(
    claimed: OperationRecord,
    error: unknown,
    mayHaveActed: boolean,
  ): Promise<ExecutionResult<Answer>> {
    const { runId } = claimed;
    if (runId !== undefined && mayHaveActed) {
      // The server may have executed the request even though its response was lost.
      const done = await lookUpOutcome(this.verb, this.call, claimed, runId).catch(() => undefined);
      if (done) return this.complete(claimed, done);
    }
    if (isFailure(error, 'outcome-unknown')) {
      await this.recordResult(claimed, outcomeUnknown(error, this.ledgerTime()));
      throw error;
    }
    const certain = !mayHaveActed && !this.earlierMayHaveActed;
    const failure = certain || !changedNothing(error) ? error : stillUnknown(claimed, error);
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
   * Answers for an attempt that lost the operation to another attempt: with the recorded result if there is one, otherwise
   * with `own`, which Temporal's history confirms.
   * @throws `otherwise` when there is neither
   */
  private async answerAsRecorded({
    own,
    otherwise,
  }: {
    own?: ExecutionResult<Answer>;
    otherwise?: unknown;
  }): Promise<ExecutionResult<Answer>> {
    const found = this.dependencies.ledger.find(this.record.operationId);
    const record = await withDeadline(this.call.deadline, found).catch(() => undefined);
    if (record && isFinal(record)) return this.replay(record);
    if (own) return own;
    throw otherwise;
  }

  /**
   * Records the result. A ledger error does not change the answer: what the attempt did to the workflow is already decided.
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

  /** Current time by the ledger's clock, estimated from its responses. */
  private ledgerTime(): number {
    return ledgerTime(this.dependencies);
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

function leaseTooShort(): OperationFailure {
  return new OperationFailure(
    'temporal-timeout',
    'The preparation took so long that another request may have taken the operation over. Nothing was done; try again.',
    { retryAfterSeconds: 1, nothingDone: true },
  );
}

/** This request changed nothing, but an earlier request under the same key may have. */
function stillUnknown({ operationId: id }: OperationRecord, error: unknown): unknown {
  if (isFailure(error, 'operation-in-progress')) return error;
  const what = `An earlier request may have executed operation ${id}, and Rewind could not read Temporal's history to check.`;
  return continuable(`${what} Try again.`, error);
}

/** @param waitMs time until another attempt can succeed, in milliseconds */
function inProgress({ operationId: id }: OperationRecord, waitMs: number): OperationFailure {
  return new OperationFailure(
    'operation-in-progress',
    `Operation ${id} was started under this key and has not ended yet. Nothing was done this time.`,
    { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) },
  );
}
