import type { temporal } from '@temporalio/proto';
import type { Connection } from '../../operations/temporal/connection';
import { toNumber } from '../../operations/temporal/to-number';
import { callOver } from '../../operations/temporal/rpcs';
import { durationSeconds } from '../../operations/temporal/time';

/** Literals instead of the enum, for the reason given in operations/temporal/enums.ts. */
const TASK_QUEUE_TYPE_WORKFLOW = 1 as temporal.api.enums.v1.TaskQueueType;
const TASK_QUEUE_TYPE_ACTIVITY = 2 as temporal.api.enums.v1.TaskQueueType;

/** The backlog of a task queue. */
export interface Backlog {
  count: number;
  /** Age of the oldest task, in seconds. 0 if the backlog is empty. */
  ageSeconds: number;
}

/** Timeout of each call, in milliseconds. */
const deadlineMs = 5_000;

/**
 * Returns the backlog of a task queue: workflow and activity tasks, including tasks for the current version of a worker
 * deployment. The server's numbers are approximate and a few seconds old (observed on 1.29.1).
 *
 * @throws the gRPC error of a failed call
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
