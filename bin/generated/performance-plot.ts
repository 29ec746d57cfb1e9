import { readFileSync } from 'node:fs';
import path from 'node:path';
import { plot } from '../../bench/plot';
import type { Results } from '../../bench/results';

/** Returns the results in bench/results.json as an SVG image. */
export function performancePlot(root: string): string {
  return plot(JSON.parse(readFileSync(path.join(root, 'bench/results.json'), 'utf8')) as Results);
}
