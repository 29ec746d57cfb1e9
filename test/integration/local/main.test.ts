import { spawnSync } from 'node:child_process';
import path from 'node:path';

test('npm start with an unknown option prints its usage without a stack trace and exits with code 2', () => {
  const main = path.resolve(__dirname, '../../../local/main.ts');
  const { status, stderr, stdout } = spawnSync(process.execPath, ['--import', require.resolve('tsx'), main, '--onec'], {
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain("Unknown option '--onec'");
  expect(stderr).toContain('npm start -- --once');
  expect(stderr).not.toMatch(/\n\s+at /);
});
