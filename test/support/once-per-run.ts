import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Names the folder of this run of the integration tests. */
export const runFolderVariable = 'REWIND_TEST_RUN_FOLDER';

/**
 * Returns a folder that several test files share and that takes long to fill: the first jest process fills it, and
 * the others wait.
 * @param fill fills the given draft folder, which is then moved to its place
 */
export async function oncePerRun(name: string, fill: (folder: string) => Promise<unknown>): Promise<string> {
  const folder = path.join(process.env[runFolderVariable] ?? '', name);
  const lock = `${folder}.lock`;
  while (!existsSync(folder)) {
    if (await isCreated(lock)) {
      try {
        // Another process may have filled it after the first check.
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

/** Whether this call created the folder; of several concurrent calls, one did. */
async function isCreated(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
