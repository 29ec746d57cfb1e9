import { status } from '@grpc/grpc-js';
import type { Connection } from '@temporalio/client';
import type { Certificates } from '../../local/temporal/certificates';
import { startTlsGateway } from '../../local/temporal/tls-gateway';
import type { TlsGateway } from '../../local/temporal/tls-gateway';
import { CALL_DEADLINE_MS } from '../../operations/temporal/namespace-client';
import type { Namespaces, NamespacesOptions } from '../../operations/temporal/namespaces';
import { eventually } from '../support/eventually';
import { GrpcProxy } from '../support/grpc-proxy';
import { completeWorkflow, connectToTestServer, namespace, ScriptedWorkflow } from '../support/scripted-workflow';
import { temporalAddressVariable } from '../support/server-address';
import { TcpProxy } from '../support/tcp-proxy';
import { createNamespaceCertificates, namespacesAt, secretOf } from '../support/tls-namespace';

const DESCRIBE = 'DescribeWorkflowExecution';
/** How long the first attempt of a read waits, in milliseconds. Deployed functions wait longer. */
const SILENCE_MS = 300;

let certificates: Certificates;
let direct: Connection;
let workflow: ScriptedWorkflow;
beforeAll(async () => {
  certificates = await createNamespaceCertificates();
  direct = connectToTestServer();
  workflow = await ScriptedWorkflow.start(direct);
  await workflow.completeTask();
});
afterAll(() => direct.close());

describe('a function on a network that drops connections', () => {
  let gateway: TlsGateway;
  let network: TcpProxy;
  let namespaces: Namespaces;
  /** How far the clock moved while Lambda had frozen the function. */
  let frozenMs = 0;
  /** Connections that were accepted before the test's own calls. */
  let acceptedBefore = 0;

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

  /** Opens the function's connection. */
  async function warm(options: NamespacesOptions = {}) {
    namespaces = namespacesAt(network.address, async () => secretOf(certificates), {
      silenceMs: SILENCE_MS,
      now: () => Date.now() + frozenMs,
      ...options,
    });
    await describeWorkflow();
    acceptedBefore = network.accepted;
  }
  const client = () => namespaces.find(namespace).connect();
  const describeWorkflow = async () => (await client()).describe(workflow);

  test('reuses its connection after 15 s without calls', async () => {
    await warm({ silenceMs: 100_000 });
    frozenMs = 15_000;
    await describeWorkflow();
    expect(network.accepted).toBe(acceptedBefore);
  });

  test('replaces a connection that was idle for longer than the network keeps it open', async () => {
    // Longer than the test may take: only the idle limit can replace the connection.
    await warm({ silenceMs: 100_000 });
    network.blackhole();
    frozenMs = 20_001;

    await describeWorkflow();

    expect(network.accepted).toBe(acceptedBefore + 1);
  });

  test('replaces a connection whose idle time is unknown because the clock was set back', async () => {
    await warm({ silenceMs: 100_000 });
    network.blackhole();
    frozenMs = -60_000;

    await describeWorkflow();

    expect(network.accepted).toBe(acceptedBefore + 1);
  });

  test('repeats a read over a new connection if the old one goes silent before the idle limit', async () => {
    await warm();
    network.blackhole();

    await describeWorkflow();

    expect(network.accepted).toBe(acceptedBefore + 1);
  });

  test('repeats concurrent reads on a silent connection over one new connection', async () => {
    await warm();
    network.blackhole();

    await Promise.all(Array.from({ length: 20 }, describeWorkflow));

    expect(network.accepted).toBe(acceptedBefore + 1);
  });

  test.each([
    ['closed', () => network.cut()],
    ['reset', () => network.reset()],
  ])('replaces a connection that was %s', async (_what, happens) => {
    await warm({ silenceMs: 100_000 });
    happens();
    await describeWorkflow();
    expect(network.accepted).toBe(acceptedBefore + 1);
  });

  test.each([
    ['closed', () => network.cut()],
    ['reset', () => network.reset()],
  ])('repeats a read during which the connection is %s', async (_what, happens) => {
    await warm({ silenceMs: 100_000 });
    network.delayMs = 200;
    const before = network.bytesFromClient;
    const describing = describeWorkflow();
    await eventually(() => network.bytesFromClient > before);
    happens();
    expect((await describing).workflowExecutionInfo?.execution?.runId).toBe(workflow.runId);
  });

  test('closes a replaced connection when its last call has ended', async () => {
    await warm({ silenceMs: 100_000 });
    const awaited = await ScriptedWorkflow.start(direct);
    const before = network.bytesFromClient;
    const closing = (await client()).awaitCloseEvent(awaited, Date.now() + 20_000);
    await eventually(() => network.bytesFromClient > before);
    frozenMs = 20_001;
    await describeWorkflow();
    expect(network.openConnections).toBe(2);

    await awaited.completeTask(completeWorkflow);

    expect(await closing).toBe(true);
    await eventually(() => network.openConnections === 1);
  });

  test('does not take a long poll for a silent connection', async () => {
    await warm();
    const quiet = await ScriptedWorkflow.start(direct);
    // A server that may wait for less than a second responds at once.
    expect(await (await client()).awaitCloseEvent(quiet, Date.now() + 1_500 + 2 * SILENCE_MS)).toBe(false);
    expect(network.accepted).toBe(acceptedBefore);
  });

  test('reports a server that it cannot reach as unavailable', async () => {
    await warm();
    network.upstreamPort = undefined;
    network.cut();
    await expect(describeWorkflow()).rejects.toMatchObject({
      kind: 'temporal-unavailable',
      details: { retryAfterSeconds: expect.any(Number) },
    });
  });
});

describe('a client of a server that responds late or with errors', () => {
  /** Longer than a call over an open connection takes, and shorter than the slow server takes. */
  const SERVER_SILENCE_MS = 1_000;
  const slow = { reachesServer: true, delayMs: 1.5 * SERVER_SILENCE_MS };
  let proxy: GrpcProxy;
  let namespaces: Namespaces;
  beforeEach(async () => {
    const started = await GrpcProxy.start({ certificates });
    proxy = started.proxy;
    namespaces = namespacesAt(started.address, async () => secretOf(certificates), { silenceMs: SERVER_SILENCE_MS });
    // Connects, which would take part of a first attempt's time.
    await (await client()).history(workflow, 1);
  });
  afterEach(async () => {
    await namespaces.close();
    proxy.stop();
  });
  const client = () => namespaces.find(namespace).connect();

  test('repeats a read once, and the second attempt waits for the slow response', async () => {
    proxy.faults.set(DESCRIBE, slow);
    const { workflowExecutionInfo: info } = await (await client()).describe(workflow);
    expect(info?.execution?.runId).toBe(workflow.runId);
    expect(proxy.count(DESCRIBE)).toBe(2);
  });

  test('returns the second attempt’s error if the first attempt gets no response', async () => {
    proxy.faults.set(DESCRIBE, { reachesServer: true, delayMs: 60_000, times: 1 });
    await expect((await client()).describe({ workflowId: 'no-such-workflow' })).rejects.toMatchObject({
      notFound: true,
    });
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

  test.each(changes)('sends %s once to a slow server', async (method, change) => {
    proxy.faults.set(method, slow);
    await change(await resettable());
    expect(proxy.count(method)).toBe(1);
  });

  test.each(changes)('sends %s once to a server that executes it and then fails', async (method, change) => {
    proxy.faults.set(method, { reachesServer: true, code: status.UNAVAILABLE });
    await expect(change(await resettable())).rejects.toMatchObject({ kind: 'temporal-unavailable' });
    expect(proxy.count(method)).toBe(1);
  });

  test('fails at once when it is throttled', async () => {
    proxy.faults.set(DESCRIBE, { reachesServer: false, code: status.RESOURCE_EXHAUSTED });
    await expect((await client()).describe(workflow)).rejects.toMatchObject({ kind: 'throttled' });
    expect(proxy.count(DESCRIBE)).toBe(1);
  });

  test('sends no change when too little time is left for its result', async () => {
    const almostOutOfTime = await namespaces.find(namespace).connect(Date.now() + CALL_DEADLINE_MS - 500);
    await almostOutOfTime.describe(workflow);
    await expect(almostOutOfTime.requestCancel(workflow, attribution)).rejects.toMatchObject({
      kind: 'temporal-timeout',
      details: { nothingDone: true },
    });
    expect(proxy.count('RequestCancelWorkflowExecution')).toBe(0);
  });
});
