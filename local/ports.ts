import { createServer } from 'node:net';

/** Returned by this process already, perhaps not bound yet. */
const taken = new Set<number>();

/** A TCP port of the loopback interface that nothing listens on. */
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

/**
 * Starts a server that binds ports chosen for it, again with new ports where another program has taken one in between.
 *
 * @param start calls {@link freePort} each time, and leaves nothing behind when it fails
 */
export async function withFreshPorts<T>(start: () => Promise<T>, attempts = 3): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      const portTaken = /already in use|EADDRINUSE/i.test(String(error));
      if (!portTaken || attempt === attempts) throw error;
    }
  }
}
