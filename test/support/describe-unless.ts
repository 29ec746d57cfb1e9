/** `describe`, or with an obstacle `describe.skip` and a line that names the obstacle. */
export function describeUnless(obstacle: string | undefined, name: string, tests: () => void): void {
  if (obstacle === undefined) return describe(name, tests);
  process.stderr.write(`Skipped, ${name}: ${obstacle}\n`);
  describe.skip(`${name} (${obstacle})`, tests);
}
