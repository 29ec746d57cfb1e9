import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError } from '../config';
import type { BundleOptions } from './function-bundles';

/*
 * Replaces function-bundles.ts in the npm package, which contains bundled functions but neither esbuild nor the sources.
 * bin/package.ts makes the replacement.
 */

/** The directory to which bin/package.ts writes the bundles, next to the package's main module. */
const folder = path.join(__dirname, 'functions');

export const functionFolder = (name: string): string => path.join(folder, name);

/** Returns the bundles in the package. @throws {ConfigError} when `trim` is false, because the package has no such bundles */
export function functionBundles({ trim }: BundleOptions): ReadonlyMap<string, { code: Uint8Array }> {
  if (!trim)
    throw new ConfigError('functions.trim: the package only has trimmed functions; false requires the repository');
  return new Map(
    readdirSync(folder).map((name) => [name, { code: readFileSync(path.join(folder, name, 'index.js')) }]),
  );
}
