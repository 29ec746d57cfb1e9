import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import path from 'node:path';

let reaper: ChildProcess | undefined;

function send(line: string): void {
  if (reaper === undefined) {
    reaper = spawn(process.execPath, [path.join(__dirname, 'reaper.mjs')], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // The reaper must neither keep this process running nor end it with an error.
    reaper.unref();
    if (reaper.stdin instanceof Socket) reaper.stdin.unref();
    reaper.stdin?.on('error', () => {});
    reaper.on('error', () => {});
  }
  reaper.stdin?.write(`${line}\n`);
}

/**
 * Registers processes and files that must not outlive this process. `reaper.mjs` stops and removes them when this process
 * ends, even by SIGKILL; an orderly stop unregisters them.
 */
export const cleanupOnExit = {
  /** @param leader process id of the leader of a process group */
  addGroup: (leader: number): void => send(`+group ${leader}`),
  removeGroup: (leader: number): void => send(`-group ${leader}`),
  /** @param fileOrFolder absolute path, which is removed recursively */
  addPath: (fileOrFolder: string): void => send(`+path ${fileOrFolder}`),
  removePath: (fileOrFolder: string): void => send(`-path ${fileOrFolder}`),
  /** @param owner content of the folder's file `owner`; the folder is removed only while the file has this content */
  addClaim: (folder: string, owner: string): void => send(`+claim ${JSON.stringify({ folder, owner })}`),
  removeClaim: (folder: string, owner: string): void => send(`-claim ${JSON.stringify({ folder, owner })}`),
};
