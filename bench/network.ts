import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

interface Link {
  client: Socket;
  upstream: Socket;
  blackHoled: boolean;
}

/**
 * Forwards TCP connections to a server on this machine as if it were `roundTripMs` away: half of that in each direction,
 * and a round trip for connecting. Open connections can be closed, reset and black-holed.
 */
export class Network {
  private readonly links = new Set<Link>();

  private constructor(
    private readonly server: Server,
    private readonly upstreamPort: number,
    private readonly roundTripMs: number,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  /** @param port that it listens on; any when 0 */
  static async to(upstreamPort: number, roundTripMs = 0, port = 0): Promise<Network> {
    const server = createServer();
    const network = new Network(server, upstreamPort, roundTripMs);
    await new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
    return network;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  closeAll(): void {
    for (const { client, upstream } of this.links) {
      client.destroy();
      upstream.destroy();
    }
  }

  resetAll(): void {
    for (const { client } of this.links) client.resetAndDestroy();
  }

  /** Drops all further bytes of the open connections, without a notice. */
  blackHoleAll(): void {
    for (const link of this.links) link.blackHoled = true;
  }

  stop(): void {
    this.server.close();
    this.closeAll();
  }

  private accept(client: Socket): void {
    const upstream = connect({ host: '127.0.0.1', port: this.upstreamPort, noDelay: true });
    client.setNoDelay(true);
    const link: Link = { client, upstream, blackHoled: false };
    this.links.add(link);
    const established = this.roundTripMs > 0 ? wait(this.roundTripMs) : undefined;
    this.forward(link, client, upstream, established);
    this.forward(link, upstream, client, established);
  }

  private forward(link: Link, from: Socket, to: Socket, established: Promise<unknown> | undefined): void {
    let previous = established;
    const afterDelay = (send: () => void) => {
      const act = () => {
        if (!link.blackHoled) send();
      };
      if (previous) previous = Promise.all([previous, wait(this.roundTripMs / 2)]).then(act);
      else act();
    };
    from.on('data', (chunk: Buffer) => afterDelay(() => to.write(chunk)));
    from.on('end', () => afterDelay(() => to.end()));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.links.delete(link);
      if (!link.blackHoled) to.destroy();
    });
  }
}
