import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { interleaved, summary } from './benchmark';
import type { Benchmark, Figure } from './benchmark';
import { bundledProgram } from './bundled-program';
import { startTemporalBehindTls } from './temporal-behind-tls';
import type { Load, LoadResult, Setup } from './throughput-process';
import type { Verb } from './warm-functions';

const CALLERS = [1, 16, 64];
const VERBS: readonly Verb[] = ['describe', 'cancel'];
const REQUESTS = 128;
const ROUNDS = 15;
const MB = 1_000_000;

/** Requests per second of one process. Lambda sends each process one at a time, and a worker has many. */
export const throughput: Benchmark = {
  name: 'throughput',
  about:
    'requests per second of one process for so many callers, without its ledger, and its memory then; the same RPCs over grpc-js (bench/floor/temporal.ts) are 1',
  async run() {
    const temporal = await startTemporalBehindTls();
    const { module, remove } = bundledProgram('throughput-process.ts');
    const processes: Record<string, CallerProcess> = {};
    try {
      for (const kind of ['raw', 'rewind'] as const) {
        processes[kind] = await CallerProcess.start(module, { caller: kind, access: temporal.access });
      }
      const resident: Record<string, number[]> = {};
      const contenders: Record<string, () => Promise<number>> = {};
      for (const verb of VERBS) {
        for (const callers of CALLERS) {
          for (const [name, caller] of Object.entries(processes)) {
            const what = `${name} ${verb}, ${callers} at once`;
            contenders[what] = async () => {
              const workflowIds = await temporal.workflows.startMany(verb === 'cancel' ? REQUESTS : 1);
              if (verb === 'describe') await temporal.workflows.completeTask(workflowIds[0] ?? '');
              const each = Array.from({ length: REQUESTS }, (_, at) => workflowIds[at % workflowIds.length] ?? '');
              const result = await caller.run({ verb, workflowIds: each, callers });
              (resident[what] ??= []).push(result.resident / MB);
              return REQUESTS / (result.milliseconds / 1000);
            };
          }
        }
      }
      await interleaved(1, contenders);
      const rates = await interleaved(ROUNDS, contenders);
      return VERBS.flatMap((verb) =>
        CALLERS.flatMap((callers) => figures(`${verb}, ${callers} at once`, rates, resident)),
      );
    } finally {
      for (const caller of Object.values(processes)) caller.stop();
      remove();
      await temporal.stop();
    }
  },
};

function figures(what: string, rates: Record<string, number[]>, resident: Record<string, number[]>): Figure[] {
  const [own = [], floor = []] = [rates[`rewind ${what}`], rates[`raw ${what}`]];
  return [
    { name: `requests served, ${what}`, unit: 'per second', ...summary(own) },
    { name: `requests served by grpc-js, ${what}`, unit: 'per second', ...summary(floor) },
    { name: `memory, ${what}`, unit: 'MB', ...summary(resident[`rewind ${what}`] ?? []) },
    { name: `memory of grpc-js, ${what}`, unit: 'MB', ...summary(resident[`raw ${what}`] ?? []) },
    { name: `time for each request, ${what}`, unit: 'ratio', value: summary(floor).value / summary(own).value },
  ];
}

/** A process of throughput-process.ts. */
class CallerProcess {
  private constructor(private readonly child: ChildProcess) {}

  static async start(module: string, setup: Setup): Promise<CallerProcess> {
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
    const child = fork(module, { stdio: [...stdio], execArgv: [] });
    child.send(setup);
    await once(child, 'message');
    return new CallerProcess(child);
  }

  /** @throws when a request fails, which ends the process */
  async run(load: Load): Promise<LoadResult> {
    const ended = new AbortController();
    const exit = once(this.child, 'exit', { signal: ended.signal }).then(() => {
      throw new Error('a request failed: see above');
    });
    exit.catch(() => {});
    this.child.send(load);
    const [result] = (await Promise.race([once(this.child, 'message'), exit])) as [LoadResult];
    ended.abort();
    return result;
  }

  stop(): void {
    this.child.disconnect();
  }
}
