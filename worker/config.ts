import type { Duration } from '@temporalio/common';

/**
 * Constants that the batch workflow, its activities, the worker process and its stack share. Workflow code imports this file
 * into its sandbox, so it must contain only constants and types.
 */

/** The task queue that the worker polls when `REWIND_TASK_QUEUE` is not set. */
export const defaultTaskQueue = 'rewind-orders';

/** Time for running activities to finish after SIGTERM, in seconds; then they are cancelled. */
export const shutdownGraceSeconds = 60;

/** Time for cancelled activities to end before the process exits without them, in seconds. */
export const shutdownForceSeconds = 20;

/**
 * ECS `stopTimeout`, between SIGTERM and SIGKILL, in seconds: grace period, forced shutdown, and time to close the connection.
 * Fargate allows at most 120.
 */
export const stopTimeoutSeconds = shutdownGraceSeconds + shutdownForceSeconds + 10;

/**
 * Interval between checks of the namespace's secret for rotated credentials, in seconds. A call to Secrets Manager per minute
 * costs about 20 cents a month.
 */
export const secretCheckSeconds = 60;

/** Interval between writes of the worker's metrics, in seconds. CloudWatch stores one data point per minute. */
export const publishMetricsSeconds = 10;

/** Time after which a worker that cannot connect exits, in seconds. ECS then starts another. */
export const startTimeoutSeconds = 120;

/** Maximum concurrent activities of an ECS task. A worker at this limit is still ready; see worker/readiness.ts. */
export const maxConcurrentActivities = 100;

/** Port of `GET /ready` when `REWIND_HEALTH_PORT` is not set. */
export const defaultHealthPort = 8080;

/** Time without a heartbeat after which the rest of a batch operation's page is executed by another activity. */
export const batchHeartbeatTimeout = '3 seconds' satisfies Duration;

/**
 * Heartbeat interval of a batch operation's page, in milliseconds. A heartbeat has the page's progress. Also the SDK's
 * throttle interval, because with its default of 80 % of the timeout, a single lost heartbeat would time the activity out.
 */
export const batchHeartbeatIntervalMs = 1_000;

/**
 * How long a workflow task waits on the sticky queue of the worker that has cached the workflow, in milliseconds. This is the
 * delay of a workflow after its worker crashes. The SDK's default is 10 s.
 */
export const stickyTimeoutMs = 2_000;

/** Workflows in a page of a batch operation, which a single activity executes. */
export const batchPageSize = 200;
