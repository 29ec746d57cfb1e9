import { batch } from './batch';
import { batchFollow } from './batch-follow';
import { batchFollowMemory, batchMemory } from './batch-memory';
import type { Benchmark } from './benchmark';
import { cold } from './cold';
import { commandStart } from './command';
import { cost } from './cost';
import { deployed } from './deployed';
import { freeze } from './freeze';
import { history } from './history';
import { load } from './load';
import { partitions } from './partitions';
import { reconciliation } from './reconciliation';
import { search } from './search';
import { throughput } from './throughput';
import { warm } from './warm';

/** All benchmarks, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  load,
  cold,
  deployed,
  warm,
  throughput,
  freeze,
  history,
  batch,
  batchFollow,
  batchMemory,
  batchFollowMemory,
  partitions,
  search,
  reconciliation,
  cost,
  commandStart,
];
