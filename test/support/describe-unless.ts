/** `describe` on a machine without an obstacle to its tests. Elsewhere they are skipped, with a line that says what it is. */
export function describeUnless(obstacle: string | undefined, name: string, tests: () => void): void {
  if (obstacle === undefined) return describe(name, tests);
  process.stderr.write(`Skipped, ${name}: ${obstacle}\n`);
  describe.skip(`${name} (${obstacle})`, tests);
}
