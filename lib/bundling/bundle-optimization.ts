import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';

/** Makes bundles smaller, depending on how their packages are built. */
export interface BundleOptimization {
  /** Replacements of modules: absolute paths by import path. A key covers the paths below it too. */
  alias: Record<string, string>;
  /** Packages that stay out of the bundle. */
  external?: string[];
  /** Replacements of global names, as esbuild takes them. */
  define?: Record<string, string>;
  /** @throws {BundlingError} when a package no longer has the expected shape */
  check: (metafile: Metafile) => void;
}

/** An optimization does not apply to a package. The message says which, and how to deploy without it. */
export class BundlingError extends Error {
  override readonly name = 'BundlingError';

  constructor(message: string) {
    super(`${message}. To deploy without this optimization, set rewind.functions.trim to false.`);
  }
}

/** Folder of Rewind, which may be a package in another app. Paths in esbuild's metafile are relative to it. */
export const projectFolder = path.resolve(__dirname, '../..');

/** The same in every build, since bundles contain the paths of their modules. */
const generatedFolder = path.join(projectFolder, 'dist/bundling');

/** Writes a module that replaces others. @returns its path */
export function writeModule(name: string, source: string): string {
  mkdirSync(generatedFolder, { recursive: true });
  const module = path.join(generatedFolder, name);
  // Atomically: another process may be reading the same file.
  const draft = `${module}.${process.pid}`;
  writeFileSync(draft, source);
  renameSync(draft, module);
  return module;
}

/** Paths of the bundle's modules that import `module`, as written in their source. */
export function importersOf(module: string, { inputs }: Metafile): string[] {
  return Object.entries(inputs)
    .filter(([, { imports }]) => imports.some(({ original, path: resolved }) => (original ?? resolved) === module))
    .map(([file]) => path.resolve(projectFolder, file));
}
