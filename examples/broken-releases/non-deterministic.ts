import { sleep, workflowInfo } from '@temporalio/workflow';
import type { ScheduledOrder, ShippedOrder } from '../orders';
import { chargeCard, notifyCustomer, reserveStock, ship } from '../workflows/order-activities';

/** The workflows of a release in which `wedgedOrder` is not deterministic. */
export * from '../workflows';

/**
 * The author wanted to avoid a second notification when the workflow is replayed. But a replay must schedule the same
 * activities as the first execution. As soon as a worker without this run in its cache takes it over, the run is wedged:
 * its workflow task fails repeatedly with TMPRL1100.
 */
export async function wedgedOrder({ orderId, paymentDelaySeconds = 1 }: ScheduledOrder): Promise<ShippedOrder> {
  const { reservationId } = await reserveStock({ orderId });
  if (!workflowInfo().unsafe.isReplaying) await notifyCustomer({ orderId });
  await sleep(paymentDelaySeconds * 1_000);
  const { paymentId } = await chargeCard({ orderId });
  const { trackingNumber } = await ship({ orderId });
  return { orderId, reservationId, paymentId, trackingNumber };
}
