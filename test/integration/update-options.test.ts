import { randomUUID } from 'node:crypto';
import { BatchTestWorker } from '../support/batch-test-worker';
import { eventually } from '../support/eventually';
import { changedBefore, failingCall, losingResponse } from '../support/interrupted-calls';
import { testLedger } from '../support/ledger-table';
import { Rewind } from '../support/rewind';
import {
  completeWorkflow,
  continueAsNew,
  failWorkflow,
  registerVersion,
  ScriptedWorkflow,
  testConnection,
} from '../support/scripted-workflow';

const connection = testConnection();
const rewind = new Rewind(testLedger());

const updatesIn = async (workflow: ScriptedWorkflow) =>
  (await workflow.history()).flatMap((event) => event.workflowExecutionOptionsUpdatedEventAttributes ?? []);

const version = () => ({ deploymentName: `orders-${randomUUID()}`, buildId: '7' });

test('sets, replaces and removes a versioning override, with one event for each change and none without a change', async () => {
  const workflow = await ScriptedWorkflow.start(connection);
  // The server records no event while a workflow task is started.
  await workflow.completeTask();
  const pinned = version();

  await registerVersion(connection, workflow.taskQueue, pinned);
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

test('returns alreadyClosed for a closed workflow, and for one that closes just before the call', async () => {
  const workflow = await ScriptedWorkflow.start(connection);
  const closing = changedBefore(workflow, 'updateVersioningOverride', () => workflow.completeTask(completeWorkflow));

  for (const target of [closing, workflow]) {
    expect((await rewind.updateOptions(target, 'autoUpgrade')).answer).toMatchObject({
      outcome: 'alreadyClosed',
      status: 'Completed',
      versioningOverride: 'none',
    });
  }
});

const byAnotherTool = () => ({ reason: 'r', identity: 'cli', temporalRequestId: randomUUID() });

test.each<[what: string, options: { attempts?: number }, change: (workflow: ScriptedWorkflow) => Promise<unknown>]>([
  ['continues as new', {}, (workflow) => workflow.completeTask(continueAsNew)],
  ['is retried', { attempts: 2 }, (workflow) => workflow.completeTask(failWorkflow('no'))],
  [
    'is reset',
    {},
    async (workflow) => {
      await workflow.completeTask();
      await workflow.client.reset(workflow, 4, byAnotherTool());
    },
  ],
])(
  'does not change a run that %s just before the call; a retry with the same key changes the next run',
  async (_, options, change) => {
    const workflow = await ScriptedWorkflow.start(connection, options);
    const racing = changedBefore(workflow, 'updateVersioningOverride', () => change(workflow));
    const key = { idempotencyKey: randomUUID() };

    await expect(rewind.updateOptions(racing, 'autoUpgrade', key)).rejects.toMatchObject({
      kind: 'temporal-unavailable',
      message: expect.stringContaining('Nothing was done'),
    });
    const { answer } = await rewind.updateOptions(workflow, 'autoUpgrade', key);

    const current = (await workflow.describe()).workflowExecutionInfo;
    expect(answer).toMatchObject({ outcome: 'updated', runId: current?.execution?.runId });
    expect(answer.runId).not.toBe(workflow.runId);
    expect(current?.versioningInfo?.versioningOverride).toMatchObject({ autoUpgrade: true });
  },
);

test('finds an update whose response was lost in history, even if the override was changed since', async () => {
  const workflow = await ScriptedWorkflow.start(connection);
  const lost = losingResponse(workflow, 'updateVersioningOverride', () =>
    workflow.client.updateVersioningOverride(workflow, 'none', 'another caller'),
  );

  expect((await rewind.updateOptions(lost, 'autoUpgrade')).answer.outcome).toBe('updated');
  expect(await updatesIn(workflow)).toHaveLength(2);
});

test('does not take an override from before the request for its own when the response is lost', async () => {
  const workflow = await ScriptedWorkflow.start(connection);
  for (const override of ['autoUpgrade', 'none'] as const) {
    await workflow.client.updateVersioningOverride(workflow, override, 'another caller');
  }
  const key = { idempotencyKey: randomUUID() };
  const in5Minutes = new Rewind(rewind.ledger, { now: () => Date.now() + 5 * 60_000 });
  const lost = failingCall(workflow, 'updateVersioningOverride');
  await expect(in5Minutes.updateOptions(lost, 'autoUpgrade', key)).rejects.toMatchObject({
    kind: 'temporal-timeout',
  });
  expect(await updatesIn(workflow)).toHaveLength(2);

  const later = rewind.afterLease(5 * 60_000);
  expect((await later.updateOptions(workflow, 'autoUpgrade', key)).answer.outcome).toBe('updated');
  expect(await updatesIn(workflow)).toHaveLength(3);
});

describe('a batch operation', () => {
  let worker: BatchTestWorker;
  beforeAll(async () => {
    worker = await BatchTestWorker.create(rewind.ledger);
    await worker.start();
  });
  afterAll(() => worker.close());

  test('sets the override of each open workflow once', async () => {
    const type = `moved-${randomUUID()}`;
    const start = () => ScriptedWorkflow.start(connection, { type });
    const [changed, unchanged, closed] = [await start(), await start(), await start()];
    await rewind.updateOptions(unchanged, 'autoUpgrade');
    await closed.completeTask(completeWorkflow);
    const query = `WorkflowType = '${type}'`;
    const found = (count: number, more: string) =>
      eventually(
        async () => (await changed.client.countWorkflows(`${query} AND ${more}`)) === count,
        `${count} ${more}`,
      );
    await found(1, 'CloseTime IS NOT NULL');
    await found(2, 'CloseTime IS NULL');

    const operationId = await worker.startBatch({ action: 'updateOptions', query, versioningOverride: 'autoUpgrade' });

    expect(await worker.waitForEnd(operationId)).toMatchObject({
      action: 'updateOptions',
      matched: 2,
      outcomes: { updated: 1, unchanged: 1 },
    });
    expect(await updatesIn(changed)).toMatchObject([{ versioningOverride: { autoUpgrade: true } }]);
  });

  test('is refused with engine server, as are pause and unpause', async () => {
    for (const action of ['updateOptions', 'pause', 'unpause'] as const) {
      const request = { action, engine: 'server', query: 'x', reason: 'r', ratePerSecond: 1, maxWorkflows: 1 } as const;
      await expect(worker.execute(request)).rejects.toMatchObject({
        kind: 'invalid-request',
        details: { field: 'engine', allowed: expect.stringContaining('"worker"') },
      });
    }
  });
});
