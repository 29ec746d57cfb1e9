import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { OperationFailure } from '../../api/failures';
import { verbs } from '../../operations';
import { reconcileOperations } from '../../operations/ledger/reconcile';
import { createLedger } from '../support/ledger-table';
import { startNewerServer, VERSION, withNewerServer } from '../support/newer-temporal-server';
import { ann, Rewind } from '../support/rewind';
import {
  completeWorkflow,
  connectToTestServer,
  namespace,
  scheduleActivity,
  ScriptedWorkflow,
} from '../support/scripted-workflow';
import { withCall } from '../support/with-call';

/* The development server of the CLI cannot pause workflows: these run on a newer server. */

test('a namespace that cannot pause workflows says so', async () => {
  const connection = connectToTestServer();
  const rewind = new Rewind(await createLedger());
  const workflow = await ScriptedWorkflow.start(connection);

  await expect(rewind.pause(workflow)).rejects.toMatchObject({ kind: 'pause-unsupported' });
  await expect(rewind.unpause(workflow)).rejects.toMatchObject({ kind: 'pause-unsupported' });
  await connection.close();
});

withNewerServer(`on Temporal ${VERSION}`, (program) => {
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

  test('pause, then unpause: each once, with reason, operation and caller in the history', async () => {
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

  test('of a workflow that closes, or is paused by another, just before: the answer says so', async () => {
    const closing = await ScriptedWorkflow.start(connection);
    const closed = withCall(closing.client, 'pauseWorkflow', async (...call) => {
      await closing.completeTask(completeWorkflow);
      return closing.client.pauseWorkflow(...call);
    });
    const { workflowId } = closing;
    expect((await rewind.pause({ client: closed, workflowId })).answer).toMatchObject({
      outcome: 'alreadyClosed',
      status: 'Completed',
    });

    const workflow = await ScriptedWorkflow.start(connection);
    const answers = await Promise.all([rewind.pause(workflow), rewind.pause(workflow), rewind.pause(workflow)]);
    const outcomes = answers.map(({ answer: { outcome } }) => outcome);
    expect(outcomes.toSorted()).toEqual(['alreadyPaused', 'alreadyPaused', 'paused']);
    expect(await eventsOf(workflow)).toHaveLength(1);
  });

  test('whose answer is lost is found in history, also when it was undone since', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const lost = withCall(workflow.client, 'pauseWorkflow', async (...call) => {
      await workflow.client.pauseWorkflow(...call);
      await rewind.unpause(workflow);
      throw new OperationFailure('temporal-timeout', 'Temporal did not answer in time.');
    });

    const { answer } = await rewind.pause({ client: lost, workflowId: workflow.workflowId });

    expect(answer).toMatchObject({ outcome: 'paused', status: 'Running' });
  });

  describe('until', () => {
    const until = () => new Date(Date.now() + 60_000).toISOString();
    const reconcile = async (workflow: ScriptedWorkflow, ahead: number) => {
      const failures: unknown[] = [];
      const dependencies = {
        ledger: rewind.ledger,
        verbs,
        namespaces: { find: () => ({ name: namespace, connect: () => Promise.resolve(workflow.client) }) },
        now: () => Date.now() + ahead,
        onRecordFailure: (_: unknown, error: unknown) => failures.push(error),
        onReconcileFailure: (_: unknown, error: unknown) => failures.push(error),
      };
      await reconcileOperations(dependencies, [{ namespace }], Date.now() + ahead + 20_000);
      expect(failures).toEqual([]);
    };

    test('unpauses at that time and not before, by an operation of its own', async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      const paused = await rewind.pause(workflow, { until: until() });

      await reconcile(workflow, 30_000);
      expect(await isPaused(workflow)).toBe(true);
      await reconcile(workflow, 70_000);
      expect(await isPaused(workflow)).toBe(false);
      await reconcile(workflow, 200_000);

      const { operations } = await rewind.ledger.search(namespace, workflow, { size: 5 });
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

    test('does not end the pause of another', async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      await rewind.pause(workflow, { until: until() });
      await rewind.unpause(workflow);
      await rewind.pause(workflow, { reason: 'audit' });

      await reconcile(workflow, 70_000);

      expect(await isPaused(workflow)).toBe(true);
    });

    test('of a workflow that has closed by then does nothing', async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      await rewind.pause(workflow, { until: until() });
      await rewind.terminate(workflow);

      await reconcile(workflow, 70_000);

      expect(await eventsOf(workflow)).toHaveLength(1);
    });
  });

  test('activities: a pause by two at once, and a reset of a later attempt that runs', async () => {
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

  test('cancel, reset and restart, as on the development server', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask();
    await rewind.pause(workflow);
    expect((await rewind.cancel(workflow)).answer).toMatchObject({ outcome: 'requested', status: 'Paused' });
    const { newRunId } = (await rewind.reset(workflow, { target: { at: 'lastWorkflowTask' } })).answer;
    const restarted = await rewind.restart(workflow, { terminateRunId: newRunId }, { idempotencyKey: randomUUID() });
    expect(restarted.answer).toMatchObject({ outcome: 'restarted', terminatedRunId: newRunId });
  });
});
