import type { ResetTarget } from '../../api/reset';
import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually';
import { testLedger } from '../support/ledger-table';
import { Rewind } from '../support/rewind';
import {
  completeWorkflow,
  testConnection,
  continueAsNew,
  failWorkflow,
  failWorkflowBecauseOf,
  goLocalActivityMarker,
  javaLocalActivityMarker,
  localActivityMarker,
  scheduleActivity,
  ScriptedWorkflow,
  startChild,
  startTimer,
} from '../support/scripted-workflow';

const connection = testConnection();
const rewind = new Rewind(testLedger());

const start = () => ScriptedWorkflow.start(connection);

/**
 * Resets to the target, as a preview predicts.
 * @returns the event id
 */
async function resetTo(workflow: ScriptedWorkflow, target: ResetTarget, request: object = {}): Promise<number> {
  const preview = await rewind.preview(workflow, { target, ...request });
  const { answer } = await rewind.reset(workflow, { target, ...request });
  expect({ eventId: answer.eventId, why: answer.why, runId: answer.runId }).toEqual({
    eventId: preview.eventId,
    why: preview.why,
    runId: preview.runId,
  });
  expect(answer.why).toMatch(/^Event \d+ .*\.$/);
  // The new run keeps the events before that one.
  const kept = (await workflow.history(answer.newRunId)).findIndex(
    ({ workflowTaskFailedEventAttributes: failed }) => failed?.newRunId === answer.newRunId,
  );
  expect(kept).toBe(answer.eventId - 1);
  return answer.eventId;
}

const refusalOf = (workflow: ScriptedWorkflow, target: ResetTarget) =>
  rewind.preview(workflow, { target }).then(
    () => undefined,
    (error: { kind: string; details: { field: string; resetPoints: { eventId: number }[] } }) => error,
  );

describe('target eventId', () => {
  test('resets to that event', async () => {
    const workflow = await start();
    await workflow.completeTask(startTimer('reminder', 60_000));
    await workflow.signal('go');
    await workflow.completeTask();

    expect(await resetTo(workflow, { eventId: 4 })).toBe(4);
  });

  test.each([0, 1, -3, 2, 3, 5, 6, 99, Number.MAX_SAFE_INTEGER])(
    '%i is refused with the existing reset points',
    async (eventId) => {
      const workflow = await start();
      await workflow.completeTask(startTimer('1', 60_000), startTimer('2', 60_000));

      const refusal = {
        kind: 'not-a-reset-point',
        details: { field: 'target.eventId', value: eventId, resetPoints: [{ eventId: 4 }] },
      };
      await expect(rewind.preview(workflow, { target: { eventId } })).rejects.toMatchObject(refusal);
      await expect(rewind.reset(workflow, { target: { eventId } })).rejects.toMatchObject(refusal);
      expect(await workflow.runIds()).toHaveLength(1);
    },
  );
});

describe('target at', () => {
  test('firstWorkflowTask is the first completed task', async () => {
    const workflow = await start();
    await workflow.failTask('bug');
    await workflow.completeTask(startTimer('1', 60_000));
    await workflow.signal('go');
    await workflow.completeTask();

    // 4 failed; the retry completed with 7.
    expect(await resetTo(workflow, { at: 'firstWorkflowTask' })).toBe(7);
  });

  test('firstWorkflowTask is the first failed task if none has completed', async () => {
    const workflow = await start();
    await workflow.failTask('bug');

    expect(await resetTo(workflow, { at: 'firstWorkflowTask' })).toBe(4);
  });

  test('lastWorkflowTask is the last completed task, before the failed ones', async () => {
    const workflow = await start();
    await workflow.completeTask(startTimer('1', 60_000));
    await workflow.signal('go');
    await workflow.completeTask();
    await workflow.signal('go');
    await workflow.failTask('bug');

    expect(await resetTo(workflow, { at: 'lastWorkflowTask' })).toBe(9);
  });

  test.each(['firstWorkflowTask', 'lastWorkflowTask'] as const)(
    '%s is refused for a run in which no workflow task has ended',
    async (at) => {
      expect(await refusalOf(await start(), { at })).toMatchObject({
        kind: 'not-a-reset-point',
        details: { field: 'target.at', resetPoints: [] },
      });
    },
  );

  test('lastContinuedAsNew is the task with which the previous run continued as new', async () => {
    const workflow = await start();
    await workflow.completeTask();
    await workflow.signal('go');
    await workflow.completeTask(continueAsNew);
    const current = workflow.withRunId((await workflow.describe()).workflowExecutionInfo!.execution!.runId!);
    await current.completeTask(completeWorkflow);

    const { answer } = await rewind.reset(workflow, { target: { at: 'lastContinuedAsNew' } });

    expect(answer).toMatchObject({ runId: workflow.runId, eventId: 8 });
    expect((await workflow.history(answer.newRunId)).slice(0, 7)).toEqual((await workflow.history()).slice(0, 7));
  });

  test('lastContinuedAsNew is refused for the first run of a chain', async () => {
    const workflow = await start();
    await workflow.completeTask();

    expect(await refusalOf(workflow, { at: 'lastContinuedAsNew' })).toMatchObject({
      kind: 'not-a-reset-point',
      details: { field: 'target.at', resetPoints: [{ eventId: 4 }] },
    });
  });
});

test.each([
  ['retry', { attempts: 2 }, failWorkflow('no')],
  ['cron', { cronSchedule: '@every 1s' }, completeWorkflow],
])(
  'lastContinuedAsNew is refused for a run that a %s started, and the error names the previous run',
  async (relation, options, end) => {
    const workflow = await ScriptedWorkflow.start(connection, options);
    await workflow.completeTask(end);
    const current = await workflow.currentRunId();

    const target = { at: 'lastContinuedAsNew' } as const;
    await expect(rewind.reset(workflow, { target, terminateRunId: current })).rejects.toMatchObject({
      kind: 'not-a-reset-point',
      message: expect.stringContaining('was not started by a continue-as-new'),
      details: { allowed: expect.stringContaining(`runId ${workflow.runId}, which a ${relation} continued`) },
    });
  },
);

describe('target beforeActivity', () => {
  let workflow: ScriptedWorkflow;
  beforeAll(async () => {
    workflow = await start();
    for (const activityId of ['a', 'b', 'c']) {
      await workflow.completeTask(scheduleActivity('chargeCard', workflow.taskQueue, { activityId }));
      await workflow.completeActivity();
    }
    await workflow.completeTask(localActivityMarker('lookUp', 'l'), completeWorkflow);
  });

  test.each<[ResetTarget, number]>([
    [{ beforeActivity: { type: 'chargeCard' } }, 16],
    [{ beforeActivity: { type: 'chargeCard', occurrence: 'last' } }, 16],
    [{ beforeActivity: { type: 'chargeCard', occurrence: 'first' } }, 4],
    [{ beforeActivity: { type: 'chargeCard', occurrence: 2 } }, 10],
    [{ beforeActivity: { activityId: 'b' } }, 10],
    [{ beforeActivity: { type: 'lookUp' } }, 22],
  ])('%j is event %i, the task that scheduled the activity', async (target, eventId) => {
    expect(await resetTo(workflow, target, { runId: workflow.runId, terminateRunId: await liveRun(workflow) })).toBe(
      eventId,
    );
  });

  test.each<ResetTarget>([
    { beforeActivity: { type: 'unknown' } },
    { beforeActivity: { type: 'chargeCard', occurrence: 4 } },
    { beforeActivity: { activityId: 'unknown' } },
  ])('%j is refused', async (target) => {
    expect(await refusalOf(workflow, target)).toMatchObject({
      kind: 'not-a-reset-point',
      details: { field: 'target.beforeActivity', resetPoints: expect.any(Array) },
    });
  });
});

/** The current run if it is open, which a second reset of the same run must name. */
async function liveRun(workflow: ScriptedWorkflow): Promise<string | undefined> {
  const { workflowExecutionInfo: info } = await workflow.describe();
  return info?.closeTime ? undefined : (info?.execution?.runId ?? undefined);
}

describe('target beforeActivity with local activities', () => {
  test.each([
    ['the SDKs on Temporal core', localActivityMarker],
    ['Go and PHP', goLocalActivityMarker],
    ['Java', javaLocalActivityMarker],
  ])('finds one as recorded by %s', async (_sdk, localActivity) => {
    const workflow = await start();
    await workflow.completeTask(localActivity('lookUp', 'a'), startTimer('1', 1));
    await workflow.completeTask(localActivity('lookUp', 'b'), completeWorkflow);

    expect(await resetTo(workflow, { beforeActivity: { activityId: 'a' } })).toBe(4);
    const { why, discarded } = await rewind.preview(workflow, {
      target: { beforeActivity: { type: 'lookUp', occurrence: 'first' } },
      runId: workflow.runId,
      terminateRunId: (await workflow.describe()).workflowExecutionInfo!.execution!.runId!,
    });
    expect(why).toBe('Event 4 completed the workflow task that recorded local activity lookUp (id a).');
    expect(discarded.activities.newest).toMatchObject([
      { activityId: 'b', activityType: 'lookUp', local: true, state: 'completed' },
      { activityId: 'a', activityType: 'lookUp', local: true, state: 'completed' },
    ]);
  });

  test('a preview lists one that failed as failed', async () => {
    const workflow = await start();
    await workflow.completeTask(localActivityMarker('lookUp', 'a', { message: 'down' }), startTimer('1', 60_000));

    const { discarded } = await rewind.preview(workflow, { target: { at: 'firstWorkflowTask' } });

    expect(discarded.activities.newest).toMatchObject([{ activityType: 'lookUp', local: true, state: 'failed' }]);
  });
});

describe('a run in which no workflow task has ended', () => {
  const attribution = { reason: 'r', identity: 'i', temporalRequestId: 'r' };
  const early = new Date(0).toISOString();

  test('that was terminated during its start delay has no point, and the refusal names a restart', async () => {
    const workflow = await ScriptedWorkflow.start(connection, { startDelaySeconds: 3600 });
    await rewind.terminate(workflow);

    expect(await refusalOf(workflow, { at: 'firstWorkflowTask' })).toMatchObject({
      kind: 'not-a-reset-point',
      details: { allowed: expect.stringMatching(/; or a restart, if the run closed before that$/), resetPoints: [] },
    });
    expect((await rewind.restart(workflow)).answer).toMatchObject({ outcome: 'restarted', runId: workflow.runId });
  });

  test.each<[ResetTarget, (workflow: ScriptedWorkflow) => Promise<unknown>]>([
    [{ at: 'firstWorkflowTask' }, (workflow) => workflow.client.terminate(workflow, attribution)],
    [{ at: 'lastWorkflowTask' }, (workflow) => workflow.client.terminate(workflow, attribution)],
    [{ eventId: 3 }, (workflow) => workflow.client.terminate(workflow, attribution)],
    [{ back: 0 }, (workflow) => workflow.client.terminate(workflow, attribution)],
    [{ beforeTime: early }, (workflow) => workflow.client.terminate(workflow, attribution)],
    [{ at: 'firstWorkflowTask' }, (workflow) => workflow.client.requestCancel(workflow, attribution)],
  ])('%j resets it to its start', async (target, close) => {
    const workflow = await start();
    await close(workflow);

    const { answer } = await rewind.reset(workflow, { target });

    expect(answer).toMatchObject({ eventId: 3, why: expect.stringContaining('runs from its start') });
    await workflow.completeTask(completeWorkflow);
    const completed = (await workflow.history(answer.newRunId)).at(-1);
    expect(completed?.workflowExecutionCompletedEventAttributes).toBeTruthy();
  });

  test('beforeFailure resets it to its start if it timed out', async () => {
    const workflow = await ScriptedWorkflow.start(connection, { workflowRunTimeoutSeconds: 1 });
    await eventually(async () => (await workflow.history()).length === 3);

    const { answer } = await rewind.reset(workflow, { target: { beforeFailure: 'last' } });

    expect(answer).toMatchObject({ eventId: 3 });
  });

  test.each<ResetTarget>([
    { eventId: 2 },
    { eventId: 4 },
    { back: 1 },
    { beforeActivity: { type: 'chargeCard' } },
    { beforeFailure: 'last' },
    { beforeTime: '2999-01-01T00:00:00Z' },
    { buildId: 'build-1' },
  ])('%j is refused with the only reset point', async (target) => {
    const workflow = await start();
    await workflow.signal('approve');
    await workflow.client.terminate(workflow, attribution);

    expect(await refusalOf(workflow, target)).toMatchObject({
      kind: 'not-a-reset-point',
      details: { resetPoints: [{ eventId: 3 }] },
    });
  });
});

describe('target beforeFailure', () => {
  test.each([
    ['failed', 'failure', 60, (workflow: ScriptedWorkflow) => workflow.failTask('bug')],
    ['timed out', 'timeout', 1, (workflow: ScriptedWorkflow) => workflow.timeOutTask()],
  ])('says that the first workflow task %s', async (_how, noun, workflowTaskTimeoutSeconds, failOrTimeOut) => {
    const workflow = await ScriptedWorkflow.start(connection, { workflowTaskTimeoutSeconds });
    await failOrTimeOut(workflow);

    const { why } = await rewind.preview(workflow, { target: { beforeFailure: 'last' } });

    expect(why).toMatch(`Event 4 recorded the ${noun} of a workflow task; no workflow task completed before`);
  });

  /** Reserves stock, then fails to charge a card. Tasks complete at events 4 and 10; the next task, of the test, completes at 16. */
  async function cardDeclined(): Promise<ScriptedWorkflow> {
    const workflow = await start();
    await workflow.completeTask(scheduleActivity('reserveStock', workflow.taskQueue));
    await workflow.completeActivity();
    await workflow.completeTask(scheduleActivity('chargeCard', workflow.taskQueue));
    await workflow.failActivity('card declined');
    return workflow;
  }

  test('last is before the activity that the workflow’s failure names, although another activity ran since', async () => {
    const workflow = await cardDeclined();
    await workflow.completeTask(scheduleActivity('releaseStock', workflow.taskQueue));
    await workflow.completeActivity();
    await workflow.completeTask(failWorkflowBecauseOf('chargeCard', 11, 'card declined'));

    expect(await resetTo(workflow, { beforeFailure: 'last' })).toBe(10);
  });

  test('last is before the activity whose failure triggered the last task, if the workflow’s failure names no activity', async () => {
    const workflow = await cardDeclined();
    await workflow.completeTask(failWorkflow('order failed'));

    expect(await resetTo(workflow, { beforeFailure: 'last' })).toBe(10);
  });

  test('last is the task that failed the workflow, if no activity triggered that task', async () => {
    const workflow = await cardDeclined();
    await workflow.completeTask(startTimer('1', 60_000));
    await workflow.signal('go');
    await workflow.completeTask(failWorkflow('bug'));

    expect(await resetTo(workflow, { beforeFailure: 'last' })).toBe(21);
  });

  test('last is the task that failed the workflow, if the failure names no event, as that of a local activity in Java', async () => {
    const workflow = await start();
    await workflow.completeTask(startTimer('1', 60_000));
    await workflow.signal('go');
    await workflow.completeTask(
      javaLocalActivityMarker('chargeCard'),
      failWorkflowBecauseOf('chargeCard', 0, 'card declined'),
    );

    expect(await resetTo(workflow, { beforeFailure: 'last' })).toBe(9);
  });

  test('last is the task that failed the workflow, if the failure names an activity of another workflow', async () => {
    const workflow = await start();
    await workflow.completeTask(scheduleActivity('reserveStock', workflow.taskQueue));
    await workflow.completeActivity();
    await workflow.completeTask(startTimer('1', 60_000));
    await workflow.signal('go');
    const ofOtherWorkflow = failWorkflowBecauseOf('chargeCard', 5, 'card declined');
    await workflow.completeTask(localActivityMarker('awaitPayment', '2', { message: 'failed' }), ofOtherWorkflow);

    expect(await resetTo(workflow, { beforeFailure: 'last' })).toBe(15);
  });

  test('first is before the oldest failure, although the workflow handled it', async () => {
    const workflow = await cardDeclined();
    await workflow.completeTask(startTimer('1', 60_000));
    await workflow.signal('go');
    await workflow.completeTask(failWorkflow('bug'));

    expect(await resetTo(workflow, { beforeFailure: 'first' })).toBe(10);
  });

  test.each([
    'Timer machine does not handle this event: HistoryEvent(id: 5, ActivityTaskScheduled)',
    'this event had an initial command ID but we could not find a matching command for it: HistoryEvent(id: 7, ActivityTaskCompleted)',
  ])('last is before the event that the code cannot replay: %s', async (error) => {
    const workflow = await cardDeclined();
    await workflow.completeTask(startTimer('1', 60_000));
    await workflow.signal('go');
    await workflow.failTask(`[TMPRL1100] Nondeterminism error: ${error}`);

    expect(await resetTo(workflow, { beforeFailure: 'last' })).toBe(4);
  });

  test('last is the last completed task if the workflow task fails for another cause', async () => {
    const workflow = await cardDeclined();
    await workflow.completeTask(startTimer('1', 60_000));
    await workflow.signal('go');
    await workflow.failTask('TypeError: cannot read');
    await workflow.failTask('TypeError: cannot read');

    expect(await resetTo(workflow, { beforeFailure: 'last' })).toBe(16);
  });

  test('last is the last completed task of a workflow whose task fails, although an activity has failed since', async () => {
    const workflow = await start();
    await workflow.completeTask(scheduleActivity('chargeCard', workflow.taskQueue));
    await workflow.signal('go');
    await workflow.completeTask(startTimer('1', 600_000));
    await workflow.signal('go');
    await workflow.failTask('TypeError: cannot read');
    await workflow.failActivity('card declined');

    expect((await workflow.history()).at(-1)?.activityTaskFailedEventAttributes).toBeTruthy();
    expect(await resetTo(workflow, { beforeFailure: 'last' })).toBe(9);
  });

  test('last is before a pending activity that fails and is retried', async () => {
    const workflow = await start();
    await workflow.completeTask(startTimer('1', 600_000));
    await workflow.signal('go');
    await workflow.completeTask(scheduleActivity('chargeCard', workflow.taskQueue, { attempts: 0 }));
    await workflow.failActivity('card declined', { retryable: true });

    expect(await resetTo(workflow, { beforeFailure: 'last' })).toBe(9);
  });

  test('last is the task that started a failed child', async () => {
    const workflow = await start();
    const child = ScriptedWorkflow.attach(connection, `child-${randomUUID()}`);
    await workflow.completeTask(startTimer('1', 600_000));
    await workflow.signal('go');
    await workflow.completeTask(startChild('ship', child.taskQueue));
    await workflow.completeTask();
    await child.completeTask(failWorkflow('no address'));
    await workflow.completeTask(failWorkflow('order failed'));

    expect(await resetTo(workflow, { beforeFailure: 'last' })).toBe(9);
  });

  test('last is refused for a run in which nothing failed', async () => {
    const workflow = await start();
    await workflow.completeTask(completeWorkflow);

    expect(await refusalOf(workflow, { beforeFailure: 'last' })).toMatchObject({
      kind: 'not-a-reset-point',
      details: { field: 'target.beforeFailure' },
    });
  });
});

describe('target beforeTime', () => {
  test('is the first task that ended at that time or later', async () => {
    const workflow = await start();
    for (let task = 0; task < 6; task += 1) {
      await workflow.completeTask();
      await workflow.signal('go');
      // The next task ends in a later millisecond, with one between.
      const ended = Date.now();
      await eventually(() => Date.now() > ended + 1);
    }
    const events = await workflow.history();
    const ends = events.filter(({ workflowTaskCompletedEventAttributes: completed }) => completed);
    const time = ({ eventTime }: (typeof ends)[number]) =>
      Number(eventTime!.seconds) * 1000 + Math.floor(eventTime!.nanos! / 1e6);
    for (const [index, end] of ends.entries()) {
      const at = (milliseconds: number) => ({ beforeTime: new Date(milliseconds).toISOString() });
      const here = await rewind.preview(workflow, { target: at(time(end)) });
      expect(here.eventId).toBe(Number(end.eventId));
      const next = ends[index + 1];
      const after = await eventOrFailure(workflow, at(time(end) + 1));
      expect(after).toBe(next ? Number(next.eventId) : 'not-a-reset-point');
    }
    expect(await eventOrFailure(workflow, { beforeTime: '2001-01-01T00:00:00Z' })).toBe(Number(ends[0]!.eventId));
    expect(await eventOrFailure(workflow, { beforeTime: '2101-01-01T00:00:00Z' })).toBe('not-a-reset-point');
  });
});

const eventOrFailure = (workflow: ScriptedWorkflow, target: ResetTarget) =>
  rewind.preview(workflow, { target }).then(
    ({ eventId }) => eventId,
    ({ kind }: { kind: string }) => kind,
  );

describe('target buildId', () => {
  test('is the first task that the build completed', async () => {
    const workflow = await start();
    for (const build of ['good', 'bad', 'bad']) {
      await workflow.completeTaskAs(build);
      await workflow.signal('go');
    }

    expect(await resetTo(workflow, { buildId: 'bad' })).toBe(8);
  });

  test('may be in an earlier run of the chain', async () => {
    const workflow = await start();
    await workflow.completeTaskAs('good');
    await workflow.signal('go');
    await workflow.completeTaskAs('bad', continueAsNew);
    await workflow.completeTaskAs('bad', completeWorkflow);

    const { answer } = await rewind.reset(workflow, { target: { buildId: 'bad' } });

    expect(answer).toMatchObject({ runId: workflow.runId, eventId: 8 });
  });

  test('is refused if the server lists the build as not resettable, and the error names an event to use instead', async () => {
    const workflow = await start();
    await workflow.completeTaskAs('good', startChild('ship', 'unpolled'));
    await workflow.signal('go');
    await workflow.completeTaskAs('bad');

    await expect(rewind.preview(workflow, { target: { buildId: 'bad' } })).rejects.toMatchObject({
      kind: 'conflict',
      details: { field: 'target.buildId', allowed: expect.stringContaining('{"eventId": ') },
    });
  });

  test('is refused if the build completed no task of the run', async () => {
    const workflow = await start();
    await workflow.completeTaskAs('good');

    expect(await refusalOf(workflow, { buildId: 'unknown' })).toMatchObject({ kind: 'not-a-reset-point' });
  });
});

describe('target back', () => {
  test('counts completed tasks from the last one', async () => {
    const workflow = await start();
    await workflow.completeTask();
    for (let task = 0; task < 3; task += 1) {
      await workflow.signal('go');
      await workflow.completeTask();
    }
    expect(await Promise.all([0, 1, 3, 4].map((back) => eventOrFailure(workflow, { back })))).toEqual([
      16,
      12,
      4,
      'not-a-reset-point',
    ]);
    expect(await resetTo(workflow, { back: 1 })).toBe(12);
  });
});
