import { status } from '@grpc/grpc-js';
import type { Connection } from '@temporalio/client';
import type { Certificates } from '../../local/certificates';
import { startTlsGateway } from '../../local/tls-gateway';
import type { TlsGateway } from '../../local/tls-gateway';
import { CALL_DEADLINE_MS } from '../../operations/temporal/namespace-client';
import type { Namespaces, NamespacesOptions } from '../../operations/temporal/namespaces';
import { eventually } from '../support/eventually';
import { GrpcProxy } from '../support/grpc-proxy';
import { completeWorkflow, connectToTestServer, namespace, ScriptedWorkflow } from '../support/scripted-workflow';
import { temporalAddressVariable } from '../support/server-address';
import { TcpProxy } from '../support/tcp-proxy';
import { certificatesOfNamespace, namespacesAt, secretOf } from '../support/tls-namespace';

const DESCRIBE = 'DescribeWorkflowExecution';
/** How long the first attempt at a read waits, in milliseconds; the deployed functions wait longer. */
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

describe('through a network that drops connections', () => {
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

  /** A function with an open connection. */
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

  test('a connection is reused', async () => {
    await warm({ silenceMs: 100_000 });
    frozenMs = 15_000;
    await describeIt();
    expect(network.accepted).toBe(known);
  });

  test('a connection that was idle for longer than the network keeps it is not used', async () => {
    // Without the idle limit the read would be repeated after this time: longer than the test takes.
    await warm({ silenceMs: 100_000 });
    network.swallow();
    frozenMs = 20_001;

    await describeIt();

    expect(network.accepted).toBe(known + 1);
  });

  test('nor is one whose idle time is unknown because the clock was set back', async () => {
    await warm({ silenceMs: 100_000 });
    network.swallow();
    frozenMs = -60_000;

    await describeIt();

    expect(network.accepted).toBe(known + 1);
  });

  test('a read on a connection that went silent sooner is repeated over a new one', async () => {
    await warm();
    network.swallow();

    await describeIt();

    expect(network.accepted).toBe(known + 1);
  });

  test('many reads on a silent connection are repeated over one new connection', async () => {
    await warm();
    network.swallow();

    await Promise.all(Array.from({ length: 20 }, describeIt));

    expect(network.accepted).toBe(known + 1);
  });

  test.each([
    ['cut', () => network.cut()],
    ['reset', () => network.reset()],
  ])('one that was %s is replaced', async (_what, happens) => {
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

  test('the old one is closed when its last call has ended', async () => {
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

  test('a server that cannot be reached is reported in time', async () => {
    await warm();
    network.upstreamPort = undefined;
    network.cut();
    await expect(describeIt()).rejects.toMatchObject({
      kind: 'temporal-unavailable',
      details: { retryAfterSeconds: expect.any(Number) },
    });
  });
});

describe('a server', () => {
  /** Long enough that a call over an open connection arrives, and for longer the server does not respond. */
  const SERVER_SILENCE_MS = 1_000;
  const slow = { reachesServer: true, delayMs: 1.5 * SERVER_SILENCE_MS };
  let proxy: GrpcProxy;
  let namespaces: Namespaces;
  beforeEach(async () => {
    const started = await GrpcProxy.start({ certificates });
    proxy = started.proxy;
    namespaces = namespacesAt(started.address, async () => secretOf(certificates), { silenceMs: SERVER_SILENCE_MS });
    // Connecting takes part of the time that a first attempt has.
    await (await client()).history(workflow, 1);
  });
  afterEach(async () => {
    await namespaces.close();
    proxy.stop();
  });
  const client = () => namespaces.find(namespace).connect();

  test('that is slow: a read is repeated once, and the second attempt waits for the response', async () => {
    proxy.mishaps.set(DESCRIBE, slow);
    const { workflowExecutionInfo: info } = await (await client()).describe(workflow);
    expect(info?.execution?.runId).toBe(workflow.runId);
    expect(proxy.count(DESCRIBE)).toBe(2);
  });

  test('that never responds to the first attempt: the second one is answered, with an error too', async () => {
    proxy.mishaps.set(DESCRIBE, { reachesServer: true, delayMs: 60_000, times: 1 });
    await expect((await client()).describe({ workflowId: 'nobody' })).rejects.toMatchObject({ notFound: true });
  });

  const attribution = { reason: 'test', identity: 'test', temporalRequestId: 'test' };
  const changes: [method: string, change: (of: ScriptedWorkflow) => Promise<unknown>][] = [
    ['RequestCancelWorkflowExecution', async (of) => (await client()).requestCancel(of, attribution)],
    ['TerminateWorkflowExecution', async (of) => (await client()).terminate(of, attribution)],
    ['ResetWorkflowExecution', async (of) => (await client()).reset(of, 4, attribution)],
  ];
  const resettable = async () => {
    const started = await ScriptedWorkflow.start(direct);
    await started.completeTask();
    return started;
  };

  test.each(changes)('that is slow: %s is sent once', async (method, change) => {
    proxy.mishaps.set(method, slow);
    await change(await resettable());
    expect(proxy.count(method)).toBe(1);
  });

  test.each(changes)('that executes and then fails: %s is sent once', async (method, change) => {
    proxy.mishaps.set(method, { reachesServer: true, code: status.UNAVAILABLE });
    await expect(change(await resettable())).rejects.toMatchObject({ kind: 'temporal-unavailable' });
    expect(proxy.count(method)).toBe(1);
  });

  test('that throttles: the call fails at once', async () => {
    proxy.mishaps.set(DESCRIBE, { reachesServer: false, code: status.RESOURCE_EXHAUSTED });
    await expect((await client()).describe(workflow)).rejects.toMatchObject({ kind: 'throttled' });
    expect(proxy.count(DESCRIBE)).toBe(1);
  });

  test('receives no change when too little time is left for its result', async () => {
    const hurried = await namespaces.find(namespace).connect(Date.now() + CALL_DEADLINE_MS - 500);
    await hurried.describe(workflow);
    await expect(
      hurried.requestCancel(workflow, { reason: 'test', identity: 'test', temporalRequestId: 'test' }),
    ).rejects.toMatchObject({ kind: 'temporal-timeout', details: { nothingDone: true } });
    expect(proxy.count('RequestCancelWorkflowExecution')).toBe(0);
  });
});
