import { status as grpcStatus } from '@grpc/grpc-js';
import { OperationFailure } from '../../../api/failures';
import type { Ledger, OperationRecord } from '../../../operations/ledger/ledger';
import { collect } from '../../support/collect';
import type { Calls } from '../../../operations/temporal/managed-connection';
import { failure } from './temporal-model';
import type { ModelRequest, TemporalModel } from './temporal-model';
import type { Process, Random, World } from './world';

/** The probability of each fault, and its extent. */
export interface Faults {
  /** Temporal throttles a request. */
  throttled: number;
  /** A request to Temporal never arrives. */
  lostRequest: number;
  /** Temporal executes a request, but its response never arrives. */
  lostAnswer: number;
  /** The connection breaks immediately; the request may still be executed. */
  reset: number;
  /** A request is executed after its deadline, by up to `lateMs`. */
  late: number;
  lateMs: number;
  /** A call takes seconds. */
  slow: number;
  /** A write to the ledger or its response is lost; the SDK retries once. */
  ledger: number;
}

export const noFaults: Faults = {
  throttled: 0,
  lostRequest: 0,
  lostAnswer: 0,
  reset: 0,
  late: 0,
  lateMs: 0,
  slow: 0,
  ledger: 0,
};

/** One certain fault, and no other. */
export const certain = (
  fault: 'throttled' | 'lostRequest' | 'lostAnswer' | 'reset' | 'late',
  lateMs: number,
): Faults => ({
  ...noFaults,
  [fault]: 1,
  lateMs,
});

/** The connection of one process to Temporal. A change is sent once, a read that fails is not repeated. */
export function faultyCalls(
  world: World,
  process: Process,
  model: TemporalModel,
  random: Random,
  faults: (change: boolean) => Faults,
): Calls {
  const call = (rpc: Parameters<Calls['call']>[0], request: unknown, deadline: number, change: boolean) => {
    const now = faults(change);
    const sentAt = world.time;
    const timeoutMs = Math.max(0, deadline - (world.time + process.skewMs));
    const latencyMs = random.chance(now.slow) ? random.int(1_000, 7_000) : random.int(2, 60);
    const execute = () => model.execute(rpc, request as ModelRequest, sentAt);
    const fails = (code: grpcStatus, ms: number) =>
      world.answer(process, Math.min(ms, timeoutMs), () => {
        if (!change) process.blind = true;
        throw failure(code, `simulated ${grpcStatus[code]}`);
      });
    const executeIn = (ms: number) => world.in(ms, () => void attempt(execute));

    if (random.chance(now.throttled)) return fails(grpcStatus.RESOURCE_EXHAUSTED, latencyMs);
    if (random.chance(now.lostRequest)) return fails(grpcStatus.DEADLINE_EXCEEDED, timeoutMs);
    if (random.chance(now.reset)) {
      if (change && random.chance(0.5)) executeIn(random.int(0, timeoutMs + now.lateMs));
      return fails(grpcStatus.UNAVAILABLE, random.int(1, 50));
    }
    if (random.chance(now.lostAnswer)) {
      if (change) executeIn(random.int(1, timeoutMs));
      return fails(grpcStatus.DEADLINE_EXCEEDED, timeoutMs);
    }
    if (random.chance(now.late)) {
      if (change) executeIn(timeoutMs + random.int(0, now.lateMs));
      return fails(grpcStatus.DEADLINE_EXCEEDED, timeoutMs);
    }
    if (latencyMs >= timeoutMs) {
      if (change) executeIn(timeoutMs);
      return fails(grpcStatus.DEADLINE_EXCEEDED, timeoutMs);
    }
    return executedOnTheWay(world, process, latencyMs, random, execute);
  };
  return {
    call: (rpc, request, { deadline, kind }) => {
      if (kind === 'longPoll') return longPoll(world, process, model, request as ModelRequest, deadline) as never;
      return call(rpc, request, deadline, kind === 'change') as never;
    },
  };
}

/** Executed at some time before the response arrives, even if the process is killed meanwhile. */
async function executedOnTheWay<T>(
  world: World,
  process: Process,
  latencyMs: number,
  random: Random,
  execute: () => T,
): Promise<T> {
  let outcome: (() => T) | undefined;
  world.in(random.int(0, latencyMs), () => {
    outcome = attempt(execute);
  });
  return world.answer(process, latencyMs, () => {
    if (!outcome) throw new Error('the response arrived before the execution');
    return outcome();
  });
}

function attempt<T>(execute: () => T): () => T {
  try {
    const value = execute();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** Checks every second of virtual time whether the run has closed. */
async function longPoll(
  world: World,
  process: Process,
  model: TemporalModel,
  { execution = {} }: ModelRequest,
  deadline: number,
): Promise<object> {
  for (;;) {
    const closed = await world.answer(
      process,
      1_000,
      () => model.runs.get(execution.runId ?? '')?.closedAt !== undefined,
    );
    if (closed || Date.now() >= deadline) return { history: { events: closed ? [{}] : [] } };
  }
}

/** How late a write can be executed after its caller has given up. */
const LATE_WRITE_MS = 10_000;
const writes = new Set([
  'createIfAbsent',
  'takeOver',
  'recordTargetRun',
  'complete',
  'update',
  'postpone',
  'updateBatch',
  'acquireLock',
]);

/** The ledger of one process, which estimates the ledger's clock from responses, as the deployed ledger does. */
export function faultyLedger(
  world: World,
  process: Process,
  ledger: Ledger,
  random: Random,
  faults: () => Faults,
): Ledger {
  let clockOffsetMs = 0;
  const readClock = (askedAt: number) => {
    const date = Math.floor(world.time / 1000) * 1000;
    clockOffsetMs = Math.max(0, date - Date.now()) + Math.min(0, date + 1000 - askedAt);
  };
  const readDue = (...args: unknown[]) => collect(ledger.due(...(args as Parameters<Ledger['due']>)));
  async function call(method: keyof Ledger, args: unknown[]): Promise<unknown> {
    const { ledger: rate } = faults();
    const execute = async () => {
      const at = world.time;
      const read = method === 'due' ? readDue : (ledger[method] as (...args: unknown[]) => Promise<unknown>);
      const result = await read.apply(ledger, args);
      if (method === 'complete' && result !== undefined) process.recordedAt ??= at;
      return result;
    };
    for (let attemptNumber = 1; ; attemptNumber += 1) {
      const askedAt = Date.now();
      if (!random.chance(rate)) {
        const { promise } = await world.answer(process, random.int(2, 40), () => ({ promise: execute() }));
        readClock(askedAt);
        const result = await promise;
        if (method === 'complete') process.recorded = result !== undefined;
        return result;
      }
      // The request is lost, its answer is lost, or it is executed after the caller gave up.
      const kind = random.int(1, 3);
      if (kind === 2) world.in(random.int(1, 100), () => void execute());
      if (kind === 3 && writes.has(method)) world.in(random.int(3_000, LATE_WRITE_MS), () => void execute());
      await world.answer(process, random.chance(0.5) ? 3_000 : random.int(1, 100), () => {});
      if (attemptNumber === 2) throw new OperationFailure('ledger-unavailable', 'simulated', { retryAfterSeconds: 2 });
    }
  }
  async function* due(...args: unknown[]): AsyncGenerator<OperationRecord, void, void> {
    for (const record of (await call('due', args)) as OperationRecord[]) {
      // Reconciliation of earlier records takes time, in which the record can change.
      if (random.chance(0.3)) await world.answer(process, random.int(1, 20_000), () => {});
      yield record;
    }
  }
  return new Proxy(ledger, {
    get(_, name) {
      if (name === 'clockOffsetMs') return clockOffsetMs;
      return name === 'due' ? due : (...args: unknown[]) => call(name as keyof Ledger, args);
    },
  });
}
