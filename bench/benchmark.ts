/*
 * A benchmark is a file in bench/ that exports a `Benchmark`, listed in benchmarks.ts. Only ratios can be compared between
 * machines, so what is compared is measured in one run, interleaved.
 */

export interface Benchmark {
  /** Its name on the command line and in results.json. */
  name: string;
  /** One line: what it measures, and against what. */
  about: string;
  run: () => Promise<Figure[]>;
}

export interface Figure {
  name: string;
  /** `ratio` is relative to the floor that `note` or the benchmark's `about` names. */
  unit: 'ratio' | 'ms' | 'MB' | 'kB' | 'calls' | 'per second' | 'USD' | 'units' | 'units per second';
  /** The median, where there were several runs. */
  value: number;
  /** The quartiles around the median. */
  spread?: [lower: number, upper: number];
  /** How many runs. */
  n?: number;
  /** Upper limit. */
  atMost?: number;
  note?: string;
}

/** The `q` quantile (0–1) of the samples, with linear interpolation. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/** Median, quartiles and number of the samples, as fields of a figure. */
export function summary(samples: readonly number[]): Required<Pick<Figure, 'value' | 'spread' | 'n'>> {
  return {
    value: quantile(samples, 0.5),
    spread: [quantile(samples, 0.25), quantile(samples, 0.75)],
    n: samples.length,
  };
}

/**
 * Runs each contender `rounds` times, in sequence and in another order each round, so that other load on the machine
 * affects all of them alike.
 * @param contenders by name; each returns its sample, in any unit
 */
export async function interleaved<Name extends string>(
  rounds: number,
  contenders: Record<Name, () => Promise<number>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contenders) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) samples[name].push(await contenders[name]());
  }
  return samples;
}

/** Median of `samples` over median of `floor`; the spread is that of the samples over the floor's median. */
export function ratio(samples: readonly number[], floor: readonly number[]): ReturnType<typeof summary> {
  const unit = quantile(floor, 0.5);
  return summary(samples.map((sample) => sample / unit));
}
