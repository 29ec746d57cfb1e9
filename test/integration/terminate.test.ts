import { randomUUID } from 'node:crypto';
import { changedBefore } from '../support/interrupted-calls';
import { testLedger } from '../support/ledger-table';
import { ann, Rewind } from '../support/rewind';
import { completeWorkflow, testConnection, ScriptedWorkflow } from '../support/scripted-workflow';

describe('terminate', () => {
  const connection = testConnection();
  const rewind = new Rewind(testLedger());

  test('ends the workflow, with reason, operation id and caller in history', async () => {
    const workflow = await ScriptedWorkflow.start(connection);

    const { answer } = await rewind.terminate(workflow);

    expect(answer).toMatchObject({ outcome: 'terminated', status: 'Terminated', closeTime: expect.any(String) });
    const terminated = (await workflow.history()).flatMap(
      (event) => event.workflowExecutionTerminatedEventAttributes ?? [],
    );
    expect(terminated).toEqual([
      expect.objectContaining({ reason: `runs amok [rewind ${answer.operationId} by ${ann.id}]`, identity: ann.id }),
    ]);
  });

  test('returns alreadyClosed with the status of a closed workflow', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(completeWorkflow);

    expect((await rewind.terminate(workflow)).answer).toMatchObject({ outcome: 'alreadyClosed', status: 'Completed' });
  });

  test('returns alreadyClosed if the workflow completes just before the call', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const closing = changedBefore(workflow, 'terminate', () => workflow.completeTask(completeWorkflow));

    const { answer } = await rewind.terminate(closing);

    expect(answer).toMatchObject({ outcome: 'alreadyClosed', status: 'Completed' });
  });

  test('refuses a workflow whose firstExecutionRunId is another', async () => {
    const workflow = await ScriptedWorkflow.start(connection);

    await expect(rewind.terminate(workflow, { firstExecutionRunId: randomUUID() })).rejects.toMatchObject({
      kind: 'conflict',
    });
    expect((await rewind.terminate(workflow, { firstExecutionRunId: workflow.runId })).answer.outcome).toBe(
      'terminated',
    );
  });
});
