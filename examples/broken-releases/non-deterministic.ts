import { sleep, workflowInfo } from '@temporalio/workflow';
import type { ScheduledOrder, ShippedOrder } from '../orders';
import { chargeCard, notifyCustomer, reserveStock, ship } from '../workflows/order-activities';

/** The workflows of a release in which `wedgedOrder` is not deterministic. */
export * from '../workflows';

/**
 * Its author meant to spare the customer a second notification when the workflow is replayed. But a replay has to ask
 * for the same activities as the first execution did: as soon as a worker that does not hold this run in its cache
 * takes it over, the run is wedged, its workflow task failing with TMPRL1100 again and again.
 */
export async function wedgedOrder({ orderId, paymentDelaySeconds = 1 }: ScheduledOrder): Promise<ShippedOrder> {
  const { reservationId } = await reserveStock({ orderId });
  if (!workflowInfo().unsafe.isReplaying) await notifyCustomer({ orderId });
  await sleep(paymentDelaySeconds * 1_000);
  const { paymentId } = await chargeCard({ orderId });
  const { trackingNumber } = await ship({ orderId });
  return { orderId, reservationId, paymentId, trackingNumber };
}
