import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Actor, OperationContext } from './attribution';
import { OperationFailure } from './failures';
import type { FailureKind } from './failures';
import type { Ending, Ledger, OperationRecord, Verb } from './ledger';
import { silent } from './telemetry';
import type { EndedOperation, Telemetry } from './telemetry';
import { before } from './time-limit';

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
export interface Deed<Answer extends object> {
  /**
   * Reads what there is to do. Runs beside the ledger's write, so it changes nothing.
   * @param runId the run that an earlier attempt was about to act on, when there was one
   */
  plan(context: OperationContext, runId?: string): Promise<Plan<Answer>>;
  /**
   * What an earlier attempt did to this run, by what Temporal's history says of it.
   * @returns nothing when it did nothing
   */
  findOut(context: OperationContext, runId: string, since: Date): Promise<Done<Answer> | undefined>;
}

/** Either there is nothing to do, or there is something to be done to a run. */
export type Plan<Answer> = { nothingToDo: Done<Answer> } | { runId: string; act(): Promise<Done<Answer>> };

/** An answer and what the ledger keeps beside it. */
export interface Done<Answer> {
  answer: Answer;
  outcome: string;
  /** It is not known yet how the workflow takes it, or how the batch ends. */
  unsettled?: boolean;
}

export interface OnceDependencies {
  ledger: Ledger;
  /** Called when the ledger could not be told how an operation ended. The answer is true all the same. */
  onUnrecorded: (record: OperationRecord, error: unknown) => void;
  telemetry?: Telemetry;
  now?: () => number;
  pause?: (milliseconds: number) => Promise<unknown>;
  /** See {@link LEASE_MS}, which it is when absent. */
  leaseMs?: number;
}

export interface Performed<Answer> {
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
const DUPLICATE_PATIENCE_MS = 10_000;
const DUPLICATE_LOOK_MS = 150;

/** How long after a cancellation was requested to look how the workflow took it, in milliseconds. */
const FIRST_LOOK_MS = 15_000;

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
const passingFailures: ReadonlySet<FailureKind> = new Set<FailureKind>(['throttled', 'configuration']);

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
export async function performOnce<Answer extends object>(
  { ledger, onUnrecorded, telemetry = silent, now = Date.now, pause = wait, leaseMs = LEASE_MS }: OnceDependencies,
  { idempotencyKey, webUiUrl, until, ...requested }: RequestedOperation,
  deed: Deed<Answer>,
): Promise<Performed<Answer>> {
  const begun = now();
  /** By the ledger's clock, as far as it is known by then. */
  const time = () => now() + ledger.clockAheadMs;
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
    dueAt: new Date(time() + leaseMs).toISOString(),
  };
  const context: OperationContext = {
    operationId: record.operationId,
    actor: record.actor,
    requestId: record.requestId,
    webUiUrl,
  };

  /** What is told of it, whether it succeeds or not. */
  const course: Pick<EndedOperation, 'state' | 'replayed'> = { replayed: false };
  const tell = (outcome: string) =>
    telemetry.operationEnded({
      operation: { ...record, requestId: requested.requestId },
      outcome,
      ...course,
      durationMs: now() - begun,
    });
  try {
    const performed = await attempt();
    tell(performed.record.outcome ?? performed.record.state);
    return performed;
  } catch (error) {
    tell(kindOf(error));
    throw error;
  }

  async function attempt(): Promise<Performed<Answer>> {
    const planning = deed.plan(context);
    // A failure is looked at where the plan is awaited, once the operation is known to be ours.
    planning.catch(() => {});
    const earlier = await ledger.begin(record);
    if (!earlier) return carryOut(record, () => planning);
    if (earlier.fingerprint !== record.fingerprint) throw keyReused(earlier);

    const patience = now() + Math.min(DUPLICATE_PATIENCE_MS, (until ?? Infinity) - Date.now());
    for (let known: OperationRecord | undefined = earlier; known; known = await ledger.find(record.operationId)) {
      if (known.state === 'completed' || known.state === 'refused') {
        course.replayed = true;
        return replay<Answer>(known);
      }
      if (known.leaseUntil <= time()) {
        const mine = await ledger.takeOver(known, randomUUID(), time() + leaseMs);
        if (mine) return goOn(mine);
      }
      if (now() >= patience) throw inProgress(known, time());
      await pause(DUPLICATE_LOOK_MS);
    }
    throw new Error(`the ledger lost operation ${record.operationId}`);
  }

  /** Goes on where an earlier attempt broke off. Who asked first remains the actor. */
  async function goOn(mine: OperationRecord): Promise<Performed<Answer>> {
    const first: OperationContext = { ...context, actor: mine.actor };
    const { runId } = mine;
    if (runId === undefined) return carryOut(mine, () => deed.plan(first));
    let foundOut = false;
    return carryOut(
      mine,
      async () => {
        const done = await deed.findOut(first, runId, new Date(mine.requestedAt));
        foundOut = true;
        return done ? { nothingToDo: done } : deed.plan(first, runId);
      },
      () => !foundOut,
    );
  }

  /** @param mayHaveBeenDone whether an earlier attempt may have acted and it is not known yet */
  async function carryOut(
    mine: OperationRecord,
    planned: () => Promise<Plan<Answer>>,
    mayHaveBeenDone = () => false,
  ): Promise<Performed<Answer>> {
    let actingOn: string | undefined;
    try {
      const plan = await planned();
      if ('nothingToDo' in plan) return await completed(mine, plan.nothingToDo);
      const noted = mine.attempt === 1 && mine.runId === plan.runId && time() < mine.leaseUntil;
      // Who began knew of the ledger's clock only if it had been asked before: from here on the lease has to be right.
      const leaseUntil = mine.attempt === 1 ? begun + ledger.clockAheadMs + leaseMs : mine.leaseUntil;
      if (!noted && !(await ledger.pin(mine, plan.runId, leaseUntil))) throw inProgress(mine, time());
      actingOn = plan.runId;
      return await completed({ ...mine, runId: actingOn }, await plan.act());
    } catch (error) {
      if (actingOn !== undefined && !nothingWasDone(error)) {
        // The request may have arrived although its answer did not.
        const done = await deed.findOut(context, actingOn, new Date(mine.requestedAt)).catch(() => undefined);
        if (done) return completed({ ...mine, runId: actingOn }, done);
      }
      const unknown = mayHaveBeenDone() || (actingOn !== undefined && !nothingWasDone(error));
      await note(mine, failureEnding(error, unknown, time()));
      throw error;
    }
  }

  async function completed(mine: OperationRecord, done: Done<Answer>): Promise<Performed<Answer>> {
    const ending = completion(done, now());
    await note(mine, ending);
    return { record: { ...mine, ...ending }, answer: done.answer, replayed: false };
  }

  /** What was done cannot be undone because the ledger is down now: the answer has to get out. */
  async function note(mine: OperationRecord, ending: Ending): Promise<void> {
    course.state = ending.state;
    await before(until, ledger.end(mine, ending)).catch((error: unknown) => onUnrecorded(mine, error));
  }
}

/**
 * Finds out how an operation ended whose function died or got no answer, and records it. Never acts.
 * Does nothing when somebody else took the operation over.
 */
export async function settleAttempt<Answer extends object>(
  { ledger, telemetry = silent, now = Date.now }: OnceDependencies,
  record: OperationRecord,
  deed: Deed<Answer>,
): Promise<void> {
  const begun = now();
  const end = async (operation: OperationRecord, ending: Ending): Promise<void> => {
    await ledger.end(operation, ending);
    const { state, outcome = state } = ending;
    telemetry.operationEnded({ operation, state, outcome, replayed: false, durationMs: now() - begun });
  };
  const time = () => now() + ledger.clockAheadMs;
  const mine = await ledger.takeOver(record, randomUUID(), time() + LEASE_MS);
  if (!mine) return;
  const { operationId: id, actor, runId } = mine;
  const done = runId && (await deed.findOut({ operationId: id, actor }, runId, new Date(mine.requestedAt)));
  if (done) return end(mine, completion(done, now()));
  const message = 'The request broke off before anything was done.';
  await end(mine, {
    state: 'failed',
    outcome: 'broken-off',
    failure: { kind: 'internal', message, details: {} },
    leaseUntil: time(),
  });
}

function completion<Answer extends object>(done: Done<Answer>, now: number): Ending {
  return {
    state: 'completed',
    completedAt: new Date(now).toISOString(),
    outcome: done.outcome,
    answer: done.answer,
    ...(done.unsettled && { dueAt: new Date(now + FIRST_LOOK_MS).toISOString() }),
  };
}

function failureEnding(error: unknown, unknown: boolean, now: number): Ending {
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
  return { state: 'unknown', outcome: kind, failure, leaseUntil, dueAt: new Date(leaseUntil).toISOString() };
}

function kindOf(error: unknown): FailureKind {
  return error instanceof OperationFailure ? error.kind : 'internal';
}

function nothingWasDone(error: unknown): boolean {
  if (!(error instanceof OperationFailure)) return false;
  return refusals.has(error.kind) || passingFailures.has(error.kind) || error.details.nothingDone === true;
}

function shownDetails({ details }: OperationFailure): OperationFailure['details'] {
  const { operatorDetail: _, nothingDone: __, ...shown } = details;
  return shown;
}

function replay<Answer extends object>(known: OperationRecord): Performed<Answer> {
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
