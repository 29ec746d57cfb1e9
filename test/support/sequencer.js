const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that take longest, the longest first, on a machine that has not run them yet: started last, they would run alone at the end. */
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
  'integration/worker/',
];

/** Files that mostly wait, for deadlines and outages: together, they would leave the cores idle. */
const WAITING = ['integration/events-outage', 'integration/worker/lifecycle', 'integration/faults-'];

/**
 * Tests without servers run first, while the local stack for the end-to-end tests starts, and one file that waits beside them.
 * Then the long files, and then the others in jest's own order: what failed last time, then by how long it took.
 */
module.exports = class LongFilesFirst extends Sequencer {
  sort(tests) {
    // oxlint-disable-next-line unicorn/no-array-sort -- jest's method, not an array's
    const sorted = super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
    const waiting = sorted.filter(waits);
    const others = sorted.filter((test) => !waits(test));
    const serverless = others.filter((test) => rank(test) === 0).length;
    const between = Math.max(1, Math.floor(serverless / waiting.length));
    return others.flatMap((test, i) => (i % between === 0 ? [...waiting.splice(0, 1), test] : [test])).concat(waiting);
  }
};

const placeIn = (parts, { path }) => parts.findIndex((part) => path.includes(`/test/${part}`));
const waits = (test) => placeIn(WAITING, test) !== -1;

function rank(test) {
  const { id, displayName } = test.context.config;
  if (!['integration', 'e2e'].includes(displayName?.name ?? id)) return 0;
  const place = placeIn(LONG, test);
  return place === -1 ? LONG.length + 1 : place + 1;
}
