import { batch } from './batch';
import { batchMemory } from './batch-memory';
import type { Benchmark } from './benchmark';
import { cold } from './cold';
import { load } from './load';

/** All benchmarks, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [load, cold, batch, batchMemory];
