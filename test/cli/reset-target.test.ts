import { resetTarget, targetText } from '../../cli/reset/target';
import type { ResetTarget } from '../../cli/reset/target';

/* A target that is printed for a command line is parsed to the same target. */

const types = ['chargeCard', 'charge#3', 'charge#last', 'charge#', '#first', 'a=b', 'a#b', ' ', 'line\nbreak#2'];
const targets: ResetTarget[] = [
  { eventId: 4 },
  { at: 'firstWorkflowTask' },
  { at: 'lastWorkflowTask' },
  { at: 'lastContinuedAsNew' },
  { beforeFailure: 'first' },
  { beforeFailure: 'last' },
  { beforeTime: '2026-01-31T12:00:00Z' },
  { buildId: 'a=b#2' },
  { beforeBuildId: 'first' },
  { buildId: 'a:b', deploymentName: 'orders' },
  { beforeBuildId: '1.0', deploymentName: 'orders' },
  { back: 3 },
  { back: 0 },
  { beforeActivity: { activityId: '5#2' } },
  ...types.map((type) => ({ beforeActivity: { type } })),
  ...types.flatMap((type) =>
    ([1, 2, 'first', 'last'] as const).map((occurrence) => ({ beforeActivity: { type, occurrence } })),
  ),
];

/** Without an occurrence, the target is the last activity. */
const withOccurrence = ({ beforeActivity, ...other }: ResetTarget) =>
  beforeActivity && beforeActivity.type !== undefined
    ? { occurrence: 'last', ...beforeActivity }
    : { beforeActivity, ...other };

test.each(targets)('%j', (target) => {
  expect(withOccurrence(resetTarget(targetText(target)))).toEqual(withOccurrence(target));
});

test.each(['5a', 'LAST', '', 'back= ', 'back=x', 'back=1e1', 'before-failure=frist', 'before-failure=', 'last=5'])(
  '%j is refused, and the message repeats it',
  (given) => {
    expect(() => resetTarget(given)).toThrow(`--to ${JSON.stringify(given)} is not a reset point.`);
  },
);
