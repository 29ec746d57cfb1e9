import { BatchBench, MAX_RATE } from './batch-operations';
import { interleaved, ratio, summary } from './benchmark';
import type { Benchmark } from './benchmark';

const WORKFLOWS = 1_000;
const ROUNDS = 3;

export const batch: Benchmark = {
  name: 'batch',
  about: `${WORKFLOWS} cancellations by Rewind's worker, each with its reason, ledger record and report, against Temporal's own batch engine`,
  run: () =>
    BatchBench.run(async (bench) => {
      const cancel = async (engine: 'worker' | 'server', count = WORKFLOWS) =>
        bench.cancel(await bench.startWorkflows(count), count, engine);
      await cancel('worker', 200);
      const samples = await interleaved(ROUNDS, { worker: () => cancel('worker'), server: () => cancel('server') });
      return [
        {
          name: `batch of ${WORKFLOWS}: worker / Temporal's engine`,
          unit: 'ratio',
          ...ratio(samples.worker, samples.server),
          atMost: 0.5,
          note: `from the request until the last is requested and reported; ratePerSecond ${MAX_RATE}, the highest; Temporal's engine does 50 a second`,
        },
        { name: 'worker', unit: 'ms', ...summary(samples.worker) },
        { name: "Temporal's engine", unit: 'ms', ...summary(samples.server) },
      ];
    }),
};
