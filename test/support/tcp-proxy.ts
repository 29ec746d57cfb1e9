import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** Whether bytes of a connection are forwarded or dropped. */
type Traffic = 'forwarded' | 'dropped';

interface Pair {
  client: Socket;
  server: Socket;
  traffic: Traffic;
}

/** A TCP proxy with a fixed address that can refuse, reset, close and blackhole connections. */
export class TcpProxy {
  /** Number of accepted connections. */
  accepted = 0;
  /** Target port; if undefined, connections are closed at once. */
  upstreamPort: number | undefined;
  /** Delay of bytes from the server, in milliseconds. */
  delayMs = 0;
  /** Number of bytes forwarded to the server. */
  bytesFromClient = 0;
  private readonly pairs = new Set<Pair>();
  private readonly server = createServer({ allowHalfOpen: true }, (client) => this.accept(client));

  static async listen(upstreamPort?: number): Promise<TcpProxy> {
    const proxy = new TcpProxy();
    proxy.upstreamPort = upstreamPort;
    await proxy.open(0);
    return proxy;
  }

  get port(): number {
    const address: AddressInfo | string | null = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
    return address.port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Number of open connections. */
  get openConnections(): number {
    return this.pairs.size;
  }

  /** Drops all bytes of open connections in both directions, without closing them. */
  blackhole(): void {
    for (const pair of this.pairs) pair.traffic = 'dropped';
  }

  /** Closes open connections. */
  cut(): void {
    for (const { client, server } of this.pairs) {
      client.destroy();
      server.destroy();
    }
  }

  /** Resets open connections (RST). */
  reset(): void {
    for (const { client, server } of this.pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  private async open(port: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.listen(port, '127.0.0.1', resolve);
    });
  }

  private accept(client: Socket): void {
    client.on('error', () => {});
    if (this.upstreamPort === undefined) {
      client.destroy();
      return;
    }
    this.accepted += 1;
    const server = connect({ host: '127.0.0.1', port: this.upstreamPort, noDelay: true, allowHalfOpen: true });
    client.setNoDelay(true);
    const pair: Pair = { client, server, traffic: 'forwarded' };
    this.pairs.add(pair);
    const pass = (from: Socket, to: Socket, delayed: boolean) => {
      from.on('data', (bytes) => {
        if (pair.traffic === 'dropped') return;
        if (from === client) this.bytesFromClient += bytes.length;
        if (delayed && this.delayMs > 0) setTimeout(() => to.write(bytes), this.delayMs).unref();
        else to.write(bytes);
      });
      from.on('end', () => {
        // A blackholed FIN is dropped too.
        if (pair.traffic === 'forwarded') to.end();
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.pairs.delete(pair);
        if (pair.traffic === 'forwarded') to.destroy();
      });
    };
    pass(client, server, false);
    pass(server, client, true);
  }
}
