import { BatchBench, MAX_RATE } from './batch-operations';
import { interleaved, ratio, summary } from './benchmark';
import type { Benchmark } from './benchmark';

const RESETS = 5_000;
const ROUNDS = 2;
/** Longer than a new run takes, which completes at once. */
const FOLLOW_SECONDS = 60;

export const batchFollow: Benchmark = {
  name: 'batch-follow',
  about: `${RESETS} resets by Rewind's worker whose new runs are followed to their end, against the same without following`,
  run: () =>
    BatchBench.run(async (bench) => {
      await bench.reset(200, FOLLOW_SECONDS);
      const samples = await interleaved(ROUNDS, {
        alone: () => bench.reset(RESETS, undefined),
        followed: () => bench.reset(RESETS, FOLLOW_SECONDS),
      });
      return [
        {
          name: `${RESETS} resets: followed / not followed`,
          unit: 'ratio',
          ...ratio(samples.followed, samples.alone),
          atMost: 1.3,
          note: `from the request until the last is reported; ratePerSecond ${MAX_RATE}, the highest; new runs complete at once`,
        },
        { name: 'not followed', unit: 'ms', ...summary(samples.alone) },
        { name: 'followed', unit: 'ms', ...summary(samples.followed) },
      ];
    }),
};
