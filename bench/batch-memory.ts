import { BatchBench } from './batch-operations';
import { quantile } from './benchmark';
import type { Benchmark, Figure } from './benchmark';
import type { Worker } from './worker';

/** The smallest comes again at the end, so that memory which the process returned meanwhile does not hide growth. */
const CANCELLED = [1_000, 5_000, 20_000, 1_000];
const FOLLOWED = [500, 3_000, 500];
const FOLLOW_SECONDS = 60;
const WARM_UP = 2_000;
const SAMPLE_EVERY_MS = 250;

/** Memory of the worker during one batch operation, in MB. */
interface Memory {
  size: number;
  /** Resident memory: median and maximum of the samples. */
  median: number;
  peak: number;
  /** JavaScript heap in use afterwards, after garbage collection. */
  heap: number;
}

export const batchMemory: Benchmark = {
  name: 'batch-memory',
  about:
    'resident memory of the worker process while it cancels so many workflows, after a warm-up in the same process',
  run: () =>
    BatchBench.run(async (bench) => {
      await bench.cancel(await bench.startWorkflows(WARM_UP), WARM_UP, 'worker');
      const memory: Memory[] = [];
      for (const size of CANCELLED) {
        const query = await bench.startWorkflows(size);
        memory.push(await memoryDuring(bench.worker, size, () => bench.cancel(query, size, 'worker')));
      }
      return figures(memory);
    }),
};

export const batchFollowMemory: Benchmark = {
  name: 'batch-follow-memory',
  about:
    'resident memory of the worker process while it resets so many workflows and follows their new runs, after a warm-up in the same process',
  run: () =>
    BatchBench.run(async (bench) => {
      await bench.reset(200, FOLLOW_SECONDS);
      const memory: Memory[] = [];
      for (const size of FOLLOWED) {
        memory.push(await memoryDuring(bench.worker, size, () => bench.reset(size, FOLLOW_SECONDS)));
      }
      return figures(memory);
    }),
};

async function memoryDuring(worker: Worker, size: number, act: () => Promise<unknown>): Promise<Memory> {
  const resident: number[] = [];
  const sampling = setInterval(() => resident.push(worker.residentMB), SAMPLE_EVERY_MS);
  try {
    await act();
  } finally {
    clearInterval(sampling);
  }
  return { size, median: quantile(resident, 0.5), peak: Math.max(...resident), heap: await worker.heapMB() };
}

/** The limit is on the median: a long run has more samples, so its maximum is higher by chance alone. */
function figures(memory: Memory[]): Figure[] {
  const items = (size: number) => `${size.toLocaleString('en')} items`;
  const counts = memory.map(({ size }) => size);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const growth = (of: 'median' | 'peak' | 'heap') => {
    const values = (size: number) => memory.filter((one) => one.size === size).map((one) => one[of]);
    return Math.max(...values(most)) / Math.min(...values(least));
  };
  const sizes = `${items(most)} / ${items(least)}`;
  const note = `of ${items(least)} before and after, the lower`;
  return [
    {
      name: `worker memory, ${sizes}`,
      unit: 'ratio',
      value: growth('median'),
      atMost: 1.15,
      note: `median of resident memory during each; ${note}`,
    },
    { name: `worker memory at its peak, ${sizes}`, unit: 'ratio', value: growth('peak'), note },
    { name: `worker heap after GC, ${sizes}`, unit: 'ratio', value: growth('heap'), note },
    ...memory.flatMap(({ size, peak, median, heap }, index): Figure[] => [
      { name: `${index + 1}. ${items(size)}, resident, peak`, unit: 'MB', value: peak },
      { name: `${index + 1}. ${items(size)}, resident, median`, unit: 'MB', value: median },
      { name: `${index + 1}. ${items(size)}, heap after GC`, unit: 'MB', value: heap },
    ]),
  ];
}
