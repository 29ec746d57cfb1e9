import { findings } from '../../cli/workflows/findings';
import { commandLine } from '../../cli/output/quote';
import type { Workflow } from '../../cli/workflows/describe';

/* The commands that `rewind show` suggests. */

const closed = (fields: Partial<Workflow>) =>
  ({
    workflowId: 'order-42',
    runId: 'run-1',
    status: 'Failed',
    pendingActivities: [],
    pendingChildren: [],
    pendingNexusOperations: [],
    ...fields,
  }) as Workflow;
const nextOf = (workflow: Workflow, runId?: string) =>
  findings(workflow, runId).flatMap(({ next }) => next.map(commandLine));

test('for the latest run, the commands name the workflow', () => {
  expect(nextOf(closed({}))).toEqual(['rewind reset order-42 --to before-failure', 'rewind points order-42']);
});

test('for a run that the user named, the commands name the run: its id may belong to a later run', () => {
  expect(nextOf(closed({}), 'run-1')).toEqual([
    'rewind reset order-42 -r run-1 --to before-failure',
    'rewind points order-42 -r run-1',
  ]);
  const stuck = [{ kind: 'noPoller', explanation: 'No worker polls.' }] as never;
  const cancelled = closed({ status: 'Running', cancelRequested: true, stuck });
  expect(nextOf(cancelled, 'run-1')).toEqual(['rewind terminate order-42 -r run-1']);
});

test('a terminated run is reset to its last workflow task, because a termination is no failure', () => {
  expect(nextOf(closed({ status: 'Terminated' }))[0]).toBe('rewind reset order-42 --to last');
});

test.each(['noPoller', 'noActivityPoller'])(
  'a workflow without workers (%s) needs a worker: no command ends it',
  (kind) => {
    const stuck = [{ kind, explanation: 'No worker polls task queue "packing".' }] as never;
    expect(findings(closed({ status: 'Running', stuck }))).toEqual([
      { what: 'No worker polls task queue "packing".', next: [] },
    ]);
  },
);

test('what is paused can be unpaused', () => {
  const stuck = [{ kind: 'workflowPaused' }, { kind: 'activityPaused', activityId: '5', activityType: 'pack' }];
  expect(nextOf(closed({ status: 'Paused', stuck: stuck as never }))).toEqual([
    'rewind unpause order-42',
    'rewind activity unpause order-42 --activity-id 5',
  ]);
});

test('an activity that is retried, however long, is no reason to say that nothing is wrong', () => {
  const activity = {
    activityId: '5',
    activityType: 'pay',
    state: 'Scheduled',
    attempt: 143,
    lastFailure: 'no credit.',
  };
  const nextAttemptTime = new Date(Date.now() + 300_000).toISOString();
  const found = (...pendingActivities: object[]) =>
    findings(closed({ status: 'Running', stuck: [], pendingActivities: pendingActivities as never }));
  expect(found({ ...activity, nextAttemptTime })).toEqual([
    {
      what: 'Activity pay has failed, and is on attempt 143: no credit. The next attempt is due in 5 min.',
      next: [['activity', 'reset', 'order-42', '--activity-id', '5']],
    },
  ]);
  expect(found(activity, { ...activity, activityId: '6', attempt: 144 })).toEqual([
    {
      what: 'Activity pay has failed, and is on attempt 144: no credit. Another of this type has failed too.',
      next: [['activity', 'reset', 'order-42', '--type', 'pay']],
    },
  ]);
  const types = ['a', 'b', 'c', 'd'].map((activityType) => ({ ...activity, activityType }));
  expect(found(...types)).toHaveLength(3);
  expect(found({ ...activity, state: 'Paused' }, { ...activity, attempt: 1 })).toEqual([]);
});

test('a Nexus operation whose handler fails is no reason to say that nothing is wrong', () => {
  // As 1.29.1 and 1.32.2 describe it.
  const operation = { service: 'stock', operation: 'reserve', state: 'BackingOff', attempt: 3, lastFailure: 'down.' };
  const nextAttemptTime = new Date(Date.now() + 300_000).toISOString();
  const found = (...pendingNexusOperations: object[]) =>
    findings(closed({ status: 'Running', stuck: [], pendingNexusOperations: pendingNexusOperations as never }));
  expect(found({ ...operation, nextAttemptTime }, { ...operation, attempt: 2 })).toEqual([
    {
      what: 'Nexus operation stock.reserve has not started, after 3 attempts: down. The next attempt is due in 5 min. Another of this type has failed too.',
      next: [],
    },
  ]);
  expect(found({ ...operation, state: 'Started' }, { ...operation, lastFailure: undefined })).toEqual([]);
  const blocked = {
    state: 'Blocked',
    attempt: 1,
    lastFailure: undefined,
    blockedReason: 'The circuit breaker is open.',
  };
  expect(found({ ...operation, ...blocked })).toMatchObject([
    { what: 'Nexus operation stock.reserve has not started, after 1 attempt: The circuit breaker is open.' },
  ]);
});

test('what is wrong with several activities is said once', () => {
  const stuck = ['5', '6'].map((activityId) => ({ kind: 'noActivityPoller', activityId, explanation: 'No worker.' }));
  expect(findings(closed({ status: 'Running', stuck: stuck as never }))).toHaveLength(1);
});
