import { status } from '@grpc/grpc-js';
import type { Connection } from '@temporalio/client';
import type { Certificates } from '../../local/temporal/certificates';
import { LATE_EXECUTION_MS, LEASE_MS } from '../../operations/ledger/lease';
import type { Namespaces } from '../../operations/temporal/namespaces';
import type { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { eventually } from '../support/eventually';
import { HttpChange, changes, successOf } from '../support/http-change';
import type { Caller } from '../support/http-change';
import { GrpcProxy } from '../support/grpc-proxy';
import { createLedger } from '../support/ledger-table';
import { connectToTestServer, ScriptedWorkflow, startTimer } from '../support/scripted-workflow';
import { TcpProxy } from '../support/tcp-proxy';
import { createNamespaceCertificates, namespacesAt, secretOf } from '../support/tls-namespace';

/*
 * Temporal or the network to it fails. docs/faults.md lists the responses.
 */

const LATER_MS = LEASE_MS + LATE_EXECUTION_MS + 1_000;
const DESCRIBE = 'DescribeWorkflowExecution';
const HISTORY = 'GetWorkflowExecutionHistoryReverse';
const changeRpcs = {
  cancel: 'RequestCancelWorkflowExecution',
  terminate: 'TerminateWorkflowExecution',
  reset: 'ResetWorkflowExecution',
} as const;

let direct: Connection;
let certificates: Certificates;
let ledger: DynamoDbLedger;
let proxy: GrpcProxy;
let network: TcpProxy;
let namespaces: Namespaces;
let caller: Caller;
let later: Caller;
beforeAll(async () => {
  direct = connectToTestServer();
  certificates = await createNamespaceCertificates();
  ledger = await createLedger();
});
beforeEach(async () => {
  const started = await GrpcProxy.start({ certificates });
  proxy = started.proxy;
  network = await TcpProxy.listen(started.port);
  namespaces = namespacesAt(network.address, async () => secretOf(certificates), { silenceMs: 300 });
  caller = { ledger, namespaces };
  later = { ...caller, now: () => Date.now() + LATER_MS };
});
afterEach(async () => {
  await namespaces.close();
  await network.close();
  proxy.stop();
});
afterAll(() => direct.close());

async function newRequest(change: (typeof changes)[number]): Promise<HttpChange> {
  const workflow = await ScriptedWorkflow.start(direct);
  await workflow.completeTask(startTimer('1', 600_000));
  return new HttpChange(change, workflow);
}

async function expectExecutedOnce(request: HttpChange): Promise<void> {
  expect(await request.countExecutions()).toBe(1);
  expect(await request.record(ledger)).toMatchObject({
    state: 'completed',
    outcome: successOf[request.change].outcome,
  });
}

describe.each(changes)('%s, when Temporal', (change) => {
  const { status: successStatus, outcome } = successOf[change];
  const changeRpc = changeRpcs[change];

  test('is unreachable: nothing is done, and a retry with the same key executes', async () => {
    const request = await newRequest(change);
    const upstream = network.upstreamPort;
    network.upstreamPort = undefined;
    expect(await request.send(caller)).toMatchObject({ status: 503, problem: 'temporal-unavailable', retryAfter: 5 });
    expect(await request.record(ledger)).toMatchObject({ state: 'failed', outcome: 'temporal-unavailable' });
    expect(await request.countExecutions()).toBe(0);

    network.upstreamPort = upstream;
    expect(await request.send(caller)).toMatchObject({ status: successStatus, body: { outcome } });
    await expectExecutedOnce(request);
  });

  test('receives nothing: the function returns 504 in time, and reconciliation records that nothing was done', async () => {
    const request = await newRequest(change);
    network.delayMs = 60_000;
    expect(await request.send(caller, 2_000)).toMatchObject({
      status: 504,
      problem: 'temporal-timeout',
      retryAfter: 5,
    });
    expect(await request.countExecutions()).toBe(0);

    network.delayMs = 0;
    network.cut();
    await HttpChange.settle(later);
    expect(await request.record(ledger)).toMatchObject({ state: 'failed' });
    expect(await request.send(later)).toMatchObject({ status: successStatus, body: { outcome } });
    await expectExecutedOnce(request);
  });

  test.each([
    ['the description', DESCRIBE],
    ['the change', changeRpc],
  ])('throttles %s: nothing is done, and a retry with the same key executes', async (_what, method) => {
    const request = await newRequest(change);
    proxy.faults.set(method, { reachesServer: false, code: status.RESOURCE_EXHAUSTED });
    expect(await request.send(caller)).toMatchObject({ status: 429, problem: 'throttled', retryAfter: 5 });
    expect(await request.record(ledger)).toMatchObject({ state: 'failed', outcome: 'throttled' });
    expect(await request.countExecutions()).toBe(0);

    proxy.faults.clear();
    expect(await request.send(caller)).toMatchObject({ status: successStatus, body: { outcome } });
    await expectExecutedOnce(request);
  });

  test.each([
    ['UNAVAILABLE', status.UNAVAILABLE, undefined],
    ['UNAVAILABLE once', status.UNAVAILABLE, 1],
    ['DEADLINE_EXCEEDED', status.DEADLINE_EXCEEDED, undefined],
  ])('makes the change but returns %s: the function finds and returns the result', async (_status, code, times) => {
    const request = await newRequest(change);
    proxy.faults.set(changeRpc, { reachesServer: true, code, ...(times !== undefined && { times }) });
    expect(await request.send(caller)).toMatchObject({ status: successStatus, body: { outcome }, replayed: false });
    await expectExecutedOnce(request);
  });

  test('makes the change but the connection is reset: the function finds and returns the result', async () => {
    const request = await newRequest(change);
    proxy.faults.set(changeRpc, { reachesServer: true, delayMs: 60_000, times: 1 });
    const sent = request.send(caller);
    await eventually(async () => (await request.countExecutions()) === 1);
    network.reset();
    expect(await sent).toMatchObject({ status: successStatus, body: { outcome } });
    await expectExecutedOnce(request);
  });

  test('makes the change but cannot be read afterwards: the function returns 503, and reconciliation records the result', async () => {
    const request = await newRequest(change);
    const onCall = () => {
      for (const method of [DESCRIBE, HISTORY]) {
        proxy.faults.set(method, { reachesServer: false, code: status.UNAVAILABLE });
      }
    };
    proxy.faults.set(changeRpc, { reachesServer: true, code: status.UNAVAILABLE, onCall });
    expect(await request.send(caller)).toMatchObject({ status: 503, problem: 'temporal-unavailable', retryAfter: 5 });
    expect(await request.record(ledger)).toMatchObject({ state: 'unknown' });
    expect(await request.countExecutions()).toBe(1);

    proxy.faults.clear();
    expect(await HttpChange.settle(later)).toEqual([]);
    await expectExecutedOnce(request);
    expect(await request.send(caller)).toMatchObject({ status: successStatus, body: { outcome }, replayed: true });
    await expectExecutedOnce(request);
  });
});

/** Longer than the deadline of a call. */
const SLOW_MS = 25_000;

test('if a change takes 25 s, the function finds out whether it was made, and returns 504 if it was not', async () => {
  const slowly = async (change: (typeof changes)[number], reachesServer: boolean) => {
    const started = await GrpcProxy.start({ certificates });
    started.proxy.faults.set(changeRpcs[change], { reachesServer, delayMs: SLOW_MS });
    const slow = namespacesAt(started.address, async () => secretOf(certificates));
    const request = await newRequest(change);
    const answer = await request.send({ ledger, namespaces: slow });
    await slow.close();
    started.proxy.stop();
    return { request, answer };
  };
  const [executed, notExecuted] = await Promise.all(
    [true, false].map((reachesServer) => Promise.all(changes.map((change) => slowly(change, reachesServer)))),
  );
  for (const { request, answer } of executed ?? []) {
    const { status: successStatus, outcome } = successOf[request.change];
    expect(answer).toMatchObject({ status: successStatus, body: { outcome } });
    await expectExecutedOnce(request);
  }
  for (const { request, answer } of notExecuted ?? []) {
    expect(answer).toMatchObject({ status: 504, problem: 'temporal-timeout', retryAfter: 5 });
    expect(await request.countExecutions()).toBe(0);
    expect(await request.record(ledger)).toMatchObject({ state: 'unknown' });
    expect(await request.send(later)).toMatchObject({ status: successOf[request.change].status });
    await expectExecutedOnce(request);
  }
});

test('the first request after an outage reaches the server', async () => {
  const first = await newRequest('cancel');
  const upstream = network.upstreamPort;
  network.upstreamPort = undefined;
  // grpc-js increases its backoff with each failed attempt.
  for (let attempt = 0; attempt < 4; attempt += 1) {
    expect(await first.send(caller)).toMatchObject({ status: 503, problem: 'temporal-unavailable' });
  }
  network.upstreamPort = upstream;
  expect(await first.send(caller)).toMatchObject({ status: 200, body: { outcome: 'requested' } });
  await expectExecutedOnce(first);
});
