import { createSocket } from 'node:dgram';
import { getServers, setServers } from 'node:dns';
import { once } from 'node:events';
import { lazyConnection } from '../../../operations/temporal/connection';

test('a connection queries DNS for addresses only: a service config could add retries', async () => {
  const before = getServers();
  const resolver = createSocket('udp4').bind(0, '127.0.0.1');
  await once(resolver, 'listening');
  let queries = 0;
  resolver.on('message', () => (queries += 1));
  // Node.js looks addresses up with the system's resolver, and asks these servers for everything else.
  setServers([`127.0.0.1:${resolver.address().port}`]);
  const connection = lazyConnection({ address: 'localhost:1', secretArn: 'none' }, { kind: 'apiKey', apiKey: 'key' });
  try {
    const call = connection.withDeadline(Date.now() + 1000, () => connection.workflowService.getSystemInfo({}));
    await expect(call).rejects.toThrow(/ECONNREFUSED|DEADLINE_EXCEEDED/);
    expect(queries).toBe(0);
  } finally {
    setServers(before);
    await connection.close();
    resolver.close();
  }
});
