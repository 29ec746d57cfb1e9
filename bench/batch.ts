import { BatchBench, HIGHEST_RATE } from './batch-operations';
import { interleaved, ratio, summary } from './benchmark';
import type { Benchmark } from './benchmark';

const WORKFLOWS = 1_000;
const ROUNDS = 3;

export const batch: Benchmark = {
  name: 'batch',
  about: `${WORKFLOWS} cancellations on Rewind's worker, each with its reason, its ledger record and its report, against Temporal's own batch engine`,
  run: () =>
    BatchBench.run(async (bench) => {
      const cancel = async (engine: 'worker' | 'server', count = WORKFLOWS) =>
        bench.cancel(await bench.workflows(count), count, engine);
      await cancel('worker', 200);
      const samples = await interleaved(ROUNDS, { worker: () => cancel('worker'), server: () => cancel('server') });
      return [
        {
          name: `batch of ${WORKFLOWS}: worker / Temporal's engine`,
          unit: 'ratio',
          ...ratio(samples.worker, samples.server),
          atMost: 0.5,
          note: `from the request until the last is requested and reported; ratePerSecond ${HIGHEST_RATE}, the highest; Temporal's engine keeps to 50 a second`,
        },
        { name: 'worker', unit: 'ms', ...summary(samples.worker) },
        { name: "Temporal's engine", unit: 'ms', ...summary(samples.server) },
      ];
    }),
};
