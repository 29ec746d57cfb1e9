import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { cleanupOnExit } from './cleanup-on-exit';

/** Where downloads and installations that every instance shares are kept, following the platform's custom. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment['XDG_CACHE_HOME']) return path.join(environment['XDG_CACHE_HOME'], 'rewind');
  const home = os.homedir();
  return process.platform === 'darwin' ? path.join(home, 'Library/Caches/rewind') : path.join(home, '.cache/rewind');
}

/**
 * The cache's folder of that name, filled first where it is missing. Filled elsewhere and moved into place whole, so an
 * interrupted installation counts as none, and concurrent installations do not disturb each other.
 *
 * @param name holds the version, e.g. `temporal-cli-1.5.1`: a folder never changes once it is there
 * @param fill puts the content into the folder it is given; leaves nothing running when it fails
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
