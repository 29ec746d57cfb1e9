import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { interleaved, summary } from './benchmark';
import type { Benchmark, Figure } from './benchmark';
import { bundledProgram } from './bundled-program';
import { startTemporalBehindTls } from './temporal-behind-tls';
import type { Held, Load, Setup } from './throughput-process';
import type { Verb } from './warm-functions';

const CALLERS = [1, 16, 64];
const VERBS: readonly Verb[] = ['describe', 'cancel'];
const REQUESTS = 128;
const ROUNDS = 15;
const MB = 1_000_000;

/** How many requests one process answers in a second. Lambda gives each process one at a time, and a worker many. */
export const throughput: Benchmark = {
  name: 'throughput',
  about:
    'requests a second that one process answers for so many callers, without its ledger, and its memory then; the same RPCs over grpc-js (bench/floor/temporal.ts) are 1',
  async run() {
    const temporal = await startTemporalBehindTls();
    const { module, remove } = bundledProgram('throughput-process.ts');
    const processes: Record<string, AnsweringProcess> = {};
    try {
      for (const caller of ['raw', 'rewind'] as const) {
        processes[caller] = await AnsweringProcess.start(module, { caller, access: temporal.access });
      }
      const resident: Record<string, number[]> = {};
      const contenders: Record<string, () => Promise<number>> = {};
      for (const verb of VERBS) {
        for (const callers of CALLERS) {
          for (const [name, answering] of Object.entries(processes)) {
            const what = `${name} ${verb}, ${callers} at once`;
            contenders[what] = async () => {
              const workflowIds = await temporal.startWorkflows(verb === 'cancel' ? REQUESTS : 1);
              const each = Array.from({ length: REQUESTS }, (_, at) => workflowIds[at % workflowIds.length] ?? '');
              const held = await answering.hold({ verb, workflowIds: each, callers });
              (resident[what] ??= []).push(held.resident / MB);
              return REQUESTS / (held.milliseconds / 1000);
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
      for (const answering of Object.values(processes)) answering.stop();
      remove();
      await temporal.stop();
    }
  },
};

function figures(what: string, rates: Record<string, number[]>, resident: Record<string, number[]>): Figure[] {
  const [own = [], floor = []] = [rates[`rewind ${what}`], rates[`raw ${what}`]];
  return [
    { name: `requests held, ${what}`, unit: 'per second', ...summary(own) },
    { name: `requests held by grpc-js, ${what}`, unit: 'per second', ...summary(floor) },
    { name: `memory, ${what}`, unit: 'MB', ...summary(resident[`rewind ${what}`] ?? []) },
    { name: `memory of grpc-js, ${what}`, unit: 'MB', ...summary(resident[`raw ${what}`] ?? []) },
    { name: `time for each request, ${what}`, unit: 'ratio', value: summary(floor).value / summary(own).value },
  ];
}

/** A process of throughput-process.ts. */
class AnsweringProcess {
  private constructor(private readonly child: ChildProcess) {}

  static async start(module: string, setup: Setup): Promise<AnsweringProcess> {
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
    const child = fork(module, { stdio: [...stdio], execArgv: [] });
    child.send(setup);
    await once(child, 'message');
    return new AnsweringProcess(child);
  }

  /** @throws when a request fails, which ends the process */
  async hold(load: Load): Promise<Held> {
    const ended = new AbortController();
    const exit = once(this.child, 'exit', { signal: ended.signal }).then(() => {
      throw new Error('a request failed: see above');
    });
    exit.catch(() => {});
    this.child.send(load);
    const [held] = (await Promise.race([once(this.child, 'message'), exit])) as [Held];
    ended.abort();
    return held;
  }

  stop(): void {
    this.child.disconnect();
  }
}
