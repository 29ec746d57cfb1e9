import { status } from '@grpc/grpc-js';
import type { Connection } from '@temporalio/client';
import type { Certificates } from '../../local/certificates';
import { startTlsGateway } from '../../local/tls-gateway';
import type { TlsGateway } from '../../local/tls-gateway';
import type { Namespaces, NamespacesOptions } from '../../operations/temporal/namespaces';
import { eventually } from '../support/eventually';
import { GrpcProxy } from '../support/grpc-proxy';
import { completeWorkflow, connectToTestServer, namespace, ScriptedWorkflow } from '../support/scripted-workflow';
import { temporalAddressVariable } from '../support/server-address';
import { TcpProxy } from '../support/tcp-proxy';
import { certificatesOfNamespace, namespacesAt, secretOf } from '../support/tls-namespace';

const DESCRIBE = 'DescribeWorkflowExecution';
const RESET = 'ResetWorkflowExecution';
/** Of the silence that a test waits out, in milliseconds; the deployed functions wait longer. */
const SILENCE_MS = 300;

let certificates: Certificates;
let direct: Connection;
let workflow: ScriptedWorkflow;
beforeAll(async () => {
  certificates = await certificatesOfNamespace();
  direct = connectToTestServer();
  workflow = await ScriptedWorkflow.start(direct);
  await workflow.completeTask();
});
afterAll(() => direct.close());

describe('through a network that forgets connections', () => {
  let gateway: TlsGateway;
  let network: TcpProxy;
  let namespaces: Namespaces;
  let frozenMs = 0;
  /** Connections made until it was warm. */
  let known = 0;

  beforeAll(async () => {
    const upstream = process.env[temporalAddressVariable] ?? '';
    gateway = await startTlsGateway({ upstream, server: certificates.server, ca: certificates.ca });
  });
  afterAll(() => gateway.stop());
  beforeEach(async () => {
    frozenMs = 0;
    network = await TcpProxy.listen(gateway.port);
  });
  afterEach(async () => {
    await namespaces.close();
    await network.close();
  });

  /** A function that has been at work before: its connection is there. */
  async function warm(options: NamespacesOptions = {}) {
    namespaces = namespacesAt(network.address, async () => secretOf(certificates), {
      silenceMs: SILENCE_MS,
      now: () => Date.now() + frozenMs,
      ...options,
    });
    await describeIt();
    known = network.accepted;
  }
  const client = () => namespaces.find(namespace).connect();
  const describeIt = async () => (await client()).describe(workflow);

  test('a connection is used again', async () => {
    await warm({ silenceMs: 100_000 });
    frozenMs = 15_000;
    await describeIt();
    expect(network.accepted).toBe(known);
  });

  test('a connection that was idle for longer than the network keeps it is not tried', async () => {
    // Without the guard it would be doubted after this time: longer than the test takes.
    await warm({ silenceMs: 100_000 });
    network.swallow();
    frozenMs = 20_001;

    await describeIt();

    expect(network.accepted).toBe(known + 1);
  });

  test('nor is one of which nobody knows how long it was idle, because the clock was set back', async () => {
    await warm({ silenceMs: 100_000 });
    network.swallow();
    frozenMs = -60_000;

    await describeIt();

    expect(network.accepted).toBe(known + 1);
  });

  test('one that went silent sooner is doubted, and the call sent over a new one', async () => {
    await warm();
    network.swallow();

    await describeIt();

    expect(network.accepted).toBe(known + 1);
  });

  test('of many calls on it each is answered, over one new connection', async () => {
    await warm();
    network.swallow();

    await Promise.all(Array.from({ length: 20 }, describeIt));

    expect(network.accepted).toBe(known + 1);
  });

  test.each([
    ['cut', () => network.cut()],
    ['reset', () => network.reset()],
  ])('one that was %s is made anew', async (_what, happens) => {
    await warm({ silenceMs: 100_000 });
    happens();
    await describeIt();
    expect(network.accepted).toBe(known + 1);
  });

  test.each([
    ['cut', () => network.cut()],
    ['reset', () => network.reset()],
  ])('a call in the middle of which it is %s is repeated', async (_what, happens) => {
    await warm({ silenceMs: 100_000 });
    network.delayMs = 200;
    const before = network.bytesFromClient;
    const describing = describeIt();
    await eventually(() => network.bytesFromClient > before);
    happens();
    expect((await describing).workflowExecutionInfo?.execution?.runId).toBe(workflow.runId);
  });

  test('the old one is left when its last call has ended', async () => {
    await warm({ silenceMs: 100_000 });
    const waited = await ScriptedWorkflow.start(direct);
    const before = network.bytesFromClient;
    const closing = (await client()).awaitCloseEvent(waited, Date.now() + 20_000);
    await eventually(() => network.bytesFromClient > before);
    frozenMs = 20_001;
    await describeIt();
    expect(network.openConnections).toBe(2);

    await waited.completeTask(completeWorkflow);

    expect(await closing).toBe(true);
    await eventually(() => network.openConnections === 1);
  });

  test('a long poll is not taken for silence', async () => {
    await warm();
    const quiet = await ScriptedWorkflow.start(direct);
    // A server that has less than a second to wait answers at once.
    expect(await (await client()).awaitCloseEvent(quiet, Date.now() + 1_500 + 2 * SILENCE_MS)).toBe(false);
    expect(network.accepted).toBe(known);
  });

  test('a server that cannot be reached is said to be so in time', async () => {
    await warm();
    network.upstreamPort = undefined;
    network.cut();
    await expect(describeIt()).rejects.toMatchObject({
      kind: 'temporal-unavailable',
      details: { retryAfterSeconds: expect.any(Number) },
    });
  });
});

describe('of a server', () => {
  let proxy: GrpcProxy;
  let namespaces: Namespaces;
  beforeEach(async () => {
    const started = await GrpcProxy.start({ certificates });
    proxy = started.proxy;
    namespaces = namespacesAt(started.address, async () => secretOf(certificates), { silenceMs: SILENCE_MS });
  });
  afterEach(async () => {
    await namespaces.close();
    proxy.stop();
  });
  const client = () => namespaces.find(namespace).connect();

  test('that is slow but honest the answer is taken', async () => {
    proxy.mishaps.set(DESCRIBE, { reachesServer: true, delayMs: 4 * SILENCE_MS });
    const { workflowExecutionInfo: info } = await (await client()).describe(workflow);
    expect(info?.execution?.runId).toBe(workflow.runId);
    expect(proxy.count(DESCRIBE)).toBe(2);
  });

  test('that answers others meanwhile nothing is doubted', async () => {
    proxy.mishaps.set(DESCRIBE, { reachesServer: true, delayMs: 4 * SILENCE_MS, times: 1 });
    const slow = (await client()).describe(workflow);
    await eventually(() => proxy.count(DESCRIBE) === 1);
    await (await client()).describe(workflow);
    await slow;
    expect(proxy.count(DESCRIBE)).toBe(2);
  });

  test('that refuses what was asked over the new connection the refusal is taken, and nobody waits for the old one', async () => {
    proxy.mishaps.set(DESCRIBE, { reachesServer: true, delayMs: 60_000, times: 1 });
    await expect((await client()).describe({ workflowId: 'nobody' })).rejects.toMatchObject({ notFound: true });
  });

  test('that says nothing of use over the old connection in the end, the answer over the new one is waited for', async () => {
    proxy.mishaps.set(DESCRIBE, { reachesServer: false, code: status.UNAVAILABLE, delayMs: 2 * SILENCE_MS, times: 1 });
    const described = (await client()).describe(workflow);
    await eventually(() => proxy.count(DESCRIBE) === 1);
    proxy.mishaps.set(DESCRIBE, { reachesServer: true, delayMs: 4 * SILENCE_MS });
    expect((await described).workflowExecutionInfo?.execution?.runId).toBe(workflow.runId);
    expect(proxy.count(DESCRIBE)).toBe(2);
  });

  test('that is silent a reset is not asked for twice', async () => {
    proxy.mishaps.set(RESET, { reachesServer: true, delayMs: 4 * SILENCE_MS });
    const attribution = { reason: 'test', identity: 'test', temporalRequestId: 'test' };
    await (await client()).reset(workflow, 4, attribution);
    expect(proxy.count(RESET)).toBe(1);
  });

  test('that throttles it is said at once', async () => {
    proxy.mishaps.set(DESCRIBE, { reachesServer: false, code: status.RESOURCE_EXHAUSTED });
    await expect((await client()).describe(workflow)).rejects.toMatchObject({ kind: 'throttled' });
    expect(proxy.count(DESCRIBE)).toBe(1);
  });

  test('no change is asked for when there is no time left to hear of it', async () => {
    const hurried = await namespaces.find(namespace).connect(Date.now() + 5_000);
    await hurried.describe(workflow);
    await expect(
      hurried.requestCancel(workflow, { reason: 'test', identity: 'test', temporalRequestId: 'test' }),
    ).rejects.toMatchObject({ kind: 'temporal-timeout', details: { nothingDone: true } });
    expect(proxy.count('RequestCancelWorkflowExecution')).toBe(0);
  });
});
