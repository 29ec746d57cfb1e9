import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type * as activities from '../activities';

/**
 * The quick steps of an order. They are idempotent, so they can be retried. They do not heartbeat, so a cancellation does not
 * reach a running step; the workflow waits for it, so that nothing is undone while it is still being done.
 */
export const { reserveStock, releaseStock, chargeCard, ship, notifyCustomer } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { maximumAttempts: 5 },
});
