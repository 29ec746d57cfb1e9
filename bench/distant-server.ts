import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A server that stands as far away as the network makes it seem. */
export interface DistantServer {
  port: number;
  stop: () => void;
}

/**
 * Passes bytes on to a server on this machine as if it were `roundTripMs` away: half of that each way, and a round trip
 * for the connection before the first of them.
 */
export async function distant(upstreamPort: number, roundTripMs: number): Promise<DistantServer> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ host: '127.0.0.1', port: upstreamPort, noDelay: true });
    const established = wait(roundTripMs);
    client.setNoDelay(true);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from);
      let previous: Promise<unknown> = established;
      const later = (deed: () => void) => {
        const due = wait(roundTripMs / 2);
        previous = Promise.all([previous, due]).then(deed);
      };
      from.on('data', (chunk: Buffer) => later(() => to.write(chunk)));
      from.on('end', () => later(() => to.end()));
      from.on('error', () => to.destroy());
      from.on('close', () => open.delete(from));
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on a port
  const { port } = server.address() as AddressInfo;
  return {
    port,
    stop: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
