import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bundle } from '../lib/bundling/function-bundles';

/**
 * A module of bench/, bundled as functions are.
 * @returns its path, and what removes it
 */
export function bundledProgram(name: string): { module: string; remove: () => void } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rewind-bench-'));
  const module = path.join(folder, `${name}.js`);
  writeFileSync(module, bundle({ [name]: path.join(__dirname, `${name}.ts`) }, { trim: true }).get(name)?.code ?? '');
  return { module, remove: () => rmSync(folder, { recursive: true }) };
}
