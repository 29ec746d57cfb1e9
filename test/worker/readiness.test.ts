import { maxConcurrentActivities } from '../../worker/config';
import { isPolling, serveReadiness } from '../../worker/readiness';
import type { PollingWorker } from '../../worker/readiness';

const [WORKFLOW, ACTIVITY] = [1, 2];

/** A worker whose server lists it among the pollers of these types of task queue. */
function worker({ listed = [WORKFLOW, ACTIVITY], state = 'RUNNING', running = 0 } = {}): PollingWorker {
  const describeTaskQueue = async ({ taskQueueType }: { taskQueueType: number }) => ({
    pollers: [{ identity: 'somebody else' }, ...(listed.includes(taskQueueType) ? [{ identity: 'me' }] : [])],
  });
  return {
    connection: { withDeadline: (_: number, call: () => unknown) => call(), workflowService: { describeTaskQueue } },
    options: { namespace: 'prod', taskQueue: 'q', identity: 'me' },
    getState: () => state,
    getStatus: () => ({ numInFlightActivities: running }),
  } as unknown as PollingWorker;
}

test.each([
  ['polls both queues', {}, true],
  ['does not poll for workflow tasks', { listed: [ACTIVITY] }, false],
  ['does not poll for activities', { listed: [WORKFLOW] }, false],
  ['runs as many activities as its limit allows', { listed: [WORKFLOW], running: maxConcurrentActivities }, true],
  ['drains', { state: 'DRAINING' }, false],
])('a worker that %s: ready %#', async (_what, state, ready) => {
  await expect(isPolling(worker(state))).resolves.toBe(ready);
});

test('not ready before there is a worker', async () => {
  await expect(isPolling(undefined)).resolves.toBe(false);
});

test('responds with 200 or 503 on /ready, with 503 when the check fails, and with 404 elsewhere', async () => {
  let isReady = async () => true;
  const server = await serveReadiness(0, () => isReady());
  const address = server.address();
  // The container's health check calls it from within; other machines cannot.
  expect(address).toMatchObject({ address: '127.0.0.1' });
  const status = async (path: string) => {
    const port = typeof address === 'object' ? address?.port : undefined;
    return (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  };

  expect(await status('/ready')).toBe(200);
  expect(await status('/metrics')).toBe(404);
  isReady = async () => false;
  expect(await status('/ready')).toBe(503);
  isReady = () => Promise.reject(new Error('no answer'));
  expect(await status('/ready')).toBe(503);
  server.closeAllConnections();
  server.close();
});
