import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { cancellationSignal } from '@temporalio/activity';
import { Connection } from '@temporalio/client';
import { taskQueueBacklog } from '../../../functions/publish-task-queue-backlog/backlog';
import * as activities from '../../../examples/activities';
import { runUntilCancelled } from '../../../examples/activities/cancellable-program';
import { fetchUntilCancelled } from '../../../examples/activities/cancellable-request';
import { runWorker } from '../../../worker/run-worker';
import type * as workflows from '../../../examples/workflows';
import { NamespaceEndpoint } from '../../support/namespace-endpoint';
import { eventually } from '../../support/eventually';
import {
  waitForActivityStart,
  eventsOf,
  exampleCode,
  heartbeatOf,
  logged,
  namespace,
  pendingActivity,
  eventSummaries,
  temporalAddress,
  TestWorker,
  testLogger,
  testSettings,
} from '../../support/test-worker';

const attempts = async (handle: Parameters<typeof eventsOf>[0]) =>
  (await eventsOf(handle)).flatMap(({ activityTaskStartedEventAttributes: attributes }) => attributes?.attempt ?? []);

/** Starts a workflow whose activity the worker replaces, and which waits for the activity to respond to a cancellation. */
async function startCancellableActivity(worker: TestWorker) {
  const handle = await worker.start<typeof workflows.studyCancellation>('studyCancellation', {
    activity: 'listenForCancellation',
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  });
  await waitForActivityStart(handle);
  return handle;
}

describe('an AbortSignal forwards the cancellation', () => {
  test('to an HTTP request, whose connection it closes', async () => {
    const server = createServer((_request, response) => response.write('the first bytes'));
    server.listen(0);
    await once(server, 'listening');
    const closed = new Promise((resolve) => {
      server.on('connection', (socket) => socket.once('close', resolve));
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const worker = await TestWorker.start(
      {},
      {
        activities: {
          ...activities,
          listenForCancellation: () => fetchUntilCancelled(url, (response) => response.text()),
        },
      },
    );
    const handle = await startCancellableActivity(worker);

    await handle.cancel();

    await expect(handle.result()).resolves.toEqual({ saw: 'cancellation' });
    expect(await eventSummaries(handle)).toContain('canceled listenForCancellation');
    await closed;
    await worker.stop();
    server.close();
  });

  test('to a program, which ends before the workflow continues', async () => {
    const pidFile = path.join(mkdtempSync(path.join(tmpdir(), 'rewind-')), 'pid');
    // Writes its process id, and takes a second to shut down.
    const program = `
      process.on('SIGTERM', () => setTimeout(() => process.exit(0), 1000));
      setInterval(() => {}, 1000);
      require('node:fs').writeFileSync(process.argv[1], String(process.pid));`;
    const worker = await TestWorker.start(
      {},
      {
        activities: {
          ...activities,
          listenForCancellation: () => runUntilCancelled(process.execPath, ['-e', program, pidFile]),
        },
      },
    );
    const handle = await startCancellableActivity(worker);
    // While the program writes the file, it is empty.
    const pid = await eventually(() => (existsSync(pidFile) && Number(readFileSync(pidFile, 'utf8'))) || undefined);
    expect(isRunning(pid)).toBe(true);

    await handle.cancel();

    await expect(handle.result()).resolves.toEqual({ saw: 'cancellation' });
    expect(isRunning(pid)).toBe(false);
    await worker.stop();
    rmSync(path.dirname(pidFile), { recursive: true });
  });
});

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a drain', () => {
  test('interrupts an activity at the end of its grace period, and the next worker resumes it', async () => {
    const first = await TestWorker.start();
    const order = await first.start<typeof workflows.cancellableOrder>('cancellableOrder', { orderId: 'o', items: 5 });
    const direct = await TestWorker.client();
    const checkpoint = async () =>
      heartbeatOf(await pendingActivity(direct.workflow.getHandle(order.workflowId))) as
        { packedItems: number } | undefined;
    await eventually(async () => ((await checkpoint())?.packedItems ?? 0) > 0);

    await first.stop();
    const last = await checkpoint();
    const second = await TestWorker.start({ taskQueue: first.taskQueue });

    const resumed = second.client.workflow.getHandle<typeof workflows.cancellableOrder>(order.workflowId);
    await expect(resumed.result()).resolves.toMatchObject({ packedItems: 5 });
    expect(await attempts(resumed)).toEqual([1, 2]);
    expect(logged.find(({ message }) => message === 'Packing resumes')?.meta).toMatchObject(last as object);
    await direct.connection.close();
    await second.stop();
  });

  test('ends by force if an activity does not end', async () => {
    const script = path.join(__dirname, '../../support/forced-drain.ts');
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script]);
    expect(stdout.trim().split('\n').at(-1)).toBe('DrainFailure');
  });
});

test('an activity that never heartbeats times out after the heartbeat timeout, and does not receive a cancellation', async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const reasons: string[] = [];
  const worker = await TestWorker.start(
    {},
    {
      activities: {
        ...activities,
        async listenForCancellation() {
          const signal = cancellationSignal();
          signal.addEventListener('abort', () => reasons.push(String(signal.reason)));
          await released;
        },
      },
    },
  );
  const handle = await startCancellableActivity(worker);
  await handle.cancel();

  await eventually(async () => (await eventSummaries(handle)).includes('timed out listenForCancellation'));
  const [timedOut] = (await eventsOf(handle)).flatMap((event) => event.activityTaskTimedOutEventAttributes ?? []);
  expect(timedOut?.failure?.timeoutFailureInfo?.timeoutType).toBe(TIMEOUT_TYPE_HEARTBEAT);
  // The SDK also enforces the timeout and may have ended the attempt by now.
  expect(reasons.join()).not.toContain('CANCELLED');
  release();
  await worker.stop();
});
const TIMEOUT_TYPE_HEARTBEAT = 4;

test('a worker uses rotated credentials while activities run, without a second attempt or a lost workflow', async () => {
  const [endpoint, before, after] = await Promise.all([
    NamespaceEndpoint.create(),
    NamespaceEndpoint.credentials(),
    NamespaceEndpoint.credentials(),
  ]);
  await endpoint.trust(before);
  let secret = before.secret;
  const settings = testSettings({ connection: endpoint.connection });
  const stop = new AbortController();
  const running = runWorker(settings, {
    loadCode: exampleCode,
    readSecret: async () => secret,
    log: testLogger,
    stop: stop.signal,
    secretCheckMs: 200,
  });
  const direct = await TestWorker.client();
  const start = (items: number) =>
    direct.workflow.start<typeof workflows.cancellableOrder>('cancellableOrder', {
      workflowId: `rotation-${randomUUID()}`,
      taskQueue: settings.taskQueue,
      args: [{ orderId: 'o', items }],
    });
  const orders = [await start(6)];
  await waitForActivityStart(orders[0]!);

  // As in a real rotation: new credentials are stored, the worker takes them, then the old ones are revoked.
  await endpoint.trust(after);
  secret = after.secret;
  await eventually(() => logged.some(({ message }) => message.startsWith('The credentials were rotated')));
  for (let count = 0; count < 10; count++) orders.push(await start(0));
  endpoint.cut();
  for (let count = 0; count < 10; count++) orders.push(await start(0));

  const results = await Promise.all(orders.map((order) => order.result()));
  expect(results).toHaveLength(21);
  expect(await attempts(orders[0]!)).toEqual([1, 1]);
  stop.abort();
  await running;
  await direct.connection.close();
  await endpoint.close();
});

test('with worker versioning, tasks wait until the version is current, and its build id is in history', async () => {
  const version = { deploymentName: `rewind-${randomUUID()}`, buildId: 'build-1' };
  const worker = await TestWorker.start({ version });
  const connection = Connection.lazy({ address: temporalAddress() });
  const order = await worker.start<typeof workflows.cancellableOrder>('cancellableOrder', { orderId: 'o', items: 0 });
  const backlog = await eventually(async () => {
    const current = await taskQueueBacklog(connection, namespace, worker.taskQueue);
    return current.count > 0 && current.ageSeconds > 0 && current;
  });
  expect(backlog.count).toBe(1);

  await eventually(async () => {
    try {
      await connection.workflowService.setWorkerDeploymentCurrentVersion({ namespace, ...version });
      return true;
    } catch {
      return false; // No worker has polled as this version yet.
    }
  });

  await expect(order.result()).resolves.toMatchObject({ packedItems: 0 });
  const builds = (await eventsOf(order)).flatMap(
    (event) => event.workflowTaskCompletedEventAttributes?.deploymentVersion?.buildId ?? [],
  );
  expect(new Set(builds)).toEqual(new Set(['build-1']));
  await worker.stop();
  await connection.close();
});
