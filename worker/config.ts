import type { Duration } from '@temporalio/common';

/**
 * What the batch workflow, its activities, the worker process and its stack must agree on. Workflow code imports this
 * file into its sandbox: constants and types only.
 */

/** The task queue that the worker polls when `REWIND_TASK_QUEUE` is not set. */
export const defaultTaskQueue = 'rewind-orders';

/**
 * Seconds that running activities are given to finish once the process is told to stop; then they are cancelled.
 * {@link stopTimeoutSeconds} is derived from it.
 */
export const shutdownGraceSeconds = 60;

/** Seconds between the end of the grace period and the moment the process gives up waiting for its activities. */
export const shutdownForceSeconds = 20;

/**
 * ECS `stopTimeout`: seconds between SIGTERM and SIGKILL. Grace, then force, then time to close the connection; Fargate
 * allows at most 120.
 */
export const stopTimeoutSeconds = shutdownGraceSeconds + shutdownForceSeconds + 10;

/**
 * Seconds between two looks at the namespace's secret: rotated credentials are in use that soon. One call a minute to
 * Secrets Manager costs some 20 cents a month.
 */
export const secretCheckSeconds = 60;

/** Seconds between two writings of the worker's metrics. CloudWatch keeps a figure a minute. */
export const publishMetricsSeconds = 10;

/** Seconds that a starting worker waits for Temporal before it gives up and leaves the next try to ECS. */
export const startPatienceSeconds = 120;

/**
 * Most activities that one task runs at a time. One that runs so many takes no more, and is ready all the same:
 * worker/readiness.ts.
 */
export const maxConcurrentActivities = 100;

/** Port of `GET /ready` where `REWIND_HEALTH_PORT` names no other. */
export const defaultHealthPort = 8080;

/** An attempt at a page of a batch operation that has not heartbeaten for this long is taken on by another worker. */
export const batchHeartbeatTimeout = '3 seconds' satisfies Duration;

/**
 * Well under {@link batchHeartbeatTimeout}, in milliseconds. A heartbeat carries how far the page is. The SDK would hold
 * any activity's heartbeats back for 80 % of their timeout, and then the first that is lost is the last: it holds them
 * back for this long.
 */
export const batchHeartbeatIntervalMs = 1_000;

/**
 * How long a workflow's next task waits for the worker that has the workflow in memory before any other may take it, in
 * milliseconds. Who is alive takes it at once; what a dead worker had in memory waits for it. The SDK's own is 10 s.
 */
export const stickyPatienceMs = 2_000;

/** Workflows in a page of a batch operation: what one activity deals with. */
export const batchPageSize = 200;
