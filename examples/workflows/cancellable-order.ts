import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type * as activities from '../activities';
import { heartbeatTimeout } from '../heartbeats';
import type { CancellableOrder, PackedOrder } from '../orders';
import { cleanupOnCancellation } from './cleanup-on-cancellation';
import { releaseStock, reserveStock } from './order-activities';

const { packOrder } = proxyActivities<typeof activities>({
  startToCloseTimeout: '2 hours',
  heartbeatTimeout,
  // Stock is released after packing has stopped. Set it explicitly: the SDK's real default differs from the documented
  // one (docs/handling-cancellation.md).
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** An order that can be cancelled while it is packed: the stock is given back and the workflow ends as Canceled. */
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
