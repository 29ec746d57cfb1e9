import { isCancellation, sleep } from '@temporalio/workflow';
import type { Reminder } from '../orders';
import { notifyCustomer } from './order-activities';

/**
 * A timer that a cancellation ends early. The code decides how the workflow ends: rethrowing the error
 * ends it as Canceled; returning ends it as Completed, for work where a cancellation is a regular end.
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
