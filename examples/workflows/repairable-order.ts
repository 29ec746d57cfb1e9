import { sleep } from '@temporalio/workflow';
import type { ScheduledOrder, ShippedOrder } from '../orders';
import { chargeCard, reserveStock, ship } from './order-activities';

/**
 * An order that a bug in `chargeCard` fails. Once a release without the bug is deployed, a reset to before `chargeCard`
 * keeps the reservation and completes it.
 */
export async function repairableOrder({ orderId, paymentDelaySeconds = 1 }: ScheduledOrder): Promise<ShippedOrder> {
  const { reservationId } = await reserveStock({ orderId });
  await sleep(paymentDelaySeconds * 1_000);
  const { paymentId } = await chargeCard({ orderId });
  const { trackingNumber } = await ship({ orderId });
  return { orderId, reservationId, paymentId, trackingNumber };
}
