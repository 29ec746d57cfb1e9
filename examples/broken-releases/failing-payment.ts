import { ApplicationFailure } from '@temporalio/activity';
import type { Order } from '../orders';

/** The activities of a release that cannot charge any card. */
export * from '../activities';

/** @throws {ApplicationFailure} `CardDeclined`, non-retryable, always: the amount is never computed */
export async function chargeCard({ orderId }: Order): Promise<{ paymentId: string }> {
  throw ApplicationFailure.nonRetryable(
    `card of order ${orderId} declined: amount "NaN" is not a number`,
    'CardDeclined',
  );
}
