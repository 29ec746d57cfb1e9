import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Names the file in which the starting process reports the result to the test processes. */
export const startupFileVariable = 'REWIND_E2E_STARTUP';
export const detailsFileVariable = 'REWIND_E2E_LOCAL_JSON';

type Startup = { detailsFile: string } | { failure: string };

/** Writes atomically, because test processes may read the file. */
export function reportStartup(file: string, startup: Startup): void {
  writeFileSync(`${file}.draft`, JSON.stringify(startup));
  renameSync(`${file}.draft`, file);
}

/**
 * Waits until the local stack is up. The start has its own timeouts.
 * @returns path of its details
 * @throws when it did not start
 */
export async function localStackStarted(environment = process.env): Promise<string> {
  const file = environment[startupFileVariable];
  if (file === undefined) throw new Error(`neither ${startupFileVariable} nor ${detailsFileVariable} is set`);
  while (!existsSync(file)) await sleep(100);
  const startup = JSON.parse(readFileSync(file, 'utf8')) as Startup;
  if ('failure' in startup) throw new Error(`the local stack did not start: ${startup.failure}`);
  return startup.detailsFile;
}
