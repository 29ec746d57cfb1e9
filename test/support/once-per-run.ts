import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A folder of this run of the integration tests. */
export const runFolderVariable = 'REWIND_TEST_RUN_FOLDER';

/**
 * A folder that several test files need and that takes long to fill: the first of jest's processes that asks fills it,
 * the others wait.
 * @param fill fills the folder that it is given, which is moved to its place afterwards
 */
export async function oncePerRun(name: string, fill: (folder: string) => Promise<unknown>): Promise<string> {
  const folder = path.join(process.env[runFolderVariable] ?? '', name);
  const lock = `${folder}.lock`;
  while (!existsSync(folder)) {
    if (await isCreated(lock)) {
      try {
        // Another process may have filled it between the two looks.
        if (!existsSync(folder)) await moveInto(folder, path.join(lock, name), fill);
      } finally {
        await rm(lock, { recursive: true, force: true });
      }
    } else {
      await sleep(100);
    }
  }
  return folder;
}

async function moveInto(folder: string, draft: string, fill: (folder: string) => Promise<unknown>): Promise<void> {
  await mkdir(draft);
  await fill(draft);
  await rename(draft, folder);
}

/** Whether this call has made the folder: of several at the same time, one has. */
async function isCreated(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
