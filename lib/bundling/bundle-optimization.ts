import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';

/** A way to make bundles smaller than their packages are, that depends on how those packages are built. */
export interface BundleOptimization {
  /** Modules that esbuild takes instead of others: absolute paths by import path. A key covers what is below it too. */
  alias: Record<string, string>;
  /** Packages that stay out of the bundle. */
  external?: string[];
  /** @throws {BundlingError} when a package no longer is what the technique was made for */
  check: (metafile: Metafile) => void;
}

/** A bundle cannot be made as it should. It says which technique did not find what it expects, and how to go on. */
export class BundlingError extends Error {
  override readonly name = 'BundlingError';

  constructor(message: string) {
    super(`${message}. To deploy without this technique, set rewind.functions.trim to false.`);
  }
}

/** Of Rewind, which may be a package of somebody else's app. Paths in esbuild's metafile are relative to it. */
export const projectFolder = path.resolve(__dirname, '../..');

/** Bundles hold the paths of their modules: that of a generated one has to be the same every time. */
const generatedFolder = path.join(projectFolder, 'dist/bundling');

/** Writes a module that takes the place of others, and tells its path. */
export function writeModule(name: string, source: string): string {
  mkdirSync(generatedFolder, { recursive: true });
  const module = path.join(generatedFolder, name);
  // In one step: another process may be reading it, which has written the same.
  const draft = `${module}.${process.pid}`;
  writeFileSync(draft, source);
  renameSync(draft, module);
  return module;
}

/** The paths of the modules of the bundle that import `module`, as it is written in their source. */
export function importersOf(module: string, { inputs }: Metafile): string[] {
  return Object.entries(inputs)
    .filter(([, { imports }]) => imports.some(({ original, path: resolved }) => (original ?? resolved) === module))
    .map(([file]) => path.resolve(projectFolder, file));
}
