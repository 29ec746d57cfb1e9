import { listBatchItems, retryRequest } from '../../operations/batch/follow';
import { previewBatch } from '../../operations/batch/start';
import type { ItemOutcome } from '../../api/batch-operations';
import type { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { BatchTestWorker } from '../support/batch-test-worker';
import { eventually } from '../support/eventually';
import { createLedger } from '../support/ledger-table';
import { ManyWorkflows } from '../support/many-workflows';
import type { Command } from '../support/scripted-workflow';
import {
  completeWorkflow,
  failWorkflowWith,
  scheduleActivity,
  namespace,
  ScriptedWorkflow,
  startTimer,
} from '../support/scripted-workflow';

const failing = failWorkflowWith({ message: 'card declined' });

/* Batch operations that follow the new runs of their resets, and protect themselves by that. */
describe('a batch of resets', () => {
  let ledger: DynamoDbLedger;
  let worker: BatchTestWorker;
  let victims: ManyWorkflows;

  beforeAll(async () => {
    ledger = await createLedger();
    worker = await BatchTestWorker.create(ledger);
    await worker.start();
  });
  beforeEach(() => {
    victims = new ManyWorkflows(worker.connection);
  });
  afterAll(() => worker.close());

  const target = { at: 'firstWorkflowTask' } as const;
  const any = () => ScriptedWorkflow.attach(worker.connection, victims.type);
  const closed = async (count: number) => victims.waitForCount(count, 'CloseTime IS NOT NULL');
  const items = async (operationId: string, outcome?: ItemOutcome) =>
    listBatchItems(ledger, namespace, operationId, { size: 500, outcome }, async () => worker.client);
  const ids = async (operationId: string, outcome: ItemOutcome) =>
    (await items(operationId, outcome)).items.map(({ workflowId }) => workflowId).toSorted();

  /** Workflows that have failed. */
  async function startFailed(count: number): Promise<void> {
    await victims.start(count);
    for (let index = 0; index < count; index += 1) await any().completeTask(failing);
    await closed(count);
  }

  /** Answers the next tasks, one for each of the commands, and returns whose they were. */
  async function answerTasks(...commands: Command[][]): Promise<string[]> {
    const answered: string[] = [];
    for (const given of commands) {
      await any().completeTaskWith(({ workflowExecution }) => {
        answered.push(workflowExecution?.workflowId ?? '');
        return given;
      });
    }
    return answered;
  }

  test('follows its new runs to what became of each, and repeats those with one outcome elsewhere', async () => {
    await startFailed(4);
    const operationId = await worker.startBatch({ action: 'reset', query: victims.query, target, followSeconds: 6 });
    const soon = startTimer('1', 10);
    const long = startTimer('2', 600_000);
    // The one with a second task comes last: that task may be there before the first one of another.
    const [completed = '', failedAgain = '', stillRunning = '', wentOn = ''] = await answerTasks(
      [completeWorkflow],
      [failing],
      [long],
      [soon],
      [long],
    );

    expect(await worker.waitForEnd(operationId)).toMatchObject({
      state: 'completed',
      outcomes: { reset: 4 },
      progress: { completed: 1, failedAgain: 1, wentOn: 1, stillRunning: 1, stuck: 0 },
    });
    const outcomes = { completed, failedAgain, wentOn, stillRunning };
    for (const [outcome, workflowId] of Object.entries(outcomes)) {
      expect(await ids(operationId, outcome as ItemOutcome)).toEqual([workflowId]);
    }
    const [again] = (await items(operationId, 'failedAgain')).items;
    expect(again).toMatchObject({
      progress: 'failedAgain',
      answer: { newRun: { progress: 'failedAgain', failure: expect.stringContaining('card declined') } },
    });

    const elsewhere = { at: 'lastWorkflowTask' } as const;
    const repeated = await retryRequest(ledger, namespace, operationId, { outcome: 'failedAgain', target: elsewhere });
    const retry = (await worker.execute({ ...repeated, reason: 'second repair' })).answer;
    expect(retry).toMatchObject({ matched: 1 });
    await answerTasks([completeWorkflow]);
    expect(await worker.waitForEnd(retry.operationId)).toMatchObject({ progress: { completed: 1 } });
    expect((await items(retry.operationId)).items).toMatchObject([
      { workflowId: failedAgain, request: { target: elsewhere } },
    ]);
  });

  test('does a few first, and no others when these fail again', async () => {
    await startFailed(6);
    const canary = { count: 2, waitSeconds: 30, maxFailureRate: 0.4 };
    const operationId = await worker.startBatch({ action: 'reset', query: victims.query, target, canary });
    const waits = async () => (await worker.progress(operationId)).canary?.state === 'waiting';
    await eventually(waits, 'the canary to wait');
    expect(await worker.progress(operationId)).toMatchObject({
      done: 2,
      canary: { count: 2, failed: 0, until: expect.stringMatching(/Z$/) },
    });
    await answerTasks([failing], [completeWorkflow]);
    expect(await worker.waitForEnd(operationId)).toMatchObject({
      state: 'failed',
      done: 2,
      progress: { failedAgain: 1, completed: 1 },
      canary: { state: 'failed', count: 2, failed: 1 },
      failure: expect.stringContaining('The canary failed: 1 of the first 2 workflows failed'),
    });
    expect(await items(operationId)).toMatchObject({ items: { length: 2 } });

    const left = (await items(operationId, 'notBegun')).notBegun ?? [];
    expect(new Set(left.map(({ workflowId }) => workflowId)).size).toBe(4);
    const repeated = await retryRequest(ledger, namespace, operationId, { outcome: 'notBegun' });
    const retry = (await worker.execute({ ...repeated, reason: 'the rest' })).answer;
    expect(retry).toMatchObject({ matched: 4 });
    await answerTasks([completeWorkflow], [completeWorkflow]);
    await eventually(async () => (await worker.progress(retry.operationId)).done === 4, 'all to be done');
    expect(await worker.waitForEnd(retry.operationId)).toMatchObject({ state: 'completed', done: 4 });
  });

  test('follows those of a canary that still run when its time is over, beside the others', async () => {
    await startFailed(3);
    const canary = { count: 1, waitSeconds: 2, maxFailureRate: 0 };
    const request = { action: 'reset', query: victims.query, target, canary, followSeconds: 60 } as const;
    const operationId = await worker.startBatch(request);
    const [first = ''] = await answerTasks([startTimer('1', 5_000)]);
    await eventually(async () => (await worker.progress(operationId)).done === 3, 'the others to be reset');
    expect(await ids(operationId, 'stillRunning')).toEqual([first]);
    expect(await worker.progress(operationId)).toMatchObject({ progress: { stillRunning: 1 } });
    await answerTasks([completeWorkflow], [completeWorkflow], [completeWorkflow]);
    expect(await worker.waitForEnd(operationId)).toMatchObject({
      state: 'completed',
      progress: { completed: 3, wentOn: 0, failedAgain: 0, stuck: 0, stillRunning: 0 },
    });
    expect(await ids(operationId, 'completed')).toContain(first);
  });

  test('stops once too large a share has failed, and shows an example of each failure', async () => {
    const workflows = Array.from({ length: 200 }, (_, index) => `missing-${victims.type}-${index}`);
    const operationId = await worker.startBatch({ workflows, ratePerSecond: 20, stopAtFailureRate: 0.5 });
    const ended = await worker.waitForEnd(operationId);
    expect(ended).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('stopAtFailureRate is 0.5'),
      failureExamples: {
        'workflow-not-found': {
          workflowId: expect.stringContaining(victims.type),
          message: expect.stringContaining('no workflow'),
        },
      },
    });
    expect(ended.done).toBeGreaterThanOrEqual(10);
    // However long each takes, which is as long as others begin.
    expect(ended.done).toBeLessThan(150);

    const left: string[] = [];
    let token: string | undefined;
    do {
      const asked = { size: 30, outcome: 'notBegun', token } as const;
      const page = await listBatchItems(ledger, namespace, operationId, asked, async () => worker.client);
      expect(page.notBegun?.length).toBeLessThanOrEqual(30);
      left.push(...(page.notBegun ?? []).map(({ workflowId }) => workflowId));
      token = page.nextPageToken;
    } while (token !== undefined);
    const begun = new Set((await items(operationId)).items.map(({ workflowId }) => workflowId));
    expect(left).toEqual(workflows.filter((workflowId) => !begun.has(workflowId)));
  });

  test('begins only when as many match as were expected, and leaves out what is excluded', async () => {
    await startFailed(3);
    const exclude = [victims.id(1)];
    const request = { action: 'reset', query: victims.query, target, exclude, maxWorkflows: 100 } as const;
    const preview = await previewBatch(worker.client, { ...request, exclude, reason: '', ratePerSecond: 1 });
    expect(preview).toMatchObject({ matched: 2, sample: { length: 2 } });
    await expect(worker.startBatch({ ...request, exclude, expectMatched: 3 })).rejects.toMatchObject({
      kind: 'conflict',
      details: { field: 'expectMatched', value: 3 },
    });
    const operationId = await worker.startBatch({ ...request, exclude, expectMatched: 2 });
    expect(await worker.waitForEnd(operationId)).toMatchObject({ done: 2 });
    expect((await items(operationId)).items.map(({ workflowId }) => workflowId)).not.toContain(victims.id(1));

    const listed = await worker.startBatch({ workflows: [victims.id(0), victims.id(1)], exclude, expectMatched: 1 });
    expect(await worker.waitForEnd(listed)).toMatchObject({ matched: 1, done: 1 });
  });

  test('previews what will run again by activity type, and takes the options of a single reset', async () => {
    await victims.start(2);
    // Tasks come in no particular order: a signal before its workflow's task would be kept by the reset.
    // One is called as a property that every object has.
    for (const type of ['chargeCard', 'constructor']) await any().completeTask(scheduleActivity(type, victims.type));
    for (const id of [0, 1]) {
      const signalled = victims.id(id);
      await worker.connection.workflowService.signalWorkflowExecution({
        namespace,
        workflowExecution: { workflowId: signalled },
        signalName: 'approve',
      });
    }
    const request = {
      action: 'reset',
      query: victims.query,
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
        workflowId: victims.id(0),
        runId:
          (await worker.client.describe({ workflowId: victims.id(0) })).workflowExecutionInfo?.execution?.runId ?? '',
      },
      20,
    );
    expect(events.filter((event) => event.workflowExecutionSignaledEventAttributes)).toEqual([]);
  });
});
