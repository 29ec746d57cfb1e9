import { randomUUID } from 'node:crypto';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Connection } from '@temporalio/client';
import { makeCertificates } from '../../local/certificates';
import { startTlsGateway } from '../../local/tls-gateway';
import type { TlsGateway } from '../../local/tls-gateway';
import type { BatchRequest } from '../../operations/batch/batch';
import { cancelBatch, getBatch, listBatchItems, retryRequest } from '../../operations/batch/follow';
import type { BatchAnswer } from '../../operations/batch/follow';
import { previewBatch, startBatch } from '../../operations/batch/start';
import type { OperationAnswer } from '../../operations/operations';
import { over } from '../../operations/temporal/kept-connection';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import type { DynamoDbLedger } from '../../runtime/dynamodb-ledger';
import { EnvironmentVariable } from '../../runtime/environment';
import { eventually } from '../eventually';
import { createLedger } from './ledger-table';
import { ann } from './rewind';
import { completeWorkflow, connectToTestServer, namespace, ScriptedWorkflow } from './scripted-workflow';
import { temporalAddressVariable } from './server-address';
import { WorkerProcess } from './worker/worker-process';

const serverName = 'batch.temporal.test';

/* On the real worker, as a process of its own, through mutual TLS, with the ledger in a real DynamoDB. */
describe('a batch operation', () => {
  let connection: Connection;
  let client: NamespaceClient;
  let ledger: DynamoDbLedger;
  let gateway: TlsGateway;
  let secretArn: string;
  let taskQueue: string;
  let worker: WorkerProcess | undefined;
  /** Type of the workflows of the test at hand, so that a query finds them and no others. */
  let type: string;

  beforeAll(async () => {
    connection = connectToTestServer();
    client = new NamespaceClient(namespace, over(connection));
    const certificates = await makeCertificates(serverName);
    const { server, ca } = certificates;
    gateway = await startTlsGateway({ upstream: process.env[temporalAddressVariable] ?? '', server, ca });
    const SecretString = JSON.stringify({ ...certificates.client, ca });
    const created = await new SecretsManagerClient({}).send(
      new CreateSecretCommand({ Name: randomUUID(), SecretString }),
    );
    secretArn = created.ARN ?? '';
  });
  beforeEach(async () => {
    ledger = await createLedger();
    taskQueue = `batch-${randomUUID()}`;
    type = `victim-${randomUUID()}`;
  });
  afterEach(async () => {
    await worker?.stop('SIGKILL');
    worker = undefined;
  });
  afterAll(async () => {
    await gateway.stop();
    await connection.close();
  });

  async function startWorker(): Promise<WorkerProcess> {
    const aws = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('AWS_')));
    const address = `127.0.0.1:${gateway.port}`;
    worker = await WorkerProcess.start({
      ...(aws as Record<string, string>),
      [EnvironmentVariable.namespaces]: JSON.stringify({
        [namespace]: { address, secretArn, tlsServerName: serverName },
      }),
      [EnvironmentVariable.workerNamespace]: namespace,
      [EnvironmentVariable.taskQueue]: taskQueue,
      [EnvironmentVariable.ledgerTable]: ledger.tableName,
      [EnvironmentVariable.ledgerRetentionDays]: '1',
    });
    await worker.untilReady();
    return worker;
  }

  /** Does something so many times, some at a time. */
  async function times(count: number, act: (index: number) => Promise<unknown>): Promise<void> {
    let next = 0;
    const lane = async () => {
      for (let index = next++; index < count; index = next++) await act(index);
    };
    await Promise.all(Array.from({ length: 40 }, lane));
  }

  const ofType = () => `WorkflowType = '${type}'`;

  /** Starts workflows that do nothing, and waits until visibility knows them. */
  async function startVictims(count: number, ids = (index: number) => `${type}-${index}`): Promise<void> {
    const before = await client.countWorkflows(ofType());
    await times(count, (index) =>
      ScriptedWorkflow.start(connection, { workflowId: ids(index), type, taskQueue: `${type}-queue` }),
    );
    await until(async () => (await client.countWorkflows(ofType())) === before + count);
  }

  /** Lets so many victims more complete, each with one workflow task. */
  async function completeVictims(count: number): Promise<void> {
    const completed = () => client.countWorkflows(`${ofType()} AND ExecutionStatus = 'Completed'`);
    const before = await completed();
    const any = ScriptedWorkflow.promised(connection, `${type}-queue`);
    await times(count, () => any.completeTask(completeWorkflow));
    await until(async () => (await completed()) === before + count);
  }

  const until = (holds: () => Promise<boolean>) => eventually(holds, String(holds), 240_000);

  const dependencies = () => ({ ledger, onUnrecorded: () => {} });
  const asked = (request: BatchRequest) => ({
    namespace,
    workflowId: 'rewind-batch-operations',
    verb: 'batch' as const,
    actor: ann,
    reason: request.reason,
    request,
  });
  const request = (fields: Partial<BatchRequest>): BatchRequest => ({
    action: 'cancel',
    query: ofType(),
    reason: 'bad deploy',
    ratePerSecond: 200,
    maxWorkflows: 10_000,
    ...fields,
  });
  const start = async (fields: Partial<BatchRequest>) =>
    (await startBatch(dependencies(), client, asked(request(fields)), taskQueue)).answer;

  async function ended(operationId: string): Promise<BatchAnswer> {
    let answer: BatchAnswer | undefined;
    await until(async () => {
      answer = await getBatch(ledger, client, operationId);
      return answer.state !== 'running';
    });
    return answer!;
  }

  async function allItems(operationId: string, outcome?: 'failed' | 'succeeded'): Promise<OperationAnswer[]> {
    const items: OperationAnswer[] = [];
    let token: string | undefined;
    do {
      const page = await listBatchItems(ledger, namespace, operationId, { size: 500, token, outcome });
      items.push(...page.items);
      token = page.nextPageToken;
    } while (token !== undefined);
    return items;
  }

  test('cancels 2,000 workflows, each with its reason and actor, although the worker is killed three times', async () => {
    await startVictims(2_000);
    await startWorker();
    const { operationId, matched } = await start({});
    expect(matched).toBe(2_000);

    for (const share of [0.2, 0.4, 0.6]) {
      await until(async () => (await getBatch(ledger, client, operationId)).done >= share * 2_000);
      await worker?.stop('SIGKILL');
      await startWorker();
    }

    expect(await ended(operationId)).toMatchObject({ state: 'completed', done: 2_000, failed: {}, passedOver: 0 });
    const items = await allItems(operationId);
    expect(items).toHaveLength(2_000);
    expect(
      items.every(
        ({ state, outcome, actor }) => state === 'completed' && outcome === 'requested' && actor.id === ann.id,
      ),
    ).toBe(true);
    await times(2_000, async (index) => {
      const { operationId: itemId, workflowId } = items[index]!;
      const { events } = await client.historyReverse({ workflowId, runId: items[index]!.runId! }, 10);
      const asks = events.flatMap((event) => event.workflowExecutionCancelRequestedEventAttributes ?? []);
      const [ask] = asks;
      if (asks.length !== 1 || ask?.identity !== ann.id || ask.cause !== `bad deploy [rewind ${itemId} by ${ann.id}]`) {
        throw new Error(`${workflowId}: ${JSON.stringify(asks)}`);
      }
    });
  }, 400_000);

  test('resets 500 workflows of which 50 have two runs: 500 new runs and no more', async () => {
    await startVictims(50);
    await completeVictims(50);
    await startVictims(500);
    await completeVictims(500);
    await startWorker();

    const { operationId, matched } = await start({ action: 'reset', target: { at: 'lastWorkflowTask' } });

    expect(matched).toBe(550);
    expect(await ended(operationId)).toMatchObject({
      state: 'completed',
      done: 500,
      outcomes: { reset: 500 },
      failed: {},
      passedOver: 50,
    });
    await until(async () => (await client.countWorkflows(ofType())) >= 1_050);
    expect(await client.countWorkflows(ofType())).toBe(1_050);
  }, 300_000);

  test('that is cancelled half-way stops, and says what was and what was not done', async () => {
    await startVictims(300);
    await startWorker();
    const { operationId } = await start({ ratePerSecond: 50 });
    await until(async () => (await getBatch(ledger, client, operationId)).done >= 50);

    await cancelBatch(dependencies(), client, operationId, { namespace, actor: ann, reason: 'enough' });

    const answer = await ended(operationId);
    expect(answer).toMatchObject({ state: 'cancelled', matched: 300 });
    expect(answer.done).toBeLessThan(300);
    const items = await allItems(operationId);
    expect(items).toHaveLength(answer.done);
    const cancelled = (await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        const described = await client.describe({ workflowId: `${type}-${index}` });
        return described.workflowExtendedInfo?.cancelRequested ? 1 : 0;
      }),
    )) as number[];
    expect(cancelled.reduce((sum, one) => sum + one, 0)).toBe(answer.done);
  }, 120_000);

  test('lists what failed and why, and takes that again', async () => {
    const late = `${type}-late`;
    await startVictims(1);
    await startWorker();
    const { operationId } = await start({ query: undefined, workflows: [`${type}-0`, late] });
    expect(await ended(operationId)).toMatchObject({
      state: 'completed',
      done: 2,
      outcomes: { requested: 1 },
      failed: { 'workflow-not-found': 1 },
    });
    expect(await allItems(operationId, 'failed')).toMatchObject([
      { workflowId: late, state: 'refused', failure: { kind: 'workflow-not-found' } },
    ]);
    await ScriptedWorkflow.start(connection, { workflowId: late });

    const again = await retryRequest(ledger, namespace, operationId);
    const { operationId: retried } = await start(again);

    expect(await ended(retried)).toMatchObject({ state: 'completed', done: 1, outcomes: { requested: 1 } });
  });

  test('is found in the worker’s log by the id of the request that began it, and counted when it drains', async () => {
    await startVictims(2);
    const polling = await startWorker();
    const operation = { ...asked(request({})), requestId: 'request-7' };

    const { answer } = await startBatch(dependencies(), client, operation, taskQueue);
    await ended(answer.operationId);

    const { operationId } = answer;
    expect(await polling.logged('A page of a batch operation is done')).toMatchObject({
      operationId,
      requestId: 'request-7',
      done: 2,
    });
    const lines = polling.log.filter(({ message }) => message === 'operation');
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).toMatchObject({
        level: 'INFO',
        service: 'rewind-worker',
        batchOperationId: operationId,
        requestId: 'request-7',
        verb: 'cancel',
        outcome: 'requested',
        spentMs: { ledger: expect.any(Number), temporal: expect.any(Number) },
      });
    }
    await polling.stop();
    const latencies = polling.metrics.flatMap(({ values }) => values['TemporalLatency'] ?? []);
    expect(latencies.length).toBeGreaterThanOrEqual(4);
  });

  test('previews: counts, a sample, and what a reset would do', async () => {
    await startVictims(3);
    await completeVictims(3);

    const preview = await previewBatch(
      client,
      request({ action: 'reset', target: { at: 'firstWorkflowTask' }, maxWorkflows: 2 }),
    );

    expect(preview).toMatchObject({ outcome: 'preview', matched: 3, tooMany: true });
    expect(preview.sample).toHaveLength(3);
    expect(preview.sample[0]?.reset).toMatchObject({ outcome: 'preview', eventId: expect.any(Number) });
  });

  test('with no worker says so, and is there for one to come', async () => {
    await startVictims(1);

    const answer = await start({});

    expect(answer).toMatchObject({
      state: 'running',
      workerPolling: false,
      explanation: expect.stringContaining(taskQueue),
    });
    await startWorker();
    expect(await ended(answer.operationId)).toMatchObject({ state: 'completed', done: 1 });
  });

  test.each([
    ['a misspelt attribute', { query: "WorkflowTyp = 'x'" }, { kind: 'invalid-request', details: { field: 'query' } }],
    ['a query that is none', { query: 'cancel everything' }, { kind: 'invalid-request', details: { field: 'query' } }],
    [
      'more matches than allowed',
      { maxWorkflows: 1 },
      { kind: 'too-many-matches', details: { value: 1, allowed: 'at least 2, or a narrower query' } },
    ],
  ])('is refused for %s', async (_what, fields, failure) => {
    await startVictims(2);

    await expect(start(fields)).rejects.toMatchObject(failure);
  });

  test('that matches nothing is done at once', async () => {
    expect(await start({})).toMatchObject({ outcome: 'nothingMatched', state: 'completed', matched: 0 });
  });
});
