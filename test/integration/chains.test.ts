import { randomUUID } from 'node:crypto';
import { latestOfChain } from '../../operations/chain';
import { describeExecution } from '../../operations/temporal/executions';
import { eventually } from '../support/eventually';
import { changedBefore } from '../support/interrupted-calls';
import { testLedger } from '../support/ledger-table';
import { Rewind } from '../support/rewind';
import {
  cancelWorkflowExecution,
  completeWorkflow,
  continueAsNew,
  ScriptedWorkflow,
  startTimer,
  testConnection,
} from '../support/scripted-workflow';

/* Workflow execution chains on a real server: the facts that the model of the simulation assumes. */

const connection = testConnection();
const rewind = new Rewind(testLedger());

async function reconcileIn(minutes: number, workflow: ScriptedWorkflow): Promise<void> {
  expect(await rewind.reconcile(workflow, minutes * 60_000)).toEqual([]);
}

const recordOf = async (workflow: ScriptedWorkflow) => (await rewind.operationsOn(workflow))[0];

test('a cancellation reaches the new run if the workflow continues as new just before it', async () => {
  const workflow = await ScriptedWorkflow.start(connection);
  const racing = changedBefore(workflow, 'requestCancel', () => workflow.completeTask(continueAsNew));

  const { answer } = await rewind.cancel(racing);

  const current = await workflow.currentRun();
  expect(current.runId).not.toBe(workflow.runId);
  expect(answer).toMatchObject({ outcome: 'requested', runId: current.runId });
  expect(await workflow.cancelRequests()).toHaveLength(0);
  expect(await current.cancelRequests()).toHaveLength(1);
});

test('a termination reaches the new run if the workflow continues as new just before it', async () => {
  const workflow = await ScriptedWorkflow.start(connection);
  const racing = changedBefore(workflow, 'terminate', () => workflow.completeTask(continueAsNew));

  const { answer } = await rewind.terminate(racing);

  const current = await workflow.currentRun();
  expect(answer).toMatchObject({ outcome: 'terminated', runId: current.runId, status: 'Terminated' });
});

test.each(['cancel', 'terminate'] as const)('%s of a closed run returns the run that continues it', async (verb) => {
  const workflow = await ScriptedWorkflow.start(connection);
  await workflow.completeTask(continueAsNew);

  const { answer } = await rewind[verb](workflow, { runId: workflow.runId });

  const current = await workflow.currentRun();
  expect(answer).toMatchObject({ outcome: 'alreadyClosed', runId: workflow.runId, successorRunId: current.runId });
  expect((await current.describe()).workflowExecutionInfo?.status).toBe(1);
});

test.each([
  ['cancel', 'requestCancel'],
  ['terminate', 'terminate'],
] as const)('%s leaves a workflow alone that was started under the same id after the request', async (verb, rpc) => {
  const workflow = await ScriptedWorkflow.start(connection);
  const racing = changedBefore(workflow, rpc, async () => {
    await workflow.completeTask(completeWorkflow);
    await ScriptedWorkflow.start(connection, { workflowId: workflow.workflowId });
  });

  const { answer } = await rewind[verb](racing);

  expect(answer).toMatchObject({ outcome: 'alreadyClosed', runId: workflow.runId, status: 'Completed' });
  const restarted = await workflow.currentRun();
  expect(await restarted.cancelRequests()).toHaveLength(0);
  expect((await restarted.describe()).workflowExecutionInfo?.status).toBe(1);
});

test('reconciliation requests the cancellation of the run that continues a cancelled run, and records how the chain ends', async () => {
  const workflow = await ScriptedWorkflow.start(connection);
  await rewind.cancel(workflow);
  await workflow.completeTask(continueAsNew);
  const current = await workflow.currentRun();

  await reconcileIn(1, workflow);
  expect(await current.cancelRequests()).toHaveLength(1);
  expect(await recordOf(workflow)).not.toHaveProperty('settled');

  await current.completeTask(cancelWorkflowExecution);
  await reconcileIn(10, workflow);
  expect(await recordOf(workflow)).toMatchObject({ outcome: 'requested', settled: { status: 'Canceled' } });
});

describe('a workflow that is reset after its cancellation was requested', () => {
  const resetByAnotherTool = (workflow: ScriptedWorkflow, eventId: number) =>
    workflow.client.reset(workflow, eventId, { reason: 'r', identity: 'cli', temporalRequestId: randomUUID() });

  /** Cancels the workflow, calls `meanwhile`, and returns the record that the wait or a reconciliation completed. */
  async function recordAfterCancel(
    how: 'wait' | 'reconciliation',
    workflow: ScriptedWorkflow,
    meanwhile: () => Promise<void>,
  ) {
    const cancelling = rewind.cancel(workflow, { waitSeconds: how === 'wait' ? 8 : 0 });
    await eventually(async () => (await workflow.cancelRequests()).length === 1);
    await meanwhile();
    await cancelling;
    if (how === 'reconciliation') await reconcileIn(1, workflow);
    return recordOf(workflow);
  }

  test.each(['wait', 'reconciliation'] as const)(
    'has a new run without the cancellation request, which the %s records',
    async (how) => {
      const workflow = await ScriptedWorkflow.start(connection);
      await workflow.completeTask(startTimer('1', 600_000));

      const record = await recordAfterCancel(how, workflow, async () => void (await resetByAnotherTool(workflow, 4)));

      const current = await workflow.currentRun();
      expect(record).toMatchObject({
        answer: { runId: workflow.runId, successorRunId: current.runId },
        settled: { status: 'Terminated' },
      });
      // The reset is newer than the request, so the new run must continue.
      expect(await current.cancelRequests()).toHaveLength(0);
    },
  );

  test.each(['wait', 'reconciliation'] as const)(
    'at a later event keeps the cancellation request, and its end is recorded by the %s',
    async (how) => {
      const workflow = await ScriptedWorkflow.start(connection);
      await workflow.completeTask(startTimer('1', 600_000));

      const record = await recordAfterCancel(how, workflow, async () => {
        await workflow.completeTask(startTimer('2', 600_000));
        const ended = (await workflow.history()).findLast((event) => event.workflowTaskCompletedEventAttributes);
        await resetByAnotherTool(workflow, Number(ended?.eventId));
        await workflow.completeTask(cancelWorkflowExecution);
      });

      expect(record).toMatchObject({ settled: { status: 'Canceled' } });
      expect(record?.answer).not.toHaveProperty('successorRunId');
      expect(await (await workflow.currentRun()).cancelRequests()).toHaveLength(1);
    },
  );
});

test('a cancellation whose event the server buffers is not mistaken for another cancellation', async () => {
  const workflow = await ScriptedWorkflow.start(connection);
  let outcomes: string[] = [];
  await workflow.completeTaskAfter(async () => {
    const first = await rewind.cancel(workflow, { reason: 'first' });
    const second = await rewind.cancel(workflow, { reason: 'second' });
    outcomes = [first.answer.outcome, second.answer.outcome];
  });

  expect(outcomes).toEqual(['requested', 'requested']);
  await reconcileIn(1, workflow);
  const operations = await rewind.operationsOn(workflow);
  expect(Object.fromEntries(operations.map(({ reason, outcome }) => [reason, outcome]))).toEqual({
    first: 'requested',
    second: 'alreadyRequested',
  });
});

test('the newest run of a chain is found after resets, although another workflow has its id now', async () => {
  const workflow = await ScriptedWorkflow.start(connection);
  await workflow.completeTask(continueAsNew);
  const second = await workflow.currentRun();
  await second.completeTask(completeWorkflow);
  const target = { at: 'lastWorkflowTask' } as const;
  const { answer: ofFirst } = await rewind.reset(workflow, { target, runId: workflow.runId });
  await workflow.completeTask(completeWorkflow);
  const { answer: ofSecond } = await rewind.reset(workflow, { target, runId: second.runId });
  await workflow.completeTask(completeWorkflow);
  await ScriptedWorkflow.start(connection, { workflowId: workflow.workflowId });
  const newestFrom = async ({ client, workflowId }: ScriptedWorkflow, runId: string) =>
    (await latestOfChain(client, await describeExecution(client, { workflowId, runId }))).runId;

  expect(await newestFrom(workflow, workflow.runId)).toBe(ofSecond.newRunId);
  expect(await newestFrom(workflow, second.runId)).toBe(ofSecond.newRunId);
  expect(await newestFrom(workflow, ofFirst.newRunId)).toBe(ofFirst.newRunId);
});
