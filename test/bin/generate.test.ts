import { execFileSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');

test('every generated file is up to date', () => {
  const generate = () =>
    execFileSync(process.execPath, ['--import', 'tsx', 'bin/generate.ts', '--check'], { cwd: root, encoding: 'utf8' });
  expect(generate()).toBe('');
});
