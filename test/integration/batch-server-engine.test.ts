import type { BatchOperation } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { cancelBatch, getBatch, listBatchItems, retryRequest } from '../../operations/batch/follow';
import { batch, previewBatch } from '../../operations/batch/start';
import { executeOperation } from '../../operations/execute-operation';
import type { Ledger } from '../../operations/ledger/ledger';
import type { OperationDependencies } from '../../operations/verb';
import { callsOver } from '../support/calls-over';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import { findTemporalCli } from '../../local/temporal/temporal-cli';
import { startTemporalServer } from '../../local/temporal/server';
import type { TemporalServer } from '../../local/temporal/server';
import { eventually } from '../support/eventually';
import { withHangingCall } from '../support/hanging-ledger';
import { createLedger } from '../support/ledger-table';
import { ManyWorkflows } from '../support/many-workflows';
import { ann, Rewind } from '../support/rewind';
import { namespace, ScriptedWorkflow } from '../support/scripted-workflow';
import { withCall } from '../support/with-call';

const MINUTE = 60_000;

/** As many ids as keep the server busy for so long: it starts 50 at once, then 50 a second. The ids need not exist. */
const listFor = (seconds: number) => Array.from({ length: 50 + 50 * seconds }, (_, index) => `missing-${index}`);
const longList = listFor(3);
/** For a job that is stopped before it ends. */
const longerList = listFor(15);

/*
 * The server executes these without a Rewind worker, one job per namespace at a time: a separate server avoids the jobs of
 * other test files.
 */
describe("a batch operation on Temporal's own engine", () => {
  let server: TemporalServer;
  let connection: Connection;
  let client: NamespaceClient;
  let ledger: Ledger;
  let workflows: ManyWorkflows;
  const startedJobs = new Set<string>();
  beforeAll(async () => {
    server = await startTemporalServer({ cli: await findTemporalCli() });
    // With the client library's own retries, a second job would wait for the first instead of being refused.
    connection = Connection.lazy({ address: server.address, interceptors: [] });
    const direct = new NamespaceClient(namespace, callsOver(connection));
    client = withCall(direct, 'startBatchOperation', async (job, attribution) => {
      await direct.startBatchOperation(job, attribution);
      startedJobs.add(job.jobId);
    });
  });
  beforeEach(async () => {
    ledger = await createLedger();
    workflows = new ManyWorkflows(connection);
  });
  afterEach(() => idle());
  afterAll(async () => {
    await connection.close();
    await server.stop();
  });

  const jobs = (condition = '') => client.countWorkflows(`TemporalNamespaceDivision = 'TemporalBatcher'${condition}`);
  const running = () => jobs(" AND ExecutionStatus = 'Running'");
  /* The server counts running jobs in visibility. */
  const busy = () => eventually(async () => (await running()) === 1, 'the engine to be busy');
  const idle = () =>
    eventually(
      async () => (await jobs()) === startedJobs.size && (await running()) === 0,
      'the engine to have ended all started jobs',
      60_000,
    );

  const request = (fields: Partial<BatchRequest>): BatchRequest => ({
    action: 'cancel',
    engine: 'server',
    reason: 'bad deploy',
    ratePerSecond: 20,
    maxWorkflows: 1_000,
    ...fields,
  });
  const dependencies = (more: Partial<OperationDependencies> = {}) => ({
    ledger,
    onRecordFailure: () => {},
    ...more,
  });
  const execute = (fields: Partial<BatchRequest>, key?: string, more?: Partial<OperationDependencies>) =>
    executeOperation({ ...dependencies(more), taskQueue: 'unpolled' }, client, batch, {
      actor: ann,
      request: request(fields),
      idempotencyKey: key,
    });
  const start = async (fields: Partial<BatchRequest>, key?: string) => (await execute(fields, key)).answer;
  const later = { now: () => Date.now() + MINUTE };

  async function ended(operationId: string): Promise<BatchOperation> {
    return eventually(
      async () => {
        const answer = await getBatch(ledger, client, operationId);
        return answer.state !== 'running' && answer;
      },
      `batch operation ${operationId} to end`,
      60_000,
    );
  }

  const job = (jobId: string) => connection.workflowService.describeBatchOperation({ namespace, jobId });
  const events = async (workflowId: string, runId?: string) =>
    (await connection.workflowService.getWorkflowExecutionHistory({ namespace, execution: { workflowId, runId } }))
      .history?.events ?? [];

  test('cancels the workflows of a query, and stores reason and actor in the job but not in the histories', async () => {
    await workflows.start(3);

    const { operationId, ...answer } = await start({ query: workflows.query });

    expect(answer).toMatchObject({ outcome: 'started', state: 'running', engine: 'server', matched: 3 });
    expect(answer.limitations).toContainEqual(
      expect.stringMatching(/^The workflows' histories contain neither the reason/),
    );
    expect(answer).not.toHaveProperty('workerPolling');
    const { state, engine, matched, done, outcomes, failed } = await ended(operationId);
    expect({ state, engine, matched, done, outcomes, failed }).toEqual({
      state: 'completed',
      engine: 'server',
      matched: 3,
      done: 3,
      outcomes: { succeeded: 3 },
      failed: {},
    });
    expect(await job(operationId)).toMatchObject({
      reason: `bad deploy [rewind ${operationId} by ${ann.id}]`,
      identity: ann.id,
    });
    const cancelRequests = (await events(workflows.id(0))).flatMap(
      (event) => event.workflowExecutionCancelRequestedEventAttributes ?? [],
    );
    expect(cancelRequests).toHaveLength(1);
    expect(cancelRequests[0]).toMatchObject({ cause: '', identity: expect.not.stringContaining('ann') });
  });

  test('terminates listed workflows, and stores the reason in their histories', async () => {
    await workflows.start(2);

    const { operationId } = await start({ action: 'terminate', workflows: [workflows.id(0), workflows.id(0)] });

    expect(await ended(operationId)).toMatchObject({ state: 'completed', matched: 1, done: 1 });
    expect((await events(workflows.id(0))).at(-1)?.workflowExecutionTerminatedEventAttributes).toMatchObject({
      reason: `bad deploy [rewind ${operationId} by ${ann.id}]`,
      identity: expect.not.stringContaining('ann'),
    });
    expect((await client.describe({ workflowId: workflows.id(1) })).workflowExecutionInfo?.closeTime).toBeNull();
  });

  test('resets every run that matches, and terminates the live run when it resets a closed one', async () => {
    const workflowId = workflows.id(0);
    for (const _ of ['first', 'second']) {
      await workflows.start(1);
      await workflows.complete(1);
    }
    await workflows.start(1);
    const live = (await client.describe({ workflowId })).workflowExecutionInfo?.execution?.runId ?? '';

    const { operationId, limitations, matched } = await start({
      action: 'reset',
      query: `${workflows.query} AND ExecutionStatus = 'Completed'`,
      target: { at: 'lastWorkflowTask' },
    });

    expect(matched).toBe(2);
    expect(limitations).toContainEqual(expect.stringContaining('terminates the live run'));
    expect(await ended(operationId)).toMatchObject({ state: 'completed', done: 2 });
    await workflows.waitForCount(5);
    expect((await events(workflowId, live)).at(-1)?.workflowExecutionTerminatedEventAttributes?.reason).toContain(
      `[rewind ${operationId} by `,
    );
  });

  test.each<[BatchRequest['target']]>([[{ at: 'firstWorkflowTask' }], [{ buildId: 'v1' }]])(
    'resets to %p',
    async (target) => {
      const workflow = await ScriptedWorkflow.start(connection);
      await workflow.completeTaskAs('v1');

      const { operationId } = await start({ action: 'reset', workflows: [workflow.workflowId], target });

      expect(await ended(operationId)).toEqual(expect.objectContaining({ state: 'completed', done: 1, failed: {} }));
      const { workflowExecutionInfo } = await client.describe({ workflowId: workflow.workflowId });
      expect(workflowExecutionInfo?.execution?.runId).not.toBe(workflow.runId);
    },
  );

  test.each<[NonNullable<BatchRequest['target']>]>([
    [{ eventId: 4 }],
    [{ at: 'lastContinuedAsNew' }],
    [{ beforeFailure: 'last' }],
    [{ back: 1 }],
    [{ buildId: 'v1', deploymentName: 'orders' }],
  ])('refuses to reset to %p, and lists the supported targets', async (target) => {
    const refused = {
      kind: 'invalid-request',
      details: { field: 'target', value: target, allowed: expect.stringContaining('lastWorkflowTask') },
    };
    const reset = { action: 'reset' as const, workflows: ['any'], target };
    await expect(start(reset)).rejects.toMatchObject(refused);
    await expect(previewBatch(client, request(reset))).rejects.toMatchObject(refused);
  });

  test('resets without signals, and skips excluded workflows', async () => {
    const [included, excluded] = [await ScriptedWorkflow.start(connection), await ScriptedWorkflow.start(connection)];
    for (const workflow of [included, excluded]) {
      await workflow.completeTask();
      await workflow.signal('approve');
    }
    const { operationId, matched } = await start({
      action: 'reset',
      workflows: [included.workflowId, excluded.workflowId],
      exclude: [excluded.workflowId],
      target: { at: 'firstWorkflowTask' },
      excludeReapply: ['signals'],
    });
    expect(matched).toBe(1);
    expect(await ended(operationId)).toMatchObject({ state: 'completed', done: 1 });
    const [reset, other] = await Promise.all(
      [included, excluded].map(async ({ workflowId }) => (await client.describe({ workflowId })).workflowExecutionInfo),
    );
    expect(other?.execution?.runId).toBe(excluded.runId);
    const newRun = await events(included.workflowId, reset?.execution?.runId ?? '');
    expect(newRun.filter((event) => event.workflowExecutionSignaledEventAttributes)).toEqual([]);
  });

  test.each([
    ['orphanedChildren', { orphanedChildren: 'cancel' }],
    ['followSeconds', { followSeconds: 5 }],
    ['canary', { canary: { count: 1, waitSeconds: 1, maxFailureRate: 0 } }],
    ['stopAtFailureRate', { stopAtFailureRate: 0.5 }],
  ] as const)('refuses %s, which only the worker engine supports', async (field, fields) => {
    const reset = { action: 'reset' as const, workflows: ['any'], target: { at: 'firstWorkflowTask' as const } };
    await expect(start({ ...reset, ...fields })).rejects.toMatchObject({ kind: 'invalid-request', details: { field } });
  });

  test('previews the count and the limitations', async () => {
    await workflows.start(2);
    expect(await previewBatch(client, request({ query: workflows.query, maxWorkflows: 1 }))).toMatchObject({
      engine: 'server',
      matched: 2,
      tooMany: true,
      limitations: expect.arrayContaining([expect.stringContaining('ratePerSecond')]),
    });
  });

  test.each([
    ['a misspelt attribute', { query: "WorkflowTyp = 'x'" }, { kind: 'invalid-request', details: { field: 'query' } }],
    ['more matches than allowed', { workflows: ['a', 'b'], maxWorkflows: 1 }, { kind: 'too-many-matches' }],
  ])('is refused for %s', async (_what, fields, failure) => {
    await expect(start(fields)).rejects.toMatchObject(failure);
  });

  test.each([
    ['an id', () => `nightly-purge-${randomUUID()}`],
    ['an id that no query finds', () => `nightly "purge" ${randomUUID()}`],
  ])('is refused for a list with the job of another tool, which can have any id: %s', async (_what, id) => {
    const jobId = id();
    await client.startBatchOperation(
      { jobId, of: { executions: [{ workflowId: 'missing' }] }, action: 'cancel' },
      { reason: 'purge', identity: 'cron', temporalRequestId: jobId },
    );
    await idle();

    // The job of another tool is in the second query of 500 ids.
    const before = await jobs();
    await expect(
      start({ action: 'reset', workflows: [...longerList, jobId], target: { at: 'firstWorkflowTask' } }),
    ).rejects.toMatchObject({
      kind: 'system-workflow',
      message: expect.stringContaining('type temporal-sys-batch-workflow-protobuf'),
      details: { value: jobId },
    });
    expect(await jobs()).toBe(before);
  });

  test('starts one job for concurrent requests with one key', async () => {
    const before = await jobs();
    const key = randomUUID();
    const executions = await Promise.all([1, 2, 3].map(() => execute({ workflows: ['missing'] }, key)));

    expect(executions.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(executions.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
    await ended(executions[0]!.answer.operationId);
    await eventually(async () => (await jobs()) === before + 1);
  });

  test('whose function stops after the start is found by a retry, while its job runs and after', async () => {
    const [whileRunning, after] = [randomUUID(), randomUUID()];
    for (const [key, until] of [
      [whileRunning, busy],
      [after, idle],
    ] as const) {
      const hanging = withHangingCall(ledger, 'complete');
      void execute({ workflows: longList }, key, { ledger: hanging.ledger }).catch(() => {});
      await hanging.hung;
      await until();

      const { answer, replayed } = await execute({ workflows: longList }, key, later);

      expect(replayed).toBe(false);
      expect(answer).toMatchObject({ outcome: 'started', engine: 'server', matched: longList.length });
      expect(await ended(answer.operationId)).toMatchObject({ done: longList.length });
      await idle();
    }
  });

  test('starts once: a retry finds its own job, running or ended, instead of failing because the server is busy', async () => {
    const key = randomUUID();
    const { answer } = await execute({ workflows: longList }, key);
    await busy();
    const before = await jobs();
    const call = { client, operationId: answer.operationId, actor: ann, request: request({ workflows: longList }) };
    const plan = await batch.plan(call);
    if (!('runId' in plan)) throw new Error('there is something to do');

    expect((await batch.execute(call, plan, dependencies())).answer).toMatchObject({ outcome: 'started' });
    await idle();
    expect((await batch.execute(call, plan, dependencies())).answer).toMatchObject({ outcome: 'started' });
    expect(await jobs()).toBe(before);
  });

  test('is throttled while another job runs, and starts on a retry with the same key', async () => {
    const [first, key] = [await start({ workflows: longerList }), randomUUID()];
    await busy();
    await expect(start({ workflows: ['missing'] }, key)).rejects.toMatchObject({
      kind: 'throttled',
      message: expect.stringContaining('one job per namespace at a time'),
      details: { retryAfterSeconds: expect.any(Number) },
    });
    const [refused] = (await ledger.search(namespace, { workflowId: 'rewind-batch-operations' }, { size: 1 }))
      .operations;
    expect(refused).toMatchObject({ state: 'failed', outcome: 'throttled' });
    expect(await client.describeBatchOperation(refused?.operationId ?? '')).toBeUndefined();
    await cancelBatch(dependencies(), client, first.operationId, { actor: ann, request: { reason: 'enough' } });
    await idle();

    const { operationId } = await start({ workflows: ['missing'] }, key);

    expect(operationId).toBe(refused?.operationId);
    expect(await ended(operationId)).toMatchObject({ state: 'completed', done: 1 });
  });

  test('stops once when cancelled, and returns the counts so far', async () => {
    const { operationId } = await start({ workflows: longerList });
    const cancellation = { actor: ann, request: { reason: 'enough' } };

    const { answer } = await cancelBatch(dependencies(), client, operationId, cancellation);

    expect(answer).toMatchObject({ outcome: 'terminated', matched: longerList.length, done: 0 });
    expect(await ended(operationId)).toMatchObject({ state: 'cancelled', matched: longerList.length });
    const again = await cancelBatch(dependencies(), client, operationId, cancellation);
    expect(again.answer).toMatchObject({ outcome: 'alreadyClosed', status: 'Terminated' });
    expect((await events(operationId)).at(-1)?.workflowExecutionTerminatedEventAttributes).toMatchObject({
      identity: ann.id,
      reason: `enough [rewind ${answer.operationId} by ${ann.id}]`,
    });
  });

  test('has a job that no single-workflow operation changes and no batch query matches', async () => {
    const { operationId } = await start({ workflows: longList });
    await busy();
    const rewind = new Rewind(ledger);
    const target = { client, workflowId: operationId };
    const refused = {
      kind: 'batch-workflow',
      details: { allowed: expect.stringContaining(`batch-operations/${operationId}/cancel`) },
    };
    await expect(rewind.cancel(target)).rejects.toMatchObject(refused);
    await expect(rewind.terminate(target)).rejects.toMatchObject(refused);
    await expect(rewind.reset(target, { target: { at: 'firstWorkflowTask' } })).rejects.toMatchObject(refused);
    await expect(start({ workflows: [operationId] })).rejects.toMatchObject(refused);

    const query = `TemporalNamespaceDivision = 'TemporalBatcher' AND WorkflowId = '${operationId}'`;
    expect(await client.countWorkflows(query)).toBe(1);
    for (const action of ['cancel', 'terminate'] as const) {
      expect(await previewBatch(client, request({ action, query }))).toMatchObject({ matched: 0, sample: [] });
    }
    expect(await ended(operationId)).toMatchObject({ state: 'completed', done: longList.length });
    await expect(rewind.reset(target, { target: { at: 'firstWorkflowTask' } })).rejects.toMatchObject(refused);
  });

  test('refuses to list or retry items, and names the engine that can', async () => {
    const { operationId } = await start({ workflows: ['missing'] });
    const refused = {
      kind: 'unsupported-by-engine',
      details: { allowed: expect.stringContaining('"engine": "worker"') },
    };
    await expect(listBatchItems(ledger, namespace, operationId, { size: 1 })).rejects.toMatchObject(refused);
    await expect(retryRequest(ledger, namespace, operationId)).rejects.toMatchObject(refused);
    await ended(operationId);
  });

  describe('is reconciled', () => {
    const reconcile = () => new Rewind(ledger).reconcile({ client }, MINUTE);
    const onlyRecord = async () =>
      (await ledger.search(namespace, { workflowId: 'rewind-batch-operations' }, { size: 2 })).operations[0];

    test.each([
      [
        'started, if the function stops before it records the start',
        'complete',
        { state: 'completed', outcome: 'started' },
      ],
      [
        'not started, if the function stops before the start',
        'recordTargetRun',
        { state: 'failed', outcome: 'broken-off' },
      ],
    ] as const)('as %s', async (_what, call, record) => {
      const hanging = withHangingCall(ledger, call);
      void execute({ workflows: ['missing'] }, randomUUID(), { ledger: hanging.ledger }).catch(() => {});
      await hanging.hung;

      expect(await reconcile()).toEqual([]);

      expect(await onlyRecord()).toMatchObject(record);
    });

    test('with the counts for a replay of its cancellation, if the function stops before it records the result', async () => {
      const { operationId } = await start({ workflows: longerList });
      const hanging = withHangingCall(ledger, 'complete');
      const cancellation = { actor: ann, request: { reason: 'enough' }, idempotencyKey: randomUUID() };
      void cancelBatch(dependencies({ ledger: hanging.ledger }), client, operationId, cancellation).catch(() => {});
      await hanging.hung;
      await idle();

      expect(await reconcile()).toEqual([]);

      const { answer, replayed } = await cancelBatch(dependencies(), client, operationId, cancellation);
      expect(replayed).toBe(true);
      const counts = { matched: longerList.length, done: 0, failed: {} };
      expect(answer).toEqual(expect.objectContaining({ outcome: 'terminated', ...counts }));
    });

    test('with the result of its job, which the ledger keeps beyond the retention of Temporal', async () => {
      const { operationId } = await start({ workflows: ['missing'] });
      await idle();

      expect(await reconcile()).toEqual([]);

      expect(await onlyRecord()).toMatchObject({ operationId, batch: { state: 'completed', progress: { done: 1 } } });
      expect(await onlyRecord()).not.toHaveProperty('nextCheckAt');
    });
  });
});
