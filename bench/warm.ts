import { interleaved, quantile, ratio, summary } from './benchmark';
import type { Benchmark, Figure } from './benchmark';
import { bundledProgram } from './bundled-program';
import type * as callersModule from './callers';
import { startTemporalBehindTls } from './temporal-behind-tls';
import type { Verb } from './warm-functions';
import { writtenOutput } from './written-output';

const WARM_UP = 60;
const ROUNDS = 300;

/** What Rewind adds to a request: validation, attribution, log, metrics and connection management. */
export const warm: Benchmark = {
  name: 'warm',
  about:
    'a request to a warm function, one at a time, without its ledger; the same RPCs in sequence over grpc-js, encoded by hand (bench/floor/temporal.ts), are 1',
  async run() {
    const temporal = await startTemporalBehindTls();
    const { module, remove } = bundledProgram('callers.ts');
    const callers = require(module) as typeof callersModule;
    const [own, floor] = [callers.rewind(temporal.access), callers.raw(temporal.access)];
    try {
      const calls: Record<string, number> = {};
      const contenders: Record<string, () => Promise<number>> = {};
      // Resets first: after hundreds of starts, the server takes long to dispatch a workflow task.
      for (const verb of verbs.toReversed()) {
        for (const [name, act] of [
          [`raw ${verb}`, floor.act[verb]],
          [verb, own.act[verb]],
        ] as const) {
          // Started beforehand, so that the server is idle otherwise.
          const workflows = await temporal.workflows.startMany(verb === 'cancel' ? WARM_UP + ROUNDS : 1);
          if (verb === 'reset') await temporal.workflows.completeTasks(workflows[0] ?? '', 1);
          // Of a workflow whose task waits, a description reads who polls its task queue, too.
          if (verb === 'describe') await temporal.workflows.completeTask(workflows[0] ?? '');
          contenders[name] = async () => {
            // A second cancellation of a workflow is not sent to Temporal.
            const workflowId = (verb === 'cancel' ? workflows.pop() : workflows[0]) ?? '';
            const [before, start] = [own.rpcs(), performance.now()];
            await act(workflowId);
            const milliseconds = performance.now() - start;
            calls[name] = own.rpcs() - before;
            return milliseconds;
          };
        }
      }
      const { result } = await writtenOutput(() => interleaved(WARM_UP + ROUNDS, contenders));
      const measured = (name: string) => (result[name] ?? []).slice(WARM_UP);
      return verbs.flatMap((verb): Figure[] => {
        const [ms, floorMs] = [measured(verb), measured(`raw ${verb}`)];
        const p99 = (samples: number[]) => ({ value: quantile(samples, 0.99), n: samples.length });
        return [
          {
            name: `warm ${verb}`,
            unit: 'ratio',
            ...ratio(ms, floorMs),
            atMost: limits[verb],
          },
          { name: `warm ${verb}, p50`, unit: 'ms', ...summary(ms), note: `${calls[verb]} RPCs` },
          { name: `warm ${verb}, p99`, unit: 'ms', ...p99(ms) },
          { name: `raw ${verb}, p50`, unit: 'ms', ...summary(floorMs), note: rawNotes[verb] },
          { name: `raw ${verb}, p99`, unit: 'ms', ...p99(floorMs) },
        ];
      });
    } finally {
      await Promise.all([own.close(), floor.close()]);
      remove();
      await temporal.stop();
    }
  },
};

const verbs: readonly Verb[] = ['describe', 'cancel', 'reset'];
const limits: Partial<Record<Verb, number>> = { cancel: 1.15 };
const rawNotes: Record<Verb, string> = {
  describe: 'describe',
  cancel: 'describe, request to cancel, newest page of history',
  reset: 'describe, newest page of history, describe, reset, describe',
};
