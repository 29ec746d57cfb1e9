import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type * as activities from '../activities';
import { heartbeatTimeout } from '../heartbeats';
import type { CancellableOrder, PackedOrder } from '../orders';
import { cleanupOnCancellation } from './cleanup-on-cancellation';
import { releaseStock, reserveStock } from './order-activities';

const { packOrder } = proxyActivities<typeof activities>({
  startToCloseTimeout: '2 hours',
  heartbeatTimeout,
  // Releases the stock only after packing has stopped. Set explicitly, because the SDK's actual default differs from the
  // documented one (docs/handling-cancellation.md).
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** An order that can be cancelled while it is packed: it then releases the stock and ends as Canceled. */
export async function cancellableOrder(order: CancellableOrder): Promise<PackedOrder> {
  return cleanupOnCancellation(
    async () => {
      await reserveStock(order);
      const { packedItems } = await packOrder(order);
      return { orderId: order.orderId, packedItems };
    },
    () => releaseStock(order),
  );
}
