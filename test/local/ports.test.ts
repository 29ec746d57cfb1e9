import { createServer } from 'node:net';
import { freePort, withFreshPorts } from '../../local/processes/ports';

const listen = (port: number) =>
  new Promise<() => void>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(() => server.close()));
  });

test('no port is returned twice, although none is in use yet', async () => {
  const ports = await Promise.all(Array.from({ length: 100 }, () => freePort()));
  expect(new Set(ports).size).toBe(100);
});

test('a port that another program has taken is replaced by a new one', async () => {
  const others = await freePort();
  const closeOthers = await listen(others);
  const tried: number[] = [];

  const close = await withFreshPorts(async () => {
    const port = tried.length === 0 ? others : await freePort();
    tried.push(port);
    return listen(port);
  });

  expect(tried).toHaveLength(2);
  expect(tried[1]).not.toBe(others);
  close();
  closeOthers();
});

test('other errors at the start are not retried', async () => {
  const start = jest.fn().mockRejectedValue(new Error('no space left on device'));
  await expect(withFreshPorts(start)).rejects.toThrow('no space left');
  expect(start).toHaveBeenCalledTimes(1);
});
