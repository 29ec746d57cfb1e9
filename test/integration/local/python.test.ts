import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pythonWith } from '../../../local/installed/python';
import { temporaryFolder } from '../../support/temporary-folder';

const folder = temporaryFolder();
const cacheBefore = process.env['XDG_CACHE_HOME'];
beforeAll(() => {
  process.env['XDG_CACHE_HOME'] = folder;
});
afterAll(() => {
  if (cacheBefore === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = cacheBefore;
});

test('a package whose checksum is not the required one is not installed', async () => {
  const wheel = path.join(folder, 'demo-1.0-py3-none-any.whl');
  const make = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as wheel:
    wheel.writestr('demo.py', '')
    wheel.writestr('demo-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\n')
    wheel.writestr('demo-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr('demo-1.0.dist-info/RECORD', '')`;
  execFileSync('python3', ['-c', make, wheel]);
  const requirements = path.join(folder, 'requirements.txt');
  writeFileSync(requirements, `${wheel} --hash=sha256:${'0'.repeat(64)}\n`);

  await expect(pythonWith('demo', '1.0', { requirements })).rejects.toThrow(/DO NOT MATCH THE HASHES/i);
});

test('the requirements name a checksum for each package that MiniStack needs', () => {
  const text = readFileSync(path.resolve(__dirname, '../../../local/ministack/requirements.txt'), 'utf8');
  const requirements = text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .trim()
    .split('\n');
  expect(requirements).toContainEqual(expect.stringMatching(/^ministack==/));
  for (const requirement of requirements) expect(requirement).toMatch(/^[\w-]+==\S+ .*--hash=sha256:[0-9a-f]{64}/);
});
