import { OperationFailure } from '../../api/failures';
import { executeItems } from '../../operations/batch/execute-items';
import type { BatchItem } from '../../operations/batch/batch';
import type { NamespaceClient } from '../../operations/temporal/namespace-client';
import { BatchTestWorker } from '../support/batch-test-worker';
import { createLedger } from '../support/ledger-table';
import { ann } from '../support/rewind';
import { ScriptedWorkflow, testConnection } from '../support/scripted-workflow';
import { withCall } from '../support/with-call';

/* The attempts at an item of a batch operation, and the items that it skips. */

const connection = testConnection();
let worker: BatchTestWorker;
let operationId: string;
beforeAll(async () => {
  worker = await BatchTestWorker.create(await createLedger());
});
beforeEach(async () => {
  operationId = await worker.startBatch({ workflows: ['not-there'] });
});
afterAll(() => worker.close());

/** Executes items without the pauses between their attempts. */
function execute(items: BatchItem[], action: 'cancel' | 'reset', client: NamespaceClient) {
  const target = action === 'reset' ? ({ at: 'lastWorkflowTask' } as const) : undefined;
  const request = { action, target, reason: 'bad deploy', ratePerSecond: 200, maxWorkflows: 10 };
  const page = { operationId, actor: ann, request, items, matchedAt: new Date().toISOString() };
  const pauses: number[] = [];
  const pause = async (milliseconds: number) => void pauses.push(milliseconds);
  const pacing = { stop: new AbortController().signal, onProgress: () => {}, pause };
  return executeItems(worker.dependencies, client, page, pacing).then(({ progress }) => ({ progress, pauses }));
}

test('an item that Temporal throttles fails after twelve attempts, with a pause after each before', async () => {
  const { workflowId } = await ScriptedWorkflow.start(connection);
  let attempts = 0;
  const throttling = withCall(worker.client, 'requestCancel', () => {
    attempts += 1;
    return Promise.reject(new OperationFailure('throttled', 'Temporal is limiting calls.', { retryAfterSeconds: 3 }));
  });

  const { progress, pauses } = await execute([{ workflowId }], 'cancel', throttling);

  expect(attempts).toBe(12);
  expect(pauses.filter((milliseconds) => milliseconds === 3_000)).toHaveLength(11);
  expect(progress).toMatchObject({ done: 1, outcomes: {}, failed: { throttled: 1 } });
});

test('an older run of a workflow is skipped by a reset, and its latest run is reset', async () => {
  const old = await ScriptedWorkflow.start(connection);
  await old.completeTask();
  await worker.client.terminate(old, { reason: 'over', identity: 'test', temporalRequestId: old.runId });
  const latest = await ScriptedWorkflow.start(connection, { workflowId: old.workflowId });
  await latest.completeTask();
  const items = [old, latest].map(({ workflowId, runId }) => ({ workflowId, runId }));

  const { progress } = await execute(items, 'reset', worker.client);

  expect(progress).toMatchObject({ done: 1, outcomes: { reset: 1 }, failed: {}, skipped: 1 });
});
