import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildPage } from '../../console/build.cjs';
import { barOf, scaleOf, toneOf, windowOf } from '../../console/page/timeline-scale';
import { newRunsOf, partsOf, rollbackOf } from '../../console/page/batch-progress';
import { filters, queryOfIds, statusOf, toggleStatus, withoutStatus } from '../../console/page/filters';
import { mergeEntries } from '../../console/page/merge-entries';
import { findingsOf } from '../../console/page/remedies';
import type { HistoryEntry, Workflow } from '../../console/page/schema';

/* The page's computations. test/e2e/console.test.ts tests the page in a browser. */

describe('filters', () => {
  test('adds, replaces and removes the status in a query', () => {
    const query = "WorkflowType = 'a' OR WorkflowType = 'b'";
    const failed = toggleStatus(query, 'Failed');
    expect(failed).toBe(`(${query}) AND ExecutionStatus = 'Failed'`);
    expect(toggleStatus(failed, 'Running')).toBe(`(${query}) AND ExecutionStatus = 'Running'`);
    expect(toggleStatus(failed, 'Failed')).toBe(query);
    expect(toggleStatus('', 'Failed')).toBe("ExecutionStatus = 'Failed'");
    expect([statusOf(failed), withoutStatus(failed), statusOf(query)]).toEqual(['Failed', query, undefined]);
  });

  // test/integration/pause.test.ts has the condition on a server that pauses workflows.
  test.each(['open', 'stuck'])('the filter "%s" matches paused workflows, too', (name) => {
    const found = filters(new Date()).find((filter) => filter.name === name);
    expect(found?.query).toBe('CloseTime IS NULL');
  });

  test('quotes ids with quotes and backslashes; no ids match nothing', () => {
    expect(queryOfIds(["it's", 'a\\b', "it's"], 'x')).toBe(`x AND WorkflowId IN ('it\\'s', 'a\\\\b')`);
    expect(queryOfIds([])).toBe("WorkflowId IN ('')");
  });
});

const entry = (eventId: number, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  kind: 'activity',
  label: '',
  eventId,
  eventIds: [eventId],
  ...more,
});
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 31) + seconds * 1000).toISOString();

describe('the timeline', () => {
  test('merges pages that were read again, newest first', () => {
    const known = [entry(9, { state: 'started' }), entry(5), entry(1)];
    const read = [entry(12), entry(9, { state: 'completed' }), entry(7)];
    const merged = mergeEntries(known, read);
    expect(merged.map(({ eventId }) => eventId)).toEqual([12, 9, 7, 5, 1]);
    expect(merged[1]).toMatchObject({ state: 'completed' });
    expect(mergeEntries([], read)).toEqual(read);
  });

  test('places an entry at its times; an open entry extends to the end', () => {
    const entries = [
      entry(5, { state: 'started', startTime: at(50) }),
      entry(1, { state: 'completed', startTime: at(0), endTime: at(100) }),
    ];
    const scale = scaleOf(entries, at(0), undefined, Date.parse(at(100)));
    const [open, done] = entries.map((one) => barOf(one, scale));
    expect(done?.width).toBeCloseTo(100 / 1.15);
    expect((open?.left ?? 0) + (open?.width ?? 0)).toBe(100);
    // An open entry grows, but leaves the other entries visible.
    const shareOfDone = (seconds: number) =>
      barOf(
        entry(1, { startTime: at(0), endTime: at(100) }),
        scaleOf(entries, at(0), undefined, Date.parse(at(seconds))),
      ).width;
    expect([shareOfDone(200), shareOfDone(9999)]).toEqual([50, 25]);
    // A new run has entries from before it was started.
    expect(barOf(entry(1, { startTime: at(-50) }), scale).left).toBe(0);
  });

  test('shows an activity that waits for its next attempt as failed', () => {
    expect(toneOf(entry(1, { state: 'started', failure: 'declined' }))).toBe('bad');
    expect(toneOf(entry(1, { state: 'completed', failure: 'declined' }))).toBe('good');
  });

  test('draws the visible rows and a margin around them', () => {
    const { from, to } = windowOf({ scrollTop: 44 * 20_000, height: 600 }, 44, 40_000);
    expect(from).toBeGreaterThan(19_900);
    expect(to - from).toBeLessThan(50);
  });
});

test('the parts of a bar add up, also when successor runs exceed the matched count', () => {
  const parts = partsOf({ matched: 10, done: 12, failed: { conflict: 2, throttled: 1 }, skipped: 1 });
  expect(parts.map(({ count }) => count)).toEqual([9, 3, 1, 0]);
  expect(parts.reduce((sum, { percent }) => sum + percent, 0)).toBeCloseTo(100);
});

test('describes new runs and the report of a rollback', () => {
  const progress = { wentOn: 2, completed: 5, failedAgain: 1, stuck: 0, stillRunning: 0 };
  expect(newRunsOf({ progress })).toBe('completed ×5, went on ×2, failed again ×1');
  expect(newRunsOf({})).toBe('');
  const rollback = {
    deploymentName: 'orders',
    badBuildId: 'build-7',
    toBuildId: 'build-6',
    repaired: 7,
    failedAgain: 0,
    stillRunning: 0,
    notRepairable: 1,
  };
  expect(rollbackOf({ rollback })).toBe('orders: build-7 to build-6; repaired ×7, not repairable ×1');
  expect(rollbackOf({})).toBe('');
});

describe('suggested actions', () => {
  const run = {
    workflowId: 'order-1',
    runId: 'run-1',
    stuck: [],
    pendingActivities: [],
    pendingNexusOperations: [],
  } as unknown as Workflow;
  test.each<[string, Partial<Workflow>, unknown[]]>([
    [
      'a failing task',
      { status: 'Running', stuck: [{ kind: 'workflowTaskFailing', explanation: 'fails', attempt: 3 }] },
      [{ kind: 'reset', to: 'before-failure' }],
    ],
    ['no worker', { status: 'Running', stuck: [{ kind: 'noPoller', explanation: 'none', taskQueue: 'q' }] }, []],
    [
      'no worker for a cancellation',
      { status: 'Running', cancelRequested: true, stuck: [{ kind: 'noPoller', explanation: 'none', taskQueue: 'q' }] },
      [{ kind: 'terminate' }],
    ],
    [
      'a failure',
      { status: 'Failed', failure: { message: 'm', type: 't' } },
      [{ kind: 'reset', to: 'before-failure' }],
    ],
    [
      'a failure that was repaired',
      { status: 'Failed', successor: { runId: 'run-2', relation: 'reset' } },
      [{ kind: 'show', runId: 'run-2' }],
    ],
    ['a termination', { status: 'Terminated' }, [{ kind: 'reset', to: 'last' }]],
  ])('%s', (_what, more, remedies) => {
    expect(findingsOf({ ...run, ...more })).toMatchObject([{ remedies }]);
  });

  const failed = { activityType: 'pay', state: 'Scheduled', attempt: 3, lastFailure: 'no credit' };

  test('an activity that is retried can be run now; several of a type have their buttons in the table', () => {
    const pending = (...pendingActivities: object[]) =>
      findingsOf({ ...run, status: 'Running', pendingActivities } as Workflow);
    expect(pending({ ...failed, activityId: '5' })).toMatchObject([
      { remedies: [{ kind: 'resetActivity', activityId: '5', activityType: 'pay' }] },
    ]);
    expect(pending({ ...failed, activityId: '5' }, { ...failed, activityId: '6' })).toMatchObject([{ remedies: [] }]);
    expect(pending({ ...failed, activityId: '5', attempt: 1 }, { ...failed, state: 'Paused' })).toEqual([]);
  });

  test('a Nexus operation whose handler fails is shown, without a remedy', () => {
    const operation = { service: 'stock', operation: 'reserve', state: 'BackingOff', attempt: 2, lastFailure: 'down' };
    expect(findingsOf({ ...run, status: 'Running', pendingNexusOperations: [operation] } as Workflow)).toEqual([
      { what: 'Nexus operation stock.reserve has not started, after 2 attempts: down.', remedies: [] },
    ]);
  });

  test('suggests nothing for a healthy workflow', () => {
    expect(findingsOf({ ...run, status: 'Running' })).toEqual([]);
    expect(findingsOf({ ...run, status: 'Completed' })).toEqual([]);
  });
});

test('the page has at most 80 KB of JavaScript, compressed', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rewind-page-'));
  buildPage(folder);
  const script = readFileSync(path.join(folder, 'page.js'));
  rmSync(folder, { recursive: true });
  expect(gzipSync(script).length).toBeLessThan(80_000);
  expect(script.toString()).not.toContain('sourceMappingURL');
});

test.each([
  ['light', /^:root \{(.*?)\}/ms],
  ['dark', /prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}/s],
])('every text has a contrast of 4.5 to its background, in %s', (_scheme, block) => {
  const css = readFileSync(path.join(__dirname, '../../console/page/page.css'), 'utf8');
  const [, values = ''] = block.exec(css) ?? [];
  const colours = new Map([...values.matchAll(/--([\w-]+): (#\w{6});/g)].map(([, name, value]) => [name, value ?? '']));
  const onAny = ['text', 'minor', 'accent'].flatMap((text) => ['back', 'surface', 'raised'].map((on) => [text, on]));
  const ofOutcomes = ['good', 'bad', 'open', 'ended'].flatMap((name) => [
    [name, `${name}-back`],
    ['text', `${name}-back`],
    ['minor', `${name}-back`],
  ]);
  const onFull = ['accent', 'production'].map((name) => [`on-${name}`, name]);
  const pairs = [...onAny, ...ofOutcomes, ...onFull, ['bad', 'surface']];
  const low = pairs.filter(([text = '', on = '']) => !(contrastOf(colours.get(text), colours.get(on)) >= 4.5));
  expect(low).toEqual([]);
});

/** By WCAG 2.2. @returns NaN for an invalid colour */
function contrastOf(one = '', other = ''): number {
  const luminanceOf = (colour: string) => {
    const [red = NaN, green = NaN, blue = NaN] = [1, 3, 5]
      .map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark = NaN, light = NaN] = [one, other].map(luminanceOf).toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
