import { spawnSync } from 'node:child_process';
import path from 'node:path';

const start = (...args: string[]) =>
  spawnSync(
    process.execPath,
    ['--import', require.resolve('tsx'), path.resolve(__dirname, '../../local/main.ts'), ...args],
    {
      encoding: 'utf8',
    },
  );

test.each([['--onec'], ['--config'], ['everything']])('npm start -- %s: what is allowed, and exit 2', (option) => {
  const { status, stderr, stdout } = start(option);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('npm start -- --once');
  expect(stderr).not.toMatch(/\n\s+at /);
});

test('npm start -- --help prints it, and exits with 0', () => {
  const { status, stdout } = start('--help');
  expect(status).toBe(0);
  expect(stdout).toContain('npm start -- --config rewind.json');
});
