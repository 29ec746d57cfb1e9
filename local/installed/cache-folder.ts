import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { cleanupOnExit } from '../processes/cleanup-on-exit';

/** The folder for downloads and installations that all instances share, by the platform's convention. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment['XDG_CACHE_HOME']) return path.join(environment['XDG_CACHE_HOME'], 'rewind');
  const home = os.homedir();
  return process.platform === 'darwin' ? path.join(home, 'Library/Caches/rewind') : path.join(home, '.cache/rewind');
}

/**
 * Returns a folder of the cache, and fills it first if it does not exist. The content is written to a draft folder, which is
 * then renamed, so that an interrupted installation leaves nothing and concurrent installations do not interfere.
 *
 * @param name contains the version, such as `temporal-cli-1.5.1`: an existing folder never changes
 * @param fill writes the content into the given folder; must leave no process running if it fails
 */
export async function cachedFolder(
  name: string,
  fill: (folder: string) => Promise<void>,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const place = path.join(cacheFolder(environment), name);
  if (existsSync(place)) return place;

  await mkdir(cacheFolder(environment), { recursive: true });
  const draft = await mkdtemp(`${place}.draft-`);
  cleanupOnExit.addPath(draft);
  try {
    await fill(draft);
    await rename(draft, place).catch((error: unknown) => {
      if (!existsSync(place)) throw error;
    });
    return place;
  } finally {
    await rm(draft, { recursive: true, force: true });
    cleanupOnExit.removePath(draft);
  }
}
