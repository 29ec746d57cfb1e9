import { spawnSync } from 'node:child_process';

/** `test` where the machine has this program. Elsewhere the test is skipped, with a line that says so; CI installs it. */
export function testIfInstalled(program: string, printsVersion = '--version'): jest.It {
  if (spawnSync(program, [printsVersion]).status === 0) return test;
  process.stderr.write(`Skipped: ${program} is not installed\n`);
  return test.skip;
}
