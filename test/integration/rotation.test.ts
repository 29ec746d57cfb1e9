import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import type { Certificates } from '../../local/certificates';
import { startTlsGateway } from '../../local/tls-gateway';
import type { TlsGateway } from '../../local/tls-gateway';
import { OperationFailure } from '../../api/failures';
import type { Namespaces, NamespacesOptions } from '../../operations/temporal/namespaces';
import { eventually } from '../support/eventually';
import { GrpcProxy } from '../support/grpc-proxy';
import { connectToTestServer, namespace, ScriptedWorkflow } from '../support/scripted-workflow';
import { temporalAddressVariable } from '../support/server-address';
import { TcpProxy } from '../support/tcp-proxy';
import { certificatesOfNamespace, namespacesAt, secretOf } from '../support/tls-namespace';

const MINUTE = 60_000;

let direct: Connection;
let workflow: ScriptedWorkflow;
let namespaces: Namespaces;
let secret: string | (() => never);
let reads = 0;
let unrenewed: unknown[];
let elapsedMs = 0;
beforeAll(async () => {
  direct = connectToTestServer();
  workflow = await ScriptedWorkflow.start(direct);
});
beforeEach(() => {
  reads = 0;
  elapsedMs = 0;
  unrenewed = [];
});
afterEach(() => namespaces.close());
afterAll(() => direct.close());

/** A function that has answered before, with what the secret holds now. */
async function warm(address: string, options: NamespacesOptions = {}): Promise<void> {
  const readSecret = async () => {
    reads += 1;
    // Requests that come meanwhile share this read.
    await nextTurn();
    return typeof secret === 'string' ? secret : secret();
  };
  namespaces = namespacesAt(address, readSecret, {
    now: () => Date.now() + elapsedMs,
    idleMs: Infinity,
    silenceMs: 100_000,
    onRefreshError: (_, error) => unrenewed.push(error),
    ...options,
  });
  await describeIt();
  expect(reads).toBe(1);
}
const describeIt = async () => (await namespaces.find(namespace).connect()).describe(workflow);

describe('a client certificate', () => {
  let network: TcpProxy;
  let gateways: TlsGateway[] = [];
  let old: Certificates;
  let fresh: Certificates;
  beforeAll(async () => {
    [old, fresh] = await Promise.all([certificatesOfNamespace(), certificatesOfNamespace()]);
  });
  beforeEach(async () => {
    network = await TcpProxy.listen();
    await admit(old);
    secret = secretOf(old);
    await warm(network.address);
  });
  afterEach(async () => {
    await network.close();
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    gateways = [];
  });

  /** New connections are asked for a certificate of this authority. */
  async function admitBeside({ server, ca }: Certificates): Promise<void> {
    const upstream = process.env[temporalAddressVariable] ?? '';
    const gateway = await startTlsGateway({ upstream, server, ca });
    gateways.push(gateway);
    network.upstreamPort = gateway.port;
  }

  /** From now on no other is accepted. */
  async function admit(certificates: Certificates): Promise<void> {
    await admitBeside(certificates);
    network.cut();
  }

  test('that was exchanged in the secret and is not accepted any more is exchanged in the same request', async () => {
    secret = secretOf(fresh);
    await admit(fresh);
    elapsedMs = MINUTE;

    await describeIt();

    expect(reads).toBe(2);
  });

  test('is exchanged for all requests that meet at its end, by one read of the secret', async () => {
    secret = secretOf(fresh);
    await admit(fresh);
    elapsedMs = MINUTE;

    await Promise.all(Array.from({ length: 10 }, describeIt));

    expect(reads).toBe(2);
  });

  test('that is exchanged in good time is out of use before the old one ends', async () => {
    secret = secretOf(fresh);
    await admitBeside(fresh);
    elapsedMs = 6 * MINUTE;
    await describeIt();
    await eventually(() => reads === 2);
    await eventually(async () => {
      await describeIt();
      return network.accepted === 2;
    });
    expect(unrenewed).toEqual([]);
  });

  test('that the server does not accept does not have the secret read at each request', async () => {
    await admit(fresh);
    elapsedMs = MINUTE;
    for (let request = 1; request <= 3; request += 1) {
      await expect(describeIt()).rejects.toMatchObject({
        details: { operatorDetail: expect.stringMatching(/do not agree on TLS/) },
      });
    }
    expect(reads).toBe(2);

    secret = secretOf(fresh);
    elapsedMs += 11_000;
    await describeIt();
    expect(reads).toBe(3);
  });

  test('stays in use while Secrets Manager is down, and when the secret has become no use', async () => {
    secret = () => {
      throw new OperationFailure('temporal-unavailable', 'down');
    };
    elapsedMs = 6 * MINUTE;
    await describeIt();
    await eventually(() => unrenewed.length === 1);
    await describeIt();
    expect(reads).toBe(2);

    secret = 'topsecret';
    elapsedMs += 6 * MINUTE;
    await describeIt();
    await eventually(() => unrenewed.length === 2);
    await describeIt();
    expect(unrenewed).toMatchObject([{ message: 'down' }, { kind: 'configuration' }]);
  });

  test('gives way to an API key, and the key to a certificate', async () => {
    const key = 'a-key';
    const { proxy, port } = await GrpcProxy.start({ certificates: old, apiKey: () => key });
    secret = JSON.stringify({ apiKey: key, ca: old.ca });
    network.upstreamPort = port;
    network.cut();
    elapsedMs = MINUTE;
    // A server that wants a key says so of a certificate.
    await describeIt();
    expect(await namespaces.certificateExpiry(namespace)).toBeUndefined();
    proxy.stop();

    secret = secretOf(fresh);
    await admit(fresh);
    elapsedMs += MINUTE;
    await describeIt();
    expect(await namespaces.certificateExpiry(namespace)).toBeInstanceOf(Date);
  });
});

describe('an API key', () => {
  let proxy: GrpcProxy;
  let key = 'first';
  beforeEach(async () => {
    const certificates = await certificatesOfNamespace();
    key = 'first';
    const started = await GrpcProxy.start({ certificates, apiKey: () => key });
    proxy = started.proxy;
    secretWith = (apiKey) => JSON.stringify({ apiKey, ca: certificates.ca });
    secret = secretWith(key);
    await warm(started.address);
  });
  afterEach(() => proxy.stop());
  let secretWith: (apiKey: string) => string;

  test('that was exchanged is exchanged in the same request, a reset included', async () => {
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

  test('that the server does not accept is named to the operator by its secret, and not repeated', async () => {
    key = 'topsecret';
    const failure: unknown = await describeIt().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      kind: 'configuration',
      details: {
        operatorDetail: expect.stringMatching(/refuses the credentials in secret arn:test:namespace: Request/),
      },
    });
    expect(JSON.stringify(failure)).not.toMatch(/first|topsecret/);
  });
});
