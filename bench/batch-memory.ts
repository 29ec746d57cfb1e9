import { readFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../test/support/eventually';
import type { WorkerProcess } from '../test/support/worker-process';
import { BatchBench } from './batch-operations';
import { quantile } from './benchmark';
import type { Benchmark, Figure } from './benchmark';

/** The smallest comes again at the end: what the process gave back to the system meanwhile must not flatter the largest. */
const SIZES = [1_000, 5_000, 20_000, 1_000];
const WARM_UP = 2_000;
const SAMPLE_EVERY_MS = 250;
const MB = 1_000_000;

/** Memory of the worker during one batch operation, in MB. */
interface Memory {
  size: number;
  /** Resident: median and highest of what was seen. */
  median: number;
  peak: number;
  /** In use on the JavaScript heap when it is over and garbage is collected. */
  heap: number;
}

export const batchMemory: Benchmark = {
  name: 'batch-memory',
  about:
    'resident memory of the worker process while it cancels so many workflows, after a warm-up in the same process',
  run: () =>
    BatchBench.run(
      async (bench) => {
        const perform = async (count: number) => bench.cancel(await bench.workflows(count), count, 'worker');
        await perform(WARM_UP);
        const memory: Memory[] = [];
        for (const size of SIZES) {
          const workflows = await bench.workflows(size);
          memory.push(await observed(bench.worker, size, () => bench.cancel(workflows, size, 'worker')));
        }
        return figures(memory);
      },
      ['--expose-gc', '--require', path.join(__dirname, 'heap-after-gc.cjs')],
    ),
};

async function observed(worker: WorkerProcess, size: number, act: () => Promise<unknown>): Promise<Memory> {
  const resident: number[] = [];
  const sampling = setInterval(() => resident.push(residentMB(worker.child.pid ?? 0)), SAMPLE_EVERY_MS);
  try {
    await act();
  } finally {
    clearInterval(sampling);
  }
  return { size, median: quantile(resident, 0.5), peak: Math.max(...resident), heap: await heapAfterGc(worker) };
}

function residentMB(pid: number): number {
  const kB = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kB) * 1024) / MB;
}

async function heapAfterGc(worker: WorkerProcess): Promise<number> {
  const told = () => worker.log.filter(({ message }) => message === 'heap after gc');
  const before = told().length;
  worker.child.kill('SIGUSR2');
  const { heapUsed } = await eventually(() => told()[before]);
  return Number(heapUsed) / MB;
}

/**
 * The limit is on the medians: a long run is looked at far more often than a short one, so its peak is higher by chance
 * alone. The peaks are told all the same.
 */
function figures(memory: Memory[]): Figure[] {
  const items = (size: number) => `${size.toLocaleString('en')} items`;
  const [least, most] = [Math.min(...SIZES), Math.max(...SIZES)];
  const growth = (of: 'median' | 'peak' | 'heap') => {
    const seen = (size: number) => memory.filter((one) => one.size === size).map((one) => one[of]);
    return Math.max(...seen(most)) / Math.min(...seen(least));
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
