import { randomUUID } from 'node:crypto';
import { createLedger } from '../support/ledger-table';
import { ann, Rewind } from '../support/rewind';
import { completeWorkflow, testConnection, ScriptedWorkflow } from '../support/scripted-workflow';

describe('terminate', () => {
  const connection = testConnection();
  let rewind: Rewind;
  beforeAll(async () => {
    rewind = new Rewind(await createLedger());
  });

  test('ends the workflow; reason, operation and caller land in the history', async () => {
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

  test('of a closed workflow says so, with the status it closed in', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(completeWorkflow);

    expect((await rewind.terminate(workflow)).answer).toMatchObject({ outcome: 'alreadyClosed', status: 'Completed' });
  });

  test('of a workflow that closes just before the call says so too', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const { client, workflowId } = workflow;
    // The description is of before; the workflow completes between it and the call.
    const closing = Object.create(client, {
      terminate: {
        value: async (...call: Parameters<typeof client.terminate>) => {
          await workflow.completeTask(completeWorkflow);
          return client.terminate(...call);
        },
      },
    }) as typeof client;

    const { answer } = await rewind.terminate({ client: closing, workflowId });

    expect(answer).toMatchObject({ outcome: 'alreadyClosed', status: 'Completed' });
  });

  test('of a successor is refused when another chain was meant', async () => {
    const workflow = await ScriptedWorkflow.start(connection);

    await expect(rewind.terminate(workflow, { firstExecutionRunId: randomUUID() })).rejects.toMatchObject({
      kind: 'conflict',
    });
    expect((await rewind.terminate(workflow, { firstExecutionRunId: workflow.runId })).answer.outcome).toBe(
      'terminated',
    );
  });
});
