import type { Duration } from '@temporalio/common';

/** Workflow code imports this file into its sandbox: constants only. */

/** After this long without a heartbeat, another worker retries the activity. */
export const heartbeatTimeout = '5 seconds' satisfies Duration;

/**
 * How often an activity heartbeats, in milliseconds. Well under {@link heartbeatTimeout}: a cancellation reaches an
 * activity in the answer to a heartbeat, and the SDK sends at most one every 0.8 × the timeout (4 s here), the first at
 * once.
 */
export const heartbeatIntervalMs = 1_000;
