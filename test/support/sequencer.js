const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that take longest, the longest first, on a machine that has not run them yet: begun last, they would run alone in the end. */
const LONG = [
  'integration/batch-lifecycle',
  'integration/batch-month',
  'e2e/package',
  'integration/contract',
  'e2e/console',
  'integration/worker/process',
  'e2e/documentation',
  'integration/rollback',
  'integration/lambda',
  'integration/batch',
  'e2e/cli/deploy-check',
  'e2e/cli/first-day',
  'integration/events-outage',
  'integration/faults-',
  'integration/worker/',
];

/**
 * Tests without servers come first: meanwhile the local stack for the end-to-end tests starts. Then the long files, and then
 * the others in jest's own order: what failed last time, then by how long it took.
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
  const place = LONG.findIndex((part) => path.includes(`/test/${part}`));
  return place === -1 ? LONG.length + 1 : place + 1;
}
