import type { Duration } from '@temporalio/common';

/**
 * What the batch workflow, its activities, the worker process and its stack must agree on. Workflow code imports this
 * file into its sandbox: constants and types only.
 */

/** The task queue that the worker polls when `REWIND_TASK_QUEUE` is not set. */
export const defaultTaskQueue = 'rewind-orders';

/** Seconds that running activities have after SIGTERM to finish; then they are cancelled. */
export const shutdownGraceSeconds = 60;

/** Seconds that cancelled activities have to end, before the process ends without them. */
export const shutdownForceSeconds = 20;

/**
 * ECS `stopTimeout`: seconds between SIGTERM and SIGKILL. Grace, then force, then time to close the connection; Fargate
 * allows at most 120.
 */
export const stopTimeoutSeconds = shutdownGraceSeconds + shutdownForceSeconds + 10;

/**
 * Seconds between two checks of the namespace's secret for rotated credentials. One call a minute to Secrets Manager
 * costs some 20 cents a month.
 */
export const secretCheckSeconds = 60;

/** Seconds between two writes of the worker's metrics. CloudWatch keeps one data point a minute. */
export const publishMetricsSeconds = 10;

/** Seconds after which a worker that cannot connect exits, and ECS starts another. */
export const startTimeoutSeconds = 120;

/**
 * Activities that one ECS task runs at a time, at most. A worker at this limit is still ready: worker/readiness.ts.
 */
export const maxConcurrentActivities = 100;

/** Port of `GET /ready` when `REWIND_HEALTH_PORT` is not set. */
export const defaultHealthPort = 8080;

/** After this long without a heartbeat, another worker retries the page of a batch operation. */
export const batchHeartbeatTimeout = '3 seconds' satisfies Duration;

/**
 * Well under {@link batchHeartbeatTimeout}, in milliseconds. A heartbeat carries the progress of the page. It is the
 * SDK's throttle interval too: the default, 80 % of the timeout, would let one lost heartbeat time the activity out.
 */
export const batchHeartbeatIntervalMs = 1_000;

/**
 * How long a workflow's next task waits for the worker that has the workflow cached before any other may take it, in
 * milliseconds: the delay after a worker has died. The SDK's default is 10 s.
 */
export const stickyTimeoutMs = 2_000;

/** Workflows in a page of a batch operation, which one activity processes. */
export const batchPageSize = 200;
