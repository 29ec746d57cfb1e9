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
  const stuck = closed({ status: 'Running', stuck: [{ kind: 'noPoller', explanation: 'No worker polls.' }] as never });
  expect(nextOf(stuck, 'run-1')).toEqual(['rewind terminate order-42 -r run-1']);
});

test('a terminated run is reset to its last workflow task, because a termination is no failure', () => {
  expect(nextOf(closed({ status: 'Terminated' }))[0]).toBe('rewind reset order-42 --to last');
});

test('what is paused can be unpaused', () => {
  const stuck = [{ kind: 'workflowPaused' }, { kind: 'activityPaused', activityId: '5', activityType: 'pack' }];
  expect(nextOf(closed({ status: 'Paused', stuck: stuck as never }))).toEqual([
    'rewind unpause order-42',
    'rewind activity unpause order-42 --activity-id 5',
  ]);
});
