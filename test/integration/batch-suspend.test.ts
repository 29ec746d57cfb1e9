import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { listBatches, listBatchItems } from '../../operations/batch/follow';
import { describeExecution } from '../../operations/temporal/executions';
import type { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { BatchTestWorker } from '../support/batch-test-worker';
import { eventually } from '../support/eventually';
import { createLedger } from '../support/ledger-table';
import { suspendedSeconds } from '../support/load-parameters';
import { namespace } from '../support/scripted-workflow';

describe('a batch operation that is suspended', () => {
  let ledger: DynamoDbLedger;
  let worker: BatchTestWorker;

  beforeAll(async () => {
    ledger = await createLedger();
  });
  beforeEach(async () => {
    worker = await BatchTestWorker.create(ledger);
  });
  afterEach(() => worker.close());

  const ids = (count: number) => Array.from({ length: count }, (_, index) => `missing-${randomUUID()}-${index}`);
  const items = async (operationId: string) =>
    (await listBatchItems(ledger, namespace, operationId, { size: 500 })).items;
  const done = (operationId: string, count: number) =>
    eventually(async () => (await worker.progress(operationId)).done >= count, `${count} done`, 60_000);

  /** Until nothing can start an item: the workflow waits for a signal, without an activity. */
  const untilWaiting = (operationId: string) =>
    eventually(async () => {
      const { description } = await describeExecution(worker.client, { workflowId: `rewind-batch-${operationId}` });
      return description.pendingActivities.length === 0 && !description.pendingWorkflowTask;
    }, 'no activity');

  test(
    'starts no item, on another worker either, soon waits without an activity, and continues on a signal',
    async () => {
      const grace = { shutdownGraceTime: '300 ms', shutdownForceTime: '10 s' } as const;
      await worker.start(grace);
      const operationId = await worker.startBatch({ workflows: ids(80), ratePerSecond: 20 });
      await done(operationId, 10);

      expect(await worker.changeSuspension('suspend', operationId)).toMatchObject({ outcome: 'suspended' });
      await worker.stop();
      // The worker records the items in progress before it stops.
      const recorded = (await items(operationId)).length;
      await worker.start(grace);
      const suspendedFor = sleep(suspendedSeconds * 1_000);
      expect(await worker.changeSuspension('suspend', operationId)).toMatchObject({ outcome: 'alreadySuspended' });
      expect(await worker.progress(operationId)).toMatchObject({ state: 'suspended', suspendedAt: expect.any(String) });
      expect(await worker.progress(operationId)).not.toHaveProperty('secondsLeft');
      const listed = await listBatches(ledger, namespace, 'suspended', { size: 10 });
      expect(listed.batchOperations.map((batch) => batch.operationId)).toContain(operationId);
      await Promise.all([suspendedFor, untilWaiting(operationId)]);
      expect(await items(operationId)).toHaveLength(recorded);
      expect(await worker.progress(operationId)).not.toHaveProperty('stuck');
      expect(recorded).toBeLessThan(80);

      expect(await worker.changeSuspension('resume', operationId)).toMatchObject({
        outcome: 'resumed',
        state: 'running',
      });
      expect(await worker.changeSuspension('resume', operationId)).toMatchObject({ outcome: 'notSuspended' });
      expect(await worker.waitForEnd(operationId)).toMatchObject({ state: 'completed', done: 80 });
      expect(await items(operationId)).toHaveLength(80);
      expect(await worker.changeSuspension('suspend', operationId)).toMatchObject({ outcome: 'alreadyEnded' });
    },
    120_000 + suspendedSeconds * 1_000,
  );

  test('can be cancelled', async () => {
    await worker.start();
    const operationId = await worker.startBatch({ workflows: ids(20), ratePerSecond: 5 });
    await done(operationId, 2);
    await worker.changeSuspension('suspend', operationId);
    await worker.stopBatch(operationId);
    expect(await worker.waitForEnd(operationId)).toMatchObject({ state: 'cancelled' });
  });
});
