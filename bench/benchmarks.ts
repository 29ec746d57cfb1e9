import type { Benchmark } from './benchmark';

/** All benchmarks, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [];
