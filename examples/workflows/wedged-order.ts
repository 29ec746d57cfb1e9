import { sleep } from '@temporalio/workflow';
import type { ScheduledOrder, ShippedOrder } from '../orders';
import { chargeCard, notifyCustomer, reserveStock, ship } from './order-activities';

/**
 * The fixed release of an order whose previous release (`broken-releases/non-deterministic.ts`) was not deterministic.
 *
 * This code notifies the customer at the end. Runs of the previous release have the notification at another place in their
 * history, so this code cannot replay them either: they stay wedged until they are reset to before
 * `notifyCustomer`, which keeps the reservation and runs the rest with this code.
 */
export async function wedgedOrder({ orderId, paymentDelaySeconds = 1 }: ScheduledOrder): Promise<ShippedOrder> {
  const { reservationId } = await reserveStock({ orderId });
  await sleep(paymentDelaySeconds * 1_000);
  const { paymentId } = await chargeCard({ orderId });
  const { trackingNumber } = await ship({ orderId });
  await notifyCustomer({ orderId });
  return { orderId, reservationId, paymentId, trackingNumber };
}
