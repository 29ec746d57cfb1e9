import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { testLedger } from '../support/ledger-table';
import { Rewind } from '../support/rewind';
import { ScriptedWorkflow, startTimer, testConnection } from '../support/scripted-workflow';

/* Updates that have not completed when their workflow is reset, and what their callers receive. */

const connection = testConnection();
const rewind = new Rewind(testLedger());

const first = { target: { at: 'firstWorkflowTask' } } as const;
const updates = ['updates'] as 'updates'[];
const accepted = async (workflow: ScriptedWorkflow) =>
  (await workflow.history()).some((event) => event.workflowExecutionUpdateAcceptedEventAttributes);

async function started(): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection);
  await workflow.completeTask(startTimer('1', 600_000));
  return workflow;
}

const failed = expect.objectContaining({
  failure: expect.objectContaining({
    message: 'Workflow Update failed because the Workflow completed before the Update completed.',
  }),
});

test.each([
  [undefined, 'reapplied', 1],
  [updates, 'dropped', 0],
])(
  'an update that was accepted after the reset point fails for its caller; excluded %j, it is %s',
  async (excludeReapply, fate, times) => {
    const workflow = await started();
    const outcome = workflow.sendUpdate('change');
    await workflow.acceptUpdatesOnly();
    await eventually(() => accepted(workflow));

    const { discarded } = await rewind.preview(workflow, { ...first, excludeReapply });
    const { newRunId } = (await rewind.reset(workflow, { ...first, excludeReapply })).answer;

    expect(await outcome).toEqual(failed);
    expect(discarded.updates).toMatchObject({ total: 1, newest: [{ name: 'change', fate }] });
    const events = await workflow.history(newRunId);
    expect(events.filter((event) => event.workflowExecutionUpdateAdmittedEventAttributes)).toHaveLength(times);
  },
);

test.each([[undefined], [updates]])(
  'an update that was accepted before the reset point fails for its caller; excluded %j, it stays accepted',
  async (excludeReapply) => {
    const workflow = await started();
    const outcome = workflow.sendUpdate('change');
    await workflow.acceptUpdatesOnly();
    await workflow.signal('next');
    await workflow.completeTask();
    const request = { target: { at: 'lastWorkflowTask' }, excludeReapply } as const;

    const { discarded } = await rewind.preview(workflow, request);
    const { newRunId } = (await rewind.reset(workflow, request)).answer;

    expect(await outcome).toEqual(failed);
    expect(discarded.updates).toMatchObject({ total: 0 });
    const events = await workflow.history(newRunId);
    expect(events.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toHaveLength(1);
  },
);

test('an update that no worker has accepted is lost, and fails for its caller', async () => {
  const workflow = await started();
  const outcome = workflow.sendUpdate('change').catch((error: Error) => error);
  // Nothing shows that the server has the update: it is not in the history.
  await sleep(500);

  const { newRunId } = (await rewind.reset(workflow, first)).answer;

  expect(await outcome).toMatchObject({ message: expect.stringContaining('aborted by closing workflow') });
  const events = await workflow.history(newRunId);
  expect(events.filter((event) => event.workflowExecutionUpdateAdmittedEventAttributes)).toHaveLength(0);
  expect((await workflow.pollTask()).messages).toHaveLength(0);
});
