import { createServer } from 'node:net';

/** Ports that this process has returned, but perhaps not bound yet. */
const taken = new Set<number>();

/** Returns a free TCP port of the loopback interface. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await new Promise<number>((resolve, reject) => {
      const probe = createServer();
      probe.once('error', reject);
      probe.listen(0, '127.0.0.1', () => {
        const address = probe.address();
        probe.close(() => {
          if (typeof address === 'object' && address !== null) resolve(address.port);
          else reject(new Error('no TCP port could be bound on 127.0.0.1'));
        });
      });
    });
    if (taken.has(port)) continue;
    taken.add(port);
    return port;
  }
}

const MAX_ATTEMPTS = 3;

/**
 * Starts a server on free ports, and tries again with new ports if another program has taken one meanwhile.
 *
 * @param start calls {@link freePort} in each attempt, and leaves nothing behind if it fails
 */
export async function withFreshPorts<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      const portTaken = /already in use|EADDRINUSE/i.test(String(error));
      if (!portTaken || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
