import type { temporal } from '@temporalio/proto';
import type { Connection } from '../../operations/temporal/connection';
import { toNumber } from '../../operations/temporal/to-number';
import { callOver } from '../../operations/temporal/rpcs';
import { durationSeconds } from '../../operations/temporal/time';

/** Written out for the reason given in operations/temporal/enums.ts. */
const TASK_QUEUE_TYPE_WORKFLOW = 1 as temporal.api.enums.v1.TaskQueueType;
const TASK_QUEUE_TYPE_ACTIVITY = 2 as temporal.api.enums.v1.TaskQueueType;

/** Tasks that wait for a worker. */
export interface Backlog {
  count: number;
  /** Seconds that the oldest has waited; 0 when there is none. */
  ageSeconds: number;
}

/** Longest wait for the server, in milliseconds. */
const deadlineMs = 5_000;

/**
 * The backlog of a task queue, workflow and activity tasks together, those that wait for the current version of a worker
 * deployment included. Approximate, and up to a few seconds old: the server says so itself (seen on 1.29.1).
 *
 * @throws the gRPC error when the server does not answer
 */
export async function taskQueueBacklog(connection: Connection, namespace: string, taskQueue: string): Promise<Backlog> {
  const backlogs = await Promise.all(
    [TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY].map(async (taskQueueType): Promise<Backlog> => {
      const request = { namespace, taskQueue: { name: taskQueue }, taskQueueType, reportStats: true };
      const { stats } = await callOver(connection, 'describeTaskQueue', request, Date.now() + deadlineMs);
      const count = toNumber(stats?.approximateBacklogCount);
      return { count, ageSeconds: count > 0 ? durationSeconds(stats?.approximateBacklogAge) : 0 };
    }),
  );
  return {
    count: backlogs.reduce((sum, { count }) => sum + count, 0),
    ageSeconds: Math.max(...backlogs.map(({ ageSeconds }) => ageSeconds)),
  };
}
