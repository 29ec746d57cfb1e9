import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { cleanupOnExit } from './cleanup-on-exit';

/** A folder for the logs, keys and state of one run. Only this user can read it; it is removed when the run ends. */
export interface InstanceFolder {
  readonly path: string;
  remove(): Promise<void>;
}

export async function createInstanceFolder(): Promise<InstanceFolder> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'rewind-'));
  cleanupOnExit.addPath(folder);
  return {
    path: folder,
    remove: async () => {
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      cleanupOnExit.removePath(folder);
    },
  };
}
