import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';

/** An optimization that makes bundles smaller. It depends on the structure of the packages that it changes. */
export interface BundleOptimization {
  /** Replaced modules: absolute path of the replacement by import path. A key also matches the paths below it. */
  alias: Record<string, string>;
  /** Packages that are not bundled. */
  external?: string[];
  /** Replaced global names, in esbuild's format. */
  define?: Record<string, string>;
  /** @throws {BundlingError} when a package no longer has the expected structure */
  check: (metafile: Metafile) => void;
}

/** An optimization does not fit the installed version of a package. The message says why, and how to deploy without it. */
export class BundlingError extends Error {
  override readonly name = 'BundlingError';

  constructor(message: string) {
    super(`${message}. To deploy without this optimization, set functions.trim to false.`);
  }
}

/** Root directory of Rewind, which can be a package in another app. Paths in esbuild's metafile are relative to it. */
export const projectFolder = path.resolve(__dirname, '../..');

/** The same in every build, because bundles contain the paths of their modules. */
const generatedFolder = path.join(projectFolder, 'dist/bundling');

/** Writes a replacement module. @returns its path */
export function writeModule(name: string, source: string): string {
  mkdirSync(generatedFolder, { recursive: true });
  const module = path.join(generatedFolder, name);
  // Replaces the file atomically, because another process may be reading it.
  const draft = `${module}.${process.pid}`;
  writeFileSync(draft, source);
  renameSync(draft, module);
  return module;
}

/** Returns the paths of the modules in a bundle that import `module` by this name. */
export function importersOf(module: string, { inputs }: Metafile): string[] {
  return Object.entries(inputs)
    .filter(([, { imports }]) => imports.some(({ original, path: resolved }) => (original ?? resolved) === module))
    .map(([file]) => path.resolve(projectFolder, file));
}
