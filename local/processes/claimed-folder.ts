import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cleanupOnExit } from './cleanup-on-exit';

/** The file in a claimed folder that names its owner: the process id and a unique text. */
const OWNER_FILE = 'owner';

/** A folder that one process at a time owns, such as `.rewind/` of a checkout. */
export interface ClaimedFolder {
  readonly path: string;
  /** Removes the folder, if this process still owns it. */
  release(): Promise<void>;
}

/**
 * Claims the folder, and removes it when this process ends, even by SIGKILL. Removes the files of an owner that no longer runs.
 * @returns undefined while another running process owns it
 */
export async function claimFolder(folder: string): Promise<ClaimedFolder | undefined> {
  const ownerFile = path.join(folder, OWNER_FILE);
  const owner = `${process.pid} ${randomUUID()}`;
  while (!(await createWhole(ownerFile, owner))) {
    const current = await readFile(ownerFile, 'utf8').catch(() => '');
    if (isRunning(Number(current.split(' ')[0]))) return undefined;
    await removeOwnedBy(folder, current);
  }
  cleanupOnExit.addClaim(folder, owner);
  return {
    path: folder,
    release: async () => {
      if (isOwnedBy(folder, owner)) await removeOwnedBy(folder, owner);
      cleanupOnExit.removeClaim(folder, owner);
    },
  };
}

/**
 * Creates a file with its content atomically.
 * @returns false if the file exists
 */
async function createWhole(file: string, content: string): Promise<boolean> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}-${randomUUID()}`;
  try {
    await writeFile(draft, content, { mode: 0o600 });
    await link(draft, file);
    return true;
  } catch (error) {
    // ENOENT: another process has removed the folder meanwhile.
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Removes the folder if it still has this owner. Renames it first, so that files of the next owner are not removed.
 * reaper.mjs has the same code.
 */
async function removeOwnedBy(folder: string, owner: string): Promise<void> {
  const away = `${folder}-${randomUUID()}`;
  try {
    await rename(folder, away);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (isOwnedBy(away, owner) || !existsSync(path.join(away, OWNER_FILE)))
    await rm(away, { recursive: true, force: true });
  else await rename(away, folder);
}

function isOwnedBy(folder: string, owner: string): boolean {
  try {
    return readFileSync(path.join(folder, OWNER_FILE), 'utf8') === owner;
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: a process of another user.
    return codeOf(error) === 'EPERM';
  }
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
