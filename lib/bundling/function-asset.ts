import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Name of every function's handler, as Lambda takes it. */
export const HANDLER = 'index.handler';

/** Writes the deployed file of a function into `folder`, and removes whatever else is there. */
export function writeFunctionAsset({ code }: { code: Uint8Array }, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'index.js'), code);
}
