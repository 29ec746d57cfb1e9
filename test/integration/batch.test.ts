import type { BatchOperation } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import type { Operation } from '../../api/operations';
import { randomUUID } from 'node:crypto';
import type { Connection } from '@temporalio/client';
import { cancelBatch, getBatch, listBatchItems, retryRequest } from '../../operations/batch/follow';
import { batch, previewBatch } from '../../operations/batch/start';
import { executeOperation } from '../../operations/execute-operation';
import { callsOver } from '../support/calls-over';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import type { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { eventually } from '../support/eventually';
import { createLedger } from '../support/ledger-table';
import { ManyWorkflows, runConcurrently } from '../support/many-workflows';
import { ann } from '../support/rewind';
import { connectToTestServer, namespace, ScriptedWorkflow } from '../support/scripted-workflow';
import { BatchWorkers } from '../support/batch-workers';

describe('a batch operation', () => {
  let connection: Connection;
  let client: NamespaceClient;
  let ledger: DynamoDbLedger;
  let workers: BatchWorkers;
  const taskQueue = `batch-${randomUUID()}`;
  let workflows: ManyWorkflows;

  beforeAll(async () => {
    connection = connectToTestServer();
    client = new NamespaceClient(namespace, callsOver(connection));
    workers = await BatchWorkers.create();
    ledger = await createLedger();
  });
  beforeEach(() => {
    workflows = new ManyWorkflows(connection);
  });
  afterAll(async () => {
    await workers.close();
    await connection.close();
  });

  const startWorker = () => workers.start(ledger, taskQueue);
  /** The tests share a worker, because it starts slowly. */
  const ensureWorker = async () => workers.count > 0 || (await startWorker());

  const until = (holds: () => Promise<boolean>) => eventually(holds, String(holds), 240_000);

  const dependencies = () => ({ ledger, onRecordFailure: () => {} });
  const request = (fields: Partial<BatchRequest>): BatchRequest => ({
    action: 'cancel',
    query: workflows.query,
    reason: 'bad deploy',
    ratePerSecond: 200,
    maxWorkflows: 10_000,
    ...fields,
  });
  const start = async (fields: Partial<BatchRequest>, queue = taskQueue) =>
    (await execute(request(fields), queue)).answer;
  const execute = (batchRequest: BatchRequest, queue: string, requestId?: string) =>
    executeOperation({ ...dependencies(), taskQueue: queue }, client, batch, {
      actor: ann,
      request: batchRequest,
      requestId,
    });

  async function ended(operationId: string): Promise<BatchOperation> {
    const answer = async () => {
      const progress = await getBatch(ledger, client, operationId);
      return progress.state !== 'running' && progress;
    };
    return eventually(answer, `batch operation ${operationId} to end`, 240_000);
  }

  async function allItems(operationId: string, outcome?: 'failed' | 'succeeded'): Promise<Operation[]> {
    const items: Operation[] = [];
    let token: string | undefined;
    do {
      const page = await listBatchItems(ledger, namespace, operationId, { size: 500, token, outcome });
      items.push(...page.items);
      token = page.nextPageToken;
    } while (token !== undefined);
    return items;
  }

  test('cancels 300 workflows once each, with reason and actor, although its worker is killed three times', async () => {
    await Promise.all([workflows.start(300), ensureWorker()]);
    const { operationId, matched } = await start({ ratePerSecond: 40 });
    expect(matched).toBe(300);

    for (const share of [0.15, 0.35, 0.6]) {
      await until(async () => (await getBatch(ledger, client, operationId)).done >= share * 300);
      await workers.killAll();
      expect((await getBatch(ledger, client, operationId)).done).toBeLessThan(300);
      await startWorker();
    }

    const answer = await ended(operationId);
    expect(answer).toEqual(expect.objectContaining({ state: 'completed', done: 300, failed: {}, skipped: 0 }));
    const items = await allItems(operationId);
    expect(items).toHaveLength(300);
    expect(
      items.every(
        ({ state, outcome, actor }) => state === 'completed' && outcome === 'requested' && actor.id === ann.id,
      ),
    ).toBe(true);
    await runConcurrently(300, async (index) => {
      const { operationId: itemId, workflowId } = items[index]!;
      const { events } = await client.historyReverse({ workflowId, runId: items[index]!.runId! }, 10);
      const cancelRequests = events.flatMap((event) => event.workflowExecutionCancelRequestedEventAttributes ?? []);
      expect({ workflowId, cancelRequests }).toMatchObject({
        cancelRequests: [{ identity: ann.id, cause: `bad deploy [rewind ${itemId} by ${ann.id}]` }],
      });
    });
  }, 300_000);

  test('resets each of 60 workflows once, although 10 of them match with two runs', async () => {
    await workflows.start(10);
    await workflows.complete(10);
    await workflows.start(60);
    await workflows.complete(60);
    await ensureWorker();

    const { operationId, matched } = await start({
      action: 'reset',
      target: { at: 'lastWorkflowTask' },
      ratePerSecond: 1_000,
    });

    expect(matched).toBe(70);
    const { state, done, outcomes, failed, skipped } = await ended(operationId);
    expect({ state, done, outcomes, failed, skipped }).toEqual({
      state: 'completed',
      done: 60,
      outcomes: { reset: 60 },
      failed: {},
      skipped: 10,
    });
    await until(async () => (await workflows.count()) >= 130);
    expect(await workflows.count()).toBe(130);
  }, 300_000);

  test('that is cancelled halfway stops, and counts exactly the workflows that it changed', async () => {
    await workflows.start(150);
    await ensureWorker();
    const { operationId } = await start({ ratePerSecond: 30 });
    await until(async () => (await getBatch(ledger, client, operationId)).done >= 20);

    await cancelBatch(dependencies(), client, operationId, { actor: ann, request: { reason: 'enough' } });

    const answer = await ended(operationId);
    expect(answer).toMatchObject({ state: 'cancelled', matched: 150 });
    expect(answer.done).toBeLessThan(150);
    const items = await allItems(operationId);
    expect(items).toHaveLength(answer.done);
    const cancelled = (await Promise.all(
      Array.from({ length: 150 }, async (_, index) => {
        const described = await client.describe({ workflowId: workflows.id(index) });
        return described.workflowExtendedInfo?.cancelRequested ? 1 : 0;
      }),
    )) as number[];
    expect(cancelled.reduce((sum, one) => sum + one, 0)).toBe(answer.done);
  });

  test('that is stopped after its worker was killed counts the items that the worker changed after its last heartbeat', async () => {
    await workflows.start(100);
    await ensureWorker();
    const changed = Array.from({ length: 100 }, (_, index) => workflows.id(index));
    const missing = changed.map((workflowId) => `missing-${workflowId}`);
    const mixed = changed.flatMap((workflowId, index) => [workflowId, missing[index]!]);
    const { operationId } = await start({ query: undefined, workflows: mixed, ratePerSecond: 30 });
    await until(async () => (await allItems(operationId)).length >= 60);
    await workers.killAll();
    await cancelBatch(dependencies(), client, operationId, { actor: ann, request: { reason: 'enough' } });
    await startWorker();

    const { state, done, outcomes, failed } = await ended(operationId);
    const items = await allItems(operationId);
    const counted: Record<string, number> = {};
    for (const item of items) {
      const kind = item.state === 'completed' ? item.outcome : (item.failure?.kind ?? 'operation-in-progress');
      counted[kind!] = (counted[kind!] ?? 0) + 1;
    }
    expect({ state, done, counted: { ...outcomes, ...failed } }).toEqual({
      state: 'cancelled',
      done: items.length,
      counted,
    });
    expect(outcomes['requested']).toBe(items.filter(({ outcome }) => outcome === 'requested').length);
    await runConcurrently(100, async (index) => {
      const described = await client.describe({ workflowId: workflows.id(index) });
      const item = items.find(({ workflowId }) => workflowId === workflows.id(index));
      expect(item?.state === 'completed').toBe(described.workflowExtendedInfo?.cancelRequested);
    });
  });

  test('lists failed items with the reason, and retries them', async () => {
    const late = `${workflows.type}-late`;
    await workflows.start(1);
    await ensureWorker();
    const { operationId } = await start({ query: undefined, workflows: [workflows.id(0), late] });
    expect(await ended(operationId)).toMatchObject({
      state: 'completed',
      done: 2,
      outcomes: { requested: 1 },
      failed: { 'workflow-not-found': 1 },
    });
    expect(await allItems(operationId, 'failed')).toMatchObject([
      { workflowId: late, state: 'refused', failure: { kind: 'workflow-not-found' } },
    ]);
    await ScriptedWorkflow.start(connection, { workflowId: late });

    const retry = await retryRequest(ledger, namespace, operationId);
    const { operationId: retried } = await start(retry);

    expect(await ended(retried)).toMatchObject({ state: 'completed', done: 1, outcomes: { requested: 1 } });
  });

  test('is in the worker’s log with the request id that started it, and in its metrics when the worker drains', async () => {
    await workflows.start(2);
    const ownTaskQueue = `batch-${randomUUID()}`;
    const worker = await workers.start(ledger, ownTaskQueue);
    const { answer } = await execute(request({}), ownTaskQueue, 'request-7');
    await ended(answer.operationId);

    const { operationId } = answer;
    expect(await worker.waitForLog('A page of a batch operation is done')).toMatchObject({
      operationId,
      requestId: 'request-7',
      done: 2,
    });
    const lines = worker.log.filter(({ message }) => message === 'operation');
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).toMatchObject({
        level: 'INFO',
        service: 'rewind-worker',
        batchOperationId: operationId,
        requestId: 'request-7',
        verb: 'cancel',
        outcome: 'requested',
        spentMs: { ledger: expect.any(Number), temporal: expect.any(Number) },
      });
    }
    await worker.stop();
    const latencies = worker.metrics.flatMap(({ values }) => values['TemporalLatency'] ?? []);
    expect(latencies.length).toBeGreaterThanOrEqual(4);
  });

  test('previews the count, a sample, and the effect of a reset', async () => {
    await workflows.start(3);
    await workflows.complete(3);

    const preview = await previewBatch(
      client,
      request({ action: 'reset', target: { at: 'firstWorkflowTask' }, maxWorkflows: 2 }),
    );

    expect(preview).toMatchObject({ outcome: 'preview', matched: 3, tooMany: true });
    expect(preview.sample).toHaveLength(3);
    expect(preview.sample[0]?.reset).toMatchObject({ outcome: 'preview', eventId: expect.any(Number) });
  });

  test('without a worker returns workerPolling false, and completes once a worker polls', async () => {
    await workflows.start(1);

    const unpolled = `unpolled-${randomUUID()}`;
    const answer = await start({}, unpolled);

    expect(answer).toMatchObject({
      state: 'running',
      workerPolling: false,
      explanation: expect.stringMatching(new RegExp(`"${unpolled}".*"engine": "server"`)),
    });
    await workers.start(ledger, unpolled);
    expect(await ended(answer.operationId)).toMatchObject({ state: 'completed', done: 1 });
  });

  test.each([
    ['a misspelt attribute', { query: "WorkflowTyp = 'x'" }, { kind: 'invalid-request', details: { field: 'query' } }],
    ['an invalid query', { query: 'cancel everything' }, { kind: 'invalid-request', details: { field: 'query' } }],
    [
      'more matches than allowed',
      { maxWorkflows: 1 },
      { kind: 'too-many-matches', details: { value: 1, allowed: 'at least 2, or a narrower query' } },
    ],
  ])('is refused for %s', async (_what, fields, failure) => {
    await workflows.start(2);

    await expect(start(fields)).rejects.toMatchObject(failure);
  });

  test('that matches nothing completes immediately', async () => {
    expect(await start({})).toMatchObject({ outcome: 'nothingMatched', state: 'completed', matched: 0 });
  });
});
