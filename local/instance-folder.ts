import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { safetyNet } from './cleanup-on-exit';

/** A folder for one run's logs, keys and state: readable by this user alone, and gone when the run is. */
export interface InstanceFolder {
  readonly path: string;
  remove(): Promise<void>;
}

export async function createInstanceFolder(): Promise<InstanceFolder> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'rewind-'));
  safetyNet.addPath(folder);
  return {
    path: folder,
    remove: async () => {
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      safetyNet.removePath(folder);
    },
  };
}
