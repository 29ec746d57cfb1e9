import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { previewBatch } from '../../operations/batch/start';
import { listBatchItems } from '../../operations/batch/follow';
import { BatchTestWorker } from '../support/batch-test-worker';
import { routes } from '../../api';
import { apiGatewayEvent, lambdaContext } from '../support/api-gateway-event';
import { respondWithHandlers, runCommand } from '../support/command-with-handlers';
import { eventually } from '../support/eventually';
import { changedBefore, hangingCall, losingResponse } from '../support/interrupted-calls';
import { createLedger } from '../support/ledger-table';
import { createRouteHandler } from '../support/route-handler';
import { startNewerServer, VERSION, describeOnNewerServer } from '../support/newer-temporal-server';
import { RecordedLog } from '../support/recorded-log';
import { ann, Rewind } from '../support/rewind';
import { RewindCommand } from '../support/rewind-command';
import {
  cancelWorkflowExecution,
  completeWorkflow,
  connectToTestServer,
  continueAsNewAfter,
  namespace,
  scheduleActivity,
  ScriptedWorkflow,
} from '../support/scripted-workflow';

/* The CLI's development server cannot pause workflows: these tests run on a newer server, except the first. */

test('pause and unpause return pause-unsupported where the server cannot pause workflows', async () => {
  const connection = connectToTestServer();
  const rewind = new Rewind(await createLedger());
  const workflow = await ScriptedWorkflow.start(connection);

  await expect(rewind.pause(workflow)).rejects.toMatchObject({ kind: 'pause-unsupported' });
  await expect(rewind.unpause(workflow)).rejects.toMatchObject({ kind: 'pause-unsupported' });
  const pauseBatch = {
    action: 'pause',
    reason: 'r',
    query: "WorkflowType = 'x'",
    ratePerSecond: 1,
    maxWorkflows: 1,
  } as const;
  for (const request of [pauseBatch, { ...pauseBatch, action: 'unpause' as const }]) {
    await expect(previewBatch(workflow.client, request)).rejects.toMatchObject({ kind: 'pause-unsupported' });
  }
  await connection.close();
});

describeOnNewerServer(`on Temporal ${VERSION}`, (program) => {
  let server: Awaited<ReturnType<typeof startNewerServer>>;
  let connection: Connection;
  let rewind: Rewind;
  beforeAll(async () => {
    server = await startNewerServer(program, { 'frontend.WorkflowPauseEnabled': true });
    connection = Connection.lazy({ address: server.address });
    rewind = new Rewind(await createLedger());
  });
  afterAll(async () => {
    await connection.close();
    await server.stop();
  });

  const isPaused = async (workflow: ScriptedWorkflow) =>
    (await workflow.describe()).workflowExtendedInfo?.pauseInfo !== null;
  const eventsOf = async (workflow: ScriptedWorkflow) =>
    (await workflow.history()).flatMap(
      ({ workflowExecutionPausedEventAttributes: paused, workflowExecutionUnpausedEventAttributes: unpaused }) =>
        paused?.reason ?? unpaused?.reason ?? [],
    );

  test('pauses and unpauses a workflow once each, with reason, operation id and caller in history', async () => {
    const workflow = await ScriptedWorkflow.start(connection);

    const paused = (await rewind.pause(workflow)).answer;
    expect(paused).toMatchObject({ outcome: 'paused', status: 'Paused' });
    expect((await rewind.pause(workflow)).answer.outcome).toBe('alreadyPaused');
    const unpaused = (await rewind.unpause(workflow)).answer;
    expect(unpaused).toMatchObject({ outcome: 'unpaused', status: 'Running' });
    expect((await rewind.unpause(workflow)).answer.outcome).toBe('notPaused');

    expect(await eventsOf(workflow)).toEqual([
      `bank is down [rewind ${paused.operationId} by ${ann.id}]`,
      `bank is up [rewind ${unpaused.operationId} by ${ann.id}]`,
    ]);
    await workflow.completeTask(completeWorkflow);
  });

  test('returns alreadyClosed or alreadyPaused if the workflow closes or is paused just before the call', async () => {
    const closing = await ScriptedWorkflow.start(connection);
    const racing = changedBefore(closing, 'pauseWorkflow', () => closing.completeTask(completeWorkflow));
    expect((await rewind.pause(racing)).answer).toMatchObject({ outcome: 'alreadyClosed', status: 'Completed' });

    const workflow = await ScriptedWorkflow.start(connection);
    const answers = await Promise.all([rewind.pause(workflow), rewind.pause(workflow), rewind.pause(workflow)]);
    const outcomes = answers.map(({ answer: { outcome } }) => outcome);
    expect(outcomes.toSorted()).toEqual(['alreadyPaused', 'alreadyPaused', 'paused']);
    expect(await eventsOf(workflow)).toHaveLength(1);
  });

  test('returns what history shows if the workflow completes at the same time', async () => {
    const race = async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      const { taskToken } = await workflow.pollTask();
      const [{ answer }] = await Promise.all([
        rewind.pause(workflow),
        connection.workflowService.respondWorkflowTaskCompleted({
          namespace,
          taskToken,
          commands: [completeWorkflow],
        }),
      ]);
      return { outcome: answer.outcome, pauses: (await eventsOf(workflow)).length };
    };
    for (const { outcome, pauses } of await Promise.all(Array.from({ length: 10 }, race))) {
      expect({ outcome, pauses }).toEqual(
        pauses === 1 ? { outcome: 'paused', pauses } : { outcome: 'alreadyClosed', pauses: 0 },
      );
    }
  });

  test('finds a pause whose response was lost in history, even if the workflow was unpaused since', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const lost = losingResponse(workflow, 'pauseWorkflow', async () => void (await rewind.unpause(workflow)));

    const { answer } = await rewind.pause(lost);

    expect(answer).toMatchObject({ outcome: 'paused', status: 'Running' });
  });

  const inOneMinute = () => new Date(Date.now() + 60_000).toISOString();
  const reconcileIn = async (milliseconds: number, workflow: ScriptedWorkflow) => {
    expect(await rewind.reconcile(workflow, milliseconds)).toEqual([]);
  };

  describe('until', () => {
    test('unpauses the workflow at that time and not before, with an operation of its own in the ledger', async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      const paused = await rewind.pause(workflow, { until: inOneMinute() });

      await reconcileIn(30_000, workflow);
      expect(await isPaused(workflow)).toBe(true);
      await reconcileIn(70_000, workflow);
      expect(await isPaused(workflow)).toBe(false);
      await reconcileIn(200_000, workflow);

      const operations = await rewind.operationsOn(workflow);
      expect(operations).toMatchObject([
        {
          verb: 'unpause',
          outcome: 'unpaused',
          actor: ann,
          reason: expect.stringContaining(paused.record.operationId),
        },
        { verb: 'pause', outcome: 'paused' },
      ]);
      expect(operations[1]).not.toHaveProperty('nextCheckAt');
    });

    test('unpauses the workflow although requests use keys derived from the pause’s operation id', async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      const other = await ScriptedWorkflow.start(connection);
      const { record } = await rewind.pause(workflow, { until: inOneMinute() });
      const { operationId } = record;
      const keys = [`${operationId}/until`, `until/${operationId}`, `until${operationId}`, `until ${operationId}`];
      for (const idempotencyKey of keys) await rewind.cancel(other, {}, { idempotencyKey });
      const cancelling = createRouteHandler(routes.cancelWorkflow, {
        ledger: rewind.ledger,
        namespaces: { find: () => ({ name: namespace, connect: () => Promise.resolve(other.client) }) },
        onRecordFailure: () => {},
        logger: new RecordedLog(),
      });
      const body = { workflowId: other.workflowId, reason: 'r' };
      const headers = { 'Idempotency-Key': `until\n${operationId}` };
      expect(await cancelling(apiGatewayEvent('POST', { body, headers }), lambdaContext)).toMatchObject({
        statusCode: 400,
      });

      await reconcileIn(70_000, workflow);

      expect(await isPaused(workflow)).toBe(false);
    });

    test('does not end a later pause by another operation', async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      await rewind.pause(workflow, { until: inOneMinute() });
      await rewind.unpause(workflow);
      await rewind.pause(workflow, { reason: 'audit' });

      await reconcileIn(70_000, workflow);

      expect(await isPaused(workflow)).toBe(true);
    });

    test('does nothing if the workflow has closed by then', async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      await rewind.pause(workflow, { until: inOneMinute() });
      await rewind.terminate(workflow);

      await reconcileIn(70_000, workflow);

      expect(await eventsOf(workflow)).toHaveLength(1);
    });
  });

  describe('a batch operation', () => {
    let worker: BatchTestWorker;
    beforeAll(async () => {
      worker = await BatchTestWorker.create(rewind.ledger, server.address);
      await worker.start();
    });
    afterAll(() => worker.close());

    test('pauses open workflows, and ends only its own pauses at the requested time', async () => {
      const type = `held-${randomUUID()}`;
      const query = `WorkflowType = '${type}'`;
      const start = () => ScriptedWorkflow.start(connection, { type });
      const [running, pausedByHand, closed] = [await start(), await start(), await start()];
      await rewind.pause(pausedByHand, { reason: 'audit' });
      await rewind.terminate(closed);
      const found = (count: number, more: string) =>
        eventually(
          async () => (await running.client.countWorkflows(`${query} AND ${more}`)) === count,
          `${count} ${more}`,
        );
      await found(1, 'CloseTime IS NOT NULL');
      await found(2, 'CloseTime IS NULL');

      const pausing = await worker.startBatch({ action: 'pause', query, until: inOneMinute(), reason: 'bank is down' });

      const { state, action, matched, outcomes, failed } = await worker.waitForEnd(pausing);
      expect({ state, action, matched, outcomes, failed }).toEqual({
        state: 'completed',
        action: 'pause',
        matched: 2,
        outcomes: { paused: 1, alreadyPaused: 1 },
        failed: {},
      });
      const { items } = await listBatchItems(rewind.ledger, namespace, pausing, { size: 10 });
      const item = items.find(({ workflowId }) => workflowId === running.workflowId);
      expect(item).toMatchObject({ verb: 'pause', outcome: 'paused', batchOperationId: pausing, actor: ann });
      expect(await eventsOf(running)).toEqual([`bank is down [rewind ${item?.operationId} by ${ann.id}]`]);

      await reconcileIn(70_000, running);
      expect([await isPaused(running), await isPaused(pausedByHand)]).toEqual([false, true]);
    });

    test('unpauses only the paused workflows', async () => {
      const type = `held-${randomUUID()}`;
      const query = `WorkflowType = '${type}'`;
      const start = () => ScriptedWorkflow.start(connection, { type });
      const [running, paused] = [await start(), await start()];
      await rewind.pause(paused);
      const matches = () => running.client.countWorkflows(`${query} AND ExecutionStatus = 'Paused'`);
      await eventually(async () => (await matches()) === 1, 'visibility to show the pause');

      const unpausing = await worker.startBatch({ action: 'unpause', query });

      expect(await worker.waitForEnd(unpausing)).toMatchObject({ matched: 1, outcomes: { unpaused: 1 } });
      expect(await isPaused(paused)).toBe(false);
    });
  });

  describe('the command', () => {
    const command = new RewindCommand();
    afterAll(() => command.remove());
    const run = async ({ client }: ScriptedWorkflow, ...args: string[]) => {
      const dependencies = {
        namespaces: { find: (name: string) => ({ name, connect: () => Promise.resolve(client) }) },
        logger: new RecordedLog(),
        onRecordFailure: () => {},
        ledger: rewind.ledger,
      };
      const { exitCode, stdout, stderr } = await runCommand(command, args, respondWithHandlers(dependencies));
      return { exitCode, stdout, ...(exitCode !== 0 && { stderr }) };
    };

    test('pauses until a time, reports that a workflow is already paused, previews a batch operation, and unpauses', async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      const { workflowId } = workflow;
      const yes = ['--reason', 'bank is down', '--yes'];
      const time = inOneMinute();

      const paused = { exitCode: 0, stdout: `${workflowId}: paused until ${time}\n` };
      expect(await run(workflow, 'pause', workflowId, '--until', time, ...yes)).toEqual(paused);
      const again = { exitCode: 0, stdout: `${workflowId}: nothing to pause, another operation has paused it\n` };
      expect(await run(workflow, 'pause', workflowId, ...yes)).toEqual(again);
      expect(await run(workflow, 'batch', 'start', 'pause', workflowId, '--dry-run')).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(/^Batch pause: 1 match[^]*stops neither running activities/),
      });
      expect(await run(workflow, 'unpause', workflowId, ...yes)).toEqual({
        exitCode: 0,
        stdout: `${workflowId}: unpaused\n`,
      });
      expect(await isPaused(workflow)).toBe(false);
    });
  });

  test('does not pause a run that continues as new just before the call; a retry with the same key pauses the next run', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const continuing = changedBefore(workflow, 'pauseWorkflow', () => workflow.completeTask(continueAsNewAfter(5)));

    const options = { idempotencyKey: randomUUID() };
    await expect(rewind.pause(continuing, {}, options)).rejects.toMatchObject({
      kind: 'temporal-unavailable',
      message: expect.stringContaining('Nothing was done'),
    });
    // The next run cannot be paused before its first workflow task is due.
    await expect(rewind.pause(workflow, {}, options)).rejects.toMatchObject({ kind: 'temporal-unavailable' });
    const { answer } = await eventually(() => rewind.pause(workflow, {}, options).catch(() => undefined), 'a pause');
    expect(answer.outcome).toBe('paused');
    expect(answer.runId).not.toBe(workflow.runId);
  });

  test('refuses to pause a run before its first workflow task is due, and says when that is', async () => {
    const workflow = await ScriptedWorkflow.start(connection, { startDelaySeconds: 600 });

    await expect(rewind.pause(workflow)).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringMatching(/waits for its first workflow task, which is due at \S+Z\./),
    });
    expect(await isPaused(workflow)).toBe(false);
  });

  test('does not stop the retries of an activity that a worker executes at the time, only the attempts of one that waits', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const waiting = `waiting-${randomUUID()}`;
    await workflow.completeTask(
      scheduleActivity('charge', workflow.taskQueue, { activityId: '1', attempts: 3 }),
      scheduleActivity('mail', waiting, { activityId: '2' }),
    );
    const { taskToken } = await workflow.pollActivity();
    await rewind.pause(workflow);
    const poll = { namespace, taskQueue: { name: waiting } };
    const polled = connection.withDeadline(Date.now() + 4_000, () =>
      connection.workflowService.pollActivityTaskQueue(poll),
    );
    expect((await polled).taskToken).toHaveLength(0);
    const failure = { message: 'no', applicationFailureInfo: {} };
    await connection.workflowService.respondActivityTaskFailed({ namespace, taskToken, failure });

    await workflow.completeActivity();
    expect((await workflow.describe()).pendingActivities).toMatchObject([{ activityId: '2' }]);
    expect(await isPaused(workflow)).toBe(true);
  });

  test('pauses an activity once for two concurrent requests, and a reset discards its running attempt', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(scheduleActivity('charge', workflow.taskQueue, { activityId: '1', attempts: 3 }));
    const both = await Promise.all([1, 2].map(() => rewind.pauseActivity(workflow, { activityId: '1' })));
    expect(both.map(({ answer: { outcome } }) => outcome).toSorted()).toEqual(['alreadyPaused', 'paused']);
    await rewind.unpauseActivity(workflow, { activityId: '1' });
    await workflow.failActivity('no', { retryable: true });
    const { taskToken } = await workflow.pollActivity();

    await rewind.resetActivity(workflow, { activityId: '1', discardRunningAttempt: true });

    const completed = connection.workflowService.respondActivityTaskCompleted({ namespace, taskToken });
    await expect(completed).rejects.toThrow('activity already timed out');
  });

  test('a restart whose response was lost returns the run that it started, not the run of a later reset', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const { client, workflowId } = workflow;
    await workflow.completeTask(completeWorkflow);
    const options = { idempotencyKey: randomUUID() };
    const policy = { workflowIdReusePolicy: 'allowDuplicate' as const };
    void rewind.restart(hangingCall(workflow, 'startAgain', { executed: true }), policy, options).catch(() => {});
    await eventually(async () => (await workflow.currentRunId()) !== workflow.runId);
    const started = await workflow.currentRunId();
    await workflow.completeTask();
    const request = { reason: 'r', identity: 'cli', temporalRequestId: randomUUID() };
    await client.reset({ workflowId, runId: started }, 4, request);

    const { answer } = await rewind.afterLease().restart(workflow, policy, options);

    expect(answer).toMatchObject({ outcome: 'restarted', runId: workflow.runId, newRunId: started });
  });

  test('a wait for a paused workflow lasts until it is unpaused and closes, or until the time is over', async () => {
    const open = await ScriptedWorkflow.start(connection);
    const pausedFirst = await ScriptedWorkflow.start(connection);
    const pausedMeanwhile = await ScriptedWorkflow.start(connection);
    await Promise.all([rewind.pause(open), rewind.pause(pausedFirst)]);
    const close = async (workflow: ScriptedWorkflow) => {
      await sleep(1_000);
      await rewind.pause(workflow);
      await rewind.unpause(workflow);
      await workflow.completeTask(cancelWorkflowExecution);
    };

    const [atEnd, ...closed] = await Promise.all([
      rewind.cancel(open, { waitSeconds: 2 }),
      ...[pausedFirst, pausedMeanwhile].map((workflow) => rewind.cancel(workflow, { waitSeconds: 20 })),
      ...[pausedFirst, pausedMeanwhile].map(close),
    ]);

    expect(atEnd.answer).toMatchObject({ status: 'Paused', stuck: [{ kind: 'workflowPaused' }] });
    expect(atEnd.answer.waitedSeconds).toBeGreaterThanOrEqual(2);
    expect(closed.slice(0, 2)).toMatchObject([1, 2].map(() => ({ answer: { status: 'Canceled' } })));
  });

  test('a paused workflow can be cancelled, reset and restarted', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask();
    await rewind.pause(workflow);
    expect((await rewind.cancel(workflow)).answer).toMatchObject({ outcome: 'requested', status: 'Paused' });
    const request = { target: { at: 'lastWorkflowTask' } } as const;
    expect((await rewind.preview(workflow, request)).paused).toMatchObject({
      pausedBy: ann.id,
      reason: expect.stringContaining('bank is down'),
    });
    const { newRunId } = (await rewind.reset(workflow, request)).answer;
    expect(await isPaused(workflow)).toBe(false);
    expect((await rewind.preview(workflow, request)).paused).toBeUndefined();
    const restarted = await rewind.restart(workflow, { terminateRunId: newRunId }, { idempotencyKey: randomUUID() });
    expect(restarted.answer).toMatchObject({ outcome: 'restarted', terminatedRunId: newRunId });
  });
});
