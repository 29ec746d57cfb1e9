import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { makeCertificates } from '../../local/temporal/certificates';
import type { Certificates } from '../../local/temporal/certificates';
import { pipeBothWays, startTlsGateway } from '../../local/temporal/tls-gateway';
import type { TlsGateway } from '../../local/temporal/tls-gateway';
import type { NamespaceConnection } from '../../operations/temporal/namespace-connection';
import { temporalAddress } from './test-worker';

const serverName = 'localhost';

/** A client certificate, as a secret's text, and the certificates it was made with. */
export interface Credentials {
  secret: string;
  certificates: Certificates;
}

/**
 * A namespace behind mutual TLS whose trusted authority can be replaced while its address stays the same, like a Temporal
 * Cloud namespace during a certificate rotation.
 */
export class NamespaceEndpoint {
  private readonly open = new Set<Socket>();
  private readonly gateways: TlsGateway[] = [];
  private gateway: TlsGateway | undefined;
  private readonly server = createServer((client) => {
    if (!this.gateway) {
      client.destroy();
      return;
    }
    client.setNoDelay(true);
    pipeBothWays(client, connect({ host: '127.0.0.1', port: this.gateway.port, noDelay: true }));
    this.open.add(client);
    client.on('close', () => this.open.delete(client));
  });

  static async create(): Promise<NamespaceEndpoint> {
    const endpoint = new NamespaceEndpoint();
    await new Promise<void>((resolve) => {
      endpoint.server.listen(0, '127.0.0.1', resolve);
    });
    return endpoint;
  }

  /** The connection settings for a worker. */
  get connection(): NamespaceConnection {
    const address: AddressInfo | string | null = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the endpoint has no port');
    return { address: `127.0.0.1:${address.port}`, secretArn: 'arn:test:namespace', tlsServerName: serverName };
  }

  static async credentials(): Promise<Credentials> {
    const certificates = await makeCertificates(serverName);
    const { ca, client } = certificates;
    return { certificates, secret: JSON.stringify({ ...client, ca }) };
  }

  /** Accepts new connections only with these credentials. Open connections stay open. */
  async trust({ certificates: { server, ca } }: Credentials): Promise<void> {
    this.gateway = await startTlsGateway({ upstream: temporalAddress(), server, ca });
    this.gateways.push(this.gateway);
  }

  refuseAll(): void {
    this.gateway = undefined;
    this.cut();
  }

  cut(): void {
    for (const socket of this.open) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await Promise.all(this.gateways.map((gateway) => gateway.stop()));
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }
}
