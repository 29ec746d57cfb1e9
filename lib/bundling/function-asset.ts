import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The Lambda handler of every function. */
export const HANDLER = 'index.handler';

/** Writes a function's code to `folder`, and removes all other files there. */
export function writeFunctionAsset({ code }: { code: Uint8Array }, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'index.js'), code);
}
