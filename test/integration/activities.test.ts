import { randomUUID } from 'node:crypto';
import type { OperationFailure } from '../../api/failures';
import { changedBefore, failingCall, losingResponse } from '../support/interrupted-calls';
import { testLedger } from '../support/ledger-table';
import { ann, Rewind } from '../support/rewind';
import {
  cancelActivity,
  completeWorkflow,
  failWorkflow,
  scheduleActivity,
  ScriptedWorkflow,
  testConnection,
} from '../support/scripted-workflow';
import { withCall } from '../support/with-call';

/*
 * What only changes of pending activities do. docs/temporal-semantics.md records how the server behaves.
 */

const connection = testConnection();
const rewind = new Rewind(testLedger());

/** Two activities of one type and one of another; a failed attempt is retried after five minutes. */
async function workflowWithActivities(): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection);
  const { taskQueue } = workflow;
  const retryOptions = { attempts: 5, retryIntervalSeconds: 300 };
  await workflow.completeTask(
    scheduleActivity('charge', taskQueue, { activityId: '1', ...retryOptions }),
    scheduleActivity('charge', taskQueue, { activityId: '2', ...retryOptions }),
    scheduleActivity('ship', taskQueue, { activityId: '3', ...retryOptions }),
  );
  return workflow;
}

/** One activity whose first attempt failed; by default, the second is due in five minutes. */
async function workflowInRetryBackoff({ retryIntervalSeconds = 300 } = {}): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection);
  await workflow.completeTask(
    scheduleActivity('charge', workflow.taskQueue, { activityId: '1', attempts: 5, retryIntervalSeconds }),
  );
  await workflow.failActivity('card declined', { retryable: true });
  return workflow;
}

const pendingById = async (workflow: ScriptedWorkflow) =>
  Object.fromEntries(
    (await workflow.describe()).pendingActivities.map((activity) => [activity.activityId ?? '', activity]),
  );

describe('an activity reset', () => {
  test('schedules attempt 1 immediately for an activity that waits for a retry', async () => {
    const workflow = await workflowInRetryBackoff();
    expect((await pendingById(workflow))['1']).toMatchObject({ attempt: 2 });

    const { answer } = await rewind.resetActivity(workflow, { activityId: '1' });

    expect(answer).toMatchObject({
      outcome: 'reset',
      status: 'Running',
      activities: [{ activityId: '1', activityType: 'charge', state: 'Scheduled', attempt: 1 }],
    });
    expect(await workflow.pollActivity()).toMatchObject({ activityId: '1', attempt: 1 });
  });

  test('by type resets all pending activities of that type and no others', async () => {
    const workflow = await workflowWithActivities();
    for (const _ of ['1', '2', '3']) await workflow.failActivity('no', { retryable: true });

    const { answer } = await rewind.resetActivity(workflow, { activityType: 'charge' });

    expect(answer.activities.map(({ activityId }) => activityId).toSorted()).toEqual(['1', '2']);
    expect(await pendingById(workflow)).toMatchObject({ 1: { attempt: 1 }, 2: { attempt: 1 }, 3: { attempt: 2 } });
  });

  test('keeps a pause only with keepPaused', async () => {
    const workflow = await workflowInRetryBackoff();
    await workflow.pauseActivity('1', 'by hand');

    await rewind.resetActivity(workflow, { activityId: '1', keepPaused: true });
    expect((await pendingById(workflow))['1']).toMatchObject({ paused: true, attempt: 1 });

    await rewind.resetActivity(workflow, { activityId: '1' });
    expect((await pendingById(workflow))['1']).toMatchObject({ paused: false });
  });

  const stateChanges: [state: string, change: (workflow: ScriptedWorkflow) => Promise<void>][] = [
    ['Started', async () => {}],
    ['PauseRequested', async (workflow) => void (await rewind.pauseActivity(workflow, { activityId: '1' }))],
    ['CancelRequested', requestActivityCancellation],
  ];

  test.each(stateChanges)(
    'requires discardRunningAttempt for a running retry in state %s, whose result the server then refuses',
    async (state, change) => {
      const workflow = await workflowInRetryBackoff({ retryIntervalSeconds: 1 });
      const { taskToken } = await workflow.pollActivity();
      await change(workflow);

      await expect(rewind.resetActivity(workflow, { activityId: '1' })).rejects.toMatchObject({
        kind: 'conflict',
        details: { field: 'discardRunningAttempt' },
      });

      const forced = { discardRunningAttempt: true, keepPaused: true };
      const { answer } = await rewind.resetActivity(workflow, { activityId: '1', ...forced });
      expect(answer.activities).toMatchObject([{ state, attempt: 1, discardedAttempt: 2 }]);
      await expect(
        connection.workflowService.respondActivityTaskCompleted({ namespace: 'default', taskToken }),
      ).rejects.toThrow('activity already timed out');
    },
  );

  async function requestActivityCancellation(workflow: ScriptedWorkflow): Promise<void> {
    await workflow.signal('stop charging');
    const scheduled = (await workflow.history()).find((event) => event.activityTaskScheduledEventAttributes);
    await workflow.completeTask(cancelActivity(Number(scheduled?.eventId)));
  }

  test('returns alreadyEnded for an activity that ends just before the reset', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(scheduleActivity('charge', workflow.taskQueue, { activityId: '1' }));
    const racing = changedBefore(workflow, 'resetActivity', () => workflow.completeActivity());

    const { answer } = await rewind.resetActivity(racing, { activityId: '1' });

    expect(answer).toMatchObject({ outcome: 'alreadyEnded', activities: [{ activityId: '1', state: 'Ended' }] });
  });

  test('names the discarded attempt if the next attempt starts just before the reset', async () => {
    const workflow = await workflowInRetryBackoff({ retryIntervalSeconds: 1 });
    const racing = changedBefore(workflow, 'resetActivity', async () => void (await workflow.pollActivity()));

    const { answer } = await rewind.resetActivity(racing, { activityId: '1' });

    expect(answer.activities).toMatchObject([{ state: 'Started', attempt: 1, discardedAttempt: 2 }]);
  });

  test('reports no discarded attempt if a worker receives the activity right after the reset', async () => {
    const workflow = await workflowInRetryBackoff();
    const { client, workflowId } = workflow;
    const startedRightAfter = withCall(client, 'resetActivity', async (...call) => {
      await client.resetActivity(...call);
      await workflow.pollActivity();
    });

    const { answer } = await rewind.resetActivity({ client: startedRightAfter, workflowId }, { activityId: '1' });

    expect(answer.activities).toEqual([{ activityId: '1', activityType: 'charge', state: 'Started', attempt: 1 }]);
  });

  test('by type names the activity that ends just before the reset', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const charge = () => scheduleActivity('charge', workflow.taskQueue);
    await workflow.completeTask(charge(), charge());
    const racing = changedBefore(workflow, 'resetActivity', () => workflow.completeActivity());

    const { answer } = await rewind.resetActivity(racing, { activityType: 'charge' });

    expect(answer.outcome).toBe('reset');
    expect(answer.activities.map(({ state }) => String(state)).toSorted()).toEqual(['Ended', 'Scheduled']);
  });

  test('that races with the completion of the activity lets it complete, and never reports an ended activity as scheduled', async () => {
    const resetAndComplete = async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      await workflow.completeTask(scheduleActivity('charge', workflow.taskQueue, { activityId: '1' }));
      const { taskToken } = await workflow.pollActivity();
      const [answer] = await Promise.all([
        rewind.resetActivity(workflow, { activityId: '1' }).then(
          (result) => result.answer,
          ({ kind }: OperationFailure) => ({ outcome: kind, activities: [] }),
        ),
        connection.workflowService.respondActivityTaskCompleted({ namespace: 'default', taskToken }),
      ]);
      const completed = (await workflow.history()).filter((event) => event.activityTaskCompletedEventAttributes);
      return { outcome: answer.outcome, completed: completed.length, state: answer.activities[0]?.state };
    };
    for (const { outcome, completed, state } of await Promise.all(Array.from({ length: 10 }, resetAndComplete))) {
      expect({ outcome, completed }).toEqual({
        outcome: expect.stringMatching(/^(reset|alreadyEnded|activity-not-found)$/),
        completed: 1,
      });
      expect({ outcome, state }).not.toMatchObject({ outcome: 'alreadyEnded', state: 'Scheduled' });
    }
  });

  test('returns alreadyClosed for a workflow that closes just before the reset', async () => {
    const workflow = await workflowWithActivities();
    const racing = changedBefore(workflow, 'resetActivity', async () => {
      await workflow.signal('go on');
      await workflow.completeTask(completeWorkflow);
    });

    const { answer } = await rewind.resetActivity(racing, { activityType: 'charge' });

    expect(answer).toMatchObject({ outcome: 'alreadyClosed', status: 'Completed' });
  });

  test('does nothing if a retry starts a new run just before, and returns alreadyClosed for the old run if it is named', async () => {
    const workflow = await ScriptedWorkflow.start(connection, { attempts: 2 });
    const charge = scheduleActivity('charge', workflow.taskQueue, { activityId: '1' });
    await workflow.completeTask(charge);
    const racing = changedBefore(workflow, 'resetActivity', async () => {
      await workflow.signal('go on');
      await workflow.completeTask(failWorkflow('no'));
    });

    await expect(rewind.resetActivity(racing, { activityId: '1' })).rejects.toMatchObject({
      kind: 'temporal-unavailable',
      message: expect.stringContaining('Nothing was done'),
    });
    const named = await rewind.resetActivity(workflow, { activityId: '1', runId: workflow.runId });
    expect(named.answer).toMatchObject({ outcome: 'alreadyClosed', runId: workflow.runId });
  });

  test('whose response is lost is detected by the attempt number, which is 1 again', async () => {
    const workflow = await workflowInRetryBackoff();

    const lost = losingResponse(workflow, 'resetActivity');
    expect((await rewind.resetActivity(lost, { activityId: '1' })).answer.outcome).toBe('reset');
  });

  test('that may have been executed is not repeated: the outcome stays unknown', async () => {
    const workflow = await workflowInRetryBackoff();
    const how = { idempotencyKey: randomUUID() };
    const lost = failingCall(workflow, 'resetActivity');
    await expect(rewind.resetActivity(lost, { activityId: '1' }, how)).rejects.toMatchObject({
      kind: 'temporal-timeout',
    });

    const later = rewind.afterLease();
    for (const _ of ['first retry', 'second retry']) {
      await expect(later.resetActivity(workflow, { activityId: '1' }, how)).rejects.toMatchObject({
        kind: 'outcome-unknown',
      });
    }
    expect((await pendingById(workflow))['1']).toMatchObject({ attempt: 2 });
  });
});

describe('an activity pause', () => {
  test('prevents the next attempt, and stores reason, operation and caller in Temporal', async () => {
    const workflow = await workflowInRetryBackoff();

    const { answer } = await rewind.pauseActivity(workflow, { activityId: '1' });

    expect(answer).toMatchObject({ outcome: 'paused', activities: [{ activityId: '1', state: 'Paused', attempt: 2 }] });
    expect((await pendingById(workflow))['1']?.pauseInfo?.manual).toEqual({
      reason: `service is down [rewind ${answer.operationId} by ${ann.id}]`,
      identity: ann.id,
    });
    expect((await rewind.pauseActivity(workflow, { activityId: '1' })).answer.outcome).toBe('alreadyPaused');
  });

  test('and an unpause by type change all pending activities of that type and no others', async () => {
    const workflow = await workflowWithActivities();

    await rewind.pauseActivity(workflow, { activityType: 'charge' });
    expect(await pendingById(workflow)).toMatchObject({
      1: { paused: true },
      2: { paused: true },
      3: { paused: false },
    });

    const { answer } = await rewind.unpauseActivity(workflow, { activityType: 'charge' });
    expect(answer.outcome).toBe('unpaused');
    expect(await pendingById(workflow)).toMatchObject({ 1: { paused: false }, 2: { paused: false } });
    expect((await rewind.unpauseActivity(workflow, { activityType: 'charge' })).answer.outcome).toBe('notPaused');
  });

  test('whose response is lost is detected by its reason', async () => {
    const workflow = await workflowInRetryBackoff();

    const lost = losingResponse(workflow, 'pauseActivity');
    expect((await rewind.pauseActivity(lost, { activityId: '1' })).answer.outcome).toBe('paused');
    const lostUnpause = losingResponse(workflow, 'unpauseActivity');
    expect((await rewind.unpauseActivity(lostUnpause, { activityId: '1' })).answer.outcome).toBe('notPaused');
  });

  test('that another operation undoes before the retry has an unknown outcome', async () => {
    const workflow = await workflowInRetryBackoff();
    const how = { idempotencyKey: randomUUID() };
    const { client, workflowId } = losingResponse(workflow, 'pauseActivity');
    const undone = withCall(client, 'describe', async (execution) => {
      // Not when planning, before the pause.
      if ((await pendingById(workflow))['1']?.paused) await rewind.unpauseActivity(workflow, { activityId: '1' });
      return workflow.client.describe(execution);
    });
    await expect(rewind.pauseActivity({ client: undone, workflowId }, { activityId: '1' }, how)).rejects.toMatchObject({
      kind: 'temporal-timeout',
    });

    const later = rewind.afterLease();
    await expect(later.pauseActivity(workflow, { activityId: '1' }, how)).rejects.toMatchObject({
      kind: 'outcome-unknown',
    });
  });
});

test('a change of an activity that is not pending is refused, and the pending activities are listed', async () => {
  const workflow = await workflowWithActivities();

  await expect(rewind.pauseActivity(workflow, { activityId: '9' })).rejects.toMatchObject({
    kind: 'activity-not-found',
    details: { field: 'activityId', allowed: expect.stringContaining('"3" (ship)') },
  });
  await expect(rewind.resetActivity(workflow, { activityType: 'none' })).rejects.toMatchObject({
    kind: 'activity-not-found',
    details: { field: 'activityType' },
  });
});
