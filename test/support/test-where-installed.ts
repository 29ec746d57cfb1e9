import { spawnSync } from 'node:child_process';

/** `test` where the machine has this program. Elsewhere the test is skipped, with a line that says so; CI installs it. */
export function testWhereInstalled(program: string): jest.It {
  if (spawnSync(program, ['--version']).status === 0) return test;
  process.stderr.write(`Skipped: ${program} is not installed\n`);
  return test.skip;
}
