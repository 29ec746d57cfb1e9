import { ApplicationFailure, log } from '@temporalio/activity';
import type { Order } from '../config';

export interface OrderActivitiesDependencies {
  /** The tour's bug: the card cannot be charged until a release without it is deployed. */
  chargeCardIsBroken: boolean;
}

/**
 * The steps of an order. They stand for calls to other services, so every one of them is idempotent in the order's id:
 * an activity may run more than once, and after a reset it will.
 */
export const createOrderActivities = ({ chargeCardIsBroken }: OrderActivitiesDependencies) => ({
  async reserveStock({ orderId }: Order): Promise<{ reservationId: string }> {
    return { reservationId: `reservation-${orderId}` };
  },

  /** Undoes {@link reserveStock}; also right when nothing was reserved. */
  async releaseStock({ orderId }: Order): Promise<{ released: true }> {
    log.info('Stock released', { orderId });
    return { released: true };
  },

  /** @throws ApplicationFailure, non-retryable, `CardDeclined`, in a release that has the tour's bug */
  async chargeCard({ orderId }: Order): Promise<{ paymentId: string }> {
    if (chargeCardIsBroken) {
      throw ApplicationFailure.nonRetryable(
        `card of order ${orderId} declined: amount "NaN" is not a number`,
        'CardDeclined',
      );
    }
    return { paymentId: `payment-${orderId}` };
  },

  async ship({ orderId }: Order): Promise<{ trackingNumber: string }> {
    return { trackingNumber: `tracking-${orderId}` };
  },

  async notifyCustomer({ orderId }: Order): Promise<void> {
    log.info('Customer notified', { orderId });
  },
});
