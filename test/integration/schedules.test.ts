import { describeWorkflow } from '../../operations/describe';
import { eventually } from '../support/eventually';
import { testLedger } from '../support/ledger-table';
import { Rewind } from '../support/rewind';
import { failWorkflow, startTimer, testConnection } from '../support/scripted-workflow';
import type { ScriptedWorkflow } from '../support/scripted-workflow';
import { TemporalSchedule } from '../support/temporal-schedule';
import type { OverlapPolicy } from '../support/temporal-schedule';

/* What a schedule does with its next action after Rewind changed a workflow that it had started. docs/faq.md says what to do. */

const connection = testConnection();
const rewind = new Rewind(testLedger());

const first = { target: { at: 'firstWorkflowTask' } } as const;

/** A schedule and the open workflow that it started. */
async function scheduled({ pauseOnFailure = false } = {}) {
  const schedule = await TemporalSchedule.create(connection, { pauseOnFailure });
  return { schedule, workflow: await schedule.start('skip') };
}

async function isOpen({ client, workflowId }: ScriptedWorkflow, runId: string): Promise<boolean> {
  return (await client.describe({ workflowId, runId })).workflowExecutionInfo?.closeTime === null;
}

/** Fails the workflow, and waits until the schedule has removed it from `runningWorkflows`. */
async function failAndRemove(schedule: TemporalSchedule, workflow: ScriptedWorkflow): Promise<void> {
  await workflow.completeTask(failWorkflow('no'));
  await eventually(async () => (await schedule.info()).runningWorkflows.length === 0, 'the schedule to remove it');
}

test('a description and the preview of a reset name the schedule, also those of the new run of a reset', async () => {
  const { schedule, workflow } = await scheduled();
  const { scheduleId } = schedule;
  await workflow.completeTask(startTimer('1', 600_000));
  expect(await rewind.preview(workflow, first)).toMatchObject({ scheduleId });
  await rewind.reset(workflow, first);
  expect(await describeWorkflow(workflow.client, { workflowId: workflow.workflowId })).toMatchObject({ scheduleId });
});

describe('after the reset of an open workflow while no action waits, the schedule', () => {
  async function reset() {
    const { schedule, workflow } = await scheduled();
    await workflow.completeTask(startTimer('1', 600_000));
    const { newRunId } = (await rewind.reset(workflow, first)).answer;
    return { schedule, workflow, newRunId };
  }

  test('skips an action while the new run is open', async () => {
    const { schedule } = await reset();
    await schedule.trigger('skip');
    const skipped = await eventually(async () => (await schedule.info()).skipped);
    expect(skipped).toBe(1);
  });

  test.each(['bufferOne', 'bufferAll'] as const)('lets an action wait for the new run: %s', async (policy) => {
    const { schedule } = await reset();
    await schedule.trigger(policy);
    const waiting = await eventually(async () => (await schedule.info()).waiting);
    expect(waiting).toBe(1);
  });

  test('cancels the new run', async () => {
    const { schedule, workflow, newRunId } = await reset();
    await schedule.trigger('cancelOther');
    const { client, workflowId } = workflow;
    const isRequested = async () =>
      (await client.describe({ workflowId, runId: newRunId })).workflowExtendedInfo?.cancelRequested;
    expect(await eventually(isRequested)).toBe(true);
  });

  test('terminates the new run', async () => {
    const { schedule, workflow, newRunId } = await reset();
    await schedule.start('terminateOther', 2);
    expect(await eventually(async () => !(await isOpen(workflow, newRunId)))).toBe(true);
  });
});

describe('the action of a schedule that waits for a workflow starts', () => {
  const waiting: OverlapPolicy[] = ['bufferOne', 'bufferAll', 'cancelOther'];

  test.each(waiting)('beside the new run when the workflow is reset: %s', async (policy) => {
    const { schedule, workflow } = await scheduled();
    await workflow.completeTask(startTimer('1', 600_000));
    await schedule.trigger(policy);
    await eventually(async () => (await schedule.info()).waiting === 1);

    const { newRunId } = (await rewind.reset(workflow, first)).answer;

    const next = await schedule.started(2);
    expect(next.workflowId).not.toBe(workflow.workflowId);
    expect(await isOpen(workflow, newRunId)).toBe(true);
    expect((await schedule.info()).runningWorkflows).toEqual([next.workflowId]);
    // The schedule has forgotten the new run.
    await schedule.start('terminateOther', 3);
    expect(await isOpen(workflow, newRunId)).toBe(true);
  });

  test('when the workflow is terminated', async () => {
    const { schedule, workflow } = await scheduled();
    await schedule.trigger('bufferOne');
    await eventually(async () => (await schedule.info()).waiting === 1);
    await rewind.terminate(workflow);
    const next = await schedule.started(2);
    expect((await schedule.info()).runningWorkflows).toEqual([next.workflowId]);
  });
});

describe('after a schedule has removed a failed workflow from `runningWorkflows`, it', () => {
  test.each([
    ['reset', (workflow: ScriptedWorkflow) => rewind.reset(workflow, first)],
    ['restart', (workflow: ScriptedWorkflow) => rewind.restart(workflow)],
  ])('takes its next action although the new run of a %s is open', async (_what, repair) => {
    const { schedule, workflow } = await scheduled();
    await failAndRemove(schedule, workflow);
    const { newRunId = '' } = (await repair(workflow)).answer;

    await schedule.start('skip', 2);

    expect(await isOpen(workflow, newRunId)).toBe(true);
  });

  test('stays paused after a reset if its policy is to pause on a failure', async () => {
    const { schedule, workflow } = await scheduled({ pauseOnFailure: true });
    await failAndRemove(schedule, workflow);
    await rewind.reset(workflow, first);
    expect(await schedule.info()).toMatchObject({ paused: true, runningWorkflows: [] });
  });
});
