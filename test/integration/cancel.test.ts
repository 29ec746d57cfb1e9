import { randomUUID } from 'node:crypto';
import { OperationFailure } from '../../api/failures';
import { testLedger } from '../support/ledger-table';
import { ann, Rewind } from '../support/rewind';
import {
  cancelWorkflowExecution,
  completeWorkflow,
  testConnection,
  namespace,
  scheduleActivity,
  ScriptedWorkflow,
} from '../support/scripted-workflow';

describe('cancel', () => {
  const connection = testConnection();
  const rewind = new Rewind(testLedger());

  test('returns requested, and writes reason, operation and caller into the history', async () => {
    const workflow = await ScriptedWorkflow.start(connection);

    const { answer } = await rewind.cancel(workflow);

    expect(answer).toMatchObject({ outcome: 'requested', namespace, runId: workflow.runId, status: 'Running' });
    expect(await workflow.cancelRequests()).toEqual([
      expect.objectContaining({ cause: `withdrawn [rewind ${answer.operationId} by ${ann.id}]`, identity: ann.id }),
    ]);
  });

  test('returns alreadyRequested for a second cancellation, without another request', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await rewind.cancel(workflow, { reason: 'first' });

    const { answer } = await rewind.cancel(workflow, { reason: 'second' });

    expect(answer.outcome).toBe('alreadyRequested');
    expect(await workflow.cancelRequests()).toHaveLength(1);
  });

  test('returns alreadyClosed for a closed workflow, with status and times', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(completeWorkflow);

    const { answer } = await rewind.cancel(workflow);

    expect(answer).toMatchObject({
      outcome: 'alreadyClosed',
      status: 'Completed',
      startTime: expect.stringMatching(/^\d{4}-.*Z$/),
      closeTime: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  test.each(['a/b', '50%', 'a?b#c', 'zwölf 12', 'x'.repeat(964)])(
    'accepts any character in a workflow id (%#)',
    async (id) => {
      const workflow = await ScriptedWorkflow.start(connection, { workflowId: `${id}${randomUUID()}` });

      const { answer } = await rewind.cancel(workflow);

      expect(answer).toMatchObject({ outcome: 'requested', workflowId: workflow.workflowId });
      expect(await workflow.cancelRequests()).toHaveLength(1);
    },
  );

  test('distinguishes an unknown workflow from an unknown run', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const unknown = `unknown-${randomUUID()}`;
    const unknownRun = randomUUID();

    await expect(rewind.cancel({ client: workflow.client, workflowId: unknown })).rejects.toMatchObject({
      kind: 'workflow-not-found',
      details: { field: 'workflowId', value: unknown },
    });
    await expect(rewind.cancel(workflow, { runId: unknownRun })).rejects.toMatchObject({
      kind: 'run-not-found',
      details: { field: 'runId', value: unknownRun, allowed: expect.stringContaining(workflow.runId) },
    });
    expect(await workflow.cancelRequests()).toHaveLength(0);
  });

  test('refuses to cancel a later chain of runs than firstExecutionRunId names', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(completeWorkflow);
    const restarted = await ScriptedWorkflow.start(connection, { workflowId: workflow.workflowId });

    await expect(rewind.cancel(restarted, { firstExecutionRunId: workflow.runId })).rejects.toMatchObject({
      kind: 'conflict',
      details: {
        field: 'firstExecutionRunId',
        value: workflow.runId,
        allowed: expect.stringContaining(restarted.runId),
      },
    });
    expect(await restarted.cancelRequests()).toHaveLength(0);

    const { answer } = await rewind.cancel(restarted, { firstExecutionRunId: restarted.runId });
    expect(answer.outcome).toBe('requested');
  });

  describe('with waitSeconds', () => {
    test('returns how the workflow ended', async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      await workflow.completeTask();
      const cancelled = rewind.cancel(workflow, { waitSeconds: 10 });
      await workflow.completeTask(cancelWorkflowExecution);

      const { answer } = await cancelled;

      expect(answer).toMatchObject({ outcome: 'requested', status: 'Canceled', closeTime: expect.any(String) });
      expect(answer.waitedSeconds).toBeLessThan(9);
      const recorded = await rewind.ledger.find(answer.operationId);
      expect(recorded).toMatchObject({
        state: 'completed',
        settled: { status: 'Canceled' },
        answer: { status: 'Canceled' },
      });
      expect(recorded?.nextCheckAt).toBeUndefined();
    });

    test('returns requested even if the follow-up read fails', async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      const { client, workflowId } = workflow;
      const unreachable = () => Promise.reject(new OperationFailure('temporal-unavailable', 'gone'));
      const unreadable = Object.create(client, { awaitCloseEvent: { value: unreachable } }) as typeof client;

      const { answer } = await rewind.cancel({ client: unreadable, workflowId }, { waitSeconds: 5 });

      expect(answer).toMatchObject({ outcome: 'requested', status: 'Running' });
      expect(answer).not.toHaveProperty('waitedSeconds');
      expect(await workflow.cancelRequests()).toHaveLength(1);
    });

    test('returns Completed for a workflow that completes despite the request', async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      await workflow.completeTask();
      const cancelled = rewind.cancel(workflow, { waitSeconds: 10 });
      await workflow.completeTask(completeWorkflow);

      expect((await cancelled).answer).toMatchObject({ outcome: 'requested', status: 'Completed' });
    });

    test('returns no stuck reason while an activity with a heartbeat timeout runs', async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      await workflow.completeTask(scheduleActivity('Pack', workflow.taskQueue, { heartbeat: 30 }));
      await workflow.pollActivity();
      const cancelled = rewind.cancel(workflow, { waitSeconds: 1 });
      await workflow.completeTask();

      expect((await cancelled).answer).toMatchObject({ outcome: 'requested', status: 'Running', stuck: [] });
    });

    test('reports noPoller as stuck if no worker polls the task queue', async () => {
      const workflow = await ScriptedWorkflow.start(connection);

      const { answer } = await rewind.cancel(workflow, { waitSeconds: 1.5 });

      expect(answer).toMatchObject({
        status: 'Running',
        stuck: [
          { kind: 'noPoller', taskQueue: workflow.taskQueue, explanation: expect.stringContaining('No worker polls') },
        ],
      });
    });

    test('reports workflowTaskFailing as stuck if the workflow task keeps failing', async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      await workflow.failTask('[TMPRL1100] Nondeterminism error');
      await workflow.failTask('[TMPRL1100] Nondeterminism error');

      const { answer } = await rewind.cancel(workflow, { waitSeconds: 0.5 });

      expect(answer.stuck).toContainEqual(
        expect.objectContaining({
          kind: 'workflowTaskFailing',
          attempt: expect.any(Number),
          failure: '[TMPRL1100] Nondeterminism error',
        }),
      );
    });

    test('reports activityNotHeartbeating as stuck if a running activity does not heartbeat', async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      await workflow.completeTask(scheduleActivity('Ship', workflow.taskQueue, { activityId: 'ship-1' }));
      await workflow.pollActivity();

      const { answer } = await rewind.cancel(workflow, { waitSeconds: 0.5 });

      expect(answer.stuck).toContainEqual(
        expect.objectContaining({
          kind: 'activityNotHeartbeating',
          activityId: 'ship-1',
          activityType: 'Ship',
          startToCloseTimeoutSeconds: 600,
        }),
      );
    });
  });
});
