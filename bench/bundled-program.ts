import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bundle } from '../lib/bundling/function-bundles';

/**
 * Bundles a program of bench/ in the same way as functions.
 * @param source its path below bench/
 * @returns the path of the bundle in `folder`
 */
export function writeProgram(source: string, folder: string): string {
  const { name } = path.parse(source);
  const module = path.join(folder, `${name}.js`);
  writeFileSync(module, bundle({ [name]: path.join(__dirname, source) }, { trim: true }).get(name)?.code ?? '');
  return module;
}

/** As `writeProgram`, in a folder of its own that `remove` deletes. */
export function bundledProgram(source: string): { module: string; remove: () => void } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rewind-bench-'));
  return { module: writeProgram(source, folder), remove: () => rmSync(folder, { recursive: true }) };
}
