import { randomUUID } from 'node:crypto';
import type { BatchAction } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import { OperationFailure } from '../../api/failures';
import { batchWorkflowId } from '../../api/batch-workflow-id';
import type { BatchItem } from '../../operations/batch/batch';
import { executeItems } from '../../operations/batch/execute-items';
import type { ItemsOfBatch } from '../../operations/batch/execute-items';
import { listBatchItems, retryRequest } from '../../operations/batch/follow';
import { batch } from '../../operations/batch/start';
import { changeSuspension } from '../../operations/batch/suspend';
import { executeOperation } from '../../operations/execute-operation';
import { BatchTestWorker } from '../support/batch-test-worker';
import { eventually } from '../support/eventually';
import { createLedger } from '../support/ledger-table';
import { ann, Rewind } from '../support/rewind';
import { namespace, ScriptedWorkflow, testConnection } from '../support/scripted-workflow';
import { withCall } from '../support/with-call';

/* A delayed request must not change a workflow that started after the request was made. */

const connection = testConnection();
let worker: BatchTestWorker;
/** A batch operation that the ledger has as running. */
let operationId: string;
beforeAll(async () => {
  worker = await BatchTestWorker.create(await createLedger());
  operationId = await worker.startBatch({ workflows: ['not-there'] });
});
afterAll(() => worker.close());

const TEN_MINUTES = 600_000;
const tenMinutesAgo = new Date(Date.now() - TEN_MINUTES).toISOString();
const earlier = { now: () => Date.now() - TEN_MINUTES };

const requests: Record<'cancel' | 'terminate' | 'reset', Partial<BatchRequest>> = {
  cancel: {},
  terminate: {},
  reset: { target: { at: 'lastWorkflowTask' } },
};

function executePage(action: BatchAction, items: BatchItem[], times: Pick<ItemsOfBatch, 'askedAt' | 'listedAt'>) {
  const fields = requests[action as keyof typeof requests];
  const request: BatchRequest = { action, reason: 'late', ratePerSecond: 100, maxWorkflows: 10, ...fields };
  const page = { operationId, actor: ann, request, items, ...times };
  const { dependencies, client } = worker;
  return executeItems(dependencies, client, page, { stop: new AbortController().signal, onProgress: () => {} });
}

const outcomes: Record<string, string> = { cancel: 'requested', terminate: 'terminated', reset: 'reset' };

// Unlike `toMatchObject`, `objectContaining` does not match `{}` with every object.
const refused = {
  outcomes: {},
  failed: { conflict: 1 },
  failureExamples: {
    conflict: expect.objectContaining({
      message: expect.stringContaining('the request means an earlier workflow. Nothing was done.'),
    }),
  },
};

describe.each(Object.keys(requests) as BatchAction[])('a batch operation with action %s', (action) => {
  test('does not change a listed workflow whose current run started after the list was made', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask();
    const { workflowId, runId } = workflow;

    const { progress } = await executePage(action, [{ workflowId }], { listedAt: tenMinutesAgo });

    expect(progress).toEqual(expect.objectContaining(refused));
    expect((await workflow.describe()).workflowExecutionInfo).toMatchObject({ execution: { runId } });
    expect(await workflow.cancelRequests()).toEqual([]);
  });

  test('changes a run that its query matched after the list was made, and a workflow that was listed now', async () => {
    const [matched, listed] = [await ScriptedWorkflow.start(connection), await ScriptedWorkflow.start(connection)];
    await Promise.all([matched.completeTask(), listed.completeTask()]);

    const { workflowId, runId } = matched;
    const changed = expect.objectContaining({ outcomes: { [outcomes[action] ?? '']: 1 }, failed: {} });
    const { progress } = await executePage(action, [{ workflowId, runId }], { listedAt: tenMinutesAgo });
    expect(progress).toEqual(changed);
    const now = { listedAt: new Date().toISOString() };
    expect((await executePage(action, [listed], now)).progress).toEqual(changed);
  });

  test('from a late event does not change a workflow that started after the event, although its query matches it', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask();
    const { workflowId, runId } = workflow;

    const { progress } = await executePage(action, [{ workflowId, runId }], { askedAt: tenMinutesAgo });

    expect(progress).toEqual(expect.objectContaining(refused));
    expect(await workflow.cancelRequests()).toEqual([]);
  });
});

const isDown = () => Promise.reject(new OperationFailure('temporal-unavailable', 'Temporal is down.'));

test('a repeated request to suspend a batch operation suspends it, although the first one failed long ago', async () => {
  const { dependencies, client } = worker;
  const suspended = await worker.startBatch({ workflows: ['not-there'] });
  const operation = { actor: ann, request: { reason: 'slow service' }, idempotencyKey: randomUUID() };
  const unavailable = withCall(client, 'describe', isDown);
  const first = changeSuspension('suspend', { ...dependencies, ...earlier }, unavailable, suspended, operation);
  await expect(first).rejects.toMatchObject({ kind: 'temporal-unavailable' });

  const { answer } = await changeSuspension('suspend', dependencies, client, suspended, operation);

  expect(answer).toMatchObject({ outcome: 'suspended', state: 'suspended' });
});

test('the worker receives the time of the event, or the time of the list', async () => {
  const type = `late-${randomUUID()}`;
  const query = `WorkflowType = '${type}'`;
  const workflow = await ScriptedWorkflow.start(connection, { type });
  await eventually(async () => (await workflow.client.countWorkflows(query)) === 1, 'visibility to show the workflow');
  const fields = { action: 'cancel' as const, reason: 'late', ratePerSecond: 100, maxWorkflows: 10 };
  const start = async (request: BatchRequest, askedAt?: string) => {
    const dependencies = { ...worker.dependencies, taskQueue: worker.taskQueue };
    return (await executeOperation(dependencies, worker.client, batch, { actor: ann, request, askedAt })).answer;
  };
  await worker.start();

  const late = await start({ ...fields, query }, tenMinutesAgo);

  expect(await worker.waitForEnd(late.operationId)).toEqual(expect.objectContaining({ matched: 1, ...refused }));
  expect(await workflow.cancelRequests()).toEqual([]);

  const before = Date.now();
  const listed = await start({ ...fields, workflows: [workflow.workflowId] });
  const changed = expect.objectContaining({ outcomes: { requested: 1 }, failed: {} });
  expect(await worker.waitForEnd(listed.operationId)).toEqual(changed);
  const input = await inputOf(listed.operationId);
  expect(Date.parse(input.listedAt ?? '')).toBeGreaterThanOrEqual(before);
  expect(input).not.toHaveProperty('askedAt');
});

describe.each(['cancel', 'terminate', 'reset'] as const)('a repeated request to %s', (action) => {
  test('does not change a workflow that started after the first request, which did nothing', async () => {
    const idempotencyKey = randomUUID();
    const { ledger, client } = worker;
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask();
    const { workflowId, runId } = workflow;
    const unavailable = withCall(client, 'describe', isDown);
    const request = { target: { at: 'lastWorkflowTask' as const } };
    const send = (rewind: Rewind, target: Parameters<Rewind['reset']>[0]) =>
      action === 'reset'
        ? rewind.reset(target, request, { idempotencyKey })
        : rewind[action](target, {}, { idempotencyKey });
    const first = send(new Rewind(ledger, earlier), { client: unavailable, workflowId });
    await expect(first).rejects.toMatchObject({ kind: 'temporal-unavailable' });

    const repeated = send(new Rewind(ledger), { client, workflowId });

    await expect(repeated).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('the request means an earlier workflow. Nothing was done.'),
    });
    expect((await workflow.describe()).workflowExecutionInfo).toMatchObject({ execution: { runId } });
    expect(await workflow.cancelRequests()).toEqual([]);
  });
});

describe('a retry of a batch operation', () => {
  let newWorker: BatchTestWorker;
  beforeEach(async () => {
    newWorker = await BatchTestWorker.create(await createLedger());
  });
  afterEach(() => newWorker.close());
  const late: BatchRequest = { action: 'cancel', reason: 'late', ratePerSecond: 100, maxWorkflows: 10 };
  async function startEarlier(fields: Partial<BatchRequest>): Promise<string> {
    const dependencies = { ...newWorker.dependencies, ...earlier, taskQueue: newWorker.taskQueue };
    const request = { ...late, ...fields };
    return (await executeOperation(dependencies, newWorker.client, batch, { actor: ann, request })).answer.operationId;
  }
  async function retry(id: string, outcome: 'failed' | 'notBegun') {
    const request = await retryRequest(newWorker.ledger, namespace, id, { outcome });
    const { answer } = await newWorker.execute({ ...request, reason: 'retry' });
    return { retried: answer.operationId, ended: await newWorker.waitForEnd(answer.operationId) };
  }

  test('does not change a workflow that started after the batch operation, nor does a retry of the retry', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const { workflowId } = workflow;
    const repeated = await startEarlier({ workflows: [workflowId] });
    const { dependencies, client } = newWorker;
    const page = { operationId: repeated, actor: ann, request: late, items: [{ workflowId }], listedAt: tenMinutesAgo };
    const pacing = { stop: new AbortController().signal, onProgress: () => {} };
    expect((await executeItems(dependencies, client, page, pacing)).progress).toEqual(expect.objectContaining(refused));
    await newWorker.start();

    const { retried, ended } = await retry(repeated, 'failed');

    expect(ended).toEqual(expect.objectContaining(refused));
    expect((await retry(retried, 'failed')).ended).toEqual(expect.objectContaining(refused));
    expect(await workflow.cancelRequests()).toEqual([]);
  });

  test('does not change a workflow that the batch operation did not reach and that started after it', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const { workflowId } = workflow;
    const repeated = await startEarlier({ workflows: [workflowId] });
    await newWorker.stopBatch(repeated);
    const { ledger, client } = newWorker;
    const list = { outcome: 'notBegun' as const, size: 10 };
    const { notBegun } = await listBatchItems(ledger, namespace, repeated, list, async () => client);
    expect(notBegun).toEqual([{ workflowId }]);
    await newWorker.start();

    expect((await retry(repeated, 'notBegun')).ended).toEqual(expect.objectContaining(refused));
    expect(await workflow.cancelRequests()).toEqual([]);
  });
});

async function inputOf(id: string) {
  const execution = { workflowId: batchWorkflowId(id) };
  const { history } = await connection.workflowService.getWorkflowExecutionHistory({
    namespace: worker.client.namespace,
    execution,
  });
  const [payload] = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  return JSON.parse(Buffer.from(payload?.data ?? []).toString()) as ItemsOfBatch;
}
