import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Figure } from './benchmark';

/** What bench/results.json holds. */
export interface Results {
  benchmarks: Record<string, { about: string; measured: Measured; figures: Figure[] }>;
}

export interface Measured {
  /** ISO 8601 date. */
  date: string;
  commit: string;
  node: string;
  cpu: string;
  versions: Record<string, string>;
}

export const resultsPath = path.join(__dirname, 'results.json');

export function knownResults(): Results {
  try {
    return JSON.parse(readFileSync(resultsPath, 'utf8')) as Results;
  } catch {
    return { benchmarks: {} };
  }
}
