import { cancelled, CancelledFailure, heartbeat, log, sleep } from '@temporalio/activity';
import { heartbeatIntervalMs } from '../heartbeats';
import { whileHeartbeating } from './while-heartbeating';

/** How long the activities of this file run when they are not cancelled, in seconds. */
const durationSeconds = 60;

/**
 * Returns a result when it is cancelled: for the workflow the activity is completed, not cancelled. The workflow
 * sees the result only where it waits for it (`WAIT_CANCELLATION_COMPLETED`).
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
 * Ignores the cancellation and heartbeats until its work is done. An activity is cancelled only when it lets the
 * cancellation through. A workflow that waits for it stays open until then.
 *
 * @param seconds duration of its work
 */
export async function ignoreCancellation(seconds = 8): Promise<string> {
  for (let second = 0; second < seconds; second++) {
    heartbeat({ second });
    // Not the SDK's sleep, which would throw.
    await new Promise((resolve) => setTimeout(resolve, heartbeatIntervalMs));
  }
  return 'I ignored it';
}

/**
 * Sends one more heartbeat after the cancellation, then accepts it.
 *
 * `heartbeat` neither throws nor logs at that moment, and its details reach the server: when the throttle interval is
 * over, or with the end of the activity if that is earlier and the activity ends as cancelled. They are dropped when it
 * ends with a result or with another error: see "The last heartbeat" in docs/handling-cancellation.md.
 *
 * @param lingerSeconds delay after its last heartbeat
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
