import { log } from '@temporalio/activity';
import type { Order } from '../orders';

/*
 * The steps of an order, in place of calls to other services. Every step is idempotent by the order's id, because
 * an activity may run more than once, and after a reset it does.
 */

export async function reserveStock({ orderId }: Order): Promise<{ reservationId: string }> {
  return { reservationId: `reservation-${orderId}` };
}

/** Undoes {@link reserveStock}; does nothing if nothing was reserved. */
export async function releaseStock({ orderId }: Order): Promise<{ released: true }> {
  log.info('Stock released', { orderId });
  return { released: true };
}

export async function chargeCard({ orderId }: Order): Promise<{ paymentId: string }> {
  return { paymentId: `payment-${orderId}` };
}

export async function ship({ orderId }: Order): Promise<{ trackingNumber: string }> {
  return { trackingNumber: `tracking-${orderId}` };
}

export async function notifyCustomer({ orderId }: Order): Promise<void> {
  log.info('Customer notified', { orderId });
}
