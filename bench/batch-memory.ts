import { readFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../test/eventually';
import type { WorkerProcess } from '../test/integration/worker/worker-process';
import { BatchBench } from './batch-operations';
import { quantile } from './benchmark';
import type { Benchmark, Figure } from './benchmark';

const SIZES = [1_000, 5_000, 20_000];
const WARM_UP = 2_000;
const SAMPLE_EVERY_MS = 250;
const MB = 1_000_000;

/** Memory of the worker during one batch operation, in MB. */
interface Memory {
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
        const memory = new Map<number, Memory>();
        for (const size of SIZES) {
          const workflows = await bench.workflows(size);
          memory.set(size, await observed(bench.worker, () => bench.cancel(workflows, size, 'worker')));
        }
        return figures(memory);
      },
      ['--expose-gc', '--require', path.join(__dirname, 'heap-after-gc.cjs')],
    ),
};

async function observed(worker: WorkerProcess, act: () => Promise<unknown>): Promise<Memory> {
  const resident: number[] = [];
  const sampling = setInterval(() => resident.push(residentMB(worker.child.pid ?? 0)), SAMPLE_EVERY_MS);
  try {
    await act();
  } finally {
    clearInterval(sampling);
  }
  return { median: quantile(resident, 0.5), peak: Math.max(...resident), heap: await heapAfterGc(worker) };
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

function figures(memory: Map<number, Memory>): Figure[] {
  const [least, most] = [SIZES[0] ?? 0, SIZES.at(-1) ?? 0];
  const of = (size: number) => memory.get(size) ?? { median: NaN, peak: NaN, heap: NaN };
  const items = (size: number) => `${size.toLocaleString('en')} items`;
  return [
    {
      name: `worker memory, ${items(most)} / ${items(least)}`,
      unit: 'ratio',
      value: of(most).peak / of(least).peak,
      atMost: 1.15,
      note: 'highest resident memory seen during each',
    },
    ...SIZES.flatMap((size): Figure[] => [
      { name: `resident, ${items(size)}, peak`, unit: 'MB', value: of(size).peak },
      { name: `resident, ${items(size)}, median`, unit: 'MB', value: of(size).median },
      { name: `heap after GC, ${items(size)}`, unit: 'MB', value: of(size).heap },
    ]),
  ];
}
