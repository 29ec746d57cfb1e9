import type { Connection } from '@temporalio/client';
import { LATE_EXECUTION_MS, LEASE_MS } from '../../operations/ledger/lease';
import { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { HttpChange, successOf } from '../support/http-change';
import type { Caller } from '../support/http-change';
import { AwsProxy } from '../support/aws-proxy';
import { createLedger } from '../support/ledger-table';
import { connectToTestServer, ScriptedWorkflow, startTimer } from '../support/scripted-workflow';

/*
 * The operation ledger fails, in each way that DynamoDB and the way to it do. docs/faults.md says what callers see.
 */

/** Of a request to a DynamoDB that is silent, in milliseconds. To one that answers, a busy machine may take as long. */
const REQUEST_TIMEOUT_MS = 1_000;
const endpointVariable = 'AWS_ENDPOINT_URL_DYNAMODB';
const LATER_MS = LEASE_MS + LATE_EXECUTION_MS + 1_000;

let connection: Connection;
let proxy: AwsProxy;
let ledger: DynamoDbLedger;
let caller: Caller;
/** The same table, without faults. */
let truth: DynamoDbLedger;
beforeAll(() => {
  connection = connectToTestServer();
});
afterAll(() => connection.close());
beforeEach(async () => {
  truth = await createLedger();
  // A client finds its endpoint out at its first request, and keeps to it.
  await truth.find('nobody');
  proxy = await AwsProxy.start();
  process.env[endpointVariable] = proxy.url;
  through(ledgerOf());
  anybody = await running();
});
afterEach(async () => {
  delete process.env[endpointVariable];
  await proxy.stop();
});

/** Sends the requests of a test through this ledger. */
function through(used: DynamoDbLedger): void {
  ledger = used;
  caller = { ledger, namespaces: { find: (name) => ({ name, connect: async () => anybody.client }) } };
}

let anybody: ScriptedWorkflow;
async function running(): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection);
  await workflow.completeTask(startTimer('1', 600_000));
  return workflow;
}

const ledgerOf = (requestTimeoutMs?: number, now?: () => number) =>
  new DynamoDbLedger({
    tableName: truth.tableName,
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
  ['is silent', { reachesService: false, delayMs: 60_000 }],
] as const)(
  'a ledger that %s before the record: nothing is done, and the same key does it later',
  async (_what, fault) => {
    const asked = new HttpChange('reset', await running());
    if ('delayMs' in fault) through(ledgerOf(REQUEST_TIMEOUT_MS));
    proxy.faults.set('PutItem', fault);

    expect(await asked.send(caller)).toMatchObject({ status: 503, problem: 'ledger-unavailable', retryAfter: 2 });

    expect(await asked.countExecutions()).toBe(0);
    expect(await asked.record(truth)).toBeUndefined();
    proxy.faults.clear();
    expect(await asked.send(caller)).toMatchObject({ status: successOf.reset.status, replayed: false });
    expect(await asked.countExecutions()).toBe(1);
    expect(await asked.record(truth)).toMatchObject({ state: 'completed', outcome: 'reset' });
  },
);

describe.each(['cancel', 'reset'] as const)('%s, when the ledger', (change) => {
  test('wrote the record, and its answer came too late: it is known for our own, and done', async () => {
    const asked = new HttpChange(change, await running());
    through(ledgerOf(REQUEST_TIMEOUT_MS));
    proxy.faults.set('PutItem', { reachesService: true, delayMs: 3 * REQUEST_TIMEOUT_MS, times: 1 });

    expect(await asked.send(caller)).toMatchObject({ status: successOf[change].status, replayed: false });

    // The record is written twice. The lock of a reset is a record of its own.
    expect(proxy.count('PutItem')).toBe(change === 'reset' ? 3 : 2);
    expect(await asked.countExecutions()).toBe(1);
    expect(await asked.record(truth)).toMatchObject({ state: 'completed', attempt: 1 });
  });

  test('wrote the record, and never answers: it is taken over when the lease has ended', async () => {
    const asked = new HttpChange(change, await running());
    proxy.faults.set('PutItem', { reachesService: true, instead: broken });
    expect(await asked.send(caller)).toMatchObject({ status: 503, problem: 'ledger-unavailable', retryAfter: 2 });
    expect(await asked.record(truth)).toMatchObject({ state: 'started' });
    expect(await asked.countExecutions()).toBe(0);
    proxy.faults.clear();

    const later = { ...caller, now: () => Date.now() + LATER_MS };
    expect(await asked.send(later)).toMatchObject({ status: successOf[change].status });

    expect(await asked.countExecutions()).toBe(1);
    expect(await asked.record(truth)).toMatchObject({ state: 'completed', attempt: 2 });
  });

  test('fails before the run is noted: nothing is done', async () => {
    const asked = new HttpChange(change, await running());
    proxy.faults.set('UpdateItem', { reachesService: false, instead: throttled, times: 2 });

    expect(await asked.send(caller)).toMatchObject({ status: 503, problem: 'ledger-unavailable', retryAfter: 2 });

    expect(await asked.countExecutions()).toBe(0);
    expect(await asked.record(truth)).toMatchObject({ state: 'failed', outcome: 'ledger-unavailable' });
    expect(await asked.send(caller)).toMatchObject({ status: successOf[change].status });
    expect(await asked.countExecutions()).toBe(1);
  });

  test('noted the run, and its answer was lost: it is done, once', async () => {
    const asked = new HttpChange(change, await running());
    proxy.faults.set('UpdateItem', { reachesService: true, instead: 'cut', times: 1 });

    expect(await asked.send(caller)).toMatchObject({ status: successOf[change].status });

    expect(await asked.countExecutions()).toBe(1);
    expect(await asked.record(truth)).toMatchObject({ state: 'completed', outcome: successOf[change].outcome });
  });

  test('handed the operation over, and its answer was lost: it is known for our own', async () => {
    const asked = new HttpChange(change, await running());
    proxy.faults.set('UpdateItem', { reachesService: false, instead: broken });
    await asked.send(caller);
    expect(await asked.record(truth)).toMatchObject({ state: 'started' });
    proxy.faults.set('UpdateItem', { reachesService: true, instead: 'cut', times: 1 });

    const later = { ...caller, now: () => Date.now() + LATER_MS };
    expect(await asked.send(later)).toMatchObject({ status: successOf[change].status });

    expect(await asked.countExecutions()).toBe(1);
    expect(await asked.record(truth)).toMatchObject({ state: 'completed', attempt: 2 });
  });

  test.each([
    ['fails', { reachesService: false, instead: broken }],
    ['is silent', { reachesService: false, delayMs: 60_000 }],
  ] as const)('%s after the act: the answer is true, and the ledger is told later', async (_what, fault) => {
    const asked = new HttpChange(change, await running());
    if ('delayMs' in fault) through(ledgerOf(REQUEST_TIMEOUT_MS));
    // The first one notes the run.
    const noting = ledger.recordTargetRun.bind(ledger);
    ledger.recordTargetRun = async (...args) => {
      const noted = await noting(...args);
      proxy.faults.set('UpdateItem', fault);
      return noted;
    };

    expect(await asked.send(caller)).toMatchObject({
      status: successOf[change].status,
      body: { outcome: successOf[change].outcome },
    });

    expect(await asked.record(truth)).toMatchObject({ state: 'started', runId: asked.workflow.runId });
    proxy.faults.clear();
    expect(await HttpChange.settle(caller, LATER_MS)).toEqual([]);
    expect(await asked.record(truth)).toMatchObject({ state: 'completed', outcome: successOf[change].outcome });
    expect(await asked.send(caller)).toMatchObject({ status: successOf[change].status, replayed: true });
    expect(await asked.countExecutions()).toBe(1);
  });
});

test('the deployed ledger waits for a silent DynamoDB no longer than two attempts of 3 s', async () => {
  const deployed = ledgerOf();
  const asked = new HttpChange('cancel', await running());
  proxy.faults.set('PutItem', { reachesService: false, delayMs: 60_000 });

  expect(await asked.send({ ...caller, ledger: deployed })).toMatchObject({
    status: 503,
    problem: 'ledger-unavailable',
  });

  expect(proxy.count('PutItem')).toBe(2);
});

test('a ledger that is not there is said to be so', async () => {
  await proxy.stop();
  const asked = new HttpChange('cancel', await running());
  expect(await asked.send(caller)).toMatchObject({ status: 503, problem: 'ledger-unavailable', retryAfter: 2 });
  expect(await asked.countExecutions()).toBe(0);
  proxy = await AwsProxy.start();
});
