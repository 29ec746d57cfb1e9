const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that take longest, on a machine that has not run them yet: begun last, they would run alone in the end. */
const LONG = [
  'integration/batch',
  'integration/contract',
  'integration/faults-',
  'integration/events-outage',
  'integration/lambda',
  'integration/rollback',
  'integration/worker/',
  'e2e/cli/first-day',
  'e2e/documentation',
  'e2e/package',
];

/**
 * Tests without servers come first: meanwhile the local stack for the end-to-end tests starts. Then the long files, and
 * within each part jest's own order: what failed last time, then by how long it took.
 */
module.exports = class LongFilesFirst extends Sequencer {
  sort(tests) {
    // oxlint-disable-next-line unicorn/no-array-sort -- jest's method, not an array's
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
};

function rank({ path, context }) {
  const { id, displayName } = context.config;
  if (!['integration', 'e2e'].includes(displayName?.name ?? id)) return 0;
  return LONG.some((part) => path.includes(`/test/${part}`)) ? 1 : 2;
}
