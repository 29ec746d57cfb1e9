import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { connect } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { makeCertificates } from '../../local/temporal/certificates';
import type { Certificates } from '../../local/temporal/certificates';
import { startTlsGateway } from '../../local/temporal/tls-gateway';
import type { TlsGateway } from '../../local/temporal/tls-gateway';

const SERVER_NAME = 'temporal.rewind.test';

let certificates: Certificates;
let upstream: Server;
let gateway: TlsGateway;
let upstreamConnections = 0;

beforeAll(async () => {
  certificates = await makeCertificates(SERVER_NAME);
  upstream = createServer((socket) => {
    upstreamConnections++;
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => {
    upstream.listen(0, '127.0.0.1', resolve);
  });
  const { port } = upstream.address() as AddressInfo;
  gateway = await startTlsGateway({ upstream: `127.0.0.1:${port}`, ...certificates });
});

beforeEach(() => {
  upstreamConnections = 0;
});

afterAll(async () => {
  await gateway.stop();
  upstream.close();
});

/** What comes back for `hello`. In TLS 1.3 a client learns only from its first read that it was refused. */
function echo(options: ConnectionOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: '127.0.0.1',
      port: gateway.port,
      servername: SERVER_NAME,
      ca: certificates.ca,
      ALPNProtocols: ['h2'],
      ...options,
    });
    socket.once('data', (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed without an answer')));
    socket.write('hello');
  });
}

const credentials = ({ client }: Pick<Certificates, 'client'>) => ({
  cert: client.certificate,
  key: client.privateKey,
});

test('forwards data of a client with a valid certificate', async () => {
  await expect(echo(credentials(certificates))).resolves.toBe('hello');
});

test('refuses a client without a certificate', async () => {
  await expect(echo({})).rejects.toThrow(/certificate required|closed without/);
  expect(upstreamConnections).toBe(0);
});

test('refuses a client with a certificate of another authority', async () => {
  const foreign = await makeCertificates(SERVER_NAME);
  await expect(echo(credentials(foreign))).rejects.toThrow(/unknown ca|closed without/);
  expect(upstreamConnections).toBe(0);
});

test('refuses TLS 1.1', async () => {
  const old = { ...credentials(certificates), minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' };
  await expect(echo(old as ConnectionOptions)).rejects.toThrow(/protocol version|unsupported protocol|no protocols/i);
});

test('its certificate is valid for its own name only', async () => {
  await expect(echo({ ...credentials(certificates), servername: 'temporal.example' })).rejects.toThrow(
    /does not match certificate/,
  );
});
