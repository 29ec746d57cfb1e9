import { randomUUID } from 'node:crypto';
import { OperationFailure } from '../../api/failures';
import type { BatchInput } from '../../operations/batch/batch';
import { noProgress } from '../../operations/batch/batch';
import { getBatch, listBatchItems, retryRequest } from '../../operations/batch/follow';
import { verbs } from '../../operations/index';
import { unsettledMetrics } from '../../operations/metrics';
import { pendingActivities } from '../../operations/pending-activities';
import { InMemoryLedger } from '../support/in-memory-ledger';
import type { Ledger, OperationRecord } from '../../operations/ledger/ledger';
import { describeExecution } from '../../operations/temporal/executions';
import { findTemporalCli } from '../../local/temporal/temporal-cli';
import { startTemporalServer } from '../../local/temporal/server';
import type { TemporalServer } from '../../local/temporal/server';
import { createBatchActivities } from '../../worker/activities/batch';
import { BatchTestWorker } from '../support/batch-test-worker';
import { eventually } from '../support/eventually';
import { createLedger } from '../support/ledger-table';
import { ManyWorkflows, runConcurrently } from '../support/many-workflows';
import { quickDeletionFlags } from '../support/quick-deletion';
import { withCall } from '../support/with-call';
import { ann } from '../support/rewind';
import { continueAsNew, namespace, ScriptedWorkflow } from '../support/scripted-workflow';

/*
 * On a separate server, whose settings make batch workflows continue as new after each page. These tests are about workflows and
 * workers, so their ledger is in memory, which passes the same tests as DynamoDB's and takes half the time; the other files
 * about batch operations use DynamoDB.
 */
describe('a batch operation', () => {
  let server: TemporalServer;
  let ledger: InMemoryLedger;
  let worker: BatchTestWorker;
  let workflows: ManyWorkflows;

  beforeAll(async () => {
    const dynamicConfig = ['limit.historyCount.suggestContinueAsNew=8', ...quickDeletionFlags];
    server = await startTemporalServer({ cli: await findTemporalCli(), dynamicConfig });
    ledger = new InMemoryLedger();
  });
  beforeEach(async () => {
    worker = await BatchTestWorker.create(ledger, server.address);
    workflows = new ManyWorkflows(worker.connection);
  });
  afterEach(() => worker.close());
  afterAll(() => server.stop());

  const ids = (count: number) => Array.from({ length: count }, (_, index) => `missing-${workflows.type}-${index}`);
  const workflowOf = (operationId: string) => `rewind-batch-${operationId}`;
  const attribution = (reason: string) => ({ reason, identity: 'test', temporalRequestId: randomUUID() });
  const done = (operationId: string, count: number, by = worker) =>
    eventually(async () => (await by.progress(operationId)).done >= count, `${count} done`, 60_000);

  /** Starts open workflows with one completed workflow task. */
  async function startResettable(count: number): Promise<void> {
    await workflows.start(count);
    const anyWorkflow = ScriptedWorkflow.attach(worker.connection, workflows.type);
    await runConcurrently(count, () => anyWorkflow.completeTask());
  }

  async function items(operationId: string, from: Ledger = ledger) {
    const all = [];
    let token: string | undefined;
    do {
      const page = await listBatchItems(from, namespace, operationId, { size: 500, token });
      all.push(...page.items);
      token = page.nextPageToken;
    } while (token !== undefined);
    return all;
  }

  describe('that is stopped', () => {
    test.each([
      [0.01, 1],
      [5, 3],
      [150, 20],
    ])('at %f workflows per second starts no item after the response, and ends soon', async (ratePerSecond, first) => {
      await worker.start();
      const operationId = await worker.startBatch({ workflows: ids(800), ratePerSecond });
      await eventually(async () => (await items(operationId)).length >= first, 'the first items');

      await worker.stopBatch(operationId);
      const respondedAt = new Date().toISOString();

      const stoppedAt = Date.now();
      const answer = await worker.waitForEnd(operationId);
      // The slowest would start its next item after 100 s.
      expect(Date.now() - stoppedAt).toBeLessThan(60_000);
      const started = await items(operationId);
      expect(answer).toMatchObject({ state: 'cancelled', done: started.length, stopRequestedAt: expect.any(String) });
      expect(started.filter(({ requestedAt }) => requestedAt > respondedAt)).toEqual([]);
    });

    test('while no worker polls starts no item later', async () => {
      const operationId = await worker.startBatch({ workflows: ids(5) });
      await worker.stopBatch(operationId);
      await worker.start();
      expect(await worker.waitForEnd(operationId)).toMatchObject({ state: 'cancelled', done: 0 });
      expect(await items(operationId)).toEqual([]);
    });

    test('while its activity is paused counts the items of its page, also those whose result was not recorded', async () => {
      await workflows.start(50);
      let isDown = true;
      const unreliable = withCall(ledger, 'complete', (record, result) =>
        isDown && result.state === 'completed'
          ? Promise.reject(new OperationFailure('ledger-unavailable', 'DynamoDB refuses it.'))
          : ledger.complete(record, result),
      );
      await worker.start({ activities: createBatchActivities({ ...worker.batchDependencies, ledger: unreliable }) });
      const mixed = ids(50).flatMap((missing, index) => [workflows.id(index), missing]);
      const operationId = await worker.startBatch({ workflows: mixed, ratePerSecond: 10 });
      await done(operationId, 10);
      await pauseActivity(operationId);
      isDown = false;
      await worker.stopBatch(operationId);

      const answer = await worker.waitForEnd(operationId);
      const started = await items(operationId);
      const requested = started.filter(({ outcome }) => outcome === 'requested').length;
      expect(requested).toBeGreaterThanOrEqual(5);
      expect(answer).toMatchObject({ state: 'cancelled', done: started.length });
      expect(answer.outcomes).toEqual({ requested });
      expect(answer.failed).toEqual({ 'workflow-not-found': started.length - requested });
    });

    test('on a worker of an earlier release, which cannot count them, ends without these items', async () => {
      await worker.start();
      const operationId = await worker.startBatch({ workflows: ids(100), ratePerSecond: 10 });
      await done(operationId, 10);
      await pauseActivity(operationId);
      await worker.stop();
      const activities = Object.entries(createBatchActivities(worker.batchDependencies));
      await worker.start({ activities: Object.fromEntries(activities.filter(([name]) => name !== 'countBatchItems')) });
      await worker.stopBatch(operationId);
      expect(await worker.waitForEnd(operationId)).toMatchObject({ state: 'cancelled', done: 0 });
    });

    test('but whose workflow receives no cancellation reads the stop from the ledger', async () => {
      await worker.start();
      const operationId = await worker.startBatch({ workflows: ids(800), ratePerSecond: 100 });
      await done(operationId, 10);
      await ledger.requestBatchStop(operationId, 'op-stop');
      const answer = await worker.waitForEnd(operationId);
      expect(answer.state).toBe('cancelled');
      expect(answer.done).toBeLessThan(800);
      expect(await items(operationId)).toHaveLength(answer.done);
    });

    test.each([0, 1, 2, 3])(
      'by a cancellation of its workflow around a continue-as-new is cancelled (attempt %i)',
      async (attempt) => {
        await worker.start();
        const operationId = await worker.startBatch({ workflows: ids(1_650), ratePerSecond: 200 });
        await done(operationId, 180 + 6 * attempt);
        await worker.connection.workflowService.requestCancelWorkflowExecution({
          namespace,
          workflowExecution: { workflowId: workflowOf(operationId) },
        });
        const answer = await worker.waitForEnd(operationId);
        expect(answer.state).toBe('cancelled');
        expect(answer.done).toBeLessThan(1_650);
        expect(await items(operationId)).toHaveLength(answer.done);
      },
    );
  });

  const activityOf = (operationId: string) => ({
    namespace,
    execution: { workflowId: workflowOf(operationId) },
    type: 'performBatchItems',
    identity: 'test',
  });

  /** Pauses the activity of a page, and waits until the worker has completed and counted the items in progress. */
  async function pauseActivity(operationId: string): Promise<void> {
    await worker.connection.workflowService.pauseActivity(activityOf(operationId));
    const isPaused = async () => {
      const workflow = await describeExecution(worker.client, { workflowId: workflowOf(operationId) });
      return pendingActivities(workflow)[0]?.state === 'Paused';
    };
    await eventually(isPaused, 'the activity to be paused');
  }

  describe('loses and repeats no item', () => {
    test('when its worker shuts down in the middle of a page, twice', async () => {
      const grace = { shutdownGraceTime: '300 ms', shutdownForceTime: '10 s' } as const;
      await worker.start(grace);
      const operationId = await worker.startBatch({ workflows: ids(120), ratePerSecond: 20 });
      for (const count of [20, 40]) {
        await done(operationId, count);
        await worker.stop();
        expect(await worker.progress(operationId)).toMatchObject({ state: 'running' });
        await worker.start(grace);
      }
      expect(await worker.waitForEnd(operationId)).toMatchObject({
        state: 'completed',
        done: 120,
        failed: { 'workflow-not-found': 120 },
      });
      expect(await items(operationId)).toHaveLength(120);
    });

    test('when its activity is reset', async () => {
      await worker.start();
      const operationId = await worker.startBatch({ workflows: ids(80), ratePerSecond: 20 });
      await done(operationId, 10);
      await worker.connection.workflowService.resetActivity(activityOf(operationId));
      expect(await worker.waitForEnd(operationId)).toMatchObject({ state: 'completed', done: 80 });
      expect(await items(operationId)).toHaveLength(80);
    });

    test('when its activity is paused and unpaused', async () => {
      await worker.start();
      const operationId = await worker.startBatch({ workflows: ids(100), ratePerSecond: 10 });
      await done(operationId, 10);
      await pauseActivity(operationId);
      const paused = await worker.progress(operationId);
      await new Promise((resolve) => {
        setTimeout(resolve, 1_500);
      });
      expect(await worker.progress(operationId)).toMatchObject({ state: 'running', done: paused.done });
      await worker.connection.workflowService.unpauseActivity(activityOf(operationId));
      expect(await worker.waitForEnd(operationId)).toMatchObject({ state: 'completed', done: 100 });
      expect(await items(operationId)).toHaveLength(100);
    });
  });

  describe('whose workflow is reset by another tool', () => {
    async function resetWorkflow(operationId: string): Promise<void> {
      const workflowId = workflowOf(operationId);
      const described = await worker.client.describe({ workflowId });
      const runId = described.workflowExecutionInfo?.execution?.runId ?? '';
      await worker.client.reset({ workflowId, runId }, 4, attribution('again'));
      await eventually(async () => {
        const { workflowExecutionInfo: info } = await worker.client.describe({ workflowId });
        return info?.execution?.runId !== runId && info?.closeTime;
      }, 'the new run to close');
    }
    const openCount = async () => workflows.count("ExecutionStatus = 'Running'");

    test('ends at once if it had completed, and leaves workflows alone that were started since', async () => {
      await workflows.start(3);
      await worker.start();
      const operationId = await worker.startBatch({ action: 'terminate', query: workflows.query });
      const before = await worker.waitForEnd(operationId);
      expect(before).toMatchObject({ state: 'completed', done: 3, outcomes: { terminated: 3 } });
      await workflows.waitForCount(0, "ExecutionStatus = 'Running'");
      await workflows.start(5);

      await resetWorkflow(operationId);

      expect(await openCount()).toBe(5);
      expect(await worker.progress(operationId)).toEqual(before);
      expect(await items(operationId)).toHaveLength(3);
    });

    test('ends at once if it had been stopped', async () => {
      await workflows.start(100);
      await worker.start();
      const operationId = await worker.startBatch({ action: 'terminate', query: workflows.query, ratePerSecond: 5 });
      await done(operationId, 3);
      await worker.stopBatch(operationId);
      const before = await worker.waitForEnd(operationId);

      await resetWorkflow(operationId);

      expect(await worker.progress(operationId)).toEqual(before);
      await workflows.waitForCount(100 - before.done, "ExecutionStatus = 'Running'");
    });

    test('continues if it was running, and repeats no item', async () => {
      await startResettable(40);
      await worker.start();
      const operationId = await worker.startBatch({
        action: 'reset',
        query: workflows.query,
        target: { at: 'firstWorkflowTask' },
        ratePerSecond: 10,
      });
      await done(operationId, 5);
      await resetWorkflow(operationId);
      expect(await worker.waitForEnd(operationId)).toMatchObject({ state: 'completed' });
      await workflows.waitForCount(80);
    });
  });

  test('that resets running workflows by query counts each once', async () => {
    await startResettable(210);
    await worker.start();
    const operationId = await worker.startBatch({
      action: 'reset',
      query: workflows.query,
      target: { at: 'firstWorkflowTask' },
      maxWorkflows: 210,
    });
    const answer = await worker.waitForEnd(operationId);
    expect(answer).toMatchObject({ state: 'completed', matched: 210, done: 210, outcomes: { reset: 210 } });
    expect(await items(operationId)).toHaveLength(210);
  });

  test('of resets fails for a workflow that continues as new between the query and its turn, and a retry resets the latest run', async () => {
    const { connection, client } = worker;
    const start = async () => {
      const workflow = await ScriptedWorkflow.start(connection, { type: workflows.type });
      await workflow.completeTask();
      return workflow;
    };
    const [staying, continuing] = [await start(), await start()];
    await eventually(async () => (await client.countWorkflows(workflows.query)) === 2, 'both in visibility');
    const continuingMeanwhile = withCall(client, 'listWorkflows', async (...page) => {
      const listed = await client.listWorkflows(...page);
      if (page[1] > 1 && (await continuing.currentRunId()) === continuing.runId) {
        await continuing.signal('next');
        await continuing.completeTask(continueAsNew);
      }
      return listed;
    });
    Object.defineProperty(worker, 'client', { value: continuingMeanwhile });
    await worker.start();

    const operationId = await worker.startBatch({
      action: 'reset',
      query: workflows.query,
      target: { at: 'firstWorkflowTask' },
    });

    const progress = await worker.waitForEnd(operationId);
    const counts = { matched: 2, done: 2, outcomes: { reset: 1 }, failed: { conflict: 1 }, skipped: 0 };
    expect(progress).toMatchObject({ state: 'completed', ...counts });
    const { runId: listed, workflowId } = continuing;
    const latest = await continuing.currentRunId();
    const message = `The current run of workflow "${workflowId}" is ${latest}, not ${listed}. Nothing was done.`;
    expect(progress.failureExamples).toEqual({ conflict: { workflowId, message } });
    expect(await staying.currentRunId()).not.toBe(staying.runId);

    const fields = { target: { at: 'firstWorkflowTask' } } as const;
    await continuing.completeTask();
    const retry = await worker.execute(await retryRequest(ledger, namespace, operationId, fields));
    expect(await worker.waitForEnd(retry.answer.operationId)).toMatchObject({ done: 1, outcomes: { reset: 1 } });
    expect(await continuing.currentRunId()).not.toBe(latest);
  });

  test.each(['cancel', 'reset'] as const)(
    'to %s changes at most maxWorkflows, although more match by the time that it lists them, and says so',
    async (action) => {
      await startResettable(3);
      const target = action === 'reset' ? { target: { at: 'firstWorkflowTask' as const } } : {};
      const operationId = await worker.startBatch({ action, query: workflows.query, maxWorkflows: 3, ...target });
      for (let count = 4; count <= 8; count += 1) {
        const another = await ScriptedWorkflow.start(worker.connection, { type: workflows.type });
        await another.completeTask();
      }
      await workflows.waitForCount(8);
      await worker.start();

      expect(await worker.waitForEnd(operationId)).toMatchObject({
        state: 'failed',
        matched: 3,
        done: 3,
        failed: {},
        failure: 'More workflows match now than maxWorkflows allows, which is 3: no further workflows were started.',
      });
      expect(await items(operationId)).toHaveLength(3);
    },
  );

  test('that was stopped leaves to a retry no more workflows than it had not begun, although more match by then', async () => {
    await workflows.start(3);
    await worker.start();
    const operationId = await worker.startBatch({ query: workflows.query, ratePerSecond: 0.01 });
    await done(operationId, 1);
    await worker.stopBatch(operationId);
    await worker.waitForEnd(operationId);
    for (let count = 4; count <= 6; count += 1) {
      await ScriptedWorkflow.start(worker.connection, { type: workflows.type });
    }
    await workflows.waitForCount(6);

    const request = await retryRequest(ledger, namespace, operationId, { outcome: 'notBegun' });
    const { answer } = await worker.execute({ ...request, ratePerSecond: 200 });

    expect(answer.matched).toBe(2);
    expect(await worker.waitForEnd(answer.operationId)).toMatchObject({ state: 'failed', matched: 2, done: 2 });
  });

  test('that has completed leaves nothing to a retry if workflows left its query before it listed them', async () => {
    await workflows.start(3);
    const operationId = await worker.startBatch({ query: workflows.query });
    await worker.client.terminate({ workflowId: workflows.id(0), runId: '' }, attribution('left'));
    await workflows.waitForCount(2, 'CloseTime IS NULL');
    await worker.start();
    expect(await worker.waitForEnd(operationId)).toMatchObject({ state: 'completed', matched: 3, done: 2 });

    await ScriptedWorkflow.start(worker.connection, { type: workflows.type });
    await workflows.waitForCount(3, 'CloseTime IS NULL');
    const page = { size: 10, outcome: 'notBegun' } as const;
    const { notBegun } = await listBatchItems(ledger, namespace, operationId, page, async () => worker.client);
    expect(notBegun).toEqual([]);
    const request = await retryRequest(ledger, namespace, operationId, { outcome: 'notBegun' });
    await expect(worker.execute(request)).rejects.toMatchObject({ kind: 'conflict' });
  });

  test('of more ids than a record holds completes, and is retried by reference, once per idempotency key', async () => {
    const inDynamoDb = await createLedger();
    const other = await BatchTestWorker.create(inDynamoDb, server.address);
    const long = Array.from({ length: 450 }, (_, index) => `${index}-${workflows.type}-`.padEnd(1_000, 'x'));
    await other.start();
    const operationId = await other.startBatch({ workflows: long });
    await done(operationId, 100, other);
    const retry = await retryRequest(inDynamoDb, namespace, operationId);
    const key = randomUUID();
    const first = await other.execute(retry, key);
    await other.stopBatch(first.answer.operationId);
    await other.waitForEnd(operationId);

    const second = await other.execute(await retryRequest(inDynamoDb, namespace, operationId), key);

    expect(second).toEqual({ ...first, replayed: true });
    const retried = await other.execute(retry, randomUUID());
    expect(retried.answer).toMatchObject({ outcome: 'started', matched: 450 });
    const answer = await other.waitForEnd(retried.answer.operationId);
    expect(answer).toMatchObject({ state: 'completed', done: 450, failed: { 'workflow-not-found': 450 } });
    const acted = (await items(retried.answer.operationId, inDynamoDb)).map(({ workflowId }) => workflowId);
    expect(acted.toSorted()).toEqual(long.toSorted());
    for (const id of [operationId, retried.answer.operationId]) {
      // It contains one failed id, as an example.
      expect(JSON.stringify(await inDynamoDb.find(id)).length).toBeLessThan(5_000);
    }
    await other.close();
  }, 240_000);

  test('whose list is no longer in the ledger fails with that reason', async () => {
    const operationId = await worker.startBatch({ workflows: ids(3) });
    const emptied = withCall(ledger, 'findListPage', async () => undefined);
    const other = await BatchTestWorker.create(emptied, server.address, worker.taskQueue);
    await other.start();
    expect(await worker.waitForEnd(operationId)).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('no longer has the list'),
    });
    await other.close();
  });

  test.each(['list', 'query'])(
    'of a %s that the worker of another deployment takes changes nothing, and fails with that reason',
    async (by) => {
      await workflows.start(2);
      await workflows.waitForCount(2);
      const operationId = await worker.startBatch(by === 'list' ? { workflows: ids(2) } : { query: workflows.query });
      const other = await BatchTestWorker.create(new InMemoryLedger(), server.address, worker.taskQueue);
      await other.start();
      expect(await worker.waitForEnd(operationId)).toMatchObject({
        state: 'failed',
        done: 0,
        failure: expect.stringMatching(/The ledger of the worker has no batch operation op-.*task queue of its own/),
      });
      await other.close();
    },
  );

  test('whose worker fails at each attempt returns the failure, and completes once the ledger responds', async () => {
    const operationId = await worker.startBatch({ workflows: ids(3) });
    let isDown = true;
    const unreliable = withCall(ledger, 'findListPage', (...page) =>
      isDown
        ? Promise.reject(new OperationFailure('ledger-unavailable', 'DynamoDB refuses it.'))
        : ledger.findListPage(...page),
    );
    const other = await BatchTestWorker.create(unreliable, server.address, worker.taskQueue);
    await other.start();
    try {
      // Only between attempts: a running attempt may succeed.
      const failing = await eventually(async () => {
        const progress = await worker.progress(operationId);
        return progress.stuck?.includes('activityFailing') && progress;
      }, 'activityFailing');
      expect(failing).toMatchObject({
        state: 'running',
        lastFailure: expect.stringContaining('DynamoDB refuses it.'),
      });
      isDown = false;
      const ended = await worker.waitForEnd(operationId);
      expect(ended).toMatchObject({ state: 'completed', done: 3 });
      expect(ended.lastFailure).toBeUndefined();
    } finally {
      await other.close();
    }
  });

  test('of a long list keeps its history small', async () => {
    const list = ids(5_000);
    expect(JSON.stringify(list).length).toBeGreaterThan(250_000);
    await worker.start();
    const operationId = await worker.startBatch({ workflows: list });
    await done(operationId, 205);
    await worker.stopBatch(operationId);
    await worker.waitForEnd(operationId);
    const runs = await eventually(async () => {
      const runIds = await worker.client.listRunIds(workflowOf(operationId), 100);
      return runIds.length > 1 && runIds;
    }, 'visibility to have the second run');
    for (const id of runs) {
      const { workflowExecutionInfo: info } = await worker.client.describe({
        workflowId: workflowOf(operationId),
        runId: id,
      });
      expect(Number(info?.historySizeBytes)).toBeLessThan(150_000);
    }
  });

  test.each([
    ['cancel', 'requested'],
    ['terminate', 'terminated'],
  ] as const)('to %s follows workflows that continue as new before the change', async (action, outcome) => {
    const matching = await Promise.all(
      Array.from({ length: 4 }, () =>
        ScriptedWorkflow.start(worker.connection, { type: workflows.type, taskQueue: randomUUID() }),
      ),
    );
    await workflows.waitForCount(4);
    const operationId = await worker.startBatch({ action, query: workflows.query, ratePerSecond: 1 });
    // The worker reads the record before each item. After the first item, that read waits until the others have continued.
    let release = () => {};
    const continued = new Promise<void>((resolve) => {
      release = resolve;
    });
    let started = 0;
    const counting = withCall(ledger, 'createIfAbsent', (record) => {
      started += 1;
      return ledger.createIfAbsent(record);
    });
    const holding = withCall(counting, 'find', async (id) => {
      if (started > 0 && id === operationId) await continued;
      return ledger.find(id);
    });
    const other = await BatchTestWorker.create(holding, server.address, worker.taskQueue);
    await other.start();
    await done(operationId, 1);
    const [first] = await items(operationId);
    const others = matching.filter(({ workflowId }) => workflowId !== first?.workflowId);
    await Promise.all(others.map((workflow) => workflow.completeTask(continueAsNew)));
    release();

    expect(await worker.waitForEnd(operationId)).toMatchObject({
      state: 'completed',
      done: 4,
      outcomes: { [outcome]: 4 },
    });
    for (const { runId, workflowId } of others) {
      const run = await describeExecution(worker.client, { workflowId });
      expect(run.runId).not.toBe(runId);
      expect(action === 'cancel' ? run.cancelRequested : run.status === 'Terminated').toBe(true);
    }
    await other.close();
  });

  test('that no worker polls for is stuck, is counted for the alarm, and completes once a worker polls', async () => {
    const operationId = await worker.startBatch({ workflows: ids(3) });
    const counted = async () => {
      const metrics = await unsettledMetrics(ledger, [namespace], Date.now());
      return metrics.find(({ name }) => name === 'StuckBatchOperations')?.value;
    };
    const settle = async () => {
      const record = (await ledger.find(operationId)) as OperationRecord;
      await verbs.batch.settle?.({ ledger, onRecordFailure: () => {} }, worker.client, record);
    };
    await eventually(async () => (await worker.progress(operationId)).stuck?.includes('noPoller'), 'noPoller');
    const throttled = withCall(worker.client, 'describeTaskQueue', () =>
      Promise.reject(new OperationFailure('throttled', 'Temporal is limiting calls.')),
    );
    expect(await getBatch(ledger, throttled, operationId)).toMatchObject({ state: 'running', done: 0 });
    await settle();
    expect(await counted()).toBe(1);

    await worker.start();
    expect(await worker.waitForEnd(operationId)).toMatchObject({ state: 'completed', done: 3 });
    await settle();
    expect(await counted()).toBe(0);
    expect(await ledger.find(operationId)).not.toHaveProperty('stuck');
  });

  describe('returns why it failed', () => {
    test('when Temporal refuses to list', async () => {
      await workflows.start(1);
      const operationId = await worker.startBatch({ query: workflows.query });
      await worker.client.terminate(
        { workflowId: workflowOf(operationId), runId: await currentRun(operationId) },
        attribution('replaced by the test'),
      );
      const record = (await ledger.find(operationId)) as OperationRecord;
      const request = { ...(record.request as BatchInput['request']), query: 'WorkflowType = 1 GROUP BY WorkflowType' };
      const input: BatchInput = { operationId, actor: ann, request, matched: 1, progress: noProgress };
      await worker.connection.workflowService.startWorkflowExecution({
        namespace,
        workflowId: workflowOf(operationId),
        requestId: randomUUID(),
        workflowType: { name: 'batchOperation' },
        taskQueue: { name: worker.taskQueue },
        input: {
          payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(JSON.stringify(input)) }],
        },
      });
      await worker.start();
      expect(await worker.waitForEnd(operationId)).toMatchObject({
        state: 'failed',
        failure: expect.stringMatching(/^Temporal does not understand the query: .* at position \d+ near 'group'$/),
      });
    });

    test('when its workflow was terminated, also once the workflow is deleted', async () => {
      const operationId = await worker.startBatch({ workflows: ids(1) });
      const execution = { workflowId: workflowOf(operationId), runId: await currentRun(operationId) };
      await worker.client.terminate(execution, attribution('by mistake'));
      const failure = 'The workflow that executed it closed as Terminated: by mistake';
      expect(await worker.waitForEnd(operationId)).toMatchObject({ state: 'failed', failure });

      const record = (await ledger.find(operationId)) as OperationRecord;
      expect(record.nextCheckAt).toEqual(expect.any(String));
      await verbs.batch.settle?.({ ledger, onRecordFailure: () => {} }, worker.client, record);
      await deleteWorkflow(execution);

      expect(await worker.progress(operationId)).toMatchObject({ state: 'failed', failure });
      expect(await ledger.find(operationId)).not.toHaveProperty('nextCheckAt');
    });

    test('when its workflow is deleted before its end was recorded', async () => {
      const operationId = await worker.startBatch({ workflows: ids(1) });
      const execution = { workflowId: workflowOf(operationId), runId: await currentRun(operationId) };
      await worker.client.terminate(execution, attribution('by mistake'));
      await deleteWorkflow(execution);
      expect(await worker.progress(operationId)).toMatchObject({
        state: 'failed',
        failure: expect.stringContaining('no longer exists'),
      });
    });

    async function currentRun(operationId: string): Promise<string> {
      const { workflowExecutionInfo: info } = await worker.client.describe({ workflowId: workflowOf(operationId) });
      return info?.execution?.runId ?? '';
    }
    async function deleteWorkflow(workflowExecution: { workflowId: string; runId: string }): Promise<void> {
      await worker.connection.workflowService.deleteWorkflowExecution({ namespace, workflowExecution });
      const gone = () =>
        worker.client.describe(workflowExecution).then(
          () => false,
          () => true,
        );
      await eventually(gone, 'the workflow to be deleted', 60_000);
    }
  });

  test('links each item to the Web UI', async () => {
    await workflows.start(1);
    await worker.start();
    const operationId = await worker.startBatch({ query: workflows.query });
    await worker.waitForEnd(operationId);
    const [item] = await items(operationId);
    expect(item?.answer).toMatchObject({
      links: { webUi: expect.stringMatching(/^https:\/\/ui\.example\/namespaces\/default\/workflows\//) },
    });
  });
});
