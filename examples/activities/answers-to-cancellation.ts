import { cancelled, CancelledFailure, heartbeat, log, sleep } from '@temporalio/activity';
import { heartbeatIntervalMs } from '../heartbeats';
import { whileHeartbeating } from './while-heartbeating';

/** How long the activities in this file run if they are not cancelled, in seconds. */
const durationSeconds = 60;

/**
 * Returns a result when it is cancelled: for the workflow the activity is completed, not cancelled. The workflow
 * receives the result only if it waits for it (`WAIT_CANCELLATION_COMPLETED`).
 */
export async function listenForCancellation(): Promise<string> {
  return whileHeartbeating(async () => {
    try {
      await Promise.race([cancelled(), sleep(durationSeconds * 1_000)]);
      return 'Not canceled';
    } catch (error) {
      if (!(error instanceof CancelledFailure)) throw error;
      // `message` is the cause: CANCELLED by the workflow, WORKER_SHUTDOWN, TIMED_OUT, NOT_FOUND…
      if (error.message !== 'CANCELLED') throw error;
      return 'I am canceled by Done';
    }
  });
}

/**
 * Ignores the cancellation and heartbeats until its work is done. An activity counts as cancelled only if it rethrows the
 * cancellation. A workflow that waits for the activity stays open until the activity ends.
 *
 * @param seconds duration of the work
 */
export async function ignoreCancellation(seconds = 8): Promise<string> {
  for (let second = 0; second < seconds; second++) {
    heartbeat({ second });
    // Not the SDK's `sleep`, which would throw.
    await new Promise((resolve) => setTimeout(resolve, heartbeatIntervalMs));
  }
  return 'I ignored it';
}

/**
 * Sends one more heartbeat after the cancellation, then accepts it.
 *
 * `heartbeat` neither throws nor logs at that moment. Its details reach the server at the end of the throttle interval,
 * or earlier if the activity ends as cancelled. They are dropped if the activity ends before with a result or another
 * error: see "The last heartbeat" in docs/handling-cancellation.md.
 *
 * @param lingerSeconds delay after the last heartbeat
 */
export async function heartbeatOnceMore(lingerSeconds = 5): Promise<string> {
  try {
    await whileHeartbeating(() => sleep(durationSeconds * 1_000), { phase: 'working' });
  } catch (error) {
    heartbeat({ phase: 'cancelled' });
    log.info('Sent a heartbeat after the cancellation');
    await new Promise((resolve) => setTimeout(resolve, lingerSeconds * 1_000));
    throw error;
  }
  return 'Not canceled';
}
