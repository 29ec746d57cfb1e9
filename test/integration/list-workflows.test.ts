import { randomUUID } from 'node:crypto';
import { countWorkflows, listWorkflows } from '../../operations/list-workflows';
import { callsOver } from '../support/calls-over';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import { eventually } from '../support/eventually';
import { completeWorkflow, namespace, ScriptedWorkflow, testConnection } from '../support/scripted-workflow';

const connection = testConnection();
const client = new NamespaceClient(namespace, callsOver(connection));

/** Waits until visibility has this many matching runs. */
const visible = (query: string, runs: number) =>
  eventually(async () => (await client.countWorkflows(query)) === runs, `${runs} runs to be visible`);

describe('listing workflows', () => {
  const type = `listed-${randomUUID()}`;
  const ofType = `WorkflowType = '${type}'`;
  let open: ScriptedWorkflow;
  beforeAll(async () => {
    const done = await ScriptedWorkflow.start(connection, { type });
    await done.completeTask(completeWorkflow);
    open = await ScriptedWorkflow.start(connection, { type });
    await ScriptedWorkflow.start(connection, { type, workflowId: `a/b "c" ${randomUUID()}` });
    await visible(ofType, 3);
    await visible(`${ofType} AND ExecutionStatus = 'Completed'`, 1);
  });

  test('returns id, type, status, task queue, times and Web UI link of each run', async () => {
    const { workflows, nextPageToken } = await listWorkflows(client, ofType, { size: 10 }, 'https://ui.example');

    expect(nextPageToken).toBeUndefined();
    expect(workflows).toHaveLength(3);
    expect(workflows.find(({ workflowId }) => workflowId === open.workflowId)).toEqual({
      workflowId: open.workflowId,
      runId: open.runId,
      workflowType: type,
      status: 'Running',
      taskQueue: open.taskQueue,
      historyLength: expect.any(Number),
      startTime: expect.stringMatching(/Z$/),
      links: { webUi: expect.stringContaining(open.runId) },
    });
    expect(workflows.map(({ status }) => status).toSorted()).toEqual(['Completed', 'Running', 'Running']);
    expect(workflows.every(({ status, closeTime }) => (status === 'Completed') === (closeTime !== undefined))).toBe(
      true,
    );
  });

  test('returns each run once across pages, with no empty page before the last', async () => {
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const page = await listWorkflows(client, ofType, { size: 2, token });
      seen.push(...page.workflows.map(({ runId }) => runId));
      token = page.nextPageToken;
      expect(page.workflows.length > 0 || token === undefined).toBe(true);
    } while (token !== undefined);
    expect(new Set(seen).size).toBe(3);
    expect(seen).toHaveLength(3);
  });

  test.each([
    ['of another query', async () => (await listWorkflows(client, '', { size: 1 })).nextPageToken ?? ''],
    ['that was modified', async () => `${(await listWorkflows(client, ofType, { size: 1 })).nextPageToken}AAAA`],
    ['that is too short', () => 'x'],
    ['that is not base64', () => '.'],
  ])('refuses a page token %s', async (_what, make) => {
    const token = await make();
    await expect(listWorkflows(client, ofType, { size: 1, token })).rejects.toMatchObject({
      kind: 'invalid-request',
      details: { field: 'pageToken' },
    });
  });

  test('marks the workflows of batch operations', async () => {
    const operationId = `op-${randomUUID().replaceAll('-', '')}`;
    const batchWorkflow = await ScriptedWorkflow.start(connection, {
      type: 'batchOperation',
      workflowId: `rewind-batch-${operationId}`,
    });
    const lookalike = await ScriptedWorkflow.start(connection, { type: 'batchOperation', workflowId: operationId });
    const query = `WorkflowId IN ('${batchWorkflow.workflowId}', '${lookalike.workflowId}')`;
    await visible(query, 2);

    const { workflows } = await listWorkflows(client, query, { size: 10 });

    expect(Object.fromEntries(workflows.map(({ workflowId, ownedBy }) => [workflowId, ownedBy]))).toEqual({
      [batchWorkflow.workflowId]: 'rewind',
      [lookalike.workflowId]: undefined,
    });
  });

  test('counts runs, and counts them by group for a query with GROUP BY', async () => {
    expect(await countWorkflows(client, ofType)).toEqual({ namespace, count: 3 });
    const { count, groups } = await countWorkflows(client, `${ofType} GROUP BY ExecutionStatus`);
    expect(count).toBe(3);
    expect(groups).toEqual(
      expect.arrayContaining([
        { values: ['Running'], count: 2 },
        { values: ['Completed'], count: 1 },
      ]),
    );
  });

  test.each([
    ['GROUP BY ExecutionStatus', 1],
    ["WorkflowType = 'a' group  by ExecutionStatus", 20],
  ])('refuses groups in a list: %s', async (query, position) => {
    await expect(listWorkflows(client, query, { size: 1 })).rejects.toMatchObject({
      kind: 'invalid-request',
      message: expect.stringContaining(`GROUP BY at position ${position}: a list has no groups`),
      details: { field: 'query', value: query },
    });
  });

  test('accepts GROUP BY in a string', async () => {
    expect((await listWorkflows(client, "WorkflowType = 'a group by b'", { size: 1 })).workflows).toEqual([]);
  });

  test.each([
    ['a misspelt attribute', 'WorkflowTyp = 1', 'WorkflowTyp'],
    ['an unfinished condition', "WorkflowType = 'a' AND", /syntax error at position 23$/],
    ['a wrong operator', "WorkflowType == 'a'", /at position 17/],
  ])('refuses %s with Temporal’s own message', async (_what, query, message) => {
    const refused: unknown = await listWorkflows(client, query, { size: 1 }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: 'invalid-request', details: { field: 'query', value: query } });
    expect((refused as Error).message).toMatch(message);
  });
});
