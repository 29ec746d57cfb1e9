import { deployedNode } from '../local/installed/deployed-node';
import { interleaved, ratio, summary } from './benchmark';
import type { Benchmark, Figure } from './benchmark';
import { requestFor, ROUND_TRIP_MS, startParts } from './cold';
import type { Parts, Verb } from './cold';
import { eventFigures } from './events';
import { loadable, writeFunctionAssets } from './function-assets';
import type { FunctionAssets } from './function-assets';
import { acting, reading } from './load';
import { RuntimeProcess } from './runtime-process';

const LOAD_ROUNDS = 31;
const COLD_ROUNDS = 25;
const WARM_UP = 10;
const WARM_ROUNDS = 60;

/** What `load` and `cold` measure, and a warm request, on Lambda's Node.js and over its Runtime API. */
export const deployed: Benchmark = {
  name: 'deployed',
  about: `as Lambda runs a function: Node.js 24 (x64) over the Runtime API, all it calls ${ROUND_TRIP_MS} ms away, the ledger too; a floor that does the same (bench/floor/) is 1`,
  async run() {
    const [node] = await deployedNode();
    const assets = writeFunctionAssets();
    try {
      const load = await loadFigures(node, assets);
      const parts = await startParts();
      try {
        const requests = await requestFigures(node, assets, parts);
        return [...load, ...requests, ...(await eventFigures(node, assets, parts))];
      } finally {
        await parts.stop();
      }
    } finally {
      assets.remove();
    }
  },
};

async function loadFigures(node: string, { floor, naive, deployed: bundles }: FunctionAssets): Promise<Figure[]> {
  const modules: Record<string, string> = { floor, naive };
  for (const name of [...reading, ...acting]) modules[name] = bundles[name] ?? '';
  const loadMs = async (module: string) => {
    const started = await RuntimeProcess.start(node, module, loadable);
    const ms = await started.loaded;
    await started.stop();
    return ms;
  };
  const { floor: floorMs = [], ...others } = await interleaved(
    LOAD_ROUNDS,
    Object.fromEntries(Object.entries(modules).map(([name, module]) => [name, () => loadMs(module)])),
  );
  const limits = new Map([
    ...reading.map((name) => [name, 1.9] as const),
    ...acting.map((name) => [name, 2.2] as const),
  ]);
  return [
    { name: 'deployed load, floor', unit: 'ms', ...summary(floorMs) },
    ...Object.entries(others).map(([name, ms]): Figure => {
      return { name: `deployed load, ${name}`, unit: 'ratio', ...ratio(ms, floorMs), atMost: limits.get(name) };
    }),
  ];
}

interface Contender {
  module: string;
  verb: Verb;
}

async function requestFigures(
  node: string,
  { floor, naive, deployed: bundles }: FunctionAssets,
  parts: Parts,
): Promise<Figure[]> {
  const contenders: Record<string, Contender> = {
    'floor describe': { module: floor, verb: 'describe' },
    'floor cancel': { module: floor, verb: 'cancel' },
    naive: { module: naive, verb: 'describe' },
    describe: { module: bundles['describe'] ?? '', verb: 'describe' },
    cancel: { module: bundles['cancel'] ?? '', verb: 'cancel' },
  };
  const start = ({ module }: Contender) => RuntimeProcess.start(node, module, parts.environment);
  const eventFor = async ({ verb }: Contender) => requestFor(verb, await parts.workflows.start());
  const each = (measure: (contender: Contender, name: string) => Promise<number>) =>
    Object.fromEntries(Object.entries(contenders).map(([name, which]) => [name, () => measure(which, name)]));
  const cold = await interleaved(
    COLD_ROUNDS,
    each(async (contender) => {
      const event = await eventFor(contender);
      const started = await start(contender);
      const ms = await started.first(event);
      await started.stop();
      return ms;
    }),
  );
  const warmed = new Map<string, RuntimeProcess>();
  for (const [name, contender] of Object.entries(contenders)) warmed.set(name, await start(contender));
  const warm = await interleaved(
    WARM_UP + WARM_ROUNDS,
    each(async (contender, name) => (await warmed.get(name)?.next(await eventFor(contender))) ?? NaN),
  );
  await Promise.all([...warmed.values()].map((one) => one.stop()));
  const measuredWarm = Object.fromEntries(Object.entries(warm).map(([name, ms]) => [name, ms.slice(WARM_UP)]));
  return [
    ...ratiosTo('cold', cold, { describe: 1.15, cancel: 1.15 }),
    ...ratiosTo('warm', measuredWarm, { cancel: 1.05 }),
  ];
}

/** Of what describes to the floor that describes, of what cancels to the one that cancels. */
function ratiosTo(what: string, samples: Record<string, number[]>, limits: Record<string, number>): Figure[] {
  const floorOf = (name: string) => samples[name === 'cancel' ? 'floor cancel' : 'floor describe'] ?? [];
  return Object.entries(samples).map(([name, ms]): Figure =>
    name.startsWith('floor')
      ? { name: `deployed ${what}, ${name}`, unit: 'ms', ...summary(ms) }
      : { name: `deployed ${what}, ${name}`, unit: 'ratio', ...ratio(ms, floorOf(name)), atMost: limits[name] },
  );
}
