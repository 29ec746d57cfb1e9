import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { temporal } from '@temporalio/proto';
import type { NativeConnection, Worker } from '@temporalio/worker';
import { maxConcurrentActivities } from './config';

const { TASK_QUEUE_TYPE_ACTIVITY, TASK_QUEUE_TYPE_WORKFLOW } = temporal.api.enums.v1.TaskQueueType;

/** The part of the SDK's worker that {@link isPolling} needs. */
export interface PollingWorker extends Pick<Worker, 'getState'> {
  connection: Pick<NativeConnection, 'withDeadline' | 'workflowService'> | undefined;
  options: Pick<Worker['options'], 'namespace' | 'taskQueue' | 'identity'>;
  getStatus(): Pick<ReturnType<Worker['getStatus']>, 'numInFlightActivities'>;
}

/** Timeout for the server's response, in milliseconds. The image's health check has a longer timeout. */
const probeDeadlineMs = 2_000;

/**
 * Whether the server lists this worker as a poller of its workflow and activity task queues. A worker at its activity limit
 * does not poll for activities and counts as ready, because it must not be replaced for being busy.
 *
 * The worker's own status is not sufficient: it stays RUNNING with outstanding polls while the server is unreachable or
 * rejects its credentials, because the SDK retries polls forever (observed with SDK 1.24.0).
 *
 * @throws the SDK's error when the server does not respond
 */
export async function isPolling(worker: PollingWorker | undefined): Promise<boolean> {
  const connection = worker?.connection;
  if (!worker || !connection || worker.getState() !== 'RUNNING') return false;
  const { namespace, taskQueue, identity } = worker.options;
  const pollsQueue = async (taskQueueType: temporal.api.enums.v1.TaskQueueType) => {
    const { pollers } = await connection.withDeadline(Date.now() + probeDeadlineMs, () =>
      connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType }),
    );
    return pollers.some((poller) => poller.identity === identity);
  };
  const [workflows, activities] = await Promise.all([
    pollsQueue(TASK_QUEUE_TYPE_WORKFLOW),
    pollsQueue(TASK_QUEUE_TYPE_ACTIVITY),
  ]);
  return workflows && (activities || worker.getStatus().numInFlightActivities >= maxConcurrentActivities);
}

/**
 * Serves `GET /ready` on the loopback interface, for the container's health check: 200 when `isReady` resolves to true, 503
 * when it resolves to false or rejects, and 404 for other requests.
 */
export async function serveReadiness(port: number, isReady: () => Promise<boolean>): Promise<Server> {
  const server = createServer((request, response) => {
    const answer = async () => {
      if (request.method !== 'GET' || request.url !== '/ready') return 404;
      return (await isReady()) ? 200 : 503;
    };
    answer().then(
      (status) => response.writeHead(status).end(),
      () => response.writeHead(503).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}
