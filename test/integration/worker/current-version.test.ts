import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { setCurrentVersion } from '../../../functions/set-current-worker-version/current-version';
import { createHandler } from '../../../functions/set-current-worker-version/handler';
import { taskFamilyOf } from '../../../aws/worker-deployment';
import type * as workflows from '../../../examples/workflows';
import { eventually } from '../../support/eventually';
import { eventsOf, namespace, temporalAddress, TestWorker, testSettings } from '../../support/test-worker';

jest.setTimeout(60_000);

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

const startBuild = async (buildId: string, queue = taskQueue): Promise<TestWorker> => {
  const worker = await TestWorker.start({ taskQueue: queue, version: { deploymentName, buildId } });
  workers.push(worker);
  return worker;
};

/** The function as it is deployed, but for ECS: it says here that the service runs this build. */
const deployed = (buildId: string) => {
  const arn = 'arn:aws:ecs:eu-west-1:111122223333';
  const primary = {
    id: 'ecs-svc/1',
    status: 'PRIMARY',
    taskDefinition: `${arn}:task-definition/${taskFamilyOf(buildId)}:1`,
  };
  const handler = createHandler({
    describeServices: async () => ({ services: [{ deployments: [primary] }] }),
    setCurrentVersion: (build) => setCurrentVersion(connection, namespace, { deploymentName, buildId: build }),
    logger: { info: () => {} },
  });
  return handler({ resources: [`${arn}:service/cluster/worker`], detail: { deploymentId: primary.id } });
};

/** As Lambda does it: again, while the version has not polled. */
const eventuallyDeployed = (buildId: string) =>
  eventually(() =>
    deployed(buildId).then(
      () => true,
      () => false,
    ),
  );

/** The builds that executed a new workflow. */
async function buildsOfNewOrder(worker: TestWorker): Promise<Set<string>> {
  const order = await worker.start<typeof workflows.cancellableOrder>('cancellableOrder', { orderId: 'o', items: 0 });
  await order.result();
  const events = await eventsOf(order);
  return new Set(
    events.flatMap((event) => event.workflowTaskCompletedEventAttributes?.deploymentVersion?.buildId ?? []),
  );
}

test('of two builds that poll, new workflows run on the one that was deployed; a rollback brings the other back', async () => {
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

test('a build that never polled is refused, and changes nothing', async () => {
  await expect(deployed('1.0')).rejects.toThrow(/no Worker Deployment found/);
  const worker = await startBuild('1.0');
  await eventuallyDeployed('1.0');

  await expect(deployed('1.1')).rejects.toThrow(/Version not found in deployment/);
  expect(await buildsOfNewOrder(worker)).toEqual(new Set(['1.0']));
});

test('a build that leaves out a task queue in use is refused, and changes nothing', async () => {
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
