import { ActivityCancellationType, log, proxyActivities } from '@temporalio/workflow';
import type * as activities from '../activities';
import { heartbeatTimeout } from '../heartbeats';
import type { Order } from '../orders';
import { cleanupOnCancellation } from './cleanup-on-cancellation';
import { releaseStock, ship } from './order-activities';

const { listenForCancellation } = proxyActivities<typeof activities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/**
 * Is cancelled while the first activity runs. That activity returns a result, so the workflow continues. The second activity
 * is called in a cancelled scope: it is skipped, without an event in the history, and fails as cancelled. Only
 * then does the cleanup run. The cancellation is rethrown, so the workflow ends as Canceled.
 */
export async function skipAfterCancellation({ orderId }: Order): Promise<void> {
  await cleanupOnCancellation(
    async () => {
      const answer = await listenForCancellation();
      log.info('The activity answered the cancellation', { answer });
      await ship({ orderId });
    },
    () => releaseStock({ orderId }),
  );
}
