import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cachedCodeLoader, writeCodeCache } from './code-cache';
import type { Bundle } from './function-bundles';

/** The handler of every function, as Lambda wants it named. */
export const HANDLER = 'index.handler';

/** Writes what is deployed of a function, and nothing else, into `folder`. */
export function writeFunctionAsset({ code }: Bundle, folder: string, { codeCache }: { codeCache: boolean }): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const write = (file: string, content: Uint8Array) => writeFileSync(path.join(folder, file), content);
  if (!codeCache) return write('index.js', code);
  write('index.js', cachedCodeLoader());
  write('function.js', code);
  writeCodeCache(folder);
}
