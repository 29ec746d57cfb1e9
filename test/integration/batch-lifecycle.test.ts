import { randomUUID } from 'node:crypto';
import { OperationFailure } from '../../api/failures';
import type { BatchInput } from '../../operations/batch/batch';
import { noProgress } from '../../operations/batch/batch';
import { getBatch, listBatchItems, retryRequest } from '../../operations/batch/follow';
import { verbs } from '../../operations/index';
import { unsettledMetrics } from '../../operations/metrics';
import { pendingActivities } from '../../operations/pending-activities';
import type { OperationRecord } from '../../operations/ledger/ledger';
import { describeExecution } from '../../operations/temporal/executions';
import { findTemporalCli } from '../../local/temporal-cli';
import { startTemporalServer } from '../../local/temporal-server';
import type { TemporalServer } from '../../local/temporal-server';
import type { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { BatchTestWorker } from '../support/batch-test-worker';
import { eventually } from '../support/eventually';
import { createLedger } from '../support/ledger-table';
import { ManyWorkflows, runConcurrently } from '../support/many-workflows';
import { quickDeletionFlags } from '../support/quick-deletion';
import { withCall } from '../support/with-call';
import { ann } from '../support/rewind';
import { continueAsNew, namespace, ScriptedWorkflow } from '../support/scripted-workflow';

/* A server of its own: batch workflows continue as new after each page. */
describe('a batch operation, whatever happens to its worker and its workflow,', () => {
  let server: TemporalServer;
  let ledger: DynamoDbLedger;
  let worker: BatchTestWorker;
  let victims: ManyWorkflows;

  beforeAll(async () => {
    const dynamicConfig = ['limit.historyCount.suggestContinueAsNew=8', ...quickDeletionFlags];
    server = await startTemporalServer({ cli: await findTemporalCli(), dynamicConfig });
    ledger = await createLedger();
  });
  beforeEach(async () => {
    worker = await BatchTestWorker.create(ledger, server.address);
    victims = new ManyWorkflows(worker.connection);
  });
  afterEach(() => worker.close());
  afterAll(() => server.stop());

  const ids = (count: number) => Array.from({ length: count }, (_, index) => `nobody-${victims.type}-${index}`);
  const workflowOf = (operationId: string) => `rewind-batch-${operationId}`;
  const attribution = (reason: string) => ({ reason, identity: 'someone', temporalRequestId: randomUUID() });
  const done = (operationId: string, count: number) =>
    eventually(async () => (await worker.progress(operationId)).done >= count, `${count} done`, 60_000);

  /** Open workflows that a worker took once. */
  async function startResettable(count: number): Promise<void> {
    await victims.start(count);
    const any = ScriptedWorkflow.attach(worker.connection, victims.type);
    await runConcurrently(count, () => any.completeTask());
  }

  async function items(operationId: string) {
    const all = [];
    let token: string | undefined;
    do {
      const page = await listBatchItems(ledger, namespace, operationId, { size: 500, token });
      all.push(...page.items);
      token = page.nextPageToken;
    } while (token !== undefined);
    return all;
  }

  describe('when it is stopped', () => {
    test.each([
      ['slow', 0.01, 1],
      ['middling', 5, 3],
      ['fast', 150, 20],
    ])('and is %s: begins nothing after that is answered, and ends soon', async (_pace, ratePerSecond, first) => {
      await worker.start();
      const operationId = await worker.startBatch({ workflows: ids(800), ratePerSecond });
      await eventually(async () => (await items(operationId)).length >= first, 'some to be done');

      await worker.stopBatch(operationId);
      const answeredAt = new Date().toISOString();

      const stoppedAt = Date.now();
      const answer = await worker.waitForEnd(operationId);
      // Before the slow one would begin its next workflow.
      expect(Date.now() - stoppedAt).toBeLessThan(60_000);
      const begun = await items(operationId);
      expect(answer).toMatchObject({ state: 'cancelled', done: begun.length, stopRequestedAt: expect.any(String) });
      expect(begun.filter(({ requestedAt }) => requestedAt > answeredAt)).toEqual([]);
    });

    test('while no worker is there: none begins anything later', async () => {
      const operationId = await worker.startBatch({ workflows: ids(5) });
      await worker.stopBatch(operationId);
      await worker.start();
      expect(await worker.waitForEnd(operationId)).toMatchObject({ state: 'cancelled', done: 0 });
      expect(await items(operationId)).toEqual([]);
    });

    test('and its workflow never gets the cancellation: begins nothing all the same', async () => {
      await worker.start();
      const operationId = await worker.startBatch({ workflows: ids(800), ratePerSecond: 100 });
      await done(operationId, 10);
      await ledger.requestBatchStop(operationId);
      const answer = await worker.waitForEnd(operationId);
      expect(answer.state).toBe('cancelled');
      expect(answer.done).toBeLessThan(800);
      expect(await items(operationId)).toHaveLength(answer.done);
    });

    test.each([0, 1, 2, 3])(
      'by a cancellation of its workflow around a continue-as-new: is cancelled (%i)',
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

  describe('loses and repeats nothing', () => {
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

    const pageOf = (operationId: string) => ({
      namespace,
      execution: { workflowId: workflowOf(operationId) },
      type: 'performBatchItems',
      identity: 'someone',
    });

    test('when its activity is reset', async () => {
      await worker.start();
      const operationId = await worker.startBatch({ workflows: ids(80), ratePerSecond: 20 });
      await done(operationId, 10);
      await worker.connection.workflowService.resetActivity(pageOf(operationId));
      expect(await worker.waitForEnd(operationId)).toMatchObject({ state: 'completed', done: 80 });
      expect(await items(operationId)).toHaveLength(80);
    });

    test('when its activity is paused for a while', async () => {
      await worker.start();
      const operationId = await worker.startBatch({ workflows: ids(100), ratePerSecond: 10 });
      await done(operationId, 10);
      await worker.connection.workflowService.pauseActivity(pageOf(operationId));
      // What the worker had in progress is done, and counted.
      const isPaused = async () => {
        const workflow = await describeExecution(worker.client, { workflowId: workflowOf(operationId) });
        return pendingActivities(workflow)[0]?.state === 'Paused';
      };
      await eventually(isPaused, 'the activity to be paused');
      const paused = await worker.progress(operationId);
      await new Promise((resolve) => {
        setTimeout(resolve, 1_500);
      });
      expect(await worker.progress(operationId)).toMatchObject({ state: 'running', done: paused.done });
      await worker.connection.workflowService.unpauseActivity(pageOf(operationId));
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
    const openVictims = async () => victims.count("ExecutionStatus = 'Running'");

    test('ends at once after it was completed, and touches nothing that was started since', async () => {
      await victims.start(3);
      await worker.start();
      const operationId = await worker.startBatch({ action: 'terminate', query: victims.query });
      const before = await worker.waitForEnd(operationId);
      expect(before).toMatchObject({ state: 'completed', done: 3, outcomes: { terminated: 3 } });
      await victims.waitForCount(0, "ExecutionStatus = 'Running'");
      await victims.start(5);

      await resetWorkflow(operationId);

      expect(await openVictims()).toBe(5);
      expect(await worker.progress(operationId)).toEqual(before);
      expect(await items(operationId)).toHaveLength(3);
    });

    test('ends at once after it was stopped', async () => {
      await victims.start(100);
      await worker.start();
      const operationId = await worker.startBatch({ action: 'terminate', query: victims.query, ratePerSecond: 5 });
      await done(operationId, 3);
      await worker.stopBatch(operationId);
      const before = await worker.waitForEnd(operationId);

      await resetWorkflow(operationId);

      expect(await worker.progress(operationId)).toEqual(before);
      await victims.waitForCount(100 - before.done, "ExecutionStatus = 'Running'");
    });

    test('goes on while it is running, and does nothing twice', async () => {
      await startResettable(40);
      await worker.start();
      const operationId = await worker.startBatch({
        action: 'reset',
        query: victims.query,
        target: { at: 'firstWorkflowTask' },
        ratePerSecond: 10,
      });
      await done(operationId, 5);
      await resetWorkflow(operationId);
      expect(await worker.waitForEnd(operationId)).toMatchObject({ state: 'completed' });
      await victims.waitForCount(80);
    });
  });

  test('that resets running workflows by query counts each once', async () => {
    await startResettable(210);
    await worker.start();
    const operationId = await worker.startBatch({
      action: 'reset',
      query: victims.query,
      target: { at: 'firstWorkflowTask' },
    });
    const answer = await worker.waitForEnd(operationId);
    expect(answer).toMatchObject({ state: 'completed', matched: 210, done: 210, outcomes: { reset: 210 } });
    expect(await items(operationId)).toHaveLength(210);
  });

  test('of more ids than a record takes is done, and retried by reference: once under a key, whatever fails later', async () => {
    const long = Array.from({ length: 450 }, (_, index) => `${index}-${victims.type}-`.padEnd(1_000, 'x'));
    await worker.start();
    const operationId = await worker.startBatch({ workflows: long });
    await done(operationId, 100);
    const retry = await retryRequest(ledger, namespace, operationId);
    const key = randomUUID();
    const first = await worker.execute(retry, key);
    await worker.stopBatch(first.answer.operationId);
    await worker.waitForEnd(operationId);

    const second = await worker.execute(await retryRequest(ledger, namespace, operationId), key);

    expect(second).toEqual({ ...first, replayed: true });
    const retried = await worker.execute(retry, randomUUID());
    expect(retried.answer).toMatchObject({ outcome: 'started', matched: 450 });
    const answer = await worker.waitForEnd(retried.answer.operationId);
    expect(answer).toMatchObject({ state: 'completed', done: 450, failed: { 'workflow-not-found': 450 } });
    const acted = (await items(retried.answer.operationId)).map(({ workflowId }) => workflowId);
    expect(acted.toSorted()).toEqual(long.toSorted());
    for (const id of [operationId, retried.answer.operationId]) {
      // One of the failed ids is in it, as an example.
      expect(JSON.stringify(await ledger.find(id)).length).toBeLessThan(5_000);
    }
  }, 240_000);

  test('whose list is no longer in the ledger fails, and says so', async () => {
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

  test('whose worker fails at each attempt says why, and is done once it can', async () => {
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
      // While a worker makes another attempt, it is not known to fail.
      const failing = await eventually(async () => {
        const progress = await worker.progress(operationId);
        return progress.stuck?.includes('activityFailing') && progress;
      }, 'it to be failing');
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

  test('that has a list keeps its history small', async () => {
    const list = ids(5_000);
    expect(JSON.stringify(list).length).toBeGreaterThan(250_000);
    await worker.start();
    const operationId = await worker.startBatch({ workflows: list });
    await done(operationId, 205);
    await worker.stopBatch(operationId);
    await worker.waitForEnd(operationId);
    const runs = await eventually(async () => {
      const known = await worker.client.listRunIds(workflowOf(operationId), 100);
      return known.length > 1 && known;
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
  ] as const)('that is to %s follows workflows that continue as new before their turn', async (action, outcome) => {
    const workflows = await Promise.all(
      Array.from({ length: 4 }, () =>
        ScriptedWorkflow.start(worker.connection, { type: victims.type, taskQueue: randomUUID() }),
      ),
    );
    await victims.waitForCount(4);
    const operationId = await worker.startBatch({ action, query: victims.query, ratePerSecond: 1 });
    // The worker looks whether it may begin the next one, and learns that once the others have continued.
    let goOn = () => {};
    const continued = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let begun = 0;
    const counting = withCall(ledger, 'createIfAbsent', (record) => {
      begun += 1;
      return ledger.createIfAbsent(record);
    });
    const holding = withCall(counting, 'find', async (id) => {
      if (begun > 0 && id === operationId) await continued;
      return ledger.find(id);
    });
    const other = await BatchTestWorker.create(holding, server.address, worker.taskQueue);
    await other.start();
    await done(operationId, 1);
    const [first] = await items(operationId);
    const others = workflows.filter(({ workflowId }) => workflowId !== first?.workflowId);
    await Promise.all(others.map((workflow) => workflow.completeTask(continueAsNew)));
    goOn();

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

  test('that no worker takes up says so, is counted for the alarm, and is done once one polls', async () => {
    const operationId = await worker.startBatch({ workflows: ids(3) });
    const counted = async () => {
      const metrics = await unsettledMetrics(ledger, [namespace], Date.now());
      return metrics.find(({ name }) => name === 'StuckBatchOperations')?.value;
    };
    const settle = async () => {
      const record = (await ledger.find(operationId)) as OperationRecord;
      await verbs.batch.settle?.({ ledger, onRecordFailure: () => {} }, worker.client, record);
    };
    await eventually(async () => (await worker.progress(operationId)).stuck?.includes('noPoller'), 'it to be stuck');
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

  describe('says why it failed', () => {
    test('when Temporal refuses to list', async () => {
      await victims.start(1);
      const operationId = await worker.startBatch({ query: victims.query });
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

    test('when its workflow was terminated, also once the workflow is gone', async () => {
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

    test('when its workflow is gone before anything looked', async () => {
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
    await victims.start(1);
    await worker.start();
    const operationId = await worker.startBatch({ query: victims.query });
    await worker.waitForEnd(operationId);
    const [item] = await items(operationId);
    expect(item?.answer).toMatchObject({
      links: { webUi: expect.stringMatching(/^https:\/\/ui\.example\/namespaces\/default\/workflows\//) },
    });
  });
});
