import { randomUUID } from 'node:crypto';
import type { HistoryEntry } from '../../api/history';
import { listHistory } from '../../operations/timeline';
import { CountingClient } from '../support/counting-clients';
import { eventually } from '../support/eventually';
import { endOf, LARGE_HISTORY_MS, tasksByEvents, workflowWithTasks } from '../support/large-history';
import { createLedger } from '../support/ledger-table';
import { ann, Rewind } from '../support/rewind';
import {
  completeWorkflow,
  continueAsNew,
  failWorkflow,
  localActivityMarker,
  nexusEndpoint,
  scheduleActivity,
  scheduleNexusOperation,
  ScriptedWorkflow,
  startChild,
  startTimer,
  testConnection,
  versionMarker,
} from '../support/scripted-workflow';

const connection = testConnection();

async function entriesOf({ client, workflowId, runId }: ScriptedWorkflow, size = 100) {
  const { entries } = await listHistory(client, { workflowId, runId }, { size });
  return entries;
}

/** All entries, read in pages of this size. */
async function allPages({ client, workflowId, runId }: ScriptedWorkflow, size: number) {
  const entries: HistoryEntry[] = [];
  let token: string | undefined;
  do {
    const page = await listHistory(client, { workflowId, runId }, { size, token });
    expect(page.entries.length).toBe(page.nextPageToken === undefined ? page.entries.length : size);
    expect(page.entries.length).toBeGreaterThan(0);
    expect(page.nextPageToken?.length ?? 0).toBeLessThan(6_000);
    entries.push(...page.entries);
    token = page.nextPageToken;
  } while (token !== undefined);
  return entries;
}

const ofKind = (entries: HistoryEntry[], kind: HistoryEntry['kind']) => entries.filter((entry) => entry.kind === kind);

describe('a timeline', () => {
  test('has one entry per activity, with its attempts and last failure', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const { taskQueue } = workflow;
    await workflow.completeTask(scheduleActivity('chargeCard', taskQueue, { activityId: 'c', attempts: 3 }));
    await workflow.failActivity('card declined', { retryable: true });
    await workflow.failActivity('bank closed', { retryable: true });
    await workflow.completeActivity();
    await workflow.completeTask(completeWorkflow);

    const [closed, activity, started, ...others] = await entriesOf(workflow);
    expect(others).toEqual([]);
    expect(closed).toMatchObject({ kind: 'workflowClosed', state: 'completed', resetPoint: 10 });
    expect(activity).toEqual({
      kind: 'activity',
      label: 'chargeCard (activity, attempt 3 completed after: bank closed)',
      state: 'completed',
      name: 'chargeCard',
      activityId: 'c',
      attempts: 3,
      failure: 'bank closed',
      eventId: 5,
      eventIds: [5, 6, 7],
      startTime: expect.stringMatching(/Z$/),
      endTime: expect.stringMatching(/Z$/),
      resetPoint: 4,
    });
    expect(started).toMatchObject({ kind: 'workflowStarted', eventId: 1, name: 'scripted' });
  });

  test('has the attempts of a pending activity', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(scheduleActivity('chargeCard', workflow.taskQueue, { attempts: 5 }));
    await workflow.failActivity('card declined', { retryable: true });
    await workflow.pollActivity();

    expect((await entriesOf(workflow))[0]).toMatchObject({
      kind: 'activity',
      state: 'started',
      attempts: 2,
      failure: 'card declined',
      label: 'chargeCard (activity, attempt 2 started after: card declined)',
      eventIds: [5],
    });
  });

  test('has timers, children, signals, updates, Nexus operations, local activities and markers', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const child = ScriptedWorkflow.attach(connection, `children-${randomUUID()}`);
    const endpoint = await nexusEndpoint(connection, 'http://127.0.0.1:9');
    await workflow.completeTask(
      startTimer('soon', 1),
      startTimer('late', 600_000),
      startChild('ship', child.taskQueue, { workflowId: child.workflowId }),
      localActivityMarker('price'),
      versionMarker('change-id', 'v2'),
      scheduleNexusOperation(endpoint, 'stock', 'reserve'),
    );
    await child.completeTask(failWorkflow('no truck'));
    await eventually(async () => {
      const states = (await entriesOf(workflow)).map(({ state }) => state);
      return states.includes('fired') && states.includes('failed');
    });
    await workflow.signal('hurry', 'secret-4711');
    await workflow.completeTask();
    await workflow.update('address');

    const entries = await entriesOf(workflow);
    const [first] = ofKind(entries, 'timer').filter(({ name }) => name === 'soon');
    expect(first).toMatchObject({ state: 'fired', label: 'timer soon (fired)', resetPoint: 4 });
    expect(first?.eventIds).toHaveLength(2);
    expect(ofKind(entries, 'timer')).toContainEqual(expect.objectContaining({ name: 'late', state: 'pending' }));
    expect(ofKind(entries, 'childWorkflow')).toEqual([
      expect.objectContaining({
        label: 'ship (child workflow, failed: no truck)',
        workflowId: child.workflowId,
        runId: expect.stringMatching(/^[\da-f-]{36}$/),
        failure: 'no truck',
        resetPoint: 4,
        eventIds: [expect.any(Number), expect.any(Number), expect.any(Number)],
      }),
    ]);
    expect(ofKind(entries, 'localActivity')).toMatchObject([
      { name: 'price', label: 'price (local activity, completed)' },
    ]);
    expect(ofKind(entries, 'marker')).toMatchObject([{ label: 'version of v2' }]);
    expect(ofKind(entries, 'nexusOperation')).toMatchObject([{ name: 'stock.reserve', state: 'pending' }]);
    expect(ofKind(entries, 'signal')).toMatchObject([{ name: 'hurry', label: 'signal hurry' }]);
    const tasks = (await workflow.history()).filter((event) => event.workflowTaskCompletedEventAttributes);
    expect(ofKind(entries, 'update')).toMatchObject([
      { name: 'address', state: 'completed', identity: 'test', resetPoint: Number(tasks.at(-1)?.eventId) },
    ]);
    expect(JSON.stringify(entries)).not.toContain('secret-4711');
    const ids = entries.map(({ eventId }) => eventId);
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
    for (const size of [1, 2, 3]) expect(await allPages(workflow, size)).toEqual(entries);
  });

  test('has actor and reason of a cancellation, a reset and a termination', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const rewind = new Rewind(await createLedger());
    await workflow.completeTask(startTimer('1', 600_000));
    const cancelled = await rewind.cancel(workflow, { reason: 'withdrawn [rewind op-00 by eve]' });
    const reset = await rewind.reset(workflow, { target: { at: 'firstWorkflowTask' }, reason: 'bad deploy' });
    const newRun = workflow.withRunId(reset.answer.newRunId);

    const [terminated, cancel] = await entriesOf(workflow);
    expect(terminated).toMatchObject({
      kind: 'workflowClosed',
      state: 'terminated',
      reason: 'bad deploy',
      operationId: reset.answer.operationId,
      actor: ann,
    });
    expect(cancel).toMatchObject({
      kind: 'cancelRequest',
      label: 'cancellation requested: withdrawn [rewind op-00 by eve]',
      reason: 'withdrawn [rewind op-00 by eve]',
      identity: ann.id,
      operationId: cancelled.answer.operationId,
      actor: ann,
    });
    const [resetEntry] = ofKind(await entriesOf(newRun), 'reset');
    expect(resetEntry).toEqual({
      kind: 'reset',
      label: 'reset from another run: bad deploy',
      reason: 'bad deploy',
      operationId: reset.answer.operationId,
      actor: ann,
      runId: workflow.runId,
      eventId: 4,
      eventIds: [2, 3, 4],
      startTime: expect.any(String),
      resetPoint: 4,
    });
  });

  test('does not show an update as pending that a reset carried over and the new run completed', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask();
    await workflow.update('address');
    const { answer } = await new Rewind(await createLedger()).reset(workflow, { target: { at: 'firstWorkflowTask' } });
    await workflow.acceptReappliedUpdates(answer.newRunId);

    const { entries } = await listHistory(workflow.client, workflow.withRunId(answer.newRunId), { size: 20 });

    const updates = entries.filter(({ kind }) => kind === 'update');
    expect(updates.map(({ label, name, state }) => ({ label, name, state }))).toEqual([
      { label: expect.stringContaining('(completed)'), name: expect.any(String), state: 'completed' },
      { label: 'update address (carried over)', name: 'address', state: undefined },
    ]);
  });

  test.each([
    ['Terminated', 'was terminated'],
    ['ContinuedAsNew', 'continued as new'],
    ['TimedOut', 'timed out'],
    ['Completed', 'completed'],
  ])('of a run with status %s shows unfinished entries as not completed', async (status, how) => {
    // Longer than the steps before the end take on a busy machine.
    const workflow = await ScriptedWorkflow.start(connection, {
      workflowRunTimeoutSeconds: status === 'TimedOut' ? 12 : 0,
    });
    const child = ScriptedWorkflow.attach(connection, `children-${randomUUID()}`);
    await workflow.completeTask(
      startTimer('reminder', 600_000),
      scheduleActivity('chargeCard', workflow.taskQueue, { attempts: 9 }),
      startChild('ship', child.taskQueue, { workflowId: child.workflowId }),
    );
    await workflow.failActivity('card declined', { retryable: true });
    await child.pollTask();
    await workflow.completeTask();
    const before = (await entriesOf(workflow)).filter(({ state }) => state !== undefined);
    expect(before.map(({ state }) => state)).toEqual(['started', expect.stringMatching(/pending|started/), 'pending']);

    if (status === 'Terminated') await new Rewind(await createLedger()).terminate(workflow);
    else if (status !== 'TimedOut') {
      await workflow.signal('end');
      await workflow.completeTask(status === 'Completed' ? completeWorkflow : continueAsNew);
    }
    const describeRun = () => workflow.client.describe({ workflowId: workflow.workflowId, runId: workflow.runId });
    await eventually(async () => Boolean((await describeRun()).workflowExecutionInfo?.closeTime), 'the run to close');

    const entries = (await entriesOf(workflow)).filter(({ state }) => state === 'notCompleted');
    expect(entries.map(({ kind }) => kind)).toEqual(['childWorkflow', 'activity', 'timer']);
    for (const { label } of entries) expect(label).toContain(`not completed when the run ${how}`);
    expect(await allPages(workflow, 1)).toEqual(await entriesOf(workflow));
  });

  test('has workflow task failures, with the current attempt of a task that keeps failing', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.failTask('bug');
    await workflow.failTask('bug');

    const [failure] = await entriesOf(workflow);
    expect(failure).toMatchObject({
      kind: 'workflowTaskFailure',
      failure: 'bug',
      attempts: 3,
      label: 'the workflow task failed: bug, now on attempt 3',
      eventIds: [2, 3, 4],
      resetPoint: 4,
    });
  });

  test('has only reset points that the server accepts', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(scheduleActivity('a', workflow.taskQueue));
    await workflow.completeActivity();
    await workflow.update('u', startTimer('t', 600_000));
    const points = new Set((await entriesOf(workflow)).flatMap(({ resetPoint }) => resetPoint ?? []));
    expect(points.size).toBeGreaterThan(1);
    for (const eventId of points) {
      const by = { reason: 'try', identity: 'test', temporalRequestId: randomUUID() };
      expect(await workflow.client.reset(workflow, eventId, by)).toMatch(/^[\da-f-]{36}$/);
    }
  });
});

describe('a fan-out whose completions exceed a page token', () => {
  test('is the same in small pages', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const count = 120;
    const activities = Array.from({ length: count }, (_, at) =>
      scheduleActivity('step', workflow.taskQueue, { activityId: `${at}`, attempts: 1 }),
    );
    await workflow.completeTask(...activities);
    for (let at = 0; at < count; at += 1) {
      await (at % 3 === 0 ? workflow.failActivity(`declined ${'x'.repeat(100)}`) : workflow.completeActivity());
    }
    const entries = await entriesOf(workflow, 200);
    const steps = ofKind(entries, 'activity');
    expect(steps).toHaveLength(count);
    expect(steps.filter(({ state }) => state === 'failed')).toHaveLength(count / 3);
    expect(steps.every(({ eventIds }) => eventIds.length === 3)).toBe(true);

    expect(await allPages(workflow, 7)).toEqual(entries);
  });
});

describe.each([
  [300, tasksByEvents[300]],
  [40_000, tasksByEvents[40_000]],
])('a history of %i events', (_size, tasks) => {
  let workflow: ScriptedWorkflow;
  let counted: CountingClient;
  beforeAll(async () => {
    workflow = await workflowWithTasks(connection, tasks);
  }, LARGE_HISTORY_MS);
  beforeEach(() => {
    counted = new CountingClient(workflow.client);
  });

  test('returns the newest 20 entries from one page of events', async () => {
    const { entries } = await listHistory(counted.client, workflow, { size: 20 });
    expect(entries).toHaveLength(20);
    expect(entries[0]).toMatchObject({ kind: 'workflowClosed', resetPoint: endOf(tasks + 1) });
    expect(counted.pages).toBe(1);
  });

  test(
    'reads at most two pages of events per page of entries, so that memory does not grow with the history',
    async () => {
      const seen: number[] = [];
      let token: string | undefined;
      do {
        counted.pages = 0;
        const page = await listHistory(counted.client, workflow, { size: 500, token });
        expect(counted.pages).toBeLessThanOrEqual(2);
        seen.push(...page.entries.map(({ eventId }) => eventId));
        token = page.nextPageToken;
      } while (token !== undefined);
      // The 20 markers of each task, the start and the close.
      expect(seen).toHaveLength(20 * tasks + 2);
      expect(new Set(seen).size).toBe(seen.length);
    },
    LARGE_HISTORY_MS,
  );
});

describe('a page token', () => {
  test('continues in the run of its first page, and is refused for another workflow or run', async () => {
    const [workflow, other] = [await ScriptedWorkflow.start(connection), await ScriptedWorkflow.start(connection)];
    await workflow.completeTask(startTimer('1', 1_000_000));
    const { client, workflowId } = workflow;
    const { nextPageToken: token } = await listHistory(client, { workflowId }, { size: 1 });
    const refused = { kind: 'invalid-request', details: { field: 'pageToken' } };

    expect((await listHistory(client, { workflowId }, { size: 1, token })).entries).toMatchObject([{ eventId: 1 }]);
    await expect(listHistory(client, { workflowId: other.workflowId }, { size: 1, token })).rejects.toMatchObject(
      refused,
    );
    await expect(listHistory(client, { workflowId, runId: randomUUID() }, { size: 1, token })).rejects.toMatchObject(
      refused,
    );
    await expect(listHistory(client, { workflowId }, { size: 1, token: `${token}x` })).rejects.toMatchObject(refused);
  });
});
