import { randomUUID } from 'node:crypto';
import type { BatchRequest } from '../../api/batch-operations';
import { batch, previewBatch } from '../../operations/batch/start';
import { listWorkflows } from '../../operations/list-workflows';
import { executeOperation } from '../../operations/execute-operation';
import { callsOver } from '../support/calls-over';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import { eventually } from '../support/eventually';
import { testLedger } from '../support/ledger-table';
import { ann, Rewind } from '../support/rewind';
import { onNewerServer } from '../support/server-address';
import { TemporalSchedule } from '../support/temporal-schedule';
import { namespace, ScriptedWorkflow, testConnection } from '../support/scripted-workflow';

const hex = () => randomUUID().replaceAll('-', '');
const batchJobType = 'temporal-sys-batch-workflow-protobuf';

const connection = testConnection();
const client = new NamespaceClient(namespace, callsOver(connection));
const ledger = testLedger();
const rewind = new Rewind(ledger);

const start = async (workflowId: string, type: string) => {
  const workflow = await ScriptedWorkflow.start(connection, { workflowId, type });
  await workflow.completeTask();
  return workflow;
};
const isOpen = async ({ workflowId }: ScriptedWorkflow) =>
  (await client.describe({ workflowId })).workflowExecutionInfo?.closeTime === null;

const batchWorkflows: [engine: string, id: () => string, type: string][] = [
  ['worker', () => `rewind-batch-op-${hex()}`, 'batchOperation'],
  ['server', () => `op-${hex()}`, batchJobType],
];
const lookalikes: [what: string, id: () => string, type: string][] = [
  ['the type of a batch workflow', () => `mine-${hex()}`, 'batchOperation'],
  ['the id of a batch workflow', () => `rewind-batch-op-${hex()}`, 'order'],
  ['the prefix of a batch workflow’s id', () => `rewind-batch-order-${hex()}`, 'batchOperation'],
  ['a type that has a batch workflow’s type as its prefix', () => `rewind-batch-op-${hex()}`, 'batchOperations'],
  ['an operation’s id', () => `op-${hex()}`, 'order'],
  ['an operation’s id and the type of a batch workflow', () => `op-${hex()}`, 'batchOperation'],
];

describe.each(batchWorkflows)('for the workflow of a batch operation with engine %s', (_engine, id, type) => {
  const lastTask = { target: { at: 'lastWorkflowTask' } } as const;
  const actions: [string, (target: ScriptedWorkflow) => Promise<unknown>][] = [
    ['a cancellation', (target) => rewind.cancel(target)],
    ['a cancellation of its run', (target) => rewind.cancel(target, { runId: target.runId })],
    ['a termination', (target) => rewind.terminate(target)],
    ['a termination of its run', (target) => rewind.terminate(target, { runId: target.runId })],
    ['a reset', (target) => rewind.reset(target, lastTask)],
    ['a reset of its run', (target) => rewind.reset(target, { ...lastTask, runId: target.runId })],
    ['a preview of a reset', (target) => rewind.preview(target, lastTask)],
    ['a batch operation that lists it', ({ workflowId }) => startBatch({ workflows: [`x-${hex()}`, workflowId] })],
    [
      'a preview of a batch operation that lists it',
      ({ workflowId }) => previewBatch(client, request({ workflows: [workflowId] })),
    ],
    [
      'a batch operation with engine server that lists it',
      ({ workflowId }) => startBatch({ workflows: [workflowId], engine: 'server' }),
    ],
  ];

  test.each(actions)('%s is refused, and the error names the route to use', async (_what, act) => {
    const workflow = await start(id(), type);
    const { workflowId, runId } = workflow;
    const operationId = /op-.*/.exec(workflowId)?.[0];

    await expect(act(workflow)).rejects.toMatchObject({
      kind: 'batch-workflow',
      details: {
        value: workflowId,
        allowed: expect.stringContaining(`POST batch-operations/${operationId}/cancel`),
      },
    });

    const { workflowExecutionInfo, workflowExtendedInfo } = await client.describe({ workflowId });
    expect(workflowExecutionInfo?.execution?.runId).toBe(runId);
    expect(workflowExtendedInfo?.cancelRequested).toBe(false);
    expect(await isOpen(workflow)).toBe(true);
  });

  test('a reset is refused after the workflow has closed, too', async () => {
    const workflow = await start(id(), type);
    await client.terminate(workflow, { reason: 'over', identity: 'test', temporalRequestId: randomUUID() });
    await expect(rewind.reset(workflow, { target: { at: 'firstWorkflowTask' } })).rejects.toMatchObject({
      kind: 'batch-workflow',
    });
  });
});

describe('for the workflow that executes a schedule', () => {
  const lastTask = { target: { at: 'lastWorkflowTask' } } as const;
  const actions: [string, (target: ScriptedWorkflow) => Promise<unknown>][] = [
    ['a cancellation', (target) => rewind.cancel(target)],
    ['a termination', (target) => rewind.terminate(target)],
    ['a reset', (target) => rewind.reset(target, lastTask)],
    ['a preview of a reset', (target) => rewind.preview(target, lastTask)],
    ['a restart', (target) => rewind.restart(target)],
    ['a batch operation', ({ workflowId }) => startBatch({ workflows: [`x-${hex()}`, workflowId] })],
    ['one of engine server', ({ workflowId }) => startBatch({ workflows: [workflowId], engine: 'server' })],
    [
      'a preview of a batch operation',
      ({ workflowId }) => previewBatch(client, request({ workflows: [`x-${hex()}`, workflowId] })),
    ],
  ];
  let schedule: TemporalSchedule;
  let workflow: ScriptedWorkflow;
  beforeAll(async () => {
    schedule = await TemporalSchedule.create(connection);
    workflow = ScriptedWorkflow.attach(connection, 'none', `temporal-sys-scheduler:${schedule.scheduleId}`);
  });
  afterAll(() => schedule.remove());

  test.each(actions)('%s is refused, and the error names the command to use', async (_what, act) => {
    const before = await workflow.currentRunId();

    await expect(act(workflow)).rejects.toMatchObject({
      kind: 'system-workflow',
      message: expect.stringContaining(`executes schedule "${schedule.scheduleId}"`),
      details: { value: workflow.workflowId, allowed: expect.stringContaining('`temporal schedule`') },
    });

    expect(await workflow.currentRunId()).toBe(before);
    expect(await isOpen(workflow)).toBe(true);
  });

  test('the query of a batch operation does not match it, even if the query names its namespace division', async () => {
    const query = `TemporalNamespaceDivision = 'TemporalScheduler' AND WorkflowId = '${workflow.workflowId}'`;
    await eventually(async () => (await client.countWorkflows(query)) === 1);
    expect(await previewBatch(client, request({ action: 'terminate', query }))).toMatchObject({ matched: 0 });
    expect((await listWorkflows(client, query, { size: 10 })).workflows).toMatchObject([{ ownedBy: 'temporal' }]);
  });
});

test('the job of a batch operation that another tool started is refused too, whatever its id', async () => {
  const workflowId = `job-${hex()}`;
  // In a namespace division, which hides it from queries that do not name it, as the server starts jobs. In the division of
  // jobs, it would count as a job that runs, and the server would throttle those of other test files.
  const division = 'other';
  await connection.workflowService.startWorkflowExecution({
    namespace,
    workflowId,
    requestId: randomUUID(),
    workflowType: { name: batchJobType },
    taskQueue: { name: workflowId },
    searchAttributes: { indexedFields: { TemporalNamespaceDivision: keyword(division) } },
  });
  const workflow = ScriptedWorkflow.attach(connection, workflowId, workflowId);
  await workflow.completeTask();
  const query = `TemporalNamespaceDivision = '${division}' AND WorkflowId = '${workflowId}'`;
  await eventually(async () => (await client.countWorkflows(query)) === 1);

  const refused = { kind: 'system-workflow', details: { value: workflowId } };
  await expect(rewind.reset(workflow, { target: { at: 'firstWorkflowTask' } })).rejects.toMatchObject(refused);
  await expect(rewind.terminate(workflow)).rejects.toMatchObject(refused);
  await expect(startBatch({ workflows: [workflowId], engine: 'server' })).rejects.toMatchObject(refused);
  expect(await isOpen(workflow)).toBe(true);
});

const keyword = (value: string) => ({
  metadata: { encoding: Buffer.from('json/plain'), type: Buffer.from('Keyword') },
  data: Buffer.from(JSON.stringify(value)),
});

test.each(lookalikes)('a workflow with %s can be cancelled, reset and terminated', async (_what, id, type) => {
  const workflow = await start(id(), type);
  expect((await rewind.cancel(workflow)).answer.outcome).toBe('requested');
  expect((await rewind.reset(workflow, { target: { at: 'firstWorkflowTask' } })).answer.outcome).toBe('reset');
  expect((await rewind.terminate(workflow)).answer.outcome).toBe('terminated');
});

test.each(['cancel', 'terminate', 'reset'] as const)(
  'a batch operation’s query for a %s matches the lookalikes and no batch workflow',
  async (action) => {
    const [excluded, matched] = await Promise.all(
      [batchWorkflows, lookalikes].map((all) => Promise.all(all.map(([, id, type]) => start(id(), type)))),
    );
    // By id, because other tests start batch operations too.
    const ids = [excluded, matched].flatMap((workflows = []) => workflows.map(({ workflowId }) => `'${workflowId}'`));
    const query = `WorkflowId IN (${ids.join(', ')})`;
    await eventually(async () => (await client.countWorkflows(query)) === batchWorkflows.length + lookalikes.length);

    const target = action === 'reset' ? { target: { at: 'firstWorkflowTask' as const } } : {};
    const preview = await previewBatch(client, request({ action, query, ...target }));

    expect(preview.matched).toBe(lookalikes.length);
    const sampled = preview.sample.map(({ workflowId }) => workflowId);
    expect(sampled).not.toHaveLength(0);
    expect(matched?.map(({ workflowId }) => workflowId)).toEqual(expect.arrayContaining(sampled));
  },
);

const request = (fields: Partial<BatchRequest>): BatchRequest => ({
  action: 'cancel',
  reason: 'bad deploy',
  ratePerSecond: 20,
  maxWorkflows: 1_000,
  ...fields,
});

function startBatch(fields: Partial<BatchRequest>): Promise<unknown> {
  const dependencies = { ledger, onRecordFailure: () => {}, taskQueue: 'unpolled' };
  return executeOperation(dependencies, client, batch, { actor: ann, request: request(fields) });
}

describe('a batch operation’s query', () => {
  const decoy = `WorkflowType = 'none-${hex()}'`;
  const groupByRefused = onNewerServer ? /at position \d+ near 'group'/ : "'group by' clause";
  const refused: [what: string, query: string, message: string | RegExp][] = [
    [
      'that closes the parenthesis around it',
      `${decoy}) OR (WorkflowType = 'x'`,
      `")" at position ${decoy.length + 1}`,
    ],
    ['with one parenthesis too many', `(${decoy}))`, `")" at position ${decoy.length + 3}`],
    ['with one parenthesis too few', `((${decoy})`, '"(" at position 1'],
    ['that ends its statement', `${decoy};`, `a semicolon at position ${decoy.length + 1}`],
    ['with a statement after it', `${decoy}; SELECT 1`, `a semicolon at position ${decoy.length + 1}`],
    ['with a comment', `${decoy} -- note`, `a comment (--) at position ${decoy.length + 2}`],
    ['with a MySQL comment', `${decoy} # note`, `a comment (#) at position ${decoy.length + 2}`],
    ['with a block comment', `${decoy} /* note */`, `a comment (/*) at position ${decoy.length + 2}`],
    ['with a line comment of C', `${decoy} // note`, `a comment (//) at position ${decoy.length + 2}`],
    ['that comments a parenthesis out', `(${decoy} -- )`, `a comment (--) at position ${decoy.length + 3}`],
    ['with an unclosed quote', `${decoy} AND WorkflowId = 'x`, /a quote that is not closed at position \d+/],
    ['whose backslash leaves a quote open', `WorkflowId = 'x\\' OR ${decoy}`, /a quote that is not closed at/],
    [
      'with an escaped quote at the end of a string',
      String.raw`WorkflowId != 'a\''`,
      'cannot compare with the string at position 15',
    ],
    [
      'with a doubled quote at the end of a string',
      "WorkflowId != 'a'''",
      'cannot compare with the string at position 15',
    ],
    [
      'with quotes of the other kind inside a string',
      `${decoy} OR WorkflowId != "'a'"`,
      'cannot compare with the string',
    ],
    ['with a double quote in a string', `${decoy} OR WorkflowId != 'a"b'`, 'cannot compare with the string'],
    ['with a backslash in a string', String.raw`WorkflowId != "a\\b"`, 'cannot compare with the string at position 15'],
    [
      'with a line break in a string',
      "WorkflowId NOT IN ('a', 'a\nb')",
      'cannot compare with the string at position 25',
    ],
    [
      'with an escaped line break in a string',
      String.raw`WorkflowId != 'a\nb'`,
      'cannot compare with the string at position 15',
    ],
    ['that is not a query', 'cancel everything', "at position 18 near 'everything'"],
    ['that is incomplete', `${decoy} AND`, `at position ${decoy.length + 5}`],
    ['with GROUP BY', `${decoy} GROUP BY ExecutionStatus`, groupByRefused],
    ['with only GROUP BY', 'GROUP BY ExecutionStatus', groupByRefused],
    ['with ORDER BY', `${decoy} ORDER BY StartTime`, onNewerServer ? "'ORDER BY' clause" : "'order by' clause"],
    ['with LIMIT', `${decoy} LIMIT 1`, onNewerServer ? "'LIMIT' clause" : "'limit' clause"],
    [
      'with a misspelt attribute',
      "WorkflowTyp = 'x'",
      onNewerServer ? 'invalid search attribute: WorkflowTyp' : "'WorkflowTyp' is not a valid search attribute",
    ],
    ['that nests too deeply', `${'('.repeat(300)}${decoy}${')'.repeat(300)}`, 'max nesting level'],
    ['with too many conditions', Array.from({ length: 1_100 }, () => decoy).join(' OR '), 'it has 1099 operators'],
    ['with too many negations', `${'NOT '.repeat(1_100)}${decoy}`, 'it has 1100 operators'],
  ];

  describe.each(['cancel', 'terminate', 'reset'] as const)('for a %s', (action) => {
    const target = action === 'reset' ? { target: { at: 'firstWorkflowTask' as const } } : {};

    test.each(refused)('%s is refused with a message that says where or why', async (_what, query, message) => {
      const failure = {
        kind: 'invalid-request',
        message: expect.stringMatching(typeof message === 'string' ? literally(message) : message),
        details: { field: 'query', value: query },
      };
      await expect(startBatch({ action, query, ...target })).rejects.toMatchObject(failure);
      await expect(startBatch({ action, query, engine: 'server', ...target })).rejects.toMatchObject(failure);
      await expect(previewBatch(client, request({ action, query, ...target }))).rejects.toMatchObject(failure);
    });

    test.each([
      ['parentheses in a string', "WorkflowId = 'a) OR (b'"],
      ['comment characters in a string', "WorkflowId = 'a -- b # c /* d // ; e'"],
      ['an escaped quote in a string', String.raw`WorkflowId = 'a\') OR (b'`],
      ['a doubled quote in a string', "WorkflowId = 'a'') OR (b'"],
      ['nested parentheses', `((${decoy}) OR (${decoy}))`],
      ['many values', `WorkflowId IN (${Array.from({ length: 2_000 }, (_, index) => `'w${index}'`).join(', ')})`],
      ['many conditions', Array.from({ length: 400 }, () => decoy).join(' OR ')],
    ])('with %s is accepted', async (_what, query) => {
      expect(await previewBatch(client, request({ action, query, ...target }))).toMatchObject({ matched: 0 });
    });
  });
});

const literally = (text: string) => new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
