import { randomUUID } from 'node:crypto';
import { countWorkflows, listWorkflows } from '../../operations/list-workflows';
import { callsOver } from '../../operations/temporal/managed-connection';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import { eventually } from '../support/eventually';
import { completeWorkflow, namespace, ScriptedWorkflow, testConnection } from '../support/scripted-workflow';

const connection = testConnection();
const client = new NamespaceClient(namespace, callsOver(connection));

/** Waits until visibility shows as many runs of the type as were started. */
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

  test('shows each run with what one needs to choose it', async () => {
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

  test('pages through all of them, each once, with no empty page before the last', async () => {
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
    ['that was changed', async () => `${(await listWorkflows(client, ofType, { size: 1 })).nextPageToken}AAAA`],
    ['of no list', () => 'x'],
    ['of no text', () => '.'],
  ])('refuses a page token %s', async (_what, make) => {
    const token = await make();
    await expect(listWorkflows(client, ofType, { size: 1, token })).rejects.toMatchObject({
      kind: 'invalid-request',
      details: { field: 'pageToken' },
    });
  });

  test('marks the workflows of batch operations', async () => {
    const operationId = `op-${randomUUID().replaceAll('-', '')}`;
    const own = await ScriptedWorkflow.start(connection, {
      type: 'batchOperation',
      workflowId: `rewind-batch-${operationId}`,
    });
    const alike = await ScriptedWorkflow.start(connection, { type: 'batchOperation', workflowId: operationId });
    const query = `WorkflowId IN ('${own.workflowId}', '${alike.workflowId}')`;
    await visible(query, 2);

    const { workflows } = await listWorkflows(client, query, { size: 10 });

    expect(Object.fromEntries(workflows.map(({ workflowId, ownedBy }) => [workflowId, ownedBy]))).toEqual({
      [own.workflowId]: 'rewind',
      [alike.workflowId]: undefined,
    });
  });

  test('counts them, in groups where that is asked for', async () => {
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
    ['a misspelt attribute', 'WorkflowTyp = 1', 'WorkflowTyp'],
    ['an unfinished condition', "WorkflowType = 'a' AND", /syntax error at position 23$/],
    ['a wrong operator', "WorkflowType == 'a'", /at position 17/],
    ['a group in a list', 'GROUP BY ExecutionStatus', /group by|syntax/i],
  ])('says what Temporal said of %s, with the position in the query', async (_what, query, said) => {
    const refused: unknown = await listWorkflows(client, query, { size: 1 }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: 'invalid-request', details: { field: 'query', value: query } });
    expect((refused as Error).message).toMatch(said);
  });
});
