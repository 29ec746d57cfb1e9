import { randomUUID } from 'node:crypto';
import type { BatchAction } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import { BATCH_WORKFLOW_ID_PREFIX } from '../../operations/batch/batch';
import type { BatchItem } from '../../operations/batch/batch';
import { executeItems } from '../../operations/batch/execute-items';
import type { ItemsOfBatch } from '../../operations/batch/execute-items';
import { batch } from '../../operations/batch/start';
import { executeOperation } from '../../operations/execute-operation';
import { BatchTestWorker } from '../support/batch-test-worker';
import { eventually } from '../support/eventually';
import { createLedger } from '../support/ledger-table';
import { ann } from '../support/rewind';
import { ScriptedWorkflow, testConnection } from '../support/scripted-workflow';

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

const tenMinutesAgo = new Date(Date.now() - 600_000).toISOString();

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

async function inputOf(id: string) {
  const execution = { workflowId: BATCH_WORKFLOW_ID_PREFIX + id };
  const { history } = await connection.workflowService.getWorkflowExecutionHistory({
    namespace: worker.client.namespace,
    execution,
  });
  const [payload] = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  return JSON.parse(Buffer.from(payload?.data ?? []).toString()) as ItemsOfBatch;
}
