import { randomUUID } from 'node:crypto';
import { OperationFailure } from '../../api/failures';
import { LATE_EXECUTION_MS, LEASE_MS } from '../../operations/ledger/lease';
import { createLedger } from '../support/ledger-table';
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
 * What is special about changes of pending activities. The server is the judge; temporal-semantics.md has what it does.
 */

const connection = testConnection();
let rewind: Rewind;
beforeAll(async () => {
  rewind = new Rewind(await createLedger());
});

/** Two activities of one type, one of another; an attempt that has failed is repeated after five minutes. */
async function workflowWithActivities(): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection);
  const { taskQueue } = workflow;
  const retried = { attempts: 5, retryIntervalSeconds: 300 };
  await workflow.completeTask(
    scheduleActivity('charge', taskQueue, { activityId: '1', ...retried }),
    scheduleActivity('charge', taskQueue, { activityId: '2', ...retried }),
    scheduleActivity('ship', taskQueue, { activityId: '3', ...retried }),
  );
  return workflow;
}

/** One activity, of which the first attempt has failed; the second is due in five minutes where nothing else is said. */
async function workflowThatWaits({ retryIntervalSeconds = 300 } = {}): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection);
  await workflow.completeTask(
    scheduleActivity('charge', workflow.taskQueue, { activityId: '1', attempts: 5, retryIntervalSeconds }),
  );
  await workflow.failActivity('card declined', { retryable: true });
  return workflow;
}

const pendingIn = async (workflow: ScriptedWorkflow) =>
  Object.fromEntries(
    (await workflow.describe()).pendingActivities.map((activity) => [activity.activityId ?? '', activity]),
  );

type Call = 'pauseActivity' | 'unpauseActivity' | 'resetActivity';

/** The client of a workflow that gets no answer to a call, which may have reached the server. */
function losing(workflow: ScriptedWorkflow, name: Call, { arrives }: { arrives: boolean }) {
  const { client, workflowId } = workflow;
  const call = client[name].bind(client) as (...args: unknown[]) => Promise<void>;
  const lost = async (...args: unknown[]) => {
    if (arrives) await call(...args);
    throw new OperationFailure('temporal-timeout', 'Temporal did not respond in time.');
  };
  return { client: withCall(client, name, lost), workflowId };
}

/** The client of a workflow that changes right before a call. */
function justAfter(workflow: ScriptedWorkflow, name: Call, change: () => Promise<void>) {
  const { client, workflowId } = workflow;
  const call = client[name].bind(client) as (...args: unknown[]) => Promise<void>;
  return {
    client: withCall(client, name, async (...args: unknown[]) => {
      await change();
      return call(...args);
    }),
    workflowId,
  };
}

describe('reset', () => {
  test('executes an activity now that waits for its next attempt, as its first', async () => {
    const workflow = await workflowThatWaits();
    expect((await pendingIn(workflow))['1']).toMatchObject({ attempt: 2 });

    const { answer } = await rewind.resetActivity(workflow, { activityId: '1' });

    expect(answer).toMatchObject({
      outcome: 'reset',
      status: 'Running',
      activities: [{ activityId: '1', activityType: 'charge', state: 'Scheduled', attempt: 1 }],
    });
    expect(await workflow.pollActivity()).toMatchObject({ activityId: '1', attempt: 1 });
  });

  test('by type resets all pending ones of it, and no other', async () => {
    const workflow = await workflowWithActivities();
    for (const _ of ['1', '2', '3']) await workflow.failActivity('no', { retryable: true });

    const { answer } = await rewind.resetActivity(workflow, { activityType: 'charge' });

    expect(answer.activities.map(({ activityId }) => activityId).toSorted()).toEqual(['1', '2']);
    expect(await pendingIn(workflow)).toMatchObject({ 1: { attempt: 1 }, 2: { attempt: 1 }, 3: { attempt: 2 } });
  });

  test('keeps heartbeat details and a pause where asked to', async () => {
    const workflow = await workflowThatWaits();
    await workflow.pauseActivity('1', 'by hand');

    await rewind.resetActivity(workflow, { activityId: '1', keepPaused: true });
    expect((await pendingIn(workflow))['1']).toMatchObject({ paused: true, attempt: 1 });

    await rewind.resetActivity(workflow, { activityId: '1' });
    expect((await pendingIn(workflow))['1']).toMatchObject({ paused: false });
  });

  const meanwhile: [during: string, state: string, change: (workflow: ScriptedWorkflow) => Promise<void>][] = [
    ['nothing else', 'Started', async () => {}],
    ['a pause', 'PauseRequested', async (workflow) => void (await rewind.pauseActivity(workflow, { activityId: '1' }))],
    ['its cancellation', 'CancelRequested', askToCancel],
  ];

  test.each(meanwhile)(
    'is refused while a worker executes a later attempt, during %s: the server would refuse its result',
    async (_, state, change) => {
      const workflow = await workflowThatWaits({ retryIntervalSeconds: 1 });
      const { taskToken } = await workflow.pollActivity();
      await change(workflow);

      await expect(rewind.resetActivity(workflow, { activityId: '1' })).rejects.toMatchObject({
        kind: 'conflict',
        details: { field: 'discardRunningAttempt' },
      });

      const keptPaused = { discardRunningAttempt: true, keepPaused: true };
      const { answer } = await rewind.resetActivity(workflow, { activityId: '1', ...keptPaused });
      expect(answer.activities).toMatchObject([{ state, attempt: 1, discardedAttempt: 2 }]);
      await expect(
        connection.workflowService.respondActivityTaskCompleted({ namespace: 'default', taskToken }),
      ).rejects.toThrow('activity already timed out');
    },
  );

  async function askToCancel(workflow: ScriptedWorkflow): Promise<void> {
    await workflow.signal('stop charging');
    const scheduled = (await workflow.history()).find((event) => event.activityTaskScheduledEventAttributes);
    await workflow.completeTask(cancelActivity(Number(scheduled?.eventId)));
  }

  test('of an activity that ends just before says that it had ended', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(scheduleActivity('charge', workflow.taskQueue, { activityId: '1' }));
    const racing = justAfter(workflow, 'resetActivity', () => workflow.completeActivity());

    const { answer } = await rewind.resetActivity(racing, { activityId: '1' });

    expect(answer).toMatchObject({ outcome: 'alreadyEnded', activities: [{ activityId: '1', state: 'Ended' }] });
  });

  test('of an activity whose next attempt begins just before names the attempt that it discards', async () => {
    const workflow = await workflowThatWaits({ retryIntervalSeconds: 1 });
    const racing = justAfter(workflow, 'resetActivity', async () => void (await workflow.pollActivity()));

    const { answer } = await rewind.resetActivity(racing, { activityId: '1' });

    expect(answer.activities).toMatchObject([{ state: 'Started', attempt: 1, discardedAttempt: 2 }]);
  });

  test('of an activity that a worker takes at once discards no attempt', async () => {
    const workflow = await workflowThatWaits();
    const { client, workflowId } = workflow;
    const taken = withCall(client, 'resetActivity', async (...call) => {
      await client.resetActivity(...call);
      await workflow.pollActivity();
    });

    const { answer } = await rewind.resetActivity({ client: taken, workflowId }, { activityId: '1' });

    expect(answer.activities).toEqual([{ activityId: '1', activityType: 'charge', state: 'Started', attempt: 1 }]);
  });

  test('by type, of which one ends just before, says which one ended', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const charge = () => scheduleActivity('charge', workflow.taskQueue);
    await workflow.completeTask(charge(), charge());
    const racing = justAfter(workflow, 'resetActivity', () => workflow.completeActivity());

    const { answer } = await rewind.resetActivity(racing, { activityType: 'charge' });

    expect(answer.outcome).toBe('reset');
    expect(answer.activities.map(({ state }) => String(state)).toSorted()).toEqual(['Ended', 'Scheduled']);
  });

  test('and its completion at the same moment: it completes, and the answer says whether it had before', async () => {
    const race = async () => {
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
    for (const { outcome, completed, state } of await Promise.all(Array.from({ length: 10 }, race))) {
      expect({ outcome, completed }).toEqual({
        outcome: expect.stringMatching(/^(reset|alreadyEnded|activity-not-found)$/),
        completed: 1,
      });
      expect({ outcome, state }).not.toMatchObject({ outcome: 'alreadyEnded', state: 'Scheduled' });
    }
  });

  test('of a workflow that closes just before says that it had closed', async () => {
    const workflow = await workflowWithActivities();
    const racing = justAfter(workflow, 'resetActivity', async () => {
      await workflow.signal('go on');
      await workflow.completeTask(completeWorkflow);
    });

    const { answer } = await rewind.resetActivity(racing, { activityType: 'charge' });

    expect(answer).toMatchObject({ outcome: 'alreadyClosed', status: 'Completed' });
  });

  test('of a run that another one continues just before is not made, unless that run is named', async () => {
    const workflow = await ScriptedWorkflow.start(connection, { attempts: 2 });
    const charge = scheduleActivity('charge', workflow.taskQueue, { activityId: '1' });
    await workflow.completeTask(charge);
    const racing = justAfter(workflow, 'resetActivity', async () => {
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

  test('whose answer is lost is found by the attempt, which counts from 1 again', async () => {
    const workflow = await workflowThatWaits();

    const lost = losing(workflow, 'resetActivity', { arrives: true });
    expect((await rewind.resetActivity(lost, { activityId: '1' })).answer.outcome).toBe('reset');
  });

  test('that may have been made is not made again: the outcome stays unknown', async () => {
    const workflow = await workflowThatWaits();
    const how = { idempotencyKey: randomUUID() };
    const lost = losing(workflow, 'resetActivity', { arrives: false });
    await expect(rewind.resetActivity(lost, { activityId: '1' }, how)).rejects.toMatchObject({
      kind: 'temporal-timeout',
    });

    const later = new Rewind(rewind.ledger, { now: () => Date.now() + LEASE_MS + LATE_EXECUTION_MS });
    for (const _ of ['now', 'and again']) {
      await expect(later.resetActivity(workflow, { activityId: '1' }, how)).rejects.toMatchObject({
        kind: 'outcome-unknown',
      });
    }
    expect((await pendingIn(workflow))['1']).toMatchObject({ attempt: 2 });
  });
});

describe('pause', () => {
  test('keeps the next attempt from beginning, and has its reason, operation and caller with it', async () => {
    const workflow = await workflowThatWaits();

    const { answer } = await rewind.pauseActivity(workflow, { activityId: '1' });

    expect(answer).toMatchObject({ outcome: 'paused', activities: [{ activityId: '1', state: 'Paused', attempt: 2 }] });
    expect((await pendingIn(workflow))['1']?.pauseInfo?.manual).toEqual({
      reason: `service is down [rewind ${answer.operationId} by ${ann.id}]`,
      identity: ann.id,
    });
    expect((await rewind.pauseActivity(workflow, { activityId: '1' })).answer.outcome).toBe('alreadyPaused');
  });

  test('by type, then unpause: all pending ones of it, and no other', async () => {
    const workflow = await workflowWithActivities();

    await rewind.pauseActivity(workflow, { activityType: 'charge' });
    expect(await pendingIn(workflow)).toMatchObject({ 1: { paused: true }, 2: { paused: true }, 3: { paused: false } });

    const { answer } = await rewind.unpauseActivity(workflow, { activityType: 'charge' });
    expect(answer.outcome).toBe('unpaused');
    expect(await pendingIn(workflow)).toMatchObject({ 1: { paused: false }, 2: { paused: false } });
    expect((await rewind.unpauseActivity(workflow, { activityType: 'charge' })).answer.outcome).toBe('notPaused');
  });

  test('whose answer is lost is found by its reason', async () => {
    const workflow = await workflowThatWaits();

    const lost = losing(workflow, 'pauseActivity', { arrives: true });
    expect((await rewind.pauseActivity(lost, { activityId: '1' })).answer.outcome).toBe('paused');
    const lostToo = losing(workflow, 'unpauseActivity', { arrives: true });
    expect((await rewind.unpauseActivity(lostToo, { activityId: '1' })).answer.outcome).toBe('notPaused');
  });

  test('that another one has undone since is not said to have been left out', async () => {
    const workflow = await workflowThatWaits();
    const how = { idempotencyKey: randomUUID() };
    const { client, workflowId } = losing(workflow, 'pauseActivity', { arrives: true });
    const undone = withCall(client, 'describe', async (execution) => {
      // Not in the plan, whose activity is not paused yet.
      if ((await pendingIn(workflow))['1']?.paused) await rewind.unpauseActivity(workflow, { activityId: '1' });
      return workflow.client.describe(execution);
    });
    await expect(rewind.pauseActivity({ client: undone, workflowId }, { activityId: '1' }, how)).rejects.toMatchObject({
      kind: 'temporal-timeout',
    });

    const later = new Rewind(rewind.ledger, { now: () => Date.now() + LEASE_MS + LATE_EXECUTION_MS });
    await expect(later.pauseActivity(workflow, { activityId: '1' }, how)).rejects.toMatchObject({
      kind: 'outcome-unknown',
    });
  });
});

test('an activity that is not pending is refused, with those that are', async () => {
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
