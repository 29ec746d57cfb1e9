import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError } from '../config';
import type { BundleOptions } from './function-bundles';

/*
 * In the npm package instead of function-bundles.ts: there the functions are bundled already, and neither esbuild nor the
 * sources are at hand. bin/package.ts replaces the one by the other.
 */

/** The folder that bin/package.ts writes them to, beside the package's main module. */
const folder = path.join(__dirname, 'functions');

export const functionFolder = (name: string): string => path.join(folder, name);

/** @throws {ConfigError} for functions that are not trimmed: the package has the others only */
export function functionBundles({ trim }: BundleOptions): ReadonlyMap<string, { code: Uint8Array }> {
  if (!trim)
    throw new ConfigError('functions.trim: the package has trimmed functions only; false needs the repository');
  return new Map(
    readdirSync(folder).map((name) => [name, { code: readFileSync(path.join(folder, name, 'index.js')) }]),
  );
}
