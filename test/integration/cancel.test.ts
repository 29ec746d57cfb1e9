import type { Connection } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { cancelWorkflow } from '../../operations/cancel';
import { completeWorkflow, connectToTestServer, namespace, ScriptedWorkflow } from './scripted-workflow';

const context = { operationId: 'op-test', actor: { id: 'arn:aws:iam::111122223333:user/ann' } };

describe('cancel, on a real server', () => {
  let connection: Connection;
  beforeAll(() => {
    connection = connectToTestServer();
  });
  afterAll(() => connection.close());

  test('reason, operation and caller land in the history', async () => {
    const workflow = await ScriptedWorkflow.start(connection);

    const answer = await cancelWorkflow(
      workflow.client,
      { workflowId: workflow.workflowId, reason: 'withdrawn' },
      context,
    );

    expect(answer).toMatchObject({ outcome: 'requested', namespace, runId: workflow.runId, status: 'Running' });
    const requested = (await workflow.history()).map((event) => event.workflowExecutionCancelRequestedEventAttributes);
    expect(requested.find(Boolean)).toMatchObject({
      cause: 'withdrawn [rewind op-test by arn:aws:iam::111122223333:user/ann]',
      identity: 'arn:aws:iam::111122223333:user/ann',
    });
  });

  test('a second cancellation says that it was asked before, and adds nothing', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await cancelWorkflow(workflow.client, { workflowId: workflow.workflowId, reason: 'first' }, context);
    const { length } = await workflow.history();

    const second = await cancelWorkflow(
      workflow.client,
      { workflowId: workflow.workflowId, reason: 'second' },
      context,
    );

    expect(second.outcome).toBe('alreadyRequested');
    expect(await workflow.history()).toHaveLength(length);
  });

  test('a closed workflow says so, with its status', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(completeWorkflow);

    const answer = await cancelWorkflow(workflow.client, { workflowId: workflow.workflowId, reason: 'late' }, context);

    expect(answer).toMatchObject({ outcome: 'alreadyClosed', status: 'Completed' });
  });

  test.each(['a/b', '50%', 'a?b#c', 'zwölf 12', 'x'.repeat(1000)])(
    'any workflow id can be cancelled: %.20s',
    async (id) => {
      const workflowId = id.length === 1000 ? id : `${id}${randomUUID()}`;
      const workflow = await ScriptedWorkflow.start(connection, { workflowId });

      const { outcome } = await cancelWorkflow(workflow.client, { workflowId, reason: 'odd id' }, context);

      expect(outcome).toBe('requested');
    },
  );

  test('an unknown workflow and an unknown run are told apart', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const { client, workflowId, runId } = workflow;
    const unknownRun = randomUUID();

    await expect(cancelWorkflow(client, { workflowId: 'nobody', reason: 'r' }, context)).rejects.toMatchObject({
      kind: 'workflow-not-found',
      details: { field: 'workflowId', value: 'nobody' },
    });
    await expect(cancelWorkflow(client, { workflowId, runId: unknownRun, reason: 'r' }, context)).rejects.toMatchObject(
      {
        kind: 'run-not-found',
        details: { field: 'runId', value: unknownRun, allowed: expect.stringContaining(runId) },
      },
    );
  });
});
