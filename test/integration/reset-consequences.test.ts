import { randomUUID } from 'node:crypto';
import { MAX_LATER_RUNS } from '../../api/reset';
import { TemporalRejection } from '../../operations/temporal/errors';
import { callsOver } from '../support/calls-over';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import { eventually } from '../support/eventually';
import { failingCall } from '../support/interrupted-calls';
import { testLedger } from '../support/ledger-table';
import { Rewind } from '../support/rewind';
import {
  cancelWorkflow,
  completeWorkflow,
  connectToTestServer,
  continueAsNewAfter,
  testConnection,
  failWorkflow,
  localActivityMarker,
  namespace,
  scheduleActivity,
  ScriptedWorkflow,
  signalWorkflow,
  startChild,
  startTimer,
} from '../support/scripted-workflow';
import type { Command } from '../support/scripted-workflow';

const connection = testConnection();
const ledger = testLedger();
const rewind = new Rewind(ledger);

const start = () => ScriptedWorkflow.start(connection);
const first = { at: 'firstWorkflowTask' } as const;
const last = { at: 'lastWorkflowTask' } as const;

describe('a preview', () => {
  test('lists what a reset discards, executes again and reapplies, and changes nothing', async () => {
    const workflow = await start();
    const queue = `children-${randomUUID()}`;
    const child = ScriptedWorkflow.attach(connection, queue);
    await workflow.completeTask(
      scheduleActivity('reserveStock', workflow.taskQueue, { activityId: 'kept' }),
      startTimer('early', 1),
    );
    await eventually(async () => (await workflow.history()).some((event) => event.timerFiredEventAttributes));
    await workflow.completeActivity();
    await workflow.completeTask(
      scheduleActivity('chargeCard', workflow.taskQueue, { activityId: 'charge' }),
      localActivityMarker('lookUp'),
      startTimer('reminder', 600_000),
      startChild('ship', child.taskQueue, { workflowId: child.workflowId }),
    );
    await workflow.failActivity('card declined');
    await eventually(async () =>
      (await workflow.history()).some((event) => event.childWorkflowExecutionStartedEventAttributes),
    );
    await workflow.completeTask();
    await workflow.signal('approve');
    await workflow.completeTask(scheduleActivity('pack', workflow.taskQueue, { activityId: 'pack' }));
    await workflow.update('change');
    await workflow.client.requestCancel(workflow, { reason: 'r', identity: 'i', temporalRequestId: 'r' });
    const before = await workflow.history();
    const { eventId } = await rewind.preview(workflow, { target: { beforeActivity: { type: 'chargeCard' } } });

    const preview = await rewind.preview(workflow, { target: { eventId }, excludeReapply: ['updates'] });

    expect(preview).toMatchObject({
      outcome: 'preview',
      namespace,
      runId: workflow.runId,
      terminatesRunId: workflow.runId,
      pendingActivities: [{ activityId: 'pack', activityType: 'pack' }],
      orphanedChildren: [{ workflowId: child.workflowId, workflowType: 'ship', parentRunId: workflow.runId }],
      discarded: {
        events: before.length - eventId + 1,
        activities: {
          total: 3,
          newest: [
            { activityId: 'pack', activityType: 'pack', state: 'pending' },
            { activityType: 'lookUp', local: true, state: 'completed' },
            { activityId: 'charge', activityType: 'chargeCard', state: 'failed' },
          ],
        },
        timers: { total: 1, newest: [{ timerId: 'reminder', state: 'pending' }] },
        children: { total: 1, newest: [{ workflowId: child.workflowId, state: 'pending', fate: 'reexecuted' }] },
        signals: { total: 1, newest: [{ name: 'approve', fate: 'reapplied' }] },
        updates: { total: 1, newest: [{ name: 'change', fate: 'dropped' }] },
        nexusOperations: { total: 0 },
        cancelRequests: 1,
      },
    });
    expect(await workflow.history()).toEqual(before);
    expect(await rewind.operationsOn(workflow)).toEqual([]);
  });

  test('lists activities, timers and children that started before the reset point and ended after it', async () => {
    const workflow = await start();
    const child = ScriptedWorkflow.attach(connection, `children-${randomUUID()}`);
    const commands = [
      scheduleActivity('reserveStock', workflow.taskQueue, { activityId: 'slow' }),
      startTimer('reminder', 1),
      startChild('ship', child.taskQueue, { workflowId: child.workflowId }),
    ];
    // The second task starts as the first completes, so that it completes before the activity, timer and child do.
    await workflow.completeTasks(2, (task) => (task === 1 ? commands : []));
    await workflow.completeActivity();
    await child.completeTask(completeWorkflow);
    for (const arrived of ['timerFiredEventAttributes', 'childWorkflowExecutionCompletedEventAttributes'] as const) {
      await eventually(async () => (await workflow.history()).some((event) => event[arrived]));
    }

    const { discarded } = await rewind.preview(workflow, { target: { eventId: (await secondPoint(workflow))! } });

    expect(discarded.activities.newest).toMatchObject([
      { activityId: 'slow', activityType: 'reserveStock', eventId: 5, state: 'completed' },
    ]);
    expect(discarded.children.newest).toMatchObject([
      { workflowId: child.workflowId, workflowType: 'ship', eventId: 7, state: 'completed', fate: 'reapplied' },
    ]);
    expect(discarded.timers.newest).toMatchObject([{ timerId: 'reminder', eventId: 6, state: 'fired' }]);
  });

  test('lists the signals and cancellation requests that the new run sends to other workflows again', async () => {
    const [signalled, cancelled] = [await start(), await start()];
    const workflow = await start();
    const send = [signalWorkflow(signalled.workflowId, 'approve'), cancelWorkflow(cancelled.workflowId)];
    await workflow.completeTask(...send);
    const sent = [
      'externalWorkflowExecutionSignaledEventAttributes',
      'externalWorkflowExecutionCancelRequestedEventAttributes',
    ] as const;
    for (const attributes of sent) {
      await eventually(async () => (await workflow.history()).some((event) => event[attributes]));
    }
    await workflow.completeTask();

    const { discarded } = await rewind.preview(workflow, { target: first });

    const one = (item: object) => ({ total: 1, newest: [{ ...item, eventId: expect.any(Number) }] });
    expect(discarded.signalsToWorkflows).toEqual(one({ name: 'approve', workflowId: signalled.workflowId }));
    expect(discarded.cancelsToWorkflows).toEqual(one({ workflowId: cancelled.workflowId }));
    await rewind.reset(workflow, { target: first });
    await workflow.completeTask(...send);
    const received = async () =>
      (await signalled.history()).filter((event) => event.workflowExecutionSignaledEventAttributes).length;
    await eventually(async () => (await received()) === 2, 'the signal to be sent again');
  });

  async function secondPoint(workflow: ScriptedWorkflow): Promise<number | undefined> {
    const ends = (await workflow.history()).filter(({ workflowTaskCompletedEventAttributes: end }) => end);
    return ends[1] && Number(ends[1].eventId);
  }
});

describe('reapplied events', () => {
  async function signalledAndUpdated() {
    const workflow = await start();
    await workflow.completeTask();
    await workflow.signal('approve');
    await workflow.completeTask();
    await workflow.update('change');
    return workflow;
  }

  const reappliedIn = async (workflow: ScriptedWorkflow, runId: string) => {
    const events = await workflow.history(runId);
    return {
      signals: events.filter((event) => event.workflowExecutionSignaledEventAttributes).length,
      updates: events.filter((event) => event.workflowExecutionUpdateAdmittedEventAttributes).length,
    };
  };

  test.each([
    [undefined, { signals: 1, updates: 1 }],
    [['signals' as const], { signals: 0, updates: 1 }],
    [['updates' as const], { signals: 1, updates: 0 }],
    [['signals' as const, 'updates' as const, 'nexus' as const], { signals: 0, updates: 0 }],
  ])('with excludeReapply %j are %j', async (excludeReapply, expected) => {
    const workflow = await signalledAndUpdated();

    const { answer } = await rewind.reset(workflow, { target: first, excludeReapply });

    expect(await reappliedIn(workflow, answer.newRunId)).toEqual(expected);
  });

  test.each([
    ['continue-as-new', 'include', {}, continueAsNewAfter(0), ['early', 'late']],
    ['a retry', 'exclude', { attempts: 2 }, failWorkflow('no'), ['early']],
    ['a cron schedule', 'exclude', { cronSchedule: '@every 1s' }, completeWorkflow, ['early']],
  ])('of runs that %s started later %s signals, as the preview says', async (_cause, _fate, options, end, expected) => {
    const workflow = await ScriptedWorkflow.start(connection, options);
    await workflow.completeTask(startTimer('1', 600_000));
    await workflow.signal('early');
    await workflow.completeTask(end);
    await workflow.signal('late');
    const live = await workflow.currentRunId();
    const request = { runId: workflow.runId, terminateRunId: live, target: first };

    const { discarded } = await rewind.preview(workflow, request);
    const { answer } = await rewind.reset(workflow, request);

    const events = await workflow.history(answer.newRunId);
    const signals = events.flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
    expect(signals).toEqual(expected);
    expect(discarded.signals).toMatchObject({
      total: signals.length,
      newest: signals.toReversed().map((name) => ({ name })),
    });
    expect(discarded.signals.newest.map(({ runId }) => runId)).toEqual(
      signals.toReversed().map((name) => (name === 'late' ? live : undefined)),
    );
  });

  test('include a signal that the server holds back while a worker executes a task, which a preview cannot see', async () => {
    const workflow = await start();
    await workflow.completeTask(scheduleActivity('pack', workflow.taskQueue));
    await workflow.completeActivity();
    await workflow.pollTask();
    await workflow.signal('approve');

    const { discarded } = await rewind.preview(workflow, { target: first });
    const { answer } = await rewind.reset(workflow, { target: first });

    expect(discarded.signals.total).toBe(0);
    expect(await reappliedIn(workflow, answer.newRunId)).toEqual({ signals: 1, updates: 0 });
  });

  test('include the updates of all runs that continue-as-new started later, although signals are excluded', async () => {
    const workflow = await start();
    await workflow.completeTask(continueAsNewAfter(0));
    await workflow.completeTask(startTimer('1', 600_000));
    await workflow.update('first');
    await workflow.signal('next');
    await workflow.completeTask(continueAsNewAfter(0));
    await workflow.completeTask(startTimer('1', 600_000));
    await workflow.update('second');
    const live = await workflow.currentRunId();
    const excludeReapply = ['signals' as const];
    const request = { runId: workflow.runId, terminateRunId: live, target: first, excludeReapply };

    const { discarded } = await rewind.preview(workflow, request);
    const { answer } = await rewind.reset(workflow, request);

    expect(discarded).toMatchObject({
      signals: { total: 1, newest: [{ name: 'next', fate: 'dropped' }] },
      updates: {
        total: 2,
        newest: [
          { name: 'second', runId: live },
          { name: 'first', fate: 'reapplied' },
        ],
      },
    });
    expect(await reappliedIn(workflow, answer.newRunId)).toEqual({ signals: 0, updates: 2 });
  });

  test('exclude those of a later run that another reset started', async () => {
    const workflow = await start();
    await workflow.completeTask(continueAsNewAfter(0));
    await workflow.completeTask(startTimer('1', 600_000));
    await workflow.signal('of the later run');
    await workflow.completeTask();
    const { newRunId } = (await rewind.reset(workflow, { target: last })).answer;
    await workflow.completeTask();
    await workflow.signal('of its reset');
    const request = { target: { at: 'lastContinuedAsNew' }, terminateRunId: newRunId } as const;

    const { discarded } = await rewind.preview(workflow, request);
    const { answer } = await rewind.reset(workflow, request);

    expect(discarded.signals.newest).toMatchObject([{ name: 'of the later run', fate: 'reapplied' }]);
    const signals = (await workflow.history(answer.newRunId)).flatMap(
      (event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? [],
    );
    expect(signals).toEqual(['of the later run']);
  });

  test('include those of more later runs than a preview reads; preview and result say so', async () => {
    const workflow = await start();
    await workflow.completeTask(continueAsNewAfter(0));
    const proceed = async (...commands: Command[]) => {
      await workflow.signal('next');
      await workflow.completeTask(...commands);
    };
    for (let run = 1; run < MAX_LATER_RUNS; run += 1) await proceed(continueAsNewAfter(0));
    expect(await previewOf(workflow)).not.toHaveProperty('moreLaterRuns');
    await proceed(continueAsNewAfter(0));
    await proceed();

    const { discarded, moreLaterRuns } = await previewOf(workflow);
    expect({ total: discarded.signals.total, moreLaterRuns }).toEqual({ total: MAX_LATER_RUNS, moreLaterRuns: true });
    const terminateRunId = await workflow.currentRunId();
    const { answer } = await rewind.reset(workflow, { runId: workflow.runId, terminateRunId, target: first });
    expect(answer.moreLaterRuns).toBe(true);
    expect(await reappliedIn(workflow, answer.newRunId)).toEqual({ signals: MAX_LATER_RUNS + 1, updates: 0 });
  });

  async function previewOf(workflow: ScriptedWorkflow) {
    const terminateRunId = await workflow.currentRunId();
    return rewind.preview(workflow, { runId: workflow.runId, terminateRunId, target: first });
  }

  test('that exceed one transaction are refused, and the error names excludeReapply', async () => {
    const workflow = await start();
    await workflow.completeTask(startTimer('1', 600_000));
    // Together they also exceed a page of history: this connection accepts 4 MiB.
    for (let signal = 0; signal < 16; signal += 1) await workflow.signal('photo', 'x'.repeat(300_000));

    await expect(rewind.reset(workflow, { target: first })).rejects.toMatchObject({
      kind: 'invalid-request',
      details: { field: 'excludeReapply' },
    });
    expect(await workflow.runIds()).toHaveLength(1);
    // Like the functions' connections: reads the newest events in one page.
    const largePages = connectToTestServer({ 'grpc.max_receive_message_length': 128 * 1024 * 1024 });
    const target = { client: new NamespaceClient(namespace, callsOver(largePages)), workflowId: workflow.workflowId };
    expect((await rewind.reset(target, { target: first, excludeReapply: ['signals'] })).answer.outcome).toBe('reset');
    await largePages.close();
  });

  test('exclude a cancellation request after the reset point; one before it stays in force', async () => {
    const workflow = await start();
    await workflow.completeTask(startTimer('1', 600_000));
    await workflow.client.requestCancel(workflow, { reason: 'r', identity: 'i', temporalRequestId: 'r' });
    await workflow.completeTask();
    const { client, workflowId } = workflow;
    const requested = async () => (await client.describe({ workflowId })).workflowExtendedInfo?.cancelRequested;
    const cancellationOf = async (target: typeof first | typeof last) => {
      const { cancelRequested, discarded } = await rewind.preview(workflow, { target });
      return { cancelRequested, discarded: discarded.cancelRequests };
    };

    expect(await cancellationOf(last)).toEqual({ cancelRequested: true, discarded: 0 });
    const { answer } = await rewind.reset(workflow, { target: last });
    expect(await requested()).toBe(true);
    expect(await cancellationOf(first)).toEqual({ cancelRequested: undefined, discarded: 1 });
    await rewind.reset(workflow, { target: first, runId: answer.newRunId });
    expect(await requested()).toBe(false);
  });
});

describe('versioningOverride', () => {
  test('autoUpgrade is set on the new run', async () => {
    const workflow = await start();
    await workflow.completeTask();

    await rewind.reset(workflow, { target: last, versioningOverride: 'autoUpgrade' });

    const { workflowExecutionInfo: info } = await workflow.describe();
    expect(info?.versioningInfo?.versioningOverride).toMatchObject({ autoUpgrade: true });
  });

  test('of the reset run is kept by default, even if it was set after the reset point', async () => {
    const workflow = await start();
    await workflow.completeTask(startTimer('1', 600_000));
    await rewind.updateOptions(workflow, 'autoUpgrade');

    await rewind.reset(workflow, { target: first });

    const { workflowExecutionInfo: info } = await workflow.describe();
    expect(info?.versioningInfo?.versioningOverride).toMatchObject({ autoUpgrade: true });
  });

  test('pinned is set on the new run once a worker has polled as that version', async () => {
    const workflow = await start();
    await workflow.completeTask();
    const version = { deploymentName: 'orders', buildId: `build-${randomUUID()}` };

    // Since 1.31 the server refuses a version until it has recorded a poll by it.
    await workflow.withPollers(version, () =>
      eventually(() =>
        rewind.reset(workflow, { target: last, versioningOverride: { pinned: version } }).then(
          () => true,
          () => false,
        ),
      ),
    );

    const { workflowExecutionInfo: info } = await workflow.describe();
    expect(info?.versioningInfo?.versioningOverride?.pinned?.version).toMatchObject(version);
  });

  test('that the server refuses is reported as an invalid field, and nothing is reset', async () => {
    const workflow = await start();
    await workflow.completeTask();
    // The response of server 1.31.2 to a version that no worker has polled as; 1.29.1 accepts the version.
    const refusing = failingCall(
      workflow,
      'reset',
      new TemporalRejection(9, "Pinned version 'orders:b' is not present in task queue 'q' of type 'Workflow'"),
    );
    const versioningOverride = { pinned: { deploymentName: 'orders', buildId: 'b' } };

    await expect(rewind.reset(refusing, { target: last, versioningOverride })).rejects.toMatchObject({
      kind: 'invalid-request',
      message: expect.stringContaining("Pinned version 'orders:b' is not present"),
      details: { field: 'versioningOverride', value: versioningOverride },
    });
    expect(await rewind.operationsOn(workflow)).toMatchObject([{ state: 'refused', outcome: 'invalid-request' }]);
  });
});

describe('waiting for the new run', () => {
  async function failedWorkflow() {
    const workflow = await start();
    await workflow.completeTask(scheduleActivity('chargeCard', workflow.taskQueue));
    await workflow.failActivity('card declined');
    await workflow.completeTask(failWorkflow('order failed'));
    return workflow;
  }
  const reset = (workflow: ScriptedWorkflow, waitSeconds = 60) =>
    rewind.reset(workflow, { target: { beforeFailure: 'last' }, waitSeconds });

  test('reports completed if it completes', async () => {
    const workflow = await failedWorkflow();
    const [{ answer }] = await Promise.all([
      reset(workflow),
      workflow
        .completeTask(scheduleActivity('chargeCard', workflow.taskQueue))
        .then(() => workflow.completeActivity())
        .then(() => workflow.completeTask(completeWorkflow)),
    ]);

    expect(answer.newRun).toMatchObject({ status: 'Completed', progress: 'completed' });
    expect(await ledger.find(answer.operationId)).toMatchObject({ answer: { newRun: { progress: 'completed' } } });
  });

  test('reports pastResetPoint if it gets past the reset point and stays open', async () => {
    const workflow = await failedWorkflow();
    const [{ answer }] = await Promise.all([
      reset(workflow, 5),
      workflow
        .completeTask(scheduleActivity('chargeCard', workflow.taskQueue))
        .then(() => workflow.completeActivity())
        .then(() => workflow.completeTask(startTimer('1', 600_000))),
    ]);

    expect(answer.newRun).toMatchObject({ status: 'Running', progress: 'pastResetPoint' });
  });

  test('reports waiting while a worker executes a local activity that takes longer than a workflow task', async () => {
    const workflow = await failedWorkflow();
    const resetting = reset(workflow, 2);
    await workflow.completeTasks(3, () => []);
    await workflow.completeTaskAfter(async () => {
      const { answer } = await resetting;
      expect(answer.newRun).toMatchObject({ status: 'Running', progress: 'waiting' });
    });
  });

  test('reports failedAgain if it fails with the same failure', async () => {
    const workflow = await failedWorkflow();
    const [{ answer }] = await Promise.all([
      reset(workflow),
      workflow
        .completeTask(scheduleActivity('chargeCard', workflow.taskQueue))
        .then(() => workflow.failActivity('card declined'))
        .then(() => workflow.completeTask(failWorkflow('order failed'))),
    ]);

    expect(answer.newRun).toMatchObject({ status: 'Failed', progress: 'failedAgain', failure: 'order failed' });
  });

  test('reports failed if it fails with another failure', async () => {
    const workflow = await failedWorkflow();
    const [{ answer }] = await Promise.all([reset(workflow), workflow.completeTask(failWorkflow('another bug'))]);

    expect(answer.newRun).toMatchObject({ status: 'Failed', progress: 'failed', failure: 'another bug' });
  });

  test('reports failedAgain if its workflow task fails as before', async () => {
    const workflow = await start();
    await workflow.completeTask(startTimer('1', 600_000));
    await workflow.signal('go');
    await workflow.failTask('Nondeterminism error');
    await workflow.pollTask();
    const [{ answer }] = await Promise.all([
      rewind.reset(workflow, { target: last, waitSeconds: 60 }),
      eventually(async () => (await workflow.runIds()).length === 2).then(() =>
        workflow.failTask('Nondeterminism error'),
      ),
    ]);

    expect(answer.newRun).toMatchObject({
      status: 'Running',
      progress: 'failedAgain',
      failure: 'the workflow task failed: Nondeterminism error',
    });
  });

  test('reports stuck if no worker polls its task queue', async () => {
    const workflow = await failedWorkflow();

    const { answer } = await reset(workflow, 2.5);

    expect(answer.newRun).toMatchObject({
      status: 'Running',
      progress: 'stuck',
      stuck: [{ kind: 'noPoller', explanation: expect.stringContaining('The new run proceeds once one polls') }],
    });
  });
});
