import { previewExample } from '../../api/reset';
import { previewLine, previewRows } from '../../cli/reset/preview';

/** A preview of more than it lists: each list has the newest. */
const preview = {
  ...previewExample,
  discarded: {
    ...previewExample.discarded,
    signals: { total: 120, newest: Array.from({ length: 50 }, () => signal('approve')) },
    updates: { total: 1, newest: [signal('change')] },
    signalsToWorkflows: { total: 9, newest: [{ name: 'approve', workflowId: 'order-7', eventId: 13 }] },
    cancelsToWorkflows: { total: 1, newest: [{ workflowId: 'order-8', eventId: 14 }] },
  },
  orphanedChildren: [
    {
      workflowId: 'ship-1',
      runId: 'run',
      workflowType: 'ship',
      parentClosePolicy: 'Abandon' as const,
      parentRunId: 'run',
    },
  ],
  orphanedChildrenTotal: 70,
  missingChildResults: [{ workflowId: 'pack-1', runId: 'run', workflowType: 'pack' }],
  missingChildResultsTotal: 60,
  endedChildren: [ended('box-1', 'Terminate'), ended('box-2', 'Terminate'), ended('bill-1', 'RequestCancel')],
  endedChildrenTotal: 12,
};

function ended(workflowId: string, parentClosePolicy: 'Terminate' | 'RequestCancel') {
  return { workflowId, runId: 'run', workflowType: 'box', parentClosePolicy };
}

function signal(name: string) {
  return { name, eventId: 12, fate: 'reapplied' as const };
}

test('a preview counts the entries that it does not list', () => {
  expect(Object.fromEntries(previewRows(preview))).toMatchObject({
    'carried over': 'signal approve ×50, update change, and 70 more',
    'sent again': 'signal approve to order-7, cancellation of order-8, and 8 more',
    orphans: 'ship-1, and 69 more: left running without a parent',
    'ended with it': 'box-1, box-2 terminated; cancellation requested of bill-1; and 9 more',
    'no result from': 'pack-1, which had closed, and 59 more',
  });
});

test('a preview lists as dropped what the reset does not reapply', () => {
  const dropped = preview.discarded.updates.newest.map((update) => ({ ...update, fate: 'dropped' as const }));
  const updates = { total: 9, newest: dropped };

  expect(Object.fromEntries(previewRows({ ...preview, discarded: { ...preview.discarded, updates } }))).toMatchObject({
    'carried over': 'signal approve ×50, and 70 more',
    dropped: 'update change, and 8 more',
  });
});

test('a preview says which Nexus operations are called again, keep their result, and get none', () => {
  const operation = { eventId: 5, state: 'completed' as const };
  const nexusOperations = {
    total: 4,
    newest: [
      { ...operation, name: 'stock.reserve', fate: 'reexecuted' as const, state: 'pending' as const },
      { ...operation, name: 'stock.price', fate: 'reapplied' as const },
      { ...operation, name: 'stock.count', fate: 'dropped' as const },
      { ...operation, fate: 'dropped' as const },
    ],
  };

  const rows = previewRows({ ...previewExample, discarded: { ...previewExample.discarded, nexusOperations } });

  expect(Object.fromEntries(rows)).toMatchObject({
    discarded: '5 events, 4 Nexus operations',
    'Nexus again': 'stock.reserve',
    'carried over': 'signal approve, Nexus operation stock.price (completed)',
    'no result from': 'Nexus operation stock.count (completed), Nexus operation (completed)',
  });
});

test('a preview names the pauses that the reset ends', () => {
  const [activity] = previewExample.pendingActivities;
  const paused = { pausedBy: 'ann', reason: 'bank is down' };
  const pendingActivities = (['Paused', 'PauseRequested', 'Scheduled'] as const).flatMap((state) =>
    activity ? { ...activity, state } : [],
  );

  expect(Object.fromEntries(previewRows({ ...preview, paused, pendingActivities }))['pause ends']).toBe(
    'the workflow, paused by ann: bank is down, activity chargeCard ×2',
  );
  expect(Object.fromEntries(previewRows(preview))['pause ends']).toBeUndefined();
});

test('a preview says that it has not read all later runs', () => {
  expect(Object.fromEntries(previewRows({ ...preview, moreLaterRuns: true }))['not read']).toMatch(/further runs/);
  expect(Object.fromEntries(previewRows(preview))['not read']).toBeUndefined();
});

test('a preview names the schedule that started the workflow', () => {
  expect(Object.fromEntries(previewRows({ ...preview, scheduleId: 'nightly' }))['schedule']).toMatch(
    /^nightly started it;/,
  );
  expect(Object.fromEntries(previewRows(preview))['schedule']).toBeUndefined();
});

test('a preview counts the children that are not listed', () => {
  const child = { workflowType: 'ship', eventId: 5, state: 'pending' as const, fate: 'reexecuted' as const };
  const children = { total: 120, newest: Array.from({ length: 50 }, () => child) };

  const rows = previewRows({ ...previewExample, discarded: { ...previewExample.discarded, children } });

  expect(Object.fromEntries(rows)['children again']).toBe('ship ×50, and 70 more');
});

test('one event, or one of another kind, is not several', () => {
  const discarded = { ...previewExample.discarded, events: 1, cancelRequests: 1 };
  expect(Object.fromEntries(previewRows({ ...previewExample, discarded }))['discarded']).toBe(
    '1 event, 1 cancellation request',
  );
  expect(previewLine({ ...previewExample, discarded })).toContain(' 1 event discarded: ');
});

test('says that a cancellation from before the point stays', () => {
  const rows = (more: Partial<typeof preview>) => Object.fromEntries(previewRows({ ...preview, ...more }));
  expect(rows({ cancelRequested: true })['cancellation']).toBe(
    'was requested before the point, and the new run has it too',
  );
  expect(rows({})['cancellation']).toBeUndefined();
});
