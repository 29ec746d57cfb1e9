import { OperationFailure, failures } from '../../../api/failures';
import type { FailureKind } from '../../../api/failures';
import { executeItems } from '../../../operations/batch/execute-items';
import type { CancelResult } from '../../../api/cancel';
import { executeOperation } from '../../../operations/execute-operation';
import { verbs } from '../../../operations/index';
import { InMemoryLedger } from '../../support/in-memory-ledger';
import type { Ledger, OperationRecord } from '../../../operations/ledger/ledger';
import { keyedOperationId } from '../../../operations/ledger/operation-id';
import { reconcileOperations } from '../../../operations/ledger/reconcile';
import type { ResetResult } from '../../../api/reset';
import { NamespaceClient } from '../../../operations/temporal/namespace-client';
import type { TerminateResult } from '../../../api/terminate';
import type { OperationDependencies } from '../../../operations/verb';
import { certain, faultyCalls, faultyLedger, noFaults } from './faulty-parts';
import type { Faults } from './faulty-parts';
import { TemporalModel } from './temporal-model';
import type { Behavior, Run } from './temporal-model';
import { Process, Random, World } from './world';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const NAMESPACE = 'default';
const WORKFLOW = 'order';

/** After this time no faults and no requests occur; only the workflows run. */
const FAULTS_END = 4 * MINUTE;
/** By this time the ledger must match what happened. */
const END = 45 * MINUTE;
/** Timeout of a function, and its response deadline. */
const FUNCTION_TIMEOUT = 29 * SECOND;
const ANSWER_WITHIN = 28 * SECOND;

type Change = 'cancel' | 'terminate' | 'reset';
type Answer = (CancelResult | TerminateResult | ResetResult) & { successorRunId?: string };

/** A request under a key, as callers repeat it. */
interface Request {
  key: string;
  verb: Change;
  withRunId: boolean;
  /** The items of a batch operation, which a worker executes. */
  batch: boolean;
  waitSeconds: number;
}

/** The response that a caller received. */
interface Answered {
  operationId: string;
  verb: Change;
  startedAt: number;
  at: number;
  answer?: Answer;
  /** The answer is the one that was recorded. */
  replayed?: boolean;
  /** The recorded answer equals this one. */
  wasRecorded?: boolean;
  failure?: OperationFailure;
}

export interface ScheduleResult {
  violations: string[];
  /** A log of events, for replays of the seed. */
  log: string[];
}

/**
 * Runs one schedule: a workflow, two to five callers or workers under one or two keys, other tools that change the workflow,
 * faults, and reconciliation every minute. The seed determines the schedule.
 */
export async function runSchedule(seed: number): Promise<ScheduleResult> {
  const schedule = new Schedule(seed);
  const uninstall = schedule.world.install();
  const { stackTraceLimit } = Error;
  // Capturing the stack traces of faults takes a third of the time.
  Error.stackTraceLimit = 0;
  try {
    return await schedule.run();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    uninstall();
  }
}

class Schedule {
  readonly world = new World();
  private readonly random: Random;
  private readonly model: TemporalModel;
  private readonly ledger = new InMemoryLedger();
  private readonly requests: Request[] = [];
  private readonly answers: Answered[] = [];
  private readonly callers: { operationId: string; process: Process }[] = [];
  private readonly log: string[] = [];
  private readonly violations: string[] = [];
  private readonly defects: string[] = [];
  private readonly start: number;
  private readonly faults: Faults;
  private readonly behavior: Behavior;
  private readonly crashRate: number;
  private readonly freezeRate: number;
  /** The faults of the first change that is requested. */
  private first?: Faults;
  private oneRace = false;
  private oneCrash = false;
  private oneFreeze = false;
  private readonly raceRate: number;
  private readonly skews: number[];

  constructor(seed: number) {
    const random = new Random(seed);
    this.random = random;
    this.start = this.world.time;
    const sometimes = (rate: number) => (random.chance(0.4) ? random.next() * rate : 0);
    this.faults = {
      throttled: sometimes(0.4),
      lostRequest: sometimes(0.3),
      lostAnswer: sometimes(0.4),
      reset: sometimes(0.4),
      late: sometimes(0.4),
      lateMs: random.pick([0, 2_000, 60_000]),
      slow: sometimes(0.5),
      ledger: sometimes(0.3),
    };
    this.crashRate = random.chance(0.5) ? random.next() * 0.5 : 0;
    // In every third schedule only the first change fails, or only one event occurs at a bad moment.
    if (random.chance(0.35)) {
      this.faults = { ...noFaults, slow: random.chance(0.3) ? 0.3 : 0 };
      this.crashRate = 0;
      this.oneRace = random.chance(0.5);
      const kind = random.pick(['late', 'late', 'reset', 'lostAnswer', 'throttled'] as const);
      if (random.chance(0.7)) this.first = certain(kind, random.pick([2_000, 60_000]));
      this.oneCrash = random.chance(0.3);
      this.oneFreeze = !this.oneCrash && random.chance(0.3);
    }
    this.freezeRate = random.chance(0.2) ? 0.4 : 0;
    this.raceRate = random.chance(0.3) ? 0.2 : 0;
    this.skews = random.pick([[0], [0, 40 * SECOND, -40 * SECOND], [5 * MINUTE, -5 * MINUTE]]);
    this.behavior = {
      onCancel: random.pick(['cancel', 'cancel', 'complete', 'continueAsNew', 'ignore']),
      onCancelMs: random.int(1, 40) * SECOND,
      chain: random.pick(['none', 'none', 'continueAsNew', 'cron', 'retry']),
    };
    this.model = new TemporalModel(
      this.world,
      () => this.behavior,
      ({ kind, operationId, runId, newRunId = '', sentAt }) =>
        this.say(`${kind} of ${runId} by ${operationId}, sent at ${(sentAt - this.start) / SECOND} ${newRunId}`),
      (run) => this.race(run),
    );
  }

  async run(): Promise<ScheduleResult> {
    const { world, model, random } = this;
    model.startWorkflow(WORKFLOW);
    if (random.chance(0.01)) await this.fillBrokenNamespace();
    this.scheduleOthers();
    this.requests.push(...Array.from({ length: random.int(1, 2) }, (_, index) => this.newRequest(index)));
    for (let caller = random.int(2, 5); caller > 0; caller -= 1)
      this.scheduleCaller(random.pick(this.requests), caller);
    for (let at = MINUTE; at <= END; at += MINUTE)
      world.at(this.start + at, () => world.start(new Process('schedule'), () => this.reconcileIfDue()));
    await world.run(this.start + FAULTS_END);
    // Every workflow closes eventually.
    for (const minutes of [10, 20, 30]) {
      world.at(this.start + minutes * MINUTE, () => this.endWorkflow());
    }
    await world.run(this.start + END);
    await this.checkEnd();
    return { violations: [...this.violations, ...this.defects], log: this.log };
  }

  /** An unreachable namespace has more due operations than reconciliation reads at a time. */
  private async fillBrokenNamespace(): Promise<void> {
    const due = new Date(this.start - MINUTE).toISOString();
    for (let index = 0; index < 450; index += 1) {
      await this.ledger.createIfAbsent({
        operationId: `broken-${index}`,
        namespace: 'broken',
        workflowId: `broken-${index}`,
        verb: 'cancel',
        actor: { id: 'simulated' },
        reason: 'simulated',
        request: { workflowId: `broken-${index}`, reason: 'simulated' },
        fingerprint: '',
        state: 'started',
        requestedAt: due,
        attempt: 1,
        owner: `owner-${index}`,
        leaseUntil: this.start - MINUTE,
        version: 1,
        runId: 'run',
        nextCheckAt: due,
      });
    }
  }

  private newRequest(index: number): Request {
    const { random } = this;
    const batch = random.chance(0.25);
    return {
      key: `key-${index}`,
      verb: random.pick(['cancel', 'cancel', 'terminate', 'reset', 'reset'] as const),
      withRunId: random.chance(0.25),
      batch,
      waitSeconds: !batch && random.chance(0.2) ? random.int(1, 20) : 0,
    };
  }

  /** Changes by other tools and by the workflow's code. */
  private scheduleOthers(): void {
    const { random, model, world } = this;
    const actions: Record<string, (run: Run) => void> = {
      finish: (run) => model.finish(run),
      continueAsNew: (run) => model.close(run, 'ContinuedAsNew', { successor: true }),
      task: (run) => model.beginTask(run, random.int(1, 10) * SECOND),
      cancel: ({ workflowId }) => model.requestCancel({ workflowExecution: { workflowId }, reason: 'another tool' }),
      terminate: (run) =>
        run.closedAt === undefined && model.terminate({ workflowExecution: run, reason: 'another tool' }),
      reset: (run) =>
        void model.reset({ workflowExecution: run, reason: 'another tool', workflowTaskFinishEventId: four }),
      startAnew: ({ workflowId }) => model.startWorkflow(workflowId),
      deleteOld: ({ workflowId }) => model.deleteClosed(workflowId),
      deleteAll: (run) => run.closedAt !== undefined && model.deleteRun(run),
    };
    const names = Object.keys(actions).filter(() => random.chance(0.4));
    if (names.length === 0) return;
    for (let count = random.int(0, 8); count > 0; count -= 1) {
      const name = random.pick(names);
      world.at(this.start + random.int(0, FAULTS_END), () => {
        const run = model.currentRun(WORKFLOW);
        if (!run) return;
        this.say(`${name} of ${run.runId}`);
        actions[name]!(run);
      });
    }
  }

  private endWorkflow(): void {
    const run = this.model.currentRun(WORKFLOW);
    if (!run || run.closedAt !== undefined) return;
    this.checkAsked(run);
    this.model.close(run, 'Completed');
  }

  /** Without a run id, the run that continues a run with a cancellation request is cancelled too. */
  private checkAsked(run: Run): void {
    if (run.cancelRequested || this.world.time - run.startedAt < 9 * MINUTE) return;
    for (const act of this.model.acts) {
      const asked = this.model.runs.get(act.runId);
      if (act.kind !== 'cancel' || !asked || this.withRunId(act.operationId)) continue;
      const continued = asked !== run && this.lastLinked(asked) === run;
      if (continued)
        this.violate(`${act.operationId}: ${run.runId} continues ${asked.runId} and was not asked to cancel`);
    }
  }

  private withRunId(operationId: string): boolean {
    return this.requests.some(({ key, withRunId }) => withRunId && keyedOperationId(NAMESPACE, key) === operationId);
  }

  /** A run changes right after it was described. */
  private race(run: Run): void {
    const { random, model, world } = this;
    if (run.closedAt !== undefined || world.time > this.start + FAULTS_END) return;
    if (!this.oneRace && !random.chance(this.raceRate)) return;
    this.oneRace = false;
    const what = random.pick(['finish', 'continueAsNew', 'task', 'task', 'cancel'] as const);
    world.in(random.int(0, 60), () => {
      if (run.closedAt !== undefined) return;
      this.say(`${what} of ${run.runId}, right after it was described`);
      if (what === 'finish') model.finish(run);
      if (what === 'continueAsNew') model.close(run, 'ContinuedAsNew', { successor: true });
      if (what === 'task') model.beginTask(run, random.int(1, 10) * SECOND);
      if (what === 'cancel') model.requestCancel({ workflowExecution: run, reason: 'another tool' });
    });
  }

  private newProcess(name: string): Process {
    const { random } = this;
    const process = new Process(name, random.pick(this.skews));
    if (this.world.time >= this.start + FAULTS_END) return process;
    if (this.oneCrash || random.chance(this.crashRate)) process.answersLeft = random.int(0, 14);
    if (this.oneFreeze || random.chance(this.freezeRate)) {
      process.freezesAt = random.int(1, 10);
      process.freezeMs = random.int(1, 150) * SECOND;
    }
    this.oneCrash = false;
    this.oneFreeze = false;
    return process;
  }

  private dependencies(process: Process): OperationDependencies {
    return {
      ledger: faultyLedger(this.world, process, this.ledger, this.random, () => this.faultsNow()),
      onRecordFailure: () => {},
      now: () => Date.now(),
      pause: (ms) => this.world.answer(process, ms, () => {}),
    };
  }

  private client(process: Process, deadline?: number): NamespaceClient {
    const calls = faultyCalls(this.world, process, this.model, this.random, (change) => this.faultsNow(change));
    return new NamespaceClient(NAMESPACE, calls, deadline);
  }

  private connect(namespace: string, process: Process): Promise<NamespaceClient> {
    if (namespace === NAMESPACE) return Promise.resolve(this.client(process));
    return this.world.answer(process, 5_000, () => {
      throw new OperationFailure('temporal-unavailable', 'simulated');
    });
  }

  private faultsNow(change = false): Faults {
    const { first } = this;
    if (change && first) {
      this.first = undefined;
      return first;
    }
    return this.world.time < this.start + FAULTS_END ? this.faults : noFaults;
  }

  private scheduleCaller(request: Request, caller: number): void {
    const runId = this.model.currentRun(WORKFLOW)?.runId ?? '';
    let at = this.start + this.random.int(0, 90) * SECOND;
    for (let repetition = 1; repetition <= (request.batch ? 1 : 3); repetition += 1) {
      const name = `${request.verb} ${request.key}, caller ${caller}, request ${repetition}`;
      this.world.at(at, () => (request.batch ? this.work(name, request, runId) : this.send(name, request, runId)));
      at += this.random.int(1, 90) * SECOND;
    }
  }

  /** A request as a function executes it. */
  private send(name: string, { key, verb, withRunId, waitSeconds }: Request, runId: string): void {
    const process = this.newProcess(name);
    this.callers.push({ operationId: keyedOperationId(NAMESPACE, key), process });
    const startedAt = this.world.time;
    this.world.in(FUNCTION_TIMEOUT, () => {
      process.alive = false;
    });
    this.world.start(process, async () => {
      const deadline = Date.now() + ANSWER_WITHIN;
      const operation = {
        actor: { id: process.name },
        request: {
          workflowId: WORKFLOW,
          reason: 'simulated',
          ...(withRunId && { runId }),
          ...(verb === 'reset' && { target: { eventId: 4 } }),
          ...(waitSeconds > 0 && { waitSeconds }),
        },
        idempotencyKey: key,
        deadline,
      };
      const about = { operationId: keyedOperationId(NAMESPACE, key), verb, startedAt };
      const recordedAt = () => process.recordedAt ?? this.world.time;
      try {
        const { answer, replayed } = await executeOperation(
          this.dependencies(process),
          this.client(process, deadline),
          verbs[verb],
          operation,
        );
        this.answered(
          {
            ...about,
            at: this.world.time,
            answer: answer as Answer,
            replayed,
            wasRecorded: process.recorded,
          },
          name,
        );
      } catch (error) {
        if (!(error instanceof OperationFailure)) this.defects.push(`${name} threw ${String(error)}`);
        else this.answered({ ...about, at: recordedAt(), failure: error }, name);
      }
    });
  }

  /** An item of a batch operation as a worker executes it. */
  private work(name: string, { key, verb }: Request, runId: string): void {
    const process = this.newProcess(name);
    this.world.start(process, async () => {
      const batch = {
        operationId: key,
        actor: { id: process.name },
        request: {
          action: verb,
          reason: 'simulated',
          ratePerSecond: 1,
          maxWorkflows: 1,
          ...(verb === 'reset' && { target: { eventId: 4 } }),
        },
        items: [{ workflowId: WORKFLOW, runId }],
      };
      const dependencies = this.dependencies(process);
      const { signal: stop } = new AbortController();
      const { progress } = await executeItems(dependencies, this.client(process), batch, {
        stop,
        onProgress: () => {},
        pause: (ms) => this.world.answer(process, ms, () => {}),
      });
      this.say(`${name}: ${JSON.stringify(progress)}`);
    });
  }

  private async reconcileIfDue(): Promise<void> {
    const skewed = new Date(this.world.time + 6 * MINUTE);
    const { done } = await this.ledger.due(NAMESPACE, skewed)[Symbol.asyncIterator]().next();
    if (!done) this.reconcile();
  }

  private reconcile(): void {
    const process = this.newProcess('reconciliation');
    this.world.in(MINUTE, () => {
      process.alive = false;
    });
    this.world.start(process, () =>
      reconcileOperations(
        {
          ...this.dependencies(process),
          verbs,
          namespaces: { find: (name) => ({ name, connect: () => this.connect(name, process) }) },
          onReconcileFailure: (_, error) => {
            if (!(error instanceof OperationFailure)) this.defects.push(`reconciliation threw ${String(error)}`);
          },
        },
        [{ namespace: 'broken' }, { namespace: NAMESPACE }],
        Date.now() + 50 * SECOND,
      ).catch((error: unknown) => {
        if (!(error instanceof OperationFailure)) this.defects.push(`reconciliation threw ${String(error)}`);
      }),
    );
  }

  private answered(answered: Answered, name: string): void {
    const { answer, failure } = answered;
    this.say(`${name}: ${answer ? JSON.stringify(answer) : `${failure?.kind} ${failure?.message}`}`);
    this.answers.push(answered);
    if (answer) this.checkAnswer(answered, answer);
    else if (failure) this.checkFailure(answered, failure.kind);
  }

  private acts(operationId: string) {
    return this.model.acts.filter((act) => act.operationId === operationId);
  }

  /** Checks that history does not contradict an answer at that moment. */
  private checkAnswer({ operationId, startedAt, replayed }: Answered, answer: Answer): void {
    const acts = this.acts(operationId);
    const expect = (holds: boolean, what: string) =>
      holds || this.violate(`${operationId}: ${what}: ${JSON.stringify(answer)}`);
    if (answer.outcome === 'terminated') expect(acts.length > 0, 'terminated, but history has no such event');
    if (answer.outcome === 'reset') {
      expect(
        acts.some(({ newRunId }) => newRunId === answer.newRunId),
        'reset, but no run came of it',
      );
    }
    if (answer.outcome === 'alreadyClosed' && !replayed) this.checkClosed(answer, startedAt, expect);
  }

  private checkClosed(answer: Answer, startedAt: number, expect: (holds: boolean, what: string) => unknown): void {
    const run = this.model.runs.get(answer.runId);
    if (!run) return;
    expect(run.closedAt !== undefined, 'closed, but it is open');
    const named = answer.successorRunId !== undefined;
    const last = this.lastLinked(run);
    expect(named || last.closedAt !== undefined, `closed, but ${last.runId} continues it`);
    // Another tool may have reset it since.
    const open = this.model.chain(run.firstRunId).find(({ closedAt }) => closedAt === undefined);
    expect(named || !open || open.startedAt >= startedAt, `closed, but ${open?.runId} of its chain runs on`);
  }

  /** Checks that "Nothing was done" is true then and later. */
  private checkFailure({ operationId, at, failure }: Answered, kind: FailureKind): void {
    if (!saysNothingDone(kind, failure)) return;
    const done = this.acts(operationId).filter((act) => act.at <= at);
    if (done.length > 0) this.violate(`${operationId}: ${kind} says that nothing was done, at ${at - this.start}`);
  }

  private async checkEnd(): Promise<void> {
    for (const answered of this.answers) this.checkLater(answered);
    for (const operationId of new Set(this.answers.map((answered) => answered.operationId))) {
      const answers = this.answers.filter((answered) => answered.operationId === operationId);
      const record = await this.ledger.find(operationId);
      this.checkSameAnswer(operationId, answers, record);
    }
    const page = await this.ledger.search(NAMESPACE, { workflowId: WORKFLOW }, { size: 100 });
    for (const record of page.operations) this.checkRecord(record);
    await this.checkNoneLeft();
  }

  /** Checks that no earlier request was executed after an answer that nothing was done. */
  private checkLater({ operationId, at, failure }: Answered): void {
    if (!failure || !saysNothingDone(failure.kind, failure)) return;
    const late = this.acts(operationId).find((act) => act.sentAt <= at);
    if (late) this.violate(`${operationId}: ${failure.kind} said that nothing was done, but a request was on its way`);
  }

  /** Checks that all answers under a key are equal to the recorded one. */
  private checkSameAnswer(operationId: string, answers: Answered[], record: OperationRecord | undefined): void {
    const of = (answer: Answer) => [answer.outcome, 'newRunId' in answer ? answer.newRunId : ''].join(' ');
    const recorded = record?.answer && of(record.answer as Answer);
    const blind = this.callers.some((caller) => caller.operationId === operationId && caller.process.blind);
    for (const { answer, verb, wasRecorded } of answers) {
      if (!answer || recorded === of(answer)) continue;
      // Without a readable history, a response contains what the server acknowledged, and is corrected later.
      if (verb === 'cancel' && answer.outcome === 'requested' && (blind || this.tasks)) continue;
      // Its recording may fail: then reconciliation finds that nothing was done.
      if (!wasRecorded && (answer.outcome.startsWith('already') || record?.failure?.kind === 'outcome-unknown'))
        continue;
      this.violate(`${operationId}: answered "${of(answer)}", recorded "${recorded}"`);
    }
  }

  /** Whether the server buffered events. */
  private get tasks(): boolean {
    return this.log.some((line) => line.includes('task of'));
  }

  private checkRecord(record: OperationRecord): void {
    const { operationId, verb, state, outcome } = record;
    const acts = this.acts(operationId);
    const about = `${operationId} (${verb}, ${state}, ${outcome})`;
    const expect = (holds: boolean, what: string) => holds || this.violate(`${about}: ${what}`);
    const gone = this.model.deleted;
    expect(state !== 'started', 'was left started');
    expect(state !== 'unknown' || record.failure?.kind === 'outcome-unknown', 'was left unknown');
    expect(record.failure?.kind !== 'outcome-unknown' || gone, 'is said to be unknowable');
    if (state === 'failed' || state === 'refused') expect(acts.length === 0, 'was done');
    if (verb === 'reset') expect(acts.length <= 1, `was done ${acts.length} times`);
    if (verb === 'terminate') expect(acts.length <= 1, `was done ${acts.length} times`);
    if (acts.length > 1) {
      const chains = new Set(acts.map(({ runId }) => this.model.runs.get(runId)?.firstRunId).filter(Boolean));
      expect(chains.size <= 1, 'was done to two chains');
    }
    if (state === 'completed') this.checkCompleted(record, acts.length > 0, gone, expect);
  }

  private checkCompleted(
    record: OperationRecord,
    acted: boolean,
    gone: boolean,
    expect: (holds: boolean, what: string) => unknown,
  ): void {
    const answer = record.answer as Answer;
    expect(record.outcome === answer.outcome, `differs from its answer, ${answer.outcome}`);
    const done = answer.outcome === 'requested' || answer.outcome === 'terminated' || answer.outcome === 'reset';
    if (!gone) expect(done === acted, acted ? 'was done' : 'was not done');
    if (!gone) expect(record.nextCheckAt === undefined, 'is still due');
    const run = this.model.runs.get(answer.runId);
    const { settled } = record;
    if (!run || gone || answer.outcome !== 'requested' || !settled) return;
    const followed = (record.request as { runId?: string }).runId === undefined;
    const last = followed ? this.lastLinked(run) : run;
    expect(settled.status === last.status, `settled as ${settled.status}, but ${last.runId} ended as ${last.status}`);
  }

  private lastLinked(run: Run): Run {
    const closing = Object.values(run.events.at(-1)?.attributes ?? {})[0];
    const next = this.model.runs.get((closing as { newExecutionRunId?: string })?.newExecutionRunId ?? '');
    return next ? this.lastLinked(next) : run;
  }

  private async checkNoneLeft(): Promise<void> {
    for await (const { operationId, state } of this.ledger.due(NAMESPACE, new Date(this.start + END))) {
      if (state !== 'completed') this.violate(`${operationId} is still due`);
    }
  }

  private violate(what: string): void {
    this.say(`VIOLATION ${what}`);
    this.violations.push(what);
  }

  private say(what: string): void {
    this.log.push(`${((this.world.time - this.start) / 1000).toFixed(3)} ${what}`);
  }
}

const four = { toNumber: () => 4 } as never;

/** Whether the failure means that the operation was not executed. */
function saysNothingDone(kind: FailureKind, failure?: OperationFailure): boolean {
  // These failures are about this request only.
  if (kind === 'operation-in-progress' || kind === 'idempotency-key-reused' || kind === 'ledger-unavailable')
    return false;
  return failures[kind].nothingDone || failure?.details.nothingDone === true;
}

export type { Ledger };
