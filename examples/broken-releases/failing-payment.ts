import { ApplicationFailure } from '@temporalio/activity';
import type { Order } from '../orders';

/** The activities of a release that cannot charge any card. */
export * from '../activities';

/** @throws {ApplicationFailure} always: `CardDeclined`, non-retryable, because a bug leaves the amount undefined */
export async function chargeCard({ orderId }: Order): Promise<{ paymentId: string }> {
  throw ApplicationFailure.nonRetryable(
    `card of order ${orderId} declined: amount "NaN" is not a number`,
    'CardDeclined',
  );
}
