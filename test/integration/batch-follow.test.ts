import { listBatchItems, retryRequest } from '../../operations/batch/follow';
import { itemOperationId } from '../../operations/batch/item-id';
import { previewBatch } from '../../operations/batch/start';
import type { ItemOutcome } from '../../api/batch-operations';
import type { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { BatchTestWorker } from '../support/batch-test-worker';
import { eventually } from '../support/eventually';
import { createLedger } from '../support/ledger-table';
import { ManyWorkflows } from '../support/many-workflows';
import { started } from '../support/operation-record';
import type { Command } from '../support/scripted-workflow';
import {
  completeWorkflow,
  failWorkflowWith,
  scheduleActivity,
  namespace,
  ScriptedWorkflow,
  startTimer,
} from '../support/scripted-workflow';

const fail = failWorkflowWith({ message: 'card declined' });

/* Batch operations that follow the new runs of their resets, and stop if too many of them fail. */
describe('a batch operation that resets workflows', () => {
  let ledger: DynamoDbLedger;
  let worker: BatchTestWorker;
  let workflows: ManyWorkflows;

  beforeAll(async () => {
    ledger = await createLedger();
    worker = await BatchTestWorker.create(ledger);
    await worker.start();
  });
  beforeEach(() => {
    workflows = new ManyWorkflows(worker.connection);
  });
  afterAll(() => worker.close());

  const target = { at: 'firstWorkflowTask' } as const;
  const anyWorkflow = () => ScriptedWorkflow.attach(worker.connection, workflows.type);
  const untilClosed = async (count: number) => workflows.waitForCount(count, 'CloseTime IS NOT NULL');
  const items = async (operationId: string, outcome?: ItemOutcome) =>
    listBatchItems(ledger, namespace, operationId, { size: 500, outcome }, async () => worker.client);
  const workflowIdsWith = async (operationId: string, outcome: ItemOutcome) =>
    (await items(operationId, outcome)).items.map(({ workflowId }) => workflowId).toSorted();

  /** Starts workflows and lets each fail. */
  async function startAndFail(count: number): Promise<void> {
    await workflows.start(count);
    for (let index = 0; index < count; index += 1) await anyWorkflow().completeTask(fail);
    await untilClosed(count);
  }

  /** Completes the next workflow tasks, one with each list of commands, and returns their workflow ids. */
  async function completeTasks(...commands: Command[][]): Promise<string[]> {
    const workflowIds: string[] = [];
    for (const commandList of commands) {
      await anyWorkflow().completeTaskWith(({ workflowExecution }) => {
        workflowIds.push(workflowExecution?.workflowId ?? '');
        return commandList;
      });
    }
    return workflowIds;
  }

  test('records how each new run ended, and retries the items with one outcome at another reset point', async () => {
    await startAndFail(4);
    const operationId = await worker.startBatch({ action: 'reset', query: workflows.query, target, followSeconds: 6 });
    const shortTimer = startTimer('1', 10);
    const longTimer = startTimer('2', 600_000);
    // The workflow whose timer fires comes last: its second task may otherwise arrive before another workflow's first.
    const [completed = '', failedAgain = '', stillRunning = '', wentOn = ''] = await completeTasks(
      [completeWorkflow],
      [fail],
      [longTimer],
      [shortTimer],
      [longTimer],
    );

    expect(await worker.waitForEnd(operationId)).toMatchObject({
      state: 'completed',
      outcomes: { reset: 4 },
      progress: { completed: 1, failedAgain: 1, wentOn: 1, stillRunning: 1, stuck: 0 },
    });
    const outcomes = { completed, failedAgain, wentOn, stillRunning };
    for (const [outcome, workflowId] of Object.entries(outcomes)) {
      expect(await workflowIdsWith(operationId, outcome as ItemOutcome)).toEqual([workflowId]);
    }
    const [again] = (await items(operationId, 'failedAgain')).items;
    expect(again).toMatchObject({
      progress: 'failedAgain',
      answer: { newRun: { progress: 'failedAgain', failure: expect.stringContaining('card declined') } },
    });

    const otherTarget = { at: 'lastWorkflowTask' } as const;
    const retried = await retryRequest(ledger, namespace, operationId, { outcome: 'failedAgain', target: otherTarget });
    const retry = (await worker.execute({ ...retried, reason: 'second repair' })).answer;
    expect(retry).toMatchObject({ matched: 1 });
    await completeTasks([completeWorkflow]);
    expect(await worker.waitForEnd(retry.operationId)).toMatchObject({ progress: { completed: 1 } });
    expect((await items(retry.operationId)).items).toMatchObject([
      { workflowId: failedAgain, request: { target: otherTarget } },
    ]);
  });

  test('resets the canary first, and no other workflows if the canary fails again', async () => {
    await startAndFail(6);
    const canary = { count: 2, waitSeconds: 30, maxFailureRate: 0.4 };
    const operationId = await worker.startBatch({ action: 'reset', query: workflows.query, target, canary });
    const isWaiting = async () => (await worker.progress(operationId)).canary?.state === 'waiting';
    await eventually(isWaiting, 'the canary to wait');
    expect(await worker.progress(operationId)).toMatchObject({
      done: 2,
      canary: { count: 2, failed: 0, until: expect.stringMatching(/Z$/) },
    });
    await completeTasks([fail], [completeWorkflow]);
    expect(await worker.waitForEnd(operationId)).toMatchObject({
      state: 'failed',
      done: 2,
      progress: { failedAgain: 1, completed: 1 },
      canary: { state: 'failed', count: 2, failed: 1 },
      failure: expect.stringContaining('The canary failed: 1 of the first 2 workflows failed'),
    });
    expect(await items(operationId)).toMatchObject({ items: { length: 2 } });

    const remaining = (await items(operationId, 'notBegun')).notBegun ?? [];
    expect(new Set(remaining.map(({ workflowId }) => workflowId)).size).toBe(4);
    const retried = await retryRequest(ledger, namespace, operationId, { outcome: 'notBegun' });
    const retry = (await worker.execute({ ...retried, reason: 'the rest' })).answer;
    expect(retry).toMatchObject({ matched: 4 });
    await completeTasks([completeWorkflow], [completeWorkflow]);
    await eventually(async () => (await worker.progress(retry.operationId)).done === 4, 'all to be done');
    expect(await worker.waitForEnd(retry.operationId)).toMatchObject({ state: 'completed', done: 4 });
  });

  test('keeps following canary runs that outlast waitSeconds, while it resets the others', async () => {
    await startAndFail(3);
    const canary = { count: 1, waitSeconds: 2, maxFailureRate: 0 };
    const request = { action: 'reset', query: workflows.query, target, canary, followSeconds: 60 } as const;
    const operationId = await worker.startBatch(request);
    const [first = ''] = await completeTasks([startTimer('1', 5_000)]);
    await eventually(async () => (await worker.progress(operationId)).done === 3, 'the others to be reset');
    expect(await workflowIdsWith(operationId, 'stillRunning')).toEqual([first]);
    expect(await worker.progress(operationId)).toMatchObject({ progress: { stillRunning: 1 } });
    await completeTasks([completeWorkflow], [completeWorkflow], [completeWorkflow]);
    expect(await worker.waitForEnd(operationId)).toMatchObject({
      state: 'completed',
      progress: { completed: 3, wentOn: 0, failedAgain: 0, stuck: 0, stillRunning: 0 },
    });
    expect(await workflowIdsWith(operationId, 'completed')).toContain(first);
  });

  test('stops when the failure rate exceeds stopAtFailureRate, and returns an example of each failure', async () => {
    const missing = Array.from({ length: 200 }, (_, index) => `missing-${workflows.type}-${index}`);
    const operationId = await worker.startBatch({ workflows: missing, ratePerSecond: 20, stopAtFailureRate: 0.5 });
    const ended = await worker.waitForEnd(operationId);
    expect(ended).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('stopAtFailureRate is 0.5'),
      failureExamples: {
        'workflow-not-found': {
          workflowId: expect.stringContaining(workflows.type),
          message: expect.stringContaining('no workflow'),
        },
      },
    });
    expect(ended.done).toBeGreaterThanOrEqual(10);
    // Others start while the first failures are counted.
    expect(ended.done).toBeLessThan(150);

    const remaining: string[] = [];
    let token: string | undefined;
    do {
      const options = { size: 30, outcome: 'notBegun', token } as const;
      const page = await listBatchItems(ledger, namespace, operationId, options, async () => worker.client);
      expect(page.notBegun?.length).toBeLessThanOrEqual(30);
      remaining.push(...(page.notBegun ?? []).map(({ workflowId }) => workflowId));
      token = page.nextPageToken;
    } while (token !== undefined);
    const begun = new Set((await items(operationId)).items.map(({ workflowId }) => workflowId));
    expect(remaining).toEqual(missing.filter((workflowId) => !begun.has(workflowId)));
  });

  test('lists no workflow twice as not begun if the last of a page begins before the others', async () => {
    const missing = Array.from({ length: 50 }, (_, index) => `missing-${workflows.type}-${index}`);
    const operationId = await worker.startBatch({ workflows: missing, ratePerSecond: 0.1 });
    await worker.stopBatch(operationId);
    await worker.waitForEnd(operationId);
    const listFrom = async (token?: string) => {
      const options = { size: 10, outcome: 'notBegun', token } as const;
      const page = await listBatchItems(ledger, namespace, operationId, options, async () => worker.client);
      return { ...page, ids: page.notBegun?.map(({ workflowId }) => workflowId) ?? [] };
    };
    const { ids, nextPageToken } = await listFrom();
    const last = ids.at(-1) ?? '';
    await ledger.createIfAbsent({ ...started, operationId: itemOperationId(namespace, operationId, last), namespace });

    const next = await listFrom(nextPageToken);

    const position = missing.indexOf(last);
    expect(next.ids).toEqual(missing.slice(position + 1, position + 11));
  });

  test('lists no workflow twice as not begun if the last of a page leaves the query', async () => {
    await workflows.start(8);
    const operationId = await worker.startBatch({ action: 'cancel', query: workflows.query, ratePerSecond: 0.01 });
    await worker.stopBatch(operationId);
    await worker.waitForEnd(operationId);
    const [first, second, ...others] = (await items(operationId, 'notBegun')).notBegun ?? [];
    for (const { workflowId } of [first, second].flatMap((item) => item ?? [])) {
      const id = itemOperationId(namespace, operationId, workflowId);
      await ledger.createIfAbsent({ ...started, operationId: id, namespace });
    }
    const attribution = { reason: 'it leaves', identity: 'test', temporalRequestId: 'leaves' };
    const leave = async (workflowId: string) => {
      await worker.client.terminate({ workflowId, runId: '' }, attribution);
      await eventually(async () => (await workflows.count(`WorkflowId = '${workflowId}' AND CloseTime IS NULL`)) === 0);
    };
    const listed: string[] = [];
    let token: string | undefined;
    do {
      for (const workflowId of listed.slice(-1)) await leave(workflowId);
      const options = { size: 4, outcome: 'notBegun', token } as const;
      const page = await listBatchItems(ledger, namespace, operationId, options, async () => worker.client);
      listed.push(...(page.notBegun ?? []).map(({ workflowId }) => workflowId));
      token = page.nextPageToken;
    } while (token !== undefined);

    expect(listed).toEqual(others.map(({ workflowId }) => workflowId));
  });

  test('starts only if expectMatched is right, and skips excluded workflows', async () => {
    await startAndFail(3);
    const exclude = [workflows.id(1)];
    const request = { action: 'reset', query: workflows.query, target, exclude, maxWorkflows: 100 } as const;
    const preview = await previewBatch(worker.client, { ...request, exclude, reason: '', ratePerSecond: 1 });
    expect(preview).toMatchObject({ matched: 2, sample: { length: 2 } });
    await expect(worker.startBatch({ ...request, exclude, expectMatched: 3 })).rejects.toMatchObject({
      kind: 'conflict',
      details: { field: 'expectMatched', value: 3 },
    });
    const operationId = await worker.startBatch({ ...request, exclude, expectMatched: 2 });
    expect(await worker.waitForEnd(operationId)).toMatchObject({ done: 2 });
    expect((await items(operationId)).items.map(({ workflowId }) => workflowId)).not.toContain(workflows.id(1));

    const listed = await worker.startBatch({
      workflows: [workflows.id(0), workflows.id(1)],
      exclude,
      expectMatched: 1,
    });
    expect(await worker.waitForEnd(listed)).toMatchObject({ matched: 1, done: 1 });
  });

  test('previews the reexecuted activities by type, and accepts the options of a single reset', async () => {
    await workflows.start(2);
    // Tasks arrive in any order, and a reset keeps signals that arrive before the task: signal afterwards.
    // `constructor` is a property that every object inherits.
    for (const type of ['chargeCard', 'constructor'])
      await anyWorkflow().completeTask(scheduleActivity(type, workflows.type));
    for (const id of [0, 1]) {
      const workflowId = workflows.id(id);
      await worker.connection.workflowService.signalWorkflowExecution({
        namespace,
        workflowExecution: { workflowId },
        signalName: 'approve',
      });
    }
    const request = {
      action: 'reset',
      query: workflows.query,
      target,
      excludeReapply: ['signals' as const],
      maxWorkflows: 10,
    } as const;
    const preview = await previewBatch(worker.client, {
      ...request,
      excludeReapply: ['signals'],
      reason: '',
      ratePerSecond: 1,
    });
    expect(preview).toMatchObject({
      reexecutedActivities: { chargeCard: 1, constructor: 1 },
      sample: [{ reset: { discarded: { signals: { newest: [{ fate: 'dropped' }] } } } }, {}],
    });
    const operationId = await worker.startBatch({ ...request, excludeReapply: ['signals'] });
    expect(await worker.waitForEnd(operationId)).toMatchObject({ outcomes: { reset: 2 } });
    const { events } = await worker.client.historyReverse(
      {
        workflowId: workflows.id(0),
        runId:
          (await worker.client.describe({ workflowId: workflows.id(0) })).workflowExecutionInfo?.execution?.runId ?? '',
      },
      20,
    );
    expect(events.filter((event) => event.workflowExecutionSignaledEventAttributes)).toEqual([]);
  });
});
