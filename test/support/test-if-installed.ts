import { spawnSync } from 'node:child_process';

/** `test`, or `test.skip` and a line on standard error if the program is not installed; CI installs it. */
export function testIfInstalled(program: string, printsVersion = '--version'): jest.It {
  if (spawnSync(program, [printsVersion]).status === 0) return test;
  process.stderr.write(`Skipped: ${program} is not installed\n`);
  return test.skip;
}
