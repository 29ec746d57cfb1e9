import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runProcess, startProcess, waitUntilReady } from '../../local/processes/processes';
import { eventually } from '../support/eventually';
import { temporaryFolder } from '../support/temporary-folder';

/* The tests run at the same time, because they wait for processes to end. */

const folders = temporaryFolder();
const newFolder = () => mkdtempSync(`${folders}${path.sep}`);

const logFile = (folder = newFolder()) => path.join(folder, 'log');
const pidIn = (file: string) => Number(readFileSync(file, 'utf8'));
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** A shell that has started another process. */
const parentWithChild = 'sleep 600 & echo $! > "$0"/child; sleep 600';

test.concurrent('stop ends a process and its children', async () => {
  const folder = newFolder();
  const childFile = path.join(folder, 'child');
  const parent = await startProcess('sh', ['-c', parentWithChild, folder], { logFile: logFile(folder) });
  await eventually(() => existsSync(childFile) && pidIn(childFile) > 0);
  const child = pidIn(childFile);

  await parent.stop();

  expect(isAlive(parent.pid)).toBe(false);
  expect(isAlive(child)).toBe(false);
});

test.concurrent('stop ends the children of a process that has exited', async () => {
  const folder = newFolder();
  const parent = await startProcess('sh', ['-c', 'sleep 600 & echo $! > "$0"/child', folder], {
    logFile: logFile(folder),
  });
  await parent.end;
  const child = pidIn(path.join(folder, 'child'));
  expect(isAlive(child)).toBe(true);

  await parent.stop();

  expect(isAlive(child)).toBe(false);
});

test.concurrent('stop kills a process that ignores SIGTERM', async () => {
  const folder = newFolder();
  const stubborn = await startProcess('sh', ['-c', 'trap "" TERM; touch "$0"/up; while :; do sleep 1; done', folder], {
    logFile: logFile(folder),
  });
  await eventually(() => existsSync(path.join(folder, 'up')));
  await stubborn.stop();
  expect(isAlive(stubborn.pid)).toBe(false);
});

test.concurrent('neither processes nor paths remain after their owner was killed', async () => {
  const folder = newFolder();
  const [parentFile, childFile] = [path.join(folder, 'parent'), path.join(folder, 'child')];
  const processes = path.resolve(__dirname, '../../local/processes/processes.ts');
  const cleanupModule = path.resolve(__dirname, '../../local/processes/cleanup-on-exit.ts');
  const script = `
    const { startProcess } = require(${JSON.stringify(processes)});
    const { cleanupOnExit } = require(${JSON.stringify(cleanupModule)});
    const fs = require('node:fs');
    const folder = process.argv.at(-1);
    fs.mkdirSync(folder + '/kept for the run');
    cleanupOnExit.addPath(folder + '/kept for the run');
    startProcess('sh', ['-c', ${JSON.stringify(parentWithChild)}, folder], { logFile: folder + '/log' })
      .then(({ pid }) => fs.writeFileSync(folder + '/parent', String(pid)));`;
  const owner = spawn(process.execPath, ['--import', 'tsx', '-e', script, '--', folder], { stdio: 'inherit' });
  await eventually(() => [parentFile, childFile].every((file) => existsSync(file) && pidIn(file) > 0));

  owner.kill('SIGKILL');

  await eventually(() => !existsSync(path.join(folder, 'kept for the run')));
  // A killed process disappears once process 1 has reaped it.
  const gone = () => ![parentFile, childFile].some((file) => isAlive(pidIn(file)));
  await expect(eventually(gone, 'the processes to be gone')).resolves.toBe(true);
});

test.concurrent('reports a failed program with the end of its output', async () => {
  const failing = runProcess('sh', ['-c', 'echo no space left; exit 3'], { logFile: logFile() });
  await expect(failing).rejects.toThrow(/sh ended with exit code 3.*no space left/s);
});

test.concurrent('reports a missing program by name', async () => {
  await expect(runProcess('no-such-program', [], { logFile: logFile() })).rejects.toThrow(
    /no-such-program could not be started/,
  );
});

test.concurrent('an interruption ends a running program', async () => {
  const controller = new AbortController();
  const log = logFile();
  const running = runProcess('sh', ['-c', 'echo running; exec sleep 600'], { logFile: log, signal: controller.signal });
  const interrupted = eventually(() => existsSync(log) && readFileSync(log, 'utf8').includes('running')).then(() =>
    controller.abort(new Error('Ctrl-C')),
  );
  await expect(running).rejects.toThrow('Ctrl-C');
  await interrupted;
});

test.concurrent('waiting for a server ends when the server exits', async () => {
  const server = await startProcess('sh', ['-c', 'echo port is taken; exit 1'], { logFile: logFile() });
  const ready = waitUntilReady(server, () => Promise.reject(new Error('connection refused')), {
    what: 'the server',
    timeoutMs: 60_000,
  });
  await expect(ready).rejects.toThrow(/port is taken/);
});

test.concurrent('waiting for a server that never becomes ready fails with the reason', async () => {
  const server = await startProcess('sleep', ['600'], { logFile: logFile() });
  const ready = waitUntilReady(server, () => Promise.reject(new Error('connection refused')), {
    what: 'the server',
    timeoutMs: 100,
  });
  await expect(ready).rejects.toThrow('the server was not ready within 0.1 s (connection refused)');
  await server.stop();
});
