import { status } from '@grpc/grpc-js';
import type { Connection } from '@temporalio/client';
import type { Certificates } from '../../local/certificates';
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
 * Temporal fails, or the network before it. docs/faults.md says what callers see.
 */

const LATER_MS = LEASE_MS + LATE_EXECUTION_MS + 1_000;
const DESCRIBE = 'DescribeWorkflowExecution';
const HISTORY = 'GetWorkflowExecutionHistoryReverse';
const acts = {
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

async function asking(change: (typeof changes)[number]): Promise<HttpChange> {
  const workflow = await ScriptedWorkflow.start(direct);
  await workflow.completeTask(startTimer('1', 600_000));
  return new HttpChange(change, workflow);
}

async function isDone(asked: HttpChange): Promise<void> {
  expect(await asked.countExecutions()).toBe(1);
  expect(await asked.record(ledger)).toMatchObject({ state: 'completed', outcome: successOf[asked.change].outcome });
}

describe.each(changes)('%s, when Temporal', (change) => {
  const { status: done, outcome } = successOf[change];
  const act = acts[change];

  test('cannot be reached: nothing is done, and the same key does it once it can', async () => {
    const asked = await asking(change);
    const upstream = network.upstreamPort;
    network.upstreamPort = undefined;
    expect(await asked.send(caller)).toMatchObject({ status: 503, problem: 'temporal-unavailable', retryAfter: 5 });
    expect(await asked.record(ledger)).toMatchObject({ state: 'failed', outcome: 'temporal-unavailable' });
    expect(await asked.countExecutions()).toBe(0);

    network.upstreamPort = upstream;
    expect(await asked.send(caller)).toMatchObject({ status: done, body: { outcome } });
    await isDone(asked);
  });

  test('swallows everything: the answer is in time, and the ledger learns that nothing was done', async () => {
    const asked = await asking(change);
    network.delayMs = 60_000;
    expect(await asked.send(caller, 2_000)).toMatchObject({ status: 504, problem: 'temporal-timeout', retryAfter: 5 });
    expect(await asked.countExecutions()).toBe(0);

    network.delayMs = 0;
    network.cut();
    await HttpChange.settle(later);
    expect(await asked.record(ledger)).toMatchObject({ state: 'failed' });
    expect(await asked.send(later)).toMatchObject({ status: done, body: { outcome } });
    await isDone(asked);
  });

  test.each([
    ['the look before', DESCRIBE],
    ['the act', act],
  ])('throttles %s: nothing is done, and the same key does it later', async (_what, method) => {
    const asked = await asking(change);
    proxy.faults.set(method, { reachesServer: false, code: status.RESOURCE_EXHAUSTED });
    expect(await asked.send(caller)).toMatchObject({ status: 429, problem: 'throttled', retryAfter: 5 });
    expect(await asked.record(ledger)).toMatchObject({ state: 'failed', outcome: 'throttled' });
    expect(await asked.countExecutions()).toBe(0);

    proxy.faults.clear();
    expect(await asked.send(caller)).toMatchObject({ status: done, body: { outcome } });
    await isDone(asked);
  });

  test.each([
    ['is unavailable', status.UNAVAILABLE, undefined],
    ['is unavailable once', status.UNAVAILABLE, 1],
    ['is out of time', status.DEADLINE_EXCEEDED, undefined],
  ])('has acted and says that it %s: the answer is true', async (_what, code, times) => {
    const asked = await asking(change);
    proxy.faults.set(act, { reachesServer: true, code, ...(times !== undefined && { times }) });
    expect(await asked.send(caller)).toMatchObject({ status: done, body: { outcome }, replayed: false });
    await isDone(asked);
  });

  test('has acted, and the connection is reset before it answers: the answer is true', async () => {
    const asked = await asking(change);
    proxy.faults.set(act, { reachesServer: true, delayMs: 60_000, times: 1 });
    const sent = asked.send(caller);
    await eventually(async () => (await asked.countExecutions()) === 1);
    network.reset();
    expect(await sent).toMatchObject({ status: done, body: { outcome } });
    await isDone(asked);
  });

  test('has acted, and can then not be asked: the answer says so, and the ledger learns the truth', async () => {
    const asked = await asking(change);
    const onCall = () => {
      for (const method of [DESCRIBE, HISTORY]) {
        proxy.faults.set(method, { reachesServer: false, code: status.UNAVAILABLE });
      }
    };
    proxy.faults.set(act, { reachesServer: true, code: status.UNAVAILABLE, onCall });
    expect(await asked.send(caller)).toMatchObject({ status: 503, problem: 'temporal-unavailable', retryAfter: 5 });
    expect(await asked.record(ledger)).toMatchObject({ state: 'unknown' });
    expect(await asked.countExecutions()).toBe(1);

    proxy.faults.clear();
    expect(await HttpChange.settle(later)).toEqual([]);
    await isDone(asked);
    expect(await asked.send(caller)).toMatchObject({ status: done, body: { outcome }, replayed: true });
    await isDone(asked);
  });
});

/** Longer than any function lives. */
const SLOW_MS = 25_000;

test('a Temporal that takes 25 s: what it did is found out, and what it did not do is not said to be done', async () => {
  const slowly = async (change: (typeof changes)[number], reachesServer: boolean) => {
    const started = await GrpcProxy.start({ certificates });
    started.proxy.faults.set(acts[change], { reachesServer, delayMs: SLOW_MS });
    const slow = namespacesAt(started.address, async () => secretOf(certificates));
    const asked = await asking(change);
    const answer = await asked.send({ ledger, namespaces: slow });
    await slow.close();
    started.proxy.stop();
    return { asked, answer };
  };
  const [acted, notActed] = await Promise.all(
    [true, false].map((reachesServer) => Promise.all(changes.map((change) => slowly(change, reachesServer)))),
  );
  for (const { asked, answer } of acted ?? []) {
    const { status: done, outcome } = successOf[asked.change];
    expect(answer).toMatchObject({ status: done, body: { outcome } });
    await isDone(asked);
  }
  for (const { asked, answer } of notActed ?? []) {
    expect(answer).toMatchObject({ status: 504, problem: 'temporal-timeout', retryAfter: 5 });
    expect(await asked.countExecutions()).toBe(0);
    expect(await asked.record(ledger)).toMatchObject({ state: 'unknown' });
    expect(await asked.send(later)).toMatchObject({ status: successOf[asked.change].status });
    await isDone(asked);
  }
});

test('a server that was down for a while is found again by the next request', async () => {
  const first = await asking('cancel');
  const upstream = network.upstreamPort;
  network.upstreamPort = undefined;
  // Each failed attempt would make grpc-js wait longer for the next.
  for (let attempt = 0; attempt < 4; attempt += 1) {
    expect(await first.send(caller)).toMatchObject({ status: 503, problem: 'temporal-unavailable' });
  }
  network.upstreamPort = upstream;
  expect(await first.send(caller)).toMatchObject({ status: 200, body: { outcome: 'requested' } });
  await isDone(first);
});
