import { randomUUID } from 'node:crypto';
import { OperationFailure } from '../../api/failures';
import { createLedger } from '../support/ledger-table';
import { Rewind } from '../support/rewind';
import { completeWorkflow, ScriptedWorkflow, testConnection } from '../support/scripted-workflow';
import { withCall } from '../support/with-call';

const connection = testConnection();
let rewind: Rewind;
beforeAll(async () => {
  rewind = new Rewind(await createLedger());
});

const updatesIn = async (workflow: ScriptedWorkflow) =>
  (await workflow.history()).flatMap((event) => event.workflowExecutionOptionsUpdatedEventAttributes ?? []);

const version = () => ({ deploymentName: `orders-${randomUUID()}`, buildId: '7' });

test('an override is set, replaced and removed, with an event for each change and none where there is nothing to do', async () => {
  const workflow = await ScriptedWorkflow.start(connection);
  const pinned = version();
  await workflow.announceVersion(pinned);

  const set = (await rewind.updateOptions(workflow, { pinned })).answer;
  expect(set).toMatchObject({ outcome: 'updated', versioningOverride: { pinned }, previousVersioningOverride: 'none' });
  expect((await rewind.updateOptions(workflow, { pinned })).answer.outcome).toBe('unchanged');
  const replaced = (await rewind.updateOptions(workflow, 'autoUpgrade')).answer;
  expect(replaced).toMatchObject({ outcome: 'updated', previousVersioningOverride: { pinned } });
  expect((await rewind.updateOptions(workflow, 'none')).answer.outcome).toBe('updated');

  expect(await updatesIn(workflow)).toMatchObject([
    { versioningOverride: { pinned: { version: pinned } } },
    { versioningOverride: { autoUpgrade: true } },
    { unsetVersioningOverride: true },
  ]);
  expect((await workflow.describe()).workflowExecutionInfo?.versioningInfo?.versioningOverride ?? null).toBeNull();
});

test('a closed workflow is left as it is', async () => {
  const workflow = await ScriptedWorkflow.start(connection);
  const closing = {
    workflowId: workflow.workflowId,
    client: withCall(workflow.client, 'updateVersioningOverride', async (...call) => {
      await workflow.completeTask(completeWorkflow);
      return workflow.client.updateVersioningOverride(...call);
    }),
  };

  for (const target of [closing, workflow]) {
    expect((await rewind.updateOptions(target, 'autoUpgrade')).answer).toMatchObject({
      outcome: 'alreadyClosed',
      status: 'Completed',
      versioningOverride: 'none',
    });
  }
});

test('a lost answer is found in history, also when the override was changed since', async () => {
  const workflow = await ScriptedWorkflow.start(connection);
  const { client, workflowId } = workflow;
  const lost = {
    workflowId,
    client: withCall(client, 'updateVersioningOverride', async (...call) => {
      await client.updateVersioningOverride(...call);
      await client.updateVersioningOverride(call[0], 'none', 'somebody else');
      throw new OperationFailure('temporal-timeout', 'Temporal did not answer in time.');
    }),
  };

  expect((await rewind.updateOptions(lost, 'autoUpgrade')).answer.outcome).toBe('updated');
  expect(await updatesIn(workflow)).toHaveLength(2);
});
