import type { Connection } from '@temporalio/client';
import { LATE_EXECUTION_MS, LEASE_MS } from '../../operations/ledger/lease';
import { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { HttpChange, successOf } from '../support/http-change';
import type { Caller } from '../support/http-change';
import { AwsProxy } from '../support/aws-proxy';
import { createLedger } from '../support/ledger-table';
import { connectToTestServer, ScriptedWorkflow, startTimer } from '../support/scripted-workflow';

/*
 * The operation ledger fails, as DynamoDB and the network do. docs/faults.md lists the responses.
 */

/** Timeout of requests to a DynamoDB that does not respond, in milliseconds. Only for these: a busy machine may be slow. */
const REQUEST_TIMEOUT_MS = 1_000;
const endpointVariable = 'AWS_ENDPOINT_URL_DYNAMODB';
const LATER_MS = LEASE_MS + LATE_EXECUTION_MS + 1_000;

let connection: Connection;
let proxy: AwsProxy;
let ledger: DynamoDbLedger;
let caller: Caller;
/** The same table, without the proxy. */
let directLedger: DynamoDbLedger;
beforeAll(() => {
  connection = connectToTestServer();
});
afterAll(() => connection.close());
beforeEach(async () => {
  directLedger = await createLedger();
  // A client reads its endpoint at its first request only.
  await directLedger.find('missing');
  proxy = await AwsProxy.start();
  process.env[endpointVariable] = proxy.url;
  useLedger(ledgerOf());
  anyWorkflow = await running();
});
afterEach(async () => {
  delete process.env[endpointVariable];
  await proxy.stop();
});

/** Sends the requests of a test through this ledger. */
function useLedger(used: DynamoDbLedger): void {
  ledger = used;
  caller = { ledger, namespaces: { find: (name) => ({ name, connect: async () => anyWorkflow.client }) } };
}

let anyWorkflow: ScriptedWorkflow;
async function running(): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection);
  await workflow.completeTask(startTimer('1', 600_000));
  return workflow;
}

const ledgerOf = (requestTimeoutMs?: number, now?: () => number) =>
  new DynamoDbLedger({
    tableName: directLedger.tableName,
    retentionDays: 400,
    ...(requestTimeoutMs !== undefined && { requestTimeoutMs }),
    ...(now && { now }),
  });

const throttled = { status: 400, type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException' };
const throttling = { status: 400, type: 'com.amazon.coral.availability#ThrottlingException' };
const broken = { status: 500, type: 'com.amazonaws.dynamodb.v20120810#InternalServerError' };

test.each([
  ['is throttled', { reachesService: false, instead: throttled }],
  ['throttles', { reachesService: false, instead: throttling }],
  ['fails', { reachesService: false, instead: broken }],
  ['cuts the connection', { reachesService: false, instead: 'cut' }],
  ['does not respond', { reachesService: false, delayMs: 60_000 }],
] as const)(
  'a ledger that %s when an operation is recorded causes a 503 with nothing done, and a retry executes the operation',
  async (_what, fault) => {
    const request = new HttpChange('reset', await running());
    if ('delayMs' in fault) useLedger(ledgerOf(REQUEST_TIMEOUT_MS));
    proxy.faults.set('PutItem', fault);

    expect(await request.send(caller)).toMatchObject({ status: 503, problem: 'ledger-unavailable', retryAfter: 2 });

    expect(await request.countExecutions()).toBe(0);
    expect(await request.record(directLedger)).toBeUndefined();
    proxy.faults.clear();
    expect(await request.send(caller)).toMatchObject({ status: successOf.reset.status, replayed: false });
    expect(await request.countExecutions()).toBe(1);
    expect(await request.record(directLedger)).toMatchObject({ state: 'completed', outcome: 'reset' });
  },
);

describe.each(['cancel', 'reset'] as const)('%s, when the ledger', (change) => {
  test('writes the record but responds too late: the function recognizes its record and executes once', async () => {
    const request = new HttpChange(change, await running());
    useLedger(ledgerOf(REQUEST_TIMEOUT_MS));
    proxy.faults.set('PutItem', { reachesService: true, delayMs: 3 * REQUEST_TIMEOUT_MS, times: 1 });

    expect(await request.send(caller)).toMatchObject({ status: successOf[change].status, replayed: false });

    // The record is written twice. A reset also writes its lock.
    expect(proxy.count('PutItem')).toBe(change === 'reset' ? 3 : 2);
    expect(await request.countExecutions()).toBe(1);
    expect(await request.record(directLedger)).toMatchObject({ state: 'completed', attempt: 1 });
  });

  test('writes the record but returns errors: a retry executes after the lease', async () => {
    const request = new HttpChange(change, await running());
    proxy.faults.set('PutItem', { reachesService: true, instead: broken });
    expect(await request.send(caller)).toMatchObject({ status: 503, problem: 'ledger-unavailable', retryAfter: 2 });
    expect(await request.record(directLedger)).toMatchObject({ state: 'started' });
    expect(await request.countExecutions()).toBe(0);
    proxy.faults.clear();

    const later = { ...caller, now: () => Date.now() + LATER_MS };
    expect(await request.send(later)).toMatchObject({ status: successOf[change].status });

    expect(await request.countExecutions()).toBe(1);
    expect(await request.record(directLedger)).toMatchObject({ state: 'completed', attempt: 2 });
  });

  test('refuses to record the run: nothing is done, and a retry executes', async () => {
    const request = new HttpChange(change, await running());
    proxy.faults.set('UpdateItem', { reachesService: false, instead: throttled, times: 2 });

    expect(await request.send(caller)).toMatchObject({ status: 503, problem: 'ledger-unavailable', retryAfter: 2 });

    expect(await request.countExecutions()).toBe(0);
    expect(await request.record(directLedger)).toMatchObject({ state: 'failed', outcome: 'ledger-unavailable' });
    expect(await request.send(caller)).toMatchObject({ status: successOf[change].status });
    expect(await request.countExecutions()).toBe(1);
  });

  test('records the run but its response is lost: the function executes once', async () => {
    const request = new HttpChange(change, await running());
    proxy.faults.set('UpdateItem', { reachesService: true, instead: 'cut', times: 1 });

    expect(await request.send(caller)).toMatchObject({ status: successOf[change].status });

    expect(await request.countExecutions()).toBe(1);
    expect(await request.record(directLedger)).toMatchObject({
      state: 'completed',
      outcome: successOf[change].outcome,
    });
  });

  test('records a takeover but its response is lost: the function recognizes its attempt and executes once', async () => {
    const request = new HttpChange(change, await running());
    proxy.faults.set('UpdateItem', { reachesService: false, instead: broken });
    await request.send(caller);
    expect(await request.record(directLedger)).toMatchObject({ state: 'started' });
    proxy.faults.set('UpdateItem', { reachesService: true, instead: 'cut', times: 1 });

    const later = { ...caller, now: () => Date.now() + LATER_MS };
    expect(await request.send(later)).toMatchObject({ status: successOf[change].status });

    expect(await request.countExecutions()).toBe(1);
    expect(await request.record(directLedger)).toMatchObject({ state: 'completed', attempt: 2 });
  });

  test.each([
    ['fails', { reachesService: false, instead: broken }],
    ['does not respond', { reachesService: false, delayMs: 60_000 }],
  ] as const)('%s after the change: the result is returned, and recorded later', async (_what, fault) => {
    const request = new HttpChange(change, await running());
    if ('delayMs' in fault) useLedger(ledgerOf(REQUEST_TIMEOUT_MS));
    // The first update records the run.
    const recordTargetRun = ledger.recordTargetRun.bind(ledger);
    ledger.recordTargetRun = async (...args) => {
      const record = await recordTargetRun(...args);
      proxy.faults.set('UpdateItem', fault);
      return record;
    };

    expect(await request.send(caller)).toMatchObject({
      status: successOf[change].status,
      body: { outcome: successOf[change].outcome },
    });

    expect(await request.record(directLedger)).toMatchObject({ state: 'started', runId: request.workflow.runId });
    proxy.faults.clear();
    expect(await HttpChange.settle(caller, LATER_MS)).toEqual([]);
    expect(await request.record(directLedger)).toMatchObject({
      state: 'completed',
      outcome: successOf[change].outcome,
    });
    expect(await request.send(caller)).toMatchObject({ status: successOf[change].status, replayed: true });
    expect(await request.countExecutions()).toBe(1);
  });
});

test('the deployed ledger makes two attempts of 3 s on a DynamoDB that does not respond', async () => {
  const deployed = ledgerOf();
  const request = new HttpChange('cancel', await running());
  proxy.faults.set('PutItem', { reachesService: false, delayMs: 60_000 });

  expect(await request.send({ ...caller, ledger: deployed })).toMatchObject({
    status: 503,
    problem: 'ledger-unavailable',
  });

  expect(proxy.count('PutItem')).toBe(2);
});

test('an unreachable ledger causes a 503 with nothing done', async () => {
  await proxy.stop();
  const request = new HttpChange('cancel', await running());
  expect(await request.send(caller)).toMatchObject({ status: 503, problem: 'ledger-unavailable', retryAfter: 2 });
  expect(await request.countExecutions()).toBe(0);
  proxy = await AwsProxy.start();
});
