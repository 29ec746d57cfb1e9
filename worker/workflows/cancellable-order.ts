import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { heartbeatTimeout } from '../config';
import type { CancellableOrder, PackedOrder } from '../config';
import { cleanupOnCancellation } from './cleanup-on-cancellation';
import { releaseStock, reserveStock } from './order-activities';

const { packOrder } = proxyActivities<Activities>({
  startToCloseTimeout: '2 hours',
  heartbeatTimeout,
  // WAIT_CANCELLATION_COMPLETED is the default: stock is released only once nobody is packing it any more.
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
