import { isCancellation, sleep } from '@temporalio/workflow';
import type { Reminder } from '../orders';
import { notifyCustomer } from './order-activities';

/**
 * A timer that a cancellation cuts short, and the author's choice of how the workflow ends then: an error let through
 * ends it as Canceled; returning ends it as Completed, for work whose being cancelled is a proper end.
 */
export async function remindCustomer({
  orderId,
  afterSeconds,
  whenCancelled,
}: Reminder): Promise<'reminded' | 'called off'> {
  try {
    await sleep(afterSeconds * 1_000);
  } catch (error) {
    if (whenCancelled === 'return' && isCancellation(error)) return 'called off';
    throw error;
  }
  await notifyCustomer({ orderId });
  return 'reminded';
}
