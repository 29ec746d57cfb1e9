import { activityInfo, heartbeat, log, sleep } from '@temporalio/activity';
import { heartbeatIntervalMs } from '../heartbeats';
import type { CancellableOrder } from '../orders';

/** The details of {@link packOrder}'s heartbeats, for its next attempt. */
export interface PackingProgress {
  packedItems: number;
}

/**
 * A long activity that accepts a cancellation, and resumes where its last attempt stopped.
 *
 * - It heartbeats once per item, so that a cancellation reaches it in the response to a heartbeat.
 * - `sleep` then throws `CancelledFailure`. Not catching it accepts the cancellation.
 * - The details of the last heartbeat are its checkpoint: items that an earlier attempt reported are not packed
 *   again.
 */
export async function packOrder({ orderId, items = 3_600 }: CancellableOrder): Promise<PackingProgress> {
  const checkpoint: PackingProgress | undefined = activityInfo().heartbeatDetails;
  let packedItems = checkpoint?.packedItems ?? 0;
  if (checkpoint) log.info('Packing resumes', { orderId, packedItems });

  for (; packedItems < items; packedItems++) {
    heartbeat({ packedItems } satisfies PackingProgress);
    await sleep(heartbeatIntervalMs);
  }
  return { packedItems };
}
