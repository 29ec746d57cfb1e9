import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { claimFolder } from '../../local/processes/claimed-folder';
import { eventually } from '../support/eventually';

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(os.tmpdir(), 'rewind-test-'));
  folder = path.join(parent, '.rewind');
});
const owners: ChildProcess[] = [];
afterEach(() => {
  for (const child of owners.splice(0)) child.kill('SIGKILL');
  rmSync(parent, { recursive: true, force: true });
});

/** A process that claims the folder, writes a file into it, and stays until it is killed. */
async function owner(): Promise<ChildProcess> {
  const module = JSON.stringify(path.resolve(__dirname, '../../local/processes/claimed-folder.ts'));
  const script = `
    const folder = process.argv.at(-1);
    require(${module}).claimFolder(folder).then(() => {
      require('node:fs').writeFileSync(folder + '/local.json', String(process.pid));
      setInterval(() => {}, 1000);
    });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', script, '--', folder], { stdio: 'inherit' });
  owners.push(child);
  await eventually(() => existsSync(path.join(folder, 'local.json')));
  return child;
}

test('has one owner at a time, and is removed when the owner releases it', async () => {
  const first = await claimFolder(folder);
  writeFileSync(path.join(folder, 'local.json'), 'first');

  expect(await claimFolder(folder)).toBeUndefined();
  expect(readFileSync(path.join(folder, 'local.json'), 'utf8')).toBe('first');

  await first?.release();
  expect(existsSync(folder)).toBe(false);
});

test('one of ten concurrent claims succeeds', async () => {
  const claims = await Promise.all(Array.from({ length: 10 }, () => claimFolder(folder)));
  expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
  for (const claim of claims) await claim?.release();
});

test('is removed and can be claimed after its owner was killed', async () => {
  const child = await owner();
  expect(await claimFolder(folder)).toBeUndefined();

  child.kill('SIGKILL');

  await eventually(() => !existsSync(folder));
  const next = await claimFolder(folder);
  expect(next).toBeDefined();
  await next?.release();
});

test('the cleanup of a killed owner keeps the files of its successor', async () => {
  const child = await owner();
  const gone = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  child.kill('SIGKILL');
  await gone;
  const next = await eventually(() => claimFolder(folder));
  writeFileSync(path.join(folder, 'local.json'), 'next');

  await pause(1_000);

  expect(readFileSync(path.join(folder, 'local.json'), 'utf8')).toBe('next');
  await next.release();
});

test('a folder whose owner no longer runs is removed and claimed', async () => {
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'owner'), '4194304 nobody');
  writeFileSync(path.join(folder, 'local.json'), 'old');

  const claim = await claimFolder(folder);

  expect(claim).toBeDefined();
  expect(existsSync(path.join(folder, 'local.json'))).toBe(false);
  await claim?.release();
});
