import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** What becomes of a connection's bytes. */
type Fate = 'passes' | 'vanishes';

interface Pair {
  client: Socket;
  server: Socket;
  fate: Fate;
}

/** An address that stays, and the network in front of it: it refuses, resets, cuts and swallows connections. */
export class TcpProxy {
  /** Connections that were let in. */
  accepted = 0;
  /** Where connections lead; without it each is closed at once. */
  upstreamPort: number | undefined;
  /** How long the bytes that the server sends are under way, in milliseconds. */
  delayMs = 0;
  /** That were passed on. */
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

  /** How many connections are open. */
  get openConnections(): number {
    return this.pairs.size;
  }

  /** From now on nothing gets through what is open, in either direction, and nobody is told. */
  blackhole(): void {
    for (const pair of this.pairs) pair.fate = 'vanishes';
  }

  /** Ends what is open. */
  cut(): void {
    for (const { client, server } of this.pairs) {
      client.destroy();
      server.destroy();
    }
  }

  /** Ends what is open as a host does that knows nothing of the connection. */
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
    const pair: Pair = { client, server, fate: 'passes' };
    this.pairs.add(pair);
    const pass = (from: Socket, to: Socket, delayed: boolean) => {
      from.on('data', (bytes) => {
        if (pair.fate === 'vanishes') return;
        if (from === client) this.bytesFromClient += bytes.length;
        if (delayed && this.delayMs > 0) setTimeout(() => to.write(bytes), this.delayMs).unref();
        else to.write(bytes);
      });
      from.on('end', () => {
        // An end vanishes like everything else.
        if (pair.fate === 'passes') to.end();
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.pairs.delete(pair);
        if (pair.fate === 'passes') to.destroy();
      });
    };
    pass(client, server, false);
    pass(server, client, true);
  }
}
