import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeFunctionAsset } from '../lib/bundling/function-asset';
import { functionBundles } from '../lib/bundling/function-bundles';
import type { Bundle } from '../lib/bundling/function-bundles';
import { rewindConfig } from '../lib/config';

/*
 * `npm run build` bundles all functions with the default configuration into dist/functions, and prints their sizes by package.
 */

const folder = path.resolve(__dirname, '../dist/functions');
const config = rewindConfig.shape.functions.parse(undefined);
const bundles = [...functionBundles(config).values()];

for (const bundle of bundles) writeFunctionAsset(bundle, path.join(folder, bundle.name));
console.log(`${bundles.length} functions in ${path.relative('', folder)}, sizes in kB`);
console.table(
  Object.fromEntries(
    bundles.map((bundle) => [
      bundle.name,
      {
        bundle: kB(bundle.code.length),
        gzip: kB(gzipSync(bundle.code).length),
        'most of it': packagesOf(bundle)
          .slice(0, 6)
          .map(([name, bytes]) => `${name} ${kB(bytes)}`)
          .join(', '),
      },
    ]),
  ),
);

/** Returns bytes by package, largest first. `rewind` is the code of this repository. */
function packagesOf({ contents }: Bundle): [name: string, bytes: number][] {
  const bytes = new Map<string, number>();
  for (const [module, size] of Object.entries(contents)) {
    const name = packageOf(module);
    bytes.set(name, (bytes.get(name) ?? 0) + size);
  }
  return [...bytes].toSorted(([, one], [, other]) => other - one);
}

function packageOf(module: string): string {
  const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(module)?.[1];
  return name ?? (module.includes('trimmed-proto') ? 'trimmed @temporalio/proto' : 'rewind');
}

function kB(bytes: number): number {
  return Math.round(bytes / 1000);
}
