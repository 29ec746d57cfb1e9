import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { findTemporalCli } from '../../local/temporal/temporal-cli';
import { temporaryFolder } from '../support/temporary-folder';

const folders = temporaryFolder();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(`${folders}${path.sep}`);
});

/** A program that prints the version of a Temporal CLI, or another given text. */
function program(file: string, says = 'temporal version 1.5.1 (Server 1.29.1)'): string {
  const full = path.join(folder, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, `#!/bin/sh\necho "${says}"\n`);
  chmodSync(full, 0o755);
  return full;
}

const environment = (more: Record<string, string>) => ({ XDG_CACHE_HOME: path.join(folder, 'cache'), ...more });

test('TEMPORAL_CLI comes before the PATH', async () => {
  const named = program('named/temporal-1.5');
  program('bin/temporal');
  const found = findTemporalCli({ environment: environment({ TEMPORAL_CLI: named, PATH: path.join(folder, 'bin') }) });
  await expect(found).resolves.toBe(named);
});

test.each([
  ['is not there', (file: string) => path.join(folder, file), /does not exist/],
  ['is another program', (file: string) => program(file, 'temporalite 0.1'), /is not a Temporal CLI/],
])('a TEMPORAL_CLI that %s is an error, and is not skipped', async (_what, make, message) => {
  program('bin/temporal');
  const named = make('named/temporal');
  const found = findTemporalCli({ environment: environment({ TEMPORAL_CLI: named, PATH: path.join(folder, 'bin') }) });
  await expect(found).rejects.toThrow(message);
  await expect(found).rejects.toThrow('TEMPORAL_CLI');
});

test('the PATH comes before the cache', async () => {
  const onPath = program('bin/temporal');
  program('cache/rewind/temporal-cli-1.5.1/temporal');
  const found = findTemporalCli({ environment: environment({ PATH: `/nowhere:${path.join(folder, 'bin')}` }) });
  await expect(found).resolves.toBe(onPath);
});

test('uses the cache when the PATH has no working CLI', async () => {
  program('bin/temporal', 'something else');
  const cached = program('cache/rewind/temporal-cli-1.5.1/temporal');
  const progress = jest.fn();
  const found = findTemporalCli({ environment: environment({ PATH: `${path.join(folder, 'bin')}:/bin` }), progress });
  await expect(found).resolves.toBe(cached);
  expect(progress).not.toHaveBeenCalled();
});

test('does not run a download whose checksum differs', async () => {
  const archive = path.join(folder, 'archive.tar.gz');
  execFileSync('tar', ['-czf', archive, '-C', path.dirname(program('other/temporal')), 'temporal']);
  const server = createServer((_request, response) => response.end(readFileSync(archive))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const found = findTemporalCli({
    environment: environment({ PATH: '/bin' }),
    archiveBase: `http://127.0.0.1:${port}`,
  });

  await expect(found).rejects.toThrow(/has the SHA-256 \w{64}, not \w{64}: it is not the release/);
  server.close();
});
