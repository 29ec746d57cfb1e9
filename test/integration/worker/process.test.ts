import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { EnvironmentVariable } from '../../../aws/environment';
import type * as workflows from '../../../examples/workflows';
import { describeUnless } from '../../support/describe-unless';
import { NamespaceEndpoint } from '../../support/namespace-endpoint';
import type { Credentials } from '../../support/namespace-endpoint';
import { eventually } from '../../support/eventually';
import {
  waitForActivityStart,
  eventsOf,
  heartbeatOf,
  namespace,
  pendingActivity,
  temporalAddress,
} from '../../support/test-worker';
import { executeIn, fargateTask, firstProcessOf, obstacleToFargate } from '../../support/fargate-task';
import { StoredSecret } from '../../support/stored-secret';
import { stopTimeoutSeconds } from '../../../worker/config';
import { WorkerProcess } from '../../support/worker-process';

/* An emulated process takes minutes to start on a busy machine. */
jest.setTimeout(400_000);

let secret: StoredSecret;
let endpoint: NamespaceEndpoint;
let credentials: Credentials;
let client: Client;
const started: WorkerProcess[] = [];

beforeAll(async () => {
  endpoint = await NamespaceEndpoint.create();
  credentials = await NamespaceEndpoint.credentials();
  secret = await StoredSecret.create(credentials.secret);
  client = new Client({ connection: Connection.lazy({ address: temporalAddress() }) });
});
beforeEach(async () => {
  await secret.put(credentials.secret);
  await endpoint.trust(credentials);
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((worker) => worker.stop('SIGKILL')));
});
afterAll(async () => {
  await client.connection.close();
  await endpoint.close();
});

async function startWorker(
  taskQueue: string,
  environment: Record<string, string> = {},
  ...program: [program?: string[], node?: [string, ...string[]]]
): Promise<WorkerProcess> {
  const variables = {
    [EnvironmentVariable.namespaces]: JSON.stringify({
      [namespace]: { ...endpoint.connection, secretArn: secret.arn },
    }),
    [EnvironmentVariable.workerNamespace]: namespace,
    [EnvironmentVariable.taskQueue]: taskQueue,
    ...environment,
  };
  const worker = await WorkerProcess.start(variables, ...program);
  started.push(worker);
  return worker;
}

const startOrder = (taskQueue: string, items: number) =>
  client.workflow.start<typeof workflows.cancellableOrder>('cancellableOrder', {
    workflowId: `order-${randomUUID()}`,
    taskQueue,
    args: [{ orderId: 'o', items }],
  });

const attempts = async (handle: Parameters<typeof eventsOf>[0]) =>
  (await eventsOf(handle)).flatMap(({ activityTaskStartedEventAttributes: attributes }) => attributes?.attempt ?? []);

test('a process without a variable exits with one line of log that names the variable', async () => {
  const worker = await startWorker(randomUUID(), { [EnvironmentVariable.workerNamespace]: '' });

  await expect(worker.exit).resolves.toEqual({ code: 1, signal: null });
  expect(worker.log).toHaveLength(1);
  expect(worker.log[0]).toMatchObject({
    level: 'ERROR',
    message: `environment variable ${EnvironmentVariable.workerNamespace} is not set`,
  });
});

test('a process whose secret has no credentials exits with one line of log that names the secret', async () => {
  await secret.put('{"certificate": "hunter2"}');
  const worker = await startWorker(randomUUID());

  await expect(worker.exit).resolves.toEqual({ code: 1, signal: null });
  expect(worker.log).toHaveLength(1);
  expect(worker.log[0]).toMatchObject({ level: 'ERROR', message: expect.stringContaining(secret.arn) });
  expect(JSON.stringify(worker.log)).not.toContain('hunter2');
});

test('a worker logs a refused certificate with the secret’s ARN, and retries until the certificate is accepted', async () => {
  const refused = await NamespaceEndpoint.credentials();
  // The client trusts the server, but not vice versa.
  await secret.put(JSON.stringify({ ...refused.certificates.client, ca: credentials.certificates.ca }));
  const worker = await startWorker(randomUUID());

  const line = await worker.waitForLog(/refuses the credentials/);
  expect(line).toMatchObject({ level: 'WARN', message: expect.stringContaining(secret.arn) });
  expect(line.message).toMatch(/next try in \d+ s$/);
  expect(await worker.ready()).toBe(503);

  await secret.put(credentials.secret);
  await worker.waitUntilReady();
});

test('a worker whose credentials are valid, but whose namespace the server does not have, logs the name and retries', async () => {
  const absent = `absent-${randomUUID()}`;
  const worker = await startWorker(randomUUID(), {
    [EnvironmentVariable.namespaces]: JSON.stringify({ [absent]: { ...endpoint.connection, secretArn: secret.arn } }),
    [EnvironmentVariable.workerNamespace]: absent,
  });

  const line = await worker.waitForLog(/next try in 2 s$/);
  expect(line).toMatchObject({ level: 'WARN', message: expect.stringContaining(`Namespace ${absent} is not found.`) });
  await expect(worker.stop()).resolves.toEqual({ code: 0, signal: null });
});

test('a worker that cannot reach Temporal logs that, and can be stopped while it waits', async () => {
  endpoint.refuseAll();
  const worker = await startWorker(randomUUID());
  await worker.waitForLog(/next try in 2 s$/);

  await expect(worker.stop()).resolves.toEqual({ code: 0, signal: null });
});

test('a worker completes its running activity on SIGTERM, even if it receives two, and exits with code 0', async () => {
  const taskQueue = randomUUID();
  const worker = await startWorker(taskQueue);
  await worker.waitUntilReady();
  const order = await startOrder(taskQueue, 3);
  await eventually(async () => heartbeatOf(await pendingActivity(order)));

  worker.child.kill('SIGTERM');
  await worker.waitForLog(/^Draining/);
  worker.child.kill('SIGTERM');

  expect(await worker.ready()).toBe(503);
  await expect(worker.exit).resolves.toEqual({ code: 0, signal: null });
  const next = await startWorker(taskQueue);
  await expect(order.result()).resolves.toMatchObject({ packedItems: 3 });
  expect(await attempts(order)).toEqual([1, 1]);
  await next.stop();
});

test('after SIGKILL, the next worker resumes the activity from its last heartbeat', async () => {
  const taskQueue = randomUUID();
  const worker = await startWorker(taskQueue);
  await worker.waitUntilReady();
  const order = await startOrder(taskQueue, 6);
  await waitForActivityStart(order);
  const checkpoint = async () => heartbeatOf(await pendingActivity(order)) as { packedItems: number } | undefined;
  await eventually(async () => ((await checkpoint())?.packedItems ?? 0) > 0);

  await worker.stop('SIGKILL');
  const last = await checkpoint();
  const next = await startWorker(taskQueue);

  await expect(order.result()).resolves.toMatchObject({ packedItems: 6 });
  expect(await attempts(order)).toEqual([1, 2]);
  expect(await next.waitForLog('Packing resumes')).toMatchObject(last as object);
});

test('a worker is not ready without a connection, and ready again with rotated credentials', async () => {
  const worker = await startWorker(randomUUID());
  await worker.waitUntilReady();

  const rotated = await NamespaceEndpoint.credentials();
  await endpoint.trust(rotated);
  endpoint.cut();
  await worker.waitUntilReady(503);

  await secret.put(rotated.secret);
  await worker.waitUntilReady(200);
  expect(await worker.waitForLog(/were rotated; /)).toMatchObject({ secretArn: secret.arn });
});

for (const architecture of ['x64', 'arm64'] as const) {
  describeUnless(obstacleToFargate(architecture), `a worker with Fargate’s settings, on ${architecture},`, () => {
    test('runs without root, capabilities or a writable file system, is healthy, and drains within stopTimeout', async () => {
      const taskQueue = randomUUID();
      const task = await fargateTask(architecture);
      const worker = await startWorker(taskQueue, {}, ['main.js'], task.start);
      await worker.waitUntilReady(200, 240_000);
      const pid = firstProcessOf(worker.child);

      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      expect(status).toMatch(/^Uid:(\t1000){4}$/m);
      expect(status).toMatch(/^NSpid:\t\d+\t1$/m);
      for (const set of ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'])
        expect(status).toMatch(new RegExp(`^Cap${set}:\t0+$`, 'm'));
      for (const folder of ['', 'app/', 'usr/']) {
        expect(() => writeFileSync(`/proc/${pid}/root/${folder}written`, '')).toThrow('EROFS');
      }
      const healthPort = { [EnvironmentVariable.healthPort]: String(worker.healthPort) };
      await executeIn(pid, [...task.node, 'healthcheck.js'], healthPort);

      const order = await startOrder(taskQueue, 4);
      await eventually(async () => heartbeatOf(await pendingActivity(order)));
      const stoppedAt = Date.now();
      process.kill(pid, 'SIGTERM');
      await worker.waitForLog(/^Draining/);
      process.kill(pid, 'SIGTERM');

      await expect(worker.exit).resolves.toEqual({ code: 0, signal: null });
      expect(Date.now() - stoppedAt).toBeLessThan(stopTimeoutSeconds * 1000);
      expect(new Set(await attempts(order))).toEqual(new Set([1]));
    });
  });
}
