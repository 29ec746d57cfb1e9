import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import path from 'node:path';

let reaper: ChildProcess | undefined;

function tell(line: string): void {
  if (reaper === undefined) {
    reaper = spawn(process.execPath, [path.join(__dirname, 'reap.mjs')], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // It only matters once this process is gone, so it must neither keep it alive nor bring it down.
    reaper.unref();
    if (reaper.stdin instanceof Socket) reaper.stdin.unref();
    reaper.stdin?.on('error', () => {});
    reaper.on('error', () => {});
  }
  reaper.stdin?.write(`${line}\n`);
}

/**
 * The safety net under everything that must not outlive this process. Whatever is on it when the process ends, however it
 * ends, is stopped and removed by `reap.mjs`; an orderly stop takes things off again.
 */
export const safetyNet = {
  /** @param leader pid of a process group's leader */
  addGroup: (leader: number): void => tell(`+group ${leader}`),
  removeGroup: (leader: number): void => tell(`-group ${leader}`),
  /** @param fileOrFolder absolute path, removed with all that is in it */
  addPath: (fileOrFolder: string): void => tell(`+path ${fileOrFolder}`),
  removePath: (fileOrFolder: string): void => tell(`-path ${fileOrFolder}`),
};
