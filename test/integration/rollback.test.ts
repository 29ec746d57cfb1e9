import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { listBatchItems, getBatch, retryRequest } from '../../operations/batch/follow';
import { rollbackBatch } from '../../operations/batch/rollback';
import { batch, previewBatch } from '../../operations/batch/start';
import type { BatchRequest } from '../../api/batch-operations';
import { executeOperation } from '../../operations/execute-operation';
import { callsOver } from '../support/calls-over';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import type { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { BatchWorkers } from '../support/batch-workers';
import { eventually } from '../support/eventually';
import { createLedger } from '../support/ledger-table';
import { brokenWorkflows as COUNT } from '../support/load-parameters';
import { ann } from '../support/rewind';
import { connectToTestServer, namespace } from '../support/scripted-workflow';
import { TestWorker } from '../support/test-worker';

/* Two builds of a worker deployment on real workers; the second breaks the workflows that it executes. */
describe('the rollback of a bad build', () => {
  const deploymentName = `orders-${randomUUID()}`;
  const taskQueue = deploymentName;
  const connection = connectToTestServer();
  const client = new NamespaceClient(namespace, callsOver(connection));
  const batchQueue = `batch-${randomUUID()}`;
  let ledger: DynamoDbLedger;
  let batchWorkers: BatchWorkers;
  let good: TestWorker;
  let workflows: Client;
  let cardServiceIsDown = true;

  const release = (buildId: string, name: string, charge: (type: string) => Promise<string>) =>
    TestWorker.start(
      { taskQueue, version: { deploymentName, buildId } },
      { activities: { reserve: async () => 'reserved', charge } },
      path.join(__dirname, '../support/releases', name),
    );
  const startGood = () =>
    release('good', 'good.ts', async (type) => {
      if (cardServiceIsDown && type === 'failing') throw declined();
      return 'charged';
    });
  const declined = () => ApplicationFailure.nonRetryable('card declined');
  const makeCurrent = (buildId: string) =>
    eventually(
      () =>
        connection.workflowService
          .setWorkerDeploymentCurrentVersion({ namespace, deploymentName, buildId, ignoreMissingTaskQueues: true })
          .then(
            () => true,
            () => false,
          ),
      `${buildId} to be current`,
    );
  const workflowIdsOf = (type: string, count: number) =>
    Array.from({ length: count }, (_, at) => `${type}-${taskQueue}-${at}`);
  const start = (type: string, count: number) =>
    Promise.all(
      workflowIdsOf(type, count).map((workflowId) =>
        workflows.workflow.start(type, { taskQueue, workflowId, args: [] }),
      ),
    );
  const count = (condition: string) => client.countWorkflows(`TaskQueue = '${taskQueue}' AND ${condition}`);
  const waitFor = (condition: string, wanted: number) =>
    eventually(async () => (await count(condition)) === wanted, `${wanted} with ${condition}`, 180_000 + COUNT * 1_000);
  const signal = (ids: string[]) =>
    Promise.all(ids.map((workflowId) => workflows.workflow.getHandle(workflowId).signal('go')));

  beforeAll(
    async () => {
      [ledger, batchWorkers, workflows] = await Promise.all([
        createLedger(),
        BatchWorkers.create(),
        TestWorker.client(),
      ]);
      good = await startGood();
      await makeCurrent('good');
      const types = ['failingOrder', 'wedgingOrder', 'completingOrder'];
      for (const type of types) await start(type, COUNT);
      // Each waits for its signal after a task of the good build.
      await waitFor(`BuildIds = 'unversioned:good'`, 3 * COUNT);

      const bad = await release('bad', 'bad.ts', async (type) => {
        if (type === 'failing') throw declined();
        return 'charged';
      });
      await makeCurrent('bad');
      // The server can still dispatch tasks to it after the change.
      await good.stop();
      await start('restartableOrder', 1);
      await workflows.workflow.start('failingOrder', {
        taskQueue,
        workflowId: `started-on-bad-${taskQueue}`,
        args: [],
      });
      await signal([
        ...types.flatMap((type) => workflowIdsOf(type, COUNT)),
        ...workflowIdsOf('restartableOrder', 1),
        `started-on-bad-${taskQueue}`,
      ]);
      await waitFor(`ExecutionStatus = 'Failed'`, COUNT + 2);
      await waitFor(`ExecutionStatus = 'Completed'`, COUNT);
      await waitFor(`BuildIds = 'unversioned:bad' AND CloseTime IS NULL`, COUNT);
      await bad.stop();
      good = await startGood();
    },
    300_000 + COUNT * 3_000,
  );
  afterAll(async () => {
    await good.stop();
    await batchWorkers.close();
    await workflows.connection.close();
    await connection.close();
  });

  const rollbackRequest = {
    deploymentName,
    badBuildId: 'bad',
    reason: 'bad deploy',
    includeClosed: ['Failed' as const],
    restartTypes: ['restartableOrder'],
    ratePerSecond: COUNT / 2,
    maxWorkflows: 100 * COUNT,
    followSeconds: 60,
  };
  const execute = async (request: BatchRequest) => {
    const dependencies = { ledger, onRecordFailure: () => {}, taskQueue: batchQueue };
    return (await executeOperation(dependencies, client, batch, { actor: ann, request })).answer.operationId;
  };
  const progress = (operationId: string) => getBatch(ledger, client, operationId);
  const untilEnded = (operationId: string) =>
    eventually(
      async () => {
        const current = await progress(operationId);
        return current.state !== 'running' && current;
      },
      'the rollback to end',
      240_000 + COUNT * 1_000,
    );

  test('is refused while the bad build is current, and for an unknown deployment', async () => {
    await expect(rollbackBatch(client, rollbackRequest)).rejects.toMatchObject({
      kind: 'conflict',
      details: { field: 'badBuildId' },
    });
    await expect(rollbackBatch(client, { ...rollbackRequest, deploymentName: 'none' })).rejects.toMatchObject({
      kind: 'invalid-request',
      details: { field: 'deploymentName' },
    });
    await makeCurrent('good');
    // The good build cannot replay what the bad build recorded: these runs are wedged now.
    await signal(workflowIdsOf('wedgingOrder', COUNT));
  });

  test('previews the runs it matches, and their reset points before the bad build', async () => {
    const request = await rollbackBatch(client, { ...rollbackRequest, toBuildId: 'good' });
    const preview = await previewBatch(client, request);
    expect(preview).toMatchObject({ matched: 2 * COUNT + 2 });
    const open = await rollbackBatch(client, { ...rollbackRequest, includeClosed: [] });
    expect(await previewBatch(client, open)).toMatchObject({
      matched: COUNT,
      sample: expect.arrayContaining([
        expect.objectContaining({ reset: expect.objectContaining({ why: expect.stringContaining('build bad') }) }),
      ]),
    });
  });

  test(
    'stops after a failed canary, then repairs each repairable workflow once although its workers are killed three times',
    async () => {
      await batchWorkers.start(ledger, batchQueue);
      const failed = `AND ExecutionStatus = 'Failed' AND WorkflowType = 'failingOrder' AND WorkflowId != 'started-on-bad-${taskQueue}'`;
      const request = await rollbackBatch(client, {
        ...rollbackRequest,
        canary: { count: 2, waitSeconds: 60, maxFailureRate: 0 },
      });
      const first = await execute({ ...request, query: `${request.query} ${failed}` });
      expect(await untilEnded(first)).toMatchObject({
        state: 'failed',
        done: 2,
        rollback: { repaired: 0, failedAgain: 2 },
        failure: expect.stringContaining('The canary failed'),
      });

      cardServiceIsDown = false;
      const operationId = await execute(request);
      for (const share of [0.5, 1, 1.5]) {
        const done = Math.floor(share * COUNT);
        // An activity that had not heartbeated when its worker was killed is retried after a minute.
        await eventually(
          async () => (await progress(operationId)).done >= done,
          `${done} done`,
          180_000 + COUNT * 1_000,
        );
        await batchWorkers.killAll();
        await batchWorkers.start(ledger, batchQueue);
      }
      expect(await untilEnded(operationId)).toMatchObject({
        state: 'completed',
        outcomes: { reset: 2 * COUNT - 1 },
        failed: { 'not-a-reset-point': 1 },
        failureExamples: {
          'not-a-reset-point': {
            workflowId: `started-on-bad-${taskQueue}`,
            message: expect.stringContaining('it started on that build'),
          },
        },
        rollback: {
          deploymentName,
          badBuildId: 'bad',
          toBuildId: 'good',
          repaired: 2 * COUNT - 1,
          failedAgain: 0,
          notRepairable: 1,
        },
      });

      const retry = await retryRequest(ledger, namespace, first, {
        outcome: 'failedAgain',
        target: { beforeFailure: 'last' },
      });
      const retried = await execute({ ...retry, reason: 'the card service is back' });
      expect(await untilEnded(retried)).toMatchObject({ progress: { completed: 2 } });

      // One more run for each repair and for each failed canary: nothing was reset twice, and no other workflow was reset.
      await waitFor(`ExecutionStatus = 'Completed'`, 3 * COUNT + 1);
      expect(await count(`WorkflowType = 'completingOrder'`)).toBe(COUNT);
      expect(await count(`WorkflowType = 'wedgingOrder'`)).toBe(2 * COUNT);
      expect(await count(`WorkflowType = 'restartableOrder'`)).toBe(2);
      expect(await count(`WorkflowType = 'failingOrder'`)).toBe(2 * COUNT + 2 + 1);
      const { items } = await listBatchItems(ledger, namespace, operationId, { size: 500, outcome: 'failed' });
      expect(items).toMatchObject([{ workflowId: `started-on-bad-${taskQueue}` }]);
    },
    600_000 + COUNT * 3_000,
  );
});
