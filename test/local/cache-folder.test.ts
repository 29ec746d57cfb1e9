import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cachedFolder } from '../../local/installed/cache-folder';
import { temporaryFolder } from '../support/temporary-folder';

const caches = temporaryFolder();
let cache: string;
beforeEach(() => {
  cache = mkdtempSync(`${caches}${path.sep}`);
});

const environment = () => ({ XDG_CACHE_HOME: cache });
const fillWith = (content: string) => (folder: string) => writeFile(path.join(folder, 'tool'), content);

test('is filled once', async () => {
  const first = await cachedFolder('tool-1', fillWith('one'), environment());
  const second = await cachedFolder('tool-1', fillWith('two'), environment());
  expect(second).toBe(first);
  expect(readFileSync(path.join(first, 'tool'), 'utf8')).toBe('one');
});

test('two processes that fill it at the same time get one complete folder, and no draft remains', async () => {
  const folders = await Promise.all(['a', 'b'].map((by) => cachedFolder('tool-1', fillWith(by), environment())));
  expect(new Set(folders).size).toBe(1);
  expect(readdirSync(path.join(cache, 'rewind'))).toEqual(['tool-1']);
});

test('a failed fill leaves nothing, and the next one starts from the beginning', async () => {
  const failing = async (folder: string) => {
    await fillWith('half')(folder);
    throw new Error('network is gone');
  };
  await expect(cachedFolder('tool-1', failing, environment())).rejects.toThrow('network is gone');
  expect(readdirSync(path.join(cache, 'rewind'))).toEqual([]);
  const folder = await cachedFolder('tool-1', fillWith('whole'), environment());
  expect(readFileSync(path.join(folder, 'tool'), 'utf8')).toBe('whole');
});
