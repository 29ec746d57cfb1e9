import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { interleaved, ratio, summary } from './benchmark';
import type { Benchmark, Figure } from './benchmark';
import { loadable, writeFunctionAssets } from './function-assets';

const ROUNDS = 31;

/** Functions with an upper limit. */
export const reading = ['describe', 'reset-points'];
export const acting = [
  'cancel',
  'terminate',
  'reset',
  'start-batch-operation',
  'cancel-on-event',
  'reconcile-operations',
];

/** How long loading a function's code takes: Lambda's init phase. */
export const load: Benchmark = {
  name: 'load',
  about: 'loading the code of a function in a new process; a floor (bench/floor/) is 1 and a bare Node.js 0',
  async run() {
    const { floor, naive, deployed, untrimmed, remove } = writeFunctionAssets();
    try {
      const modules: Record<string, string | undefined> = {
        floor,
        naive,
        ...deployed,
        'describe, not trimmed': untrimmed['describe'],
        'cancel, not trimmed': untrimmed['cancel'],
      };
      const samples = await interleaved(
        ROUNDS,
        Object.fromEntries(Object.entries(modules).map(([name, module = '']) => [name, () => loadingMs(module)])),
      );
      const limits: Record<string, number> = {
        ...Object.fromEntries(reading.map((name) => [name, 2.5])),
        ...Object.fromEntries(acting.map((name) => [name, 3.5])),
      };
      const { floor: floorMs = [], ...others } = samples;
      const ratios = Object.entries(others).map(([name, ms]): Figure => {
        const atMost = limits[name];
        return { name: `load ${name}`, unit: 'ratio', ...ratio(ms, floorMs), atMost };
      });
      return [{ name: 'load floor', unit: 'ms', ...summary(floorMs) }, ...ratios];
    } finally {
      remove();
    }
  },
};

/** Milliseconds that `require` of the module takes in a new process, with the Node.js modules that it loads. */
async function loadingMs(module: string): Promise<number> {
  const program = `
    const start = process.hrtime.bigint();
    require(${JSON.stringify(module)});
    console.log(Number(process.hrtime.bigint() - start) / 1e6);
    process.exit();
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], { env: loadable });
  return Number(stdout);
}
