import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { setCurrentVersion } from '../../../functions/set-current-worker-version/current-version';
import { createHandler } from '../../../functions/set-current-worker-version/handler';
import { taskFamilyOf, workerDeploymentName } from '../../../aws/worker-deployment';
import type * as workflows from '../../../examples/workflows';
import { eventually } from '../../support/eventually';
import { onNewerServer } from '../../support/server-address';
import { eventsOf, namespace, temporalAddress, TestWorker, testSettings } from '../../support/test-worker';
import { RecordedLog } from '../../support/recorded-log';

let connection: Connection;
let deploymentName: string;
let taskQueue: string;
const workers: TestWorker[] = [];

beforeAll(async () => {
  connection = await Connection.connect({ address: temporalAddress() });
});
beforeEach(() => {
  deploymentName = `rewind-${randomUUID()}`;
  ({ taskQueue } = testSettings());
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
});
afterAll(() => connection.close());

const startBuild = async (buildId: string, queue = taskQueue, deployment = deploymentName): Promise<TestWorker> => {
  const worker = await TestWorker.start({ taskQueue: queue, version: { deploymentName: deployment, buildId } });
  workers.push(worker);
  return worker;
};

/** Invokes the function for a completed deployment of this build. Only ECS is replaced. */
const deployed = (buildId: string, deployment = deploymentName) => {
  const arn = 'arn:aws:ecs:eu-west-1:111122223333';
  const primary = {
    id: 'ecs-svc/1',
    status: 'PRIMARY',
    taskDefinition: `${arn}:task-definition/${taskFamilyOf(buildId)}:1`,
  };
  const handler = createHandler({
    describeServices: async () => ({ services: [{ deployments: [primary] }] }),
    setCurrentVersion: (build) =>
      setCurrentVersion(connection, namespace, { deploymentName: deployment, buildId: build }),
    logger: new RecordedLog(),
  });
  return handler({ resources: [`${arn}:service/cluster/worker`], detail: { deploymentId: primary.id } });
};

/** Retries like Lambda until the version has polled. */
const eventuallyDeployed = (buildId: string, deployment = deploymentName) =>
  eventually(() =>
    deployed(buildId, deployment).then(
      () => true,
      () => false,
    ),
  );

/** The builds that executed a new workflow. */
async function buildsOfNewOrder(worker: TestWorker): Promise<Set<string>> {
  const order = await worker.start<typeof workflows.cancellableOrder>('cancellableOrder', { orderId: 'o', items: 0 });
  await order.result();
  return buildsOf(order);
}

async function buildsOf(execution: Parameters<typeof eventsOf>[0]): Promise<Set<string>> {
  const events = await eventsOf(execution);
  return new Set(
    events.flatMap((event) => event.workflowTaskCompletedEventAttributes?.deploymentVersion?.buildId ?? []),
  );
}

test('new workflows run on the deployed one of two polling builds, also after a rollback', async () => {
  const worker = await startBuild('1.0');
  await startBuild('1.1');

  await eventuallyDeployed('1.0');
  expect(await buildsOfNewOrder(worker)).toEqual(new Set(['1.0']));
  await eventuallyDeployed('1.1');
  expect(await buildsOfNewOrder(worker)).toEqual(new Set(['1.1']));
  await deployed('1.1');
  expect(await buildsOfNewOrder(worker)).toEqual(new Set(['1.1']));
  await deployed('1.0');
  expect(await buildsOfNewOrder(worker)).toEqual(new Set(['1.0']));
});

test('a build that has never polled is refused, and the current version stays', async () => {
  await expect(deployed('1.0')).rejects.toThrow(/no Worker Deployment found/);
  const worker = await startBuild('1.0');
  await eventuallyDeployed('1.0');

  await expect(deployed('1.1')).rejects.toThrow(
    onNewerServer ? /not found in Worker Deployment/ : /Version not found in deployment/,
  );
  expect(await buildsOfNewOrder(worker)).toEqual(new Set(['1.0']));
});

test('a build that does not poll a task queue in use is refused, and the current version stays', async () => {
  const worker = await startBuild('1.0');
  await eventuallyDeployed('1.0');
  expect(await buildsOfNewOrder(worker)).toEqual(new Set(['1.0']));
  await startBuild('1.1', testSettings().taskQueue);

  await eventually(() =>
    deployed('1.1').then(
      () => {
        throw new Error('the build was made current');
      },
      (error: unknown) => /missing active task queues/.test(String(error)),
    ),
  );
  expect(await buildsOfNewOrder(worker)).toEqual(new Set(['1.0']));
});

test('workers of two task queues, each with its own deployment, do not affect each other', async () => {
  const queues = [taskQueue, testSettings().taskQueue];
  const orders = await Promise.all(
    queues.map(async (queue) => {
      const worker = await startBuild('1.0', queue, workerDeploymentName(queue));
      await eventuallyDeployed('1.0', workerDeploymentName(queue));
      return buildsOfNewOrder(worker);
    }),
  );
  expect(orders).toEqual([new Set(['1.0']), new Set(['1.0'])]);
});

test('a worker moves to a deployment of another name without a gap, with its running workflows', async () => {
  const before = await startBuild('1.0');
  await eventuallyDeployed('1.0');
  const { workflowId } = await before.start<typeof workflows.remindCustomer>('remindCustomer', {
    orderId: 'o',
    afterSeconds: 3600,
    whenCancelled: 'rethrow',
  });

  const moved = workerDeploymentName(taskQueue);
  const after = await startBuild('1.1', taskQueue, moved);
  expect(await buildsOfNewOrder(after)).toEqual(new Set(['1.0']));
  await eventuallyDeployed('1.1', moved);
  // The partitions of a task queue receive a change one by one: until then either build receives tasks.
  await eventually(async () => !(await buildsOfNewOrder(after)).has('1.0'));

  await before.stop();
  workers.splice(workers.indexOf(before), 1);
  const running = after.client.workflow.getHandle(workflowId);
  await running.cancel();
  await expect(running.result()).rejects.toThrow(/cancelled/i);
  expect(await buildsOf(running)).toContain('1.1');
  expect(await buildsOfNewOrder(after)).toEqual(new Set(['1.1']));
});
