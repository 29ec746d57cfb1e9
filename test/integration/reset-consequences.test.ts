import { randomUUID } from 'node:crypto';
import type { Ledger } from '../../operations/ledger/ledger';
import { TemporalRejection } from '../../operations/temporal/errors';
import { callsOver } from '../../operations/temporal/managed-connection';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import { eventually } from '../support/eventually';
import { createLedger } from '../support/ledger-table';
import { Rewind } from '../support/rewind';
import {
  completeWorkflow,
  connectToTestServer,
  continueAsNewAfter,
  testConnection,
  failWorkflow,
  localActivityMarker,
  namespace,
  scheduleActivity,
  ScriptedWorkflow,
  startChild,
  startTimer,
} from '../support/scripted-workflow';

const connection = testConnection();
let ledger: Ledger;
let rewind: Rewind;
beforeAll(async () => {
  ledger = await createLedger();
  rewind = new Rewind(ledger);
});

const start = () => ScriptedWorkflow.start(connection);
const first = { at: 'firstWorkflowTask' } as const;
const last = { at: 'lastWorkflowTask' } as const;

describe('a preview', () => {
  test('tells what is discarded, what runs again and what is reapplied, and changes nothing', async () => {
    const workflow = await start();
    const queue = `children-${randomUUID()}`;
    const child = ScriptedWorkflow.promised(connection, queue);
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
    expect((await ledger.search(namespace, { workflowId: workflow.workflowId }, { size: 9 })).operations).toEqual([]);
  });

  test('names the activities, timers and children that began before the point and ended after it', async () => {
    const workflow = await start();
    const child = ScriptedWorkflow.promised(connection, `children-${randomUUID()}`);
    const beginnings = [
      scheduleActivity('reserveStock', workflow.taskQueue, { activityId: 'slow' }),
      startTimer('reminder', 1),
      startChild('ship', child.taskQueue, { workflowId: child.workflowId }),
    ];
    // The second task begins as the first ends: what happens meanwhile is written after it.
    await workflow.completeTasks(2, (task) => (task === 1 ? beginnings : []));
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

  async function secondPoint(workflow: ScriptedWorkflow): Promise<number | undefined> {
    const ends = (await workflow.history()).filter(({ workflowTaskCompletedEventAttributes: end }) => end);
    return ends[1] && Number(ends[1].eventId);
  }
});

describe('what is carried over', () => {
  async function signalledAndUpdated() {
    const workflow = await start();
    await workflow.completeTask();
    await workflow.signal('approve');
    await workflow.completeTask();
    await workflow.update('change');
    return workflow;
  }

  const carried = async (workflow: ScriptedWorkflow, runId: string) => {
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
  ])('excludeReapply %j leaves %j', async (excludeReapply, expected) => {
    const workflow = await signalledAndUpdated();

    const { answer } = await rewind.reset(workflow, { target: first, excludeReapply });

    expect(await carried(workflow, answer.newRunId)).toEqual(expected);
  });

  test.each([
    ['continued as new in are too', {}, continueAsNewAfter(0), ['early', 'late']],
    ['was retried in are not', { attempts: 2 }, failWorkflow('no'), ['early']],
    ['ran on a schedule in are not', { cronSchedule: '@every 1s' }, completeWorkflow, ['early']],
  ])('signals of runs that it %s, which the preview lists', async (_, options, end, expected) => {
    const workflow = await ScriptedWorkflow.start(connection, options);
    await workflow.completeTask(startTimer('1', 600_000));
    await workflow.signal('early');
    await workflow.completeTask(end);
    await workflow.signal('late');
    const live = (await workflow.describe()).workflowExecutionInfo?.execution?.runId ?? '';
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

  test('updates of all runs that it continued as new in are too, unless excluded', async () => {
    const workflow = await start();
    await workflow.completeTask(continueAsNewAfter(0));
    await workflow.completeTask(startTimer('1', 600_000));
    await workflow.update('first');
    await workflow.signal('go on');
    await workflow.completeTask(continueAsNewAfter(0));
    await workflow.completeTask(startTimer('1', 600_000));
    await workflow.update('second');
    const live = (await workflow.describe()).workflowExecutionInfo?.execution?.runId ?? '';
    const excludeReapply = ['signals' as const];
    const request = { runId: workflow.runId, terminateRunId: live, target: first, excludeReapply };

    const { discarded } = await rewind.preview(workflow, request);
    const { answer } = await rewind.reset(workflow, request);

    expect(discarded).toMatchObject({
      signals: { total: 1, newest: [{ name: 'go on', fate: 'dropped' }] },
      updates: {
        total: 2,
        newest: [
          { name: 'second', runId: live },
          { name: 'first', fate: 'reapplied' },
        ],
      },
    });
    expect(await carried(workflow, answer.newRunId)).toEqual({ signals: 0, updates: 2 });
  });

  test('more signals than one transaction holds are refused, with the field that would help', async () => {
    const workflow = await start();
    await workflow.completeTask(startTimer('1', 600_000));
    // Together they are too large for one page, too: this connection takes 4 MiB at a time.
    for (let signal = 0; signal < 16; signal += 1) await workflow.signal('photo', 'x'.repeat(300_000));

    await expect(rewind.reset(workflow, { target: first })).rejects.toMatchObject({
      kind: 'invalid-request',
      details: { field: 'excludeReapply' },
    });
    expect(await workflow.runIds()).toHaveLength(1);
    // As the functions' connections: a look at the newest events reads them in one page.
    const roomy = connectToTestServer({ 'grpc.max_receive_message_length': 128 * 1024 * 1024 });
    const through = { client: new NamespaceClient(namespace, callsOver(roomy)), workflowId: workflow.workflowId };
    expect((await rewind.reset(through, { target: first, excludeReapply: ['signals'] })).answer.outcome).toBe('reset');
    await roomy.close();
  });

  test('a cancellation request after the point is not carried over, one before it stays in force', async () => {
    const workflow = await start();
    await workflow.completeTask(startTimer('1', 600_000));
    await workflow.client.requestCancel(workflow, { reason: 'r', identity: 'i', temporalRequestId: 'r' });
    await workflow.completeTask();
    const { client, workflowId } = workflow;
    const requested = async () => (await client.describe({ workflowId })).workflowExtendedInfo?.cancelRequested;

    const { answer } = await rewind.reset(workflow, { target: last });
    expect(await requested()).toBe(true);
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

  test('of the run is that of the new run when none is given, also one that was set after the point', async () => {
    const workflow = await start();
    await workflow.completeTask(startTimer('1', 600_000));
    await rewind.updateOptions(workflow, 'autoUpgrade');

    await rewind.reset(workflow, { target: first });

    const { workflowExecutionInfo: info } = await workflow.describe();
    expect(info?.versioningInfo?.versioningOverride).toMatchObject({ autoUpgrade: true });
  });

  test('a version to pin to is set on the new run, once the server knows it', async () => {
    const workflow = await start();
    await workflow.completeTask();
    const version = { deploymentName: 'orders', buildId: `build-${randomUUID()}` };

    // Since 1.31 the server refuses versions it does not know, and it takes a moment to learn of one.
    await workflow.whilePolledAs(version, () =>
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

  test('that the server refuses is a refusal of that field, and nothing was done', async () => {
    const workflow = await start();
    await workflow.completeTask();
    // What server 1.31.2 answers to a version that no worker has polled as; 1.29.1 takes it.
    const refusing = Object.assign(Object.create(workflow.client) as typeof workflow.client, {
      reset: () =>
        Promise.reject(
          new TemporalRejection(9, "Pinned version 'orders:b' is not present in task queue 'q' of type 'Workflow'"),
        ),
    });
    const versioningOverride = { pinned: { deploymentName: 'orders', buildId: 'b' } };

    await expect(
      rewind.reset({ client: refusing, workflowId: workflow.workflowId }, { target: last, versioningOverride }),
    ).rejects.toMatchObject({
      kind: 'invalid-request',
      message: expect.stringContaining("Pinned version 'orders:b' is not present"),
      details: { field: 'versioningOverride', value: versioningOverride },
    });
    expect((await ledger.search(namespace, { workflowId: workflow.workflowId }, { size: 9 })).operations).toMatchObject(
      [{ state: 'refused', outcome: 'invalid-request' }],
    );
  });
});

describe('waiting for the new run', () => {
  async function failed() {
    const workflow = await start();
    await workflow.completeTask(scheduleActivity('chargeCard', workflow.taskQueue));
    await workflow.failActivity('card declined');
    await workflow.completeTask(failWorkflow('order failed'));
    return workflow;
  }
  const reset = (workflow: ScriptedWorkflow, waitSeconds = 60) =>
    rewind.reset(workflow, { target: { beforeFailure: 'last' }, waitSeconds });

  test('tells that it completed', async () => {
    const workflow = await failed();
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

  test('tells that it got past the reset point', async () => {
    const workflow = await failed();
    const [{ answer }] = await Promise.all([
      reset(workflow, 5),
      workflow
        .completeTask(scheduleActivity('chargeCard', workflow.taskQueue))
        .then(() => workflow.completeActivity())
        .then(() => workflow.completeTask(startTimer('1', 600_000))),
    ]);

    expect(answer.newRun).toMatchObject({ status: 'Running', progress: 'pastResetPoint' });
  });

  test('tells that it failed again in the same way', async () => {
    const workflow = await failed();
    const [{ answer }] = await Promise.all([
      reset(workflow),
      workflow
        .completeTask(scheduleActivity('chargeCard', workflow.taskQueue))
        .then(() => workflow.failActivity('card declined'))
        .then(() => workflow.completeTask(failWorkflow('order failed'))),
    ]);

    expect(answer.newRun).toMatchObject({ status: 'Failed', progress: 'failedAgain', failure: 'order failed' });
  });

  test('tells that it failed in another way', async () => {
    const workflow = await failed();
    const [{ answer }] = await Promise.all([reset(workflow), workflow.completeTask(failWorkflow('another bug'))]);

    expect(answer.newRun).toMatchObject({ status: 'Failed', progress: 'failed', failure: 'another bug' });
  });

  test('tells that its workflow task fails, as it did before', async () => {
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

  test('tells that no worker takes it', async () => {
    const workflow = await failed();

    const { answer } = await reset(workflow, 2.5);

    expect(answer.newRun).toMatchObject({
      status: 'Running',
      progress: 'stuck',
      stuck: [{ kind: 'noPoller', explanation: expect.stringContaining('The new run proceeds once one polls') }],
    });
  });
});
