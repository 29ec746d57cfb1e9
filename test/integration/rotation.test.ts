import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import type { Certificates } from '../../local/temporal/certificates';
import { startTlsGateway } from '../../local/temporal/tls-gateway';
import type { TlsGateway } from '../../local/temporal/tls-gateway';
import { OperationFailure } from '../../api/failures';
import type { Namespaces, NamespacesOptions } from '../../operations/temporal/namespaces';
import { eventually } from '../support/eventually';
import { GrpcProxy } from '../support/grpc-proxy';
import { connectToTestServer, namespace, ScriptedWorkflow } from '../support/scripted-workflow';
import { temporalAddressVariable } from '../support/server-address';
import { TcpProxy } from '../support/tcp-proxy';
import { createNamespaceCertificates, namespacesAt, secretOf } from '../support/tls-namespace';

const MINUTE = 60_000;

let direct: Connection;
let workflow: ScriptedWorkflow;
let namespaces: Namespaces;
let secret: string | (() => never);
let reads = 0;
let refreshErrors: unknown[];
let elapsedMs = 0;
beforeAll(async () => {
  direct = connectToTestServer();
  workflow = await ScriptedWorkflow.start(direct);
});
beforeEach(() => {
  reads = 0;
  elapsedMs = 0;
  refreshErrors = [];
});
afterEach(() => namespaces.close());
afterAll(() => direct.close());

/** Connects a function with the secret's current value. */
async function warmUp(address: string, options: NamespacesOptions = {}): Promise<void> {
  const readSecret = async () => {
    reads += 1;
    // Lets concurrent requests share this read.
    await nextTurn();
    return typeof secret === 'string' ? secret : secret();
  };
  namespaces = namespacesAt(address, readSecret, {
    now: () => Date.now() + elapsedMs,
    idleMs: Infinity,
    silenceMs: 100_000,
    onRefreshError: (_, error) => refreshErrors.push(error),
    ...options,
  });
  await describeWorkflow();
  expect(reads).toBe(1);
}
const describeWorkflow = async () => (await namespaces.find(namespace).connect()).describe(workflow);

describe('a client certificate', () => {
  let network: TcpProxy;
  let gateways: TlsGateway[] = [];
  let old: Certificates;
  let fresh: Certificates;
  beforeAll(async () => {
    [old, fresh] = await Promise.all([createNamespaceCertificates(), createNamespaceCertificates()]);
  });
  beforeEach(async () => {
    network = await TcpProxy.listen();
    await acceptOnly(old);
    secret = secretOf(old);
    await warmUp(network.address);
  });
  afterEach(async () => {
    await network.close();
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    gateways = [];
  });

  /** New connections need a certificate of this authority; open connections stay. */
  async function acceptForNewConnections({ server, ca }: Certificates): Promise<void> {
    const upstream = process.env[temporalAddressVariable] ?? '';
    const gateway = await startTlsGateway({ upstream, server, ca });
    gateways.push(gateway);
    network.upstreamPort = gateway.port;
  }

  /** All connections need a certificate of this authority. */
  async function acceptOnly(certificates: Certificates): Promise<void> {
    await acceptForNewConnections(certificates);
    network.cut();
  }

  test('that the server no longer accepts is replaced by the secret’s new one within the request', async () => {
    secret = secretOf(fresh);
    await acceptOnly(fresh);
    elapsedMs = MINUTE;

    await describeWorkflow();

    expect(reads).toBe(2);
  });

  test('is replaced for concurrent requests with one read of the secret', async () => {
    secret = secretOf(fresh);
    await acceptOnly(fresh);
    elapsedMs = MINUTE;

    await Promise.all(Array.from({ length: 10 }, describeWorkflow));

    expect(reads).toBe(2);
  });

  test('is replaced in the background while the server still accepts it', async () => {
    secret = secretOf(fresh);
    await acceptForNewConnections(fresh);
    elapsedMs = 6 * MINUTE;
    await describeWorkflow();
    await eventually(() => reads === 2);
    await eventually(async () => {
      await describeWorkflow();
      return network.accepted === 2;
    });
    expect(refreshErrors).toEqual([]);
  });

  test('that the server refuses does not cause a read of the secret for each request', async () => {
    await acceptOnly(fresh);
    elapsedMs = MINUTE;
    for (let request = 1; request <= 3; request += 1) {
      await expect(describeWorkflow()).rejects.toMatchObject({
        details: { operatorDetail: expect.stringMatching(/do not agree on TLS/) },
      });
    }
    expect(reads).toBe(2);

    secret = secretOf(fresh);
    elapsedMs += 11_000;
    await describeWorkflow();
    expect(reads).toBe(3);
  });

  test('stays in use while Secrets Manager fails, and while the secret is invalid', async () => {
    secret = () => {
      throw new OperationFailure('temporal-unavailable', 'down');
    };
    elapsedMs = 6 * MINUTE;
    await describeWorkflow();
    await eventually(() => refreshErrors.length === 1);
    await describeWorkflow();
    expect(reads).toBe(2);

    secret = 'topsecret';
    elapsedMs += 6 * MINUTE;
    await describeWorkflow();
    await eventually(() => refreshErrors.length === 2);
    await describeWorkflow();
    expect(refreshErrors).toMatchObject([{ message: 'down' }, { kind: 'configuration' }]);
  });

  test('can be replaced by an API key, and the key by a certificate', async () => {
    const key = 'a-key';
    const { proxy, port } = await GrpcProxy.start({ certificates: old, apiKey: () => key });
    secret = JSON.stringify({ apiKey: key, ca: old.ca });
    network.upstreamPort = port;
    network.cut();
    elapsedMs = MINUTE;
    // The server now refuses the certificate and requires a key.
    await describeWorkflow();
    expect(await namespaces.certificateExpiry(namespace)).toBeUndefined();
    proxy.stop();

    secret = secretOf(fresh);
    await acceptOnly(fresh);
    elapsedMs += MINUTE;
    await describeWorkflow();
    expect(await namespaces.certificateExpiry(namespace)).toBeInstanceOf(Date);
  });
});

describe('an API key', () => {
  let proxy: GrpcProxy;
  let secretWith: (apiKey: string) => string;
  let key = 'first';
  beforeEach(async () => {
    const certificates = await createNamespaceCertificates();
    key = 'first';
    const started = await GrpcProxy.start({ certificates, apiKey: () => key });
    proxy = started.proxy;
    secretWith = (apiKey) => JSON.stringify({ apiKey, ca: certificates.ca });
    secret = secretWith(key);
    await warmUp(started.address);
  });
  afterEach(() => proxy.stop());

  test('that the server no longer accepts is replaced by the secret’s new one within the request, even a reset', async () => {
    key = 'second';
    secret = secretWith(key);
    elapsedMs = MINUTE;
    const client = await namespaces.find(namespace).connect();
    const other = await ScriptedWorkflow.start(direct);
    await other.completeTask();

    await client.reset(other, 4, { reason: 'test', identity: 'test', temporalRequestId: 'test' });

    expect(reads).toBe(2);
    expect(await other.runIds()).toHaveLength(2);
  });

  test('that the server refuses is reported with the secret’s ARN and without a value', async () => {
    key = 'topsecret';
    const failure: unknown = await describeWorkflow().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      kind: 'configuration',
      details: {
        operatorDetail: expect.stringMatching(/refuses the credentials in secret arn:test:namespace: Request/),
      },
    });
    expect(JSON.stringify(failure)).not.toMatch(/first|topsecret/);
  });
});
