import type { Duration } from '@temporalio/common';

/** Workflow code imports this file into its sandbox, so it contains only constants. */

/** After this time without a heartbeat, the activity is retried, possibly on another worker. */
export const heartbeatTimeout = '5 seconds' satisfies Duration;

/**
 * How often an activity heartbeats, in milliseconds. Well below {@link heartbeatTimeout}: a cancellation reaches an
 * activity in the response to a heartbeat, and the SDK sends the first heartbeat at once and then at most one every
 * 0.8 × the timeout (4 s here).
 */
export const heartbeatIntervalMs = 1_000;
