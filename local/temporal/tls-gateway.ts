import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { KeyPair } from './certificates';

export interface TlsGatewayOptions {
  /** `host:port` of the plaintext server behind the gateway. */
  upstream: string;
  server: KeyPair;
  /** PEM of the authority. The handshake fails for clients without a certificate that it signed. */
  ca: string;
}

export interface TlsGateway {
  port: number;
  stop(): Promise<void>;
}

/**
 * Puts mutual TLS in front of a plaintext gRPC server, like Temporal Cloud: only clients with a certificate of the authority
 * can connect.
 */
export async function startTlsGateway(options: TlsGatewayOptions): Promise<TlsGateway> {
  const separator = options.upstream.lastIndexOf(':');
  const host = options.upstream.slice(0, separator);
  const port = Number(options.upstream.slice(separator + 1));
  const open = new Set<Socket>();

  const gateway = createServer(
    {
      cert: options.server.certificate,
      key: options.server.privateKey,
      ca: options.ca,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      // gRPC clients require HTTP/2 by ALPN.
      ALPNProtocols: ['h2'],
    },
    (client) => {
      pipeBothWays(client, connect({ host, port, noDelay: true }));
    },
  );
  gateway.on('connection', (socket: Socket) => {
    socket.setNoDelay(true);
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  // Ignored, because the client reports the error.
  gateway.on('tlsClientError', () => {});

  await new Promise<void>((resolve, reject) => {
    gateway.once('error', reject);
    gateway.listen(0, '127.0.0.1', resolve);
  });
  const address: AddressInfo | string | null = gateway.address();
  if (address === null || typeof address === 'string') throw new Error('the TLS gateway got no port');
  return {
    port: address.port,
    stop: async () => {
      const closed = new Promise<void>((resolve) => {
        gateway.close(() => resolve());
      });
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** Joins two connections: when one closes or fails, the other is closed too. */
export function pipeBothWays(client: Socket, upstream: Socket): void {
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    one.pipe(other);
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}
