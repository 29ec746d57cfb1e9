import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Actor, OperationContext } from './attribution';
import { OperationFailure } from '../../api/failures';
import type { FailureKind } from '../../api/failures';
import type { AttemptResult, Ledger, OperationRecord, Verb } from './ledger';
import { noopTelemetry } from '../telemetry';
import type { EndedOperation, Telemetry } from '../telemetry';
import { withDeadline } from '../deadline';

/** An operation as it was asked for. */
export interface RequestedOperation<Request extends object = object> {
  namespace: string;
  workflowId: string;
  verb: Verb;
  actor: Actor;
  reason: string;
  /** The checked request; its keys come in its schema's order. */
  request: Request;
  /** The caller's `Idempotency-Key` or the event's id; without one, every request is an operation of its own. */
  idempotencyKey?: string;
  /** The request's id in the logs. */
  requestId?: string;
  /** The batch operation that this one is an item of. */
  batchOperationId?: string;
  /**
   * The run that it will act on, where that is known beforehand: noted with the record, which saves a write. Only for
   * what does no harm when done twice: between the record and the act nobody looks whether the lease is still ours.
   */
  runId?: string;
  webUiUrl?: string;
  /** When whoever asked has to have an answer, by this machine's clock in milliseconds since the epoch. */
  until?: number;
}

/** How an operation is carried out, and how it is found out whether it was. */
export interface OperationHandler<Answer extends object> {
  /**
   * Reads what there is to do. Runs beside the ledger's write, so it changes nothing.
   * @param runId the run that an earlier attempt was about to act on, when there was one
   */
  plan(context: OperationContext, runId?: string): Promise<Plan<Answer>>;
  /**
   * What an earlier attempt did to this run, by what Temporal's history says of it.
   * @returns nothing when it did nothing
   */
  lookupOutcome(context: OperationContext, runId: string, since: Date): Promise<OperationResult<Answer> | undefined>;
}

/** Either there is nothing to do, or there is something to be done to a run. */
export type Plan<Answer> =
  { noop: OperationResult<Answer> } | { runId: string; execute(): Promise<OperationResult<Answer>> };

/** An answer and what the ledger keeps beside it. */
export interface OperationResult<Answer> {
  answer: Answer;
  outcome: string;
  /** It is not known yet how the workflow takes it, or how the batch ends. */
  unsettled?: boolean;
}

export interface ExecuteOnceDependencies {
  ledger: Ledger;
  /** Called when the ledger could not be told how an operation ended. The answer is true all the same. */
  onRecordFailure: (record: OperationRecord, error: unknown) => void;
  telemetry?: Telemetry;
  now?: () => number;
  pause?: (milliseconds: number) => Promise<unknown>;
  /** See {@link LEASE_MS}, which it is when absent. */
  leaseMs?: number;
}

export interface ExecutionResult<Answer> {
  record: OperationRecord;
  answer: Answer;
  /** The answer is the first one under this key; nothing was done this time. */
  replayed: boolean;
}

/**
 * How long the one who begins an operation may take, in milliseconds. Exceeds the functions' timeout
 * (`functionTimeout` in lib/constructs/rewind-function.ts, 29 s), or a second one could act while the first still does.
 */
export const LEASE_MS = 35_000;

/**
 * After an outcome that is not known, how long nobody may try again, in milliseconds: the server may still be at it.
 * Exceeds what one call may take (`CALL_DEADLINE_MS` in operations/temporal/namespace-client.ts).
 */
export const UNKNOWN_OUTCOME_PAUSE_MS = 10_000;

/** How long a duplicate waits for the first one's answer, and how often it looks, in milliseconds. */
const DUPLICATE_WAIT_MS = 10_000;
const DUPLICATE_POLL_MS = 150;

/** How long after a cancellation was requested to look how the workflow took it, in milliseconds. */
const FIRST_CHECK_MS = 15_000;

/** Failures after which it is certain that nothing was done, and that would come again. */
const refusals: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'invalid-request',
  'workflow-not-found',
  'run-not-found',
  'not-a-reset-point',
  'too-many-matches',
  'conflict',
]);

/** Failures after which it is certain that nothing was done, and that may pass. */
const retryableFailures: ReadonlySet<FailureKind> = new Set<FailureKind>(['throttled', 'configuration']);

/**
 * Performs an operation once, however often and by however many it is asked for under the same key.
 *
 * 1. The record is written before anything is done, and only one can write it.
 * 2. Whoever wrote it notes the run (unless it came with the record), acts, and records the answer. A repetition gets
 *    that answer.
 * 3. Whoever finds a record whose lease has ended takes it over, and looks into Temporal's history before acting.
 *
 * @throws {OperationFailure} `idempotency-key-reused`, `operation-in-progress`, `ledger-unavailable` (nothing was done
 *   in these), or what the deed threw
 */
export async function executeOnce<Answer extends object>(
  {
    ledger,
    onRecordFailure,
    telemetry = noopTelemetry,
    now = Date.now,
    pause = wait,
    leaseMs = LEASE_MS,
  }: ExecuteOnceDependencies,
  { idempotencyKey, webUiUrl, until, ...requested }: RequestedOperation,
  deed: OperationHandler<Answer>,
): Promise<ExecutionResult<Answer>> {
  const begun = now();
  /** By the ledger's clock, as far as it is known by then. */
  const time = () => now() + ledger.clockOffsetMs;
  const record: OperationRecord = {
    ...requested,
    operationId:
      idempotencyKey === undefined ? randomOperationId() : keyedOperationId(requested.namespace, idempotencyKey),
    fingerprint: sha256(requested.verb, JSON.stringify(requested.request)),
    state: 'started',
    requestedAt: new Date(now()).toISOString(),
    attempt: 1,
    owner: randomUUID(),
    leaseUntil: time() + leaseMs,
    nextCheckAt: new Date(time() + leaseMs).toISOString(),
  };
  const context: OperationContext = {
    operationId: record.operationId,
    actor: record.actor,
    requestId: record.requestId,
    webUiUrl,
  };

  /** What is told of it, whether it succeeds or not. */
  const telemetryFields: Pick<EndedOperation, 'state' | 'replayed'> = { replayed: false };
  const report = (outcome: string) =>
    telemetry.operationEnded({
      operation: { ...record, requestId: requested.requestId },
      outcome,
      ...telemetryFields,
      durationMs: now() - begun,
    });
  try {
    const performed = await attempt();
    report(performed.record.outcome ?? performed.record.state);
    return performed;
  } catch (error) {
    report(kindOf(error));
    throw error;
  }

  async function attempt(): Promise<ExecutionResult<Answer>> {
    const planning = deed.plan(context);
    // A failure is looked at where the plan is awaited, once the operation is known to be ours.
    planning.catch(() => {});
    const earlier = await ledger.createIfAbsent(record);
    if (!earlier) return execute(record, () => planning);
    if (earlier.fingerprint !== record.fingerprint) throw keyReused(earlier);

    const waitUntil = now() + Math.min(DUPLICATE_WAIT_MS, (until ?? Infinity) - Date.now());
    for (let known: OperationRecord | undefined = earlier; known; known = await ledger.find(record.operationId)) {
      if (known.state === 'completed' || known.state === 'refused') {
        telemetryFields.replayed = true;
        return replay<Answer>(known);
      }
      if (known.leaseUntil <= time()) {
        const claimed = await ledger.takeOver(known, randomUUID(), time() + leaseMs);
        if (claimed) return resume(claimed);
      }
      if (now() >= waitUntil) throw inProgress(known, time());
      await pause(DUPLICATE_POLL_MS);
    }
    throw new Error(`the ledger lost operation ${record.operationId}`);
  }

  /** Goes on where an earlier attempt broke off. Who asked first remains the actor. */
  async function resume(claimed: OperationRecord): Promise<ExecutionResult<Answer>> {
    const first: OperationContext = { ...context, actor: claimed.actor };
    const { runId } = claimed;
    if (runId === undefined) return execute(claimed, () => deed.plan(first));
    let foundOut = false;
    return execute(
      claimed,
      async () => {
        const done = await deed.lookupOutcome(first, runId, new Date(claimed.requestedAt));
        foundOut = true;
        return done ? { noop: done } : deed.plan(first, runId);
      },
      () => !foundOut,
    );
  }

  /** @param mayHaveBeenDone whether an earlier attempt may have acted and it is not known yet */
  async function execute(
    claimed: OperationRecord,
    planned: () => Promise<Plan<Answer>>,
    mayHaveBeenDone = () => false,
  ): Promise<ExecutionResult<Answer>> {
    let actingOn: string | undefined;
    try {
      const plan = await planned();
      if ('noop' in plan) return await completed(claimed, plan.noop);
      const noted = claimed.attempt === 1 && claimed.runId === plan.runId && time() < claimed.leaseUntil;
      // Who began knew of the ledger's clock only if it had been asked before: from here on the lease has to be right.
      const leaseUntil = claimed.attempt === 1 ? begun + ledger.clockOffsetMs + leaseMs : claimed.leaseUntil;
      if (!noted && !(await ledger.recordTargetRun(claimed, plan.runId, leaseUntil))) throw inProgress(claimed, time());
      actingOn = plan.runId;
      return await completed({ ...claimed, runId: actingOn }, await plan.execute());
    } catch (error) {
      if (actingOn !== undefined && !nothingWasDone(error)) {
        // The request may have arrived although its answer did not.
        const done = await deed.lookupOutcome(context, actingOn, new Date(claimed.requestedAt)).catch(() => undefined);
        if (done) return completed({ ...claimed, runId: actingOn }, done);
      }
      const unknown = mayHaveBeenDone() || (actingOn !== undefined && !nothingWasDone(error));
      await recordResult(claimed, failureEnding(error, unknown, time()));
      throw error;
    }
  }

  async function completed(claimed: OperationRecord, done: OperationResult<Answer>): Promise<ExecutionResult<Answer>> {
    const ending = completion(done, now());
    await recordResult(claimed, ending);
    return { record: { ...claimed, ...ending }, answer: done.answer, replayed: false };
  }

  /** What was done cannot be undone because the ledger is down now: the answer has to get out. */
  async function recordResult(claimed: OperationRecord, ending: AttemptResult): Promise<void> {
    telemetryFields.state = ending.state;
    await withDeadline(until, ledger.complete(claimed, ending)).catch((error: unknown) =>
      onRecordFailure(claimed, error),
    );
  }
}

/**
 * Finds out how an operation ended whose function died or got no answer, and records it. Never acts.
 * Does nothing when somebody else took the operation over.
 */
export async function reconcileAttempt<Answer extends object>(
  { ledger, telemetry = noopTelemetry, now = Date.now }: ExecuteOnceDependencies,
  record: OperationRecord,
  deed: OperationHandler<Answer>,
): Promise<void> {
  const begun = now();
  const end = async (operation: OperationRecord, ending: AttemptResult): Promise<void> => {
    await ledger.complete(operation, ending);
    const { state, outcome = state } = ending;
    telemetry.operationEnded({ operation, state, outcome, replayed: false, durationMs: now() - begun });
  };
  const time = () => now() + ledger.clockOffsetMs;
  const claimed = await ledger.takeOver(record, randomUUID(), time() + LEASE_MS);
  if (!claimed) return;
  const { operationId: id, actor, runId } = claimed;
  const done = runId && (await deed.lookupOutcome({ operationId: id, actor }, runId, new Date(claimed.requestedAt)));
  if (done) return end(claimed, completion(done, now()));
  const message = 'The request broke off before anything was done.';
  await end(claimed, {
    state: 'failed',
    outcome: 'broken-off',
    failure: { kind: 'internal', message, details: {} },
    leaseUntil: time(),
  });
}

function completion<Answer extends object>(done: OperationResult<Answer>, now: number): AttemptResult {
  return {
    state: 'completed',
    completedAt: new Date(now).toISOString(),
    outcome: done.outcome,
    answer: done.answer,
    ...(done.unsettled && { nextCheckAt: new Date(now + FIRST_CHECK_MS).toISOString() }),
  };
}

function failureEnding(error: unknown, unknown: boolean, now: number): AttemptResult {
  const kind = kindOf(error);
  const failure = {
    kind,
    message: error instanceof OperationFailure ? error.message : 'Rewind failed.',
    details: error instanceof OperationFailure ? shownDetails(error) : {},
  };
  if (refusals.has(kind)) {
    return { state: 'refused', outcome: kind, failure, completedAt: new Date(now).toISOString() };
  }
  if (!unknown) return { state: 'failed', outcome: kind, failure, leaseUntil: now };
  const leaseUntil = now + UNKNOWN_OUTCOME_PAUSE_MS;
  return { state: 'unknown', outcome: kind, failure, leaseUntil, nextCheckAt: new Date(leaseUntil).toISOString() };
}

function kindOf(error: unknown): FailureKind {
  return error instanceof OperationFailure ? error.kind : 'internal';
}

function nothingWasDone(error: unknown): boolean {
  if (!(error instanceof OperationFailure)) return false;
  return refusals.has(error.kind) || retryableFailures.has(error.kind) || error.details.nothingDone === true;
}

function shownDetails({ details }: OperationFailure): OperationFailure['details'] {
  const { operatorDetail: _, nothingDone: __, ...shown } = details;
  return shown;
}

function replay<Answer extends object>(known: OperationRecord): ExecutionResult<Answer> {
  if (known.failure) throw new OperationFailure(known.failure.kind, known.failure.message, known.failure.details);
  return { record: known, answer: known.answer as Answer, replayed: true };
}

function randomOperationId(): string {
  return `op-${randomUUID().replaceAll('-', '')}`;
}

/**
 * The same key in the same namespace is the same operation, whoever sends it: a pipeline that retries under a new
 * session must not act twice.
 */
export function keyedOperationId(namespace: string, idempotencyKey: string): string {
  return `op-${sha256(namespace, idempotencyKey).slice(0, 32)}`;
}

function sha256(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
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
    `Operation ${id} was begun under this key and has not ended yet. Nothing was done this time.`,
    { retryAfterSeconds: Math.max(1, Math.ceil((leaseUntil - now) / 1000)) },
  );
}
