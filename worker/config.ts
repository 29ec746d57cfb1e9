import type { Duration } from '@temporalio/common';

/**
 * What workflows, activities, the worker process and its stack must agree on. Workflow code imports this file into its
 * sandbox: constants and types only.
 */

/** The task queue the worker polls when `REWIND_TASK_QUEUE` is not set, and where the tour starts its orders. */
export const defaultTaskQueue = 'rewind-orders';

/** An activity that has not heartbeaten for this long is given to another worker. */
export const heartbeatTimeout = '5 seconds' satisfies Duration;

/**
 * How often an activity heartbeats, in milliseconds. Well under {@link heartbeatTimeout}: a cancellation reaches an
 * activity in the answer to a heartbeat, and the SDK sends at most one every 0.8 × the timeout (4 s here), the first at
 * once.
 */
export const heartbeatIntervalMs = 1_000;

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

/** Argument of the order workflows and of their activities. */
export interface Order {
  orderId: string;
}

/** Argument of `cancellableOrder`. */
export interface CancellableOrder extends Order {
  /** How many items there are to pack, one a second; 3,600 when absent: long enough to be cancelled by hand. */
  items?: number;
}

/** Argument of `repairableOrder` and `wedgedOrder`. */
export interface ScheduledOrder extends Order {
  /** Seconds between reserving the stock and charging the card; 1 when absent. */
  paymentDelaySeconds?: number;
}

/** Result of `cancellableOrder` when nothing cancels it. */
export interface PackedOrder extends Order {
  packedItems: number;
}

/** Result of `repairableOrder` and `wedgedOrder`. */
export interface ShippedOrder extends Order {
  reservationId: string;
  paymentId: string;
  trackingNumber: string;
}

/** What {@link CancellationStudy} can run, each answering a cancellation in another way. */
export type StudiedActivity = 'listenForCancellation' | 'ignoreCancellation' | 'heartbeatOnceMore';

/** Argument of `studyCancellation`. */
export interface CancellationStudy {
  activity: StudiedActivity;
  /** What the workflow waits for once it was cancelled; left to the SDK when absent. */
  cancellationType?: 'WAIT_CANCELLATION_COMPLETED' | 'TRY_CANCEL' | 'ABANDON';
  /** Seconds that the workflow stays open after it saw the cancellation, to look at the activity; 0 when absent. */
  stayOpenSeconds?: number;
}

/** Result of `studyCancellation`: what the workflow saw of its activity once it was cancelled. */
export type StudiedOutcome = { saw: 'result'; result: string } | { saw: 'cancellation' };

/** Argument of `remindCustomer`. */
export interface Reminder extends Order {
  /** Seconds until the reminder. */
  afterSeconds: number;
  /** How the workflow ends when it is cancelled before: `rethrow` as Canceled, `return` as Completed. */
  whenCancelled: 'rethrow' | 'return';
}

/** Argument of `orderWithChild`. */
export interface ParentOrder extends Order {
  /** `wait`: the child is cancelled too, and waited for. `abandon`: the child goes on without its parent. */
  whenCancelled: 'wait' | 'abandon';
}

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
