import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { temporal } from '@temporalio/proto';
import type { Worker } from '@temporalio/worker';

const { TASK_QUEUE_TYPE_ACTIVITY, TASK_QUEUE_TYPE_WORKFLOW } = temporal.api.enums.v1.TaskQueueType;

/** Longest wait for the server's word, in milliseconds; the image's health check waits a little longer. */
const probeDeadlineMs = 2_000;

/**
 * Whether the worker is polling, in the server's eyes: both its queues list this worker among their pollers.
 *
 * The worker's own status does not tell. It stays RUNNING with outstanding polls while the server is unreachable or
 * refuses its credentials, because the SDK retries polls without end (seen with SDK 1.24.0).
 *
 * @throws the SDK's error when the server does not answer
 */
export async function isPolling(worker: Worker | undefined): Promise<boolean> {
  const connection = worker?.connection;
  if (!worker || !connection || worker.getState() !== 'RUNNING') return false;
  const { namespace, taskQueue, identity } = worker.options;
  const pollsQueue = async (taskQueueType: temporal.api.enums.v1.TaskQueueType) => {
    const { pollers } = await connection.withDeadline(Date.now() + probeDeadlineMs, () =>
      connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType }),
    );
    return pollers.some((poller) => poller.identity === identity);
  };
  const polls = await Promise.all([TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY].map(pollsQueue));
  return polls.every(Boolean);
}

/** Serves `GET /ready`: 200 while `isReady` says so, 503 otherwise, as when it rejects. Everything else is 404. */
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
    server.listen(port, resolve);
  });
  return server;
}
