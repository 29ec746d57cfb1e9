import { cancelled, CancelledFailure, heartbeat, log, sleep } from '@temporalio/activity';
import { heartbeatIntervalMs } from '../heartbeats';
import { whileHeartbeating } from './while-heartbeating';

/** How long the activities of this file go on when nobody cancels them, in seconds. */
const patienceSeconds = 60;

/**
 * Listens for the cancellation and answers with a result: to the workflow the activity is completed, not cancelled. The
 * workflow sees that result only where it waits for it (`WAIT_CANCELLATION_COMPLETED`).
 */
export async function listenForCancellation(): Promise<string> {
  return whileHeartbeating(async () => {
    try {
      await Promise.race([cancelled(), sleep(patienceSeconds * 1_000)]);
      return 'Nobody canceled me';
    } catch (error) {
      if (!(error instanceof CancelledFailure)) throw error;
      // `message` is why: CANCELLED by the workflow, WORKER_SHUTDOWN, TIMED_OUT, NOT_FOUND…
      if (error.message !== 'CANCELLED') throw error;
      return 'I am canceled by Done';
    }
  });
}

/**
 * Ignores the cancellation and goes on to its end, heartbeating. Nothing stops it: an activity is cancelled only by its
 * own consent. A workflow that waits for it stays open until then.
 *
 * @param seconds how long its work takes
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
 * ends with a result or with another error: see "The last heartbeat" in docs/worker.md.
 *
 * @param lingerSeconds how long it stays after its last heartbeat
 */
export async function heartbeatOnceMore(lingerSeconds = 5): Promise<string> {
  try {
    await whileHeartbeating(() => sleep(patienceSeconds * 1_000), { phase: 'working' });
  } catch (error) {
    heartbeat({ phase: 'cancelled' });
    log.info('Sent a heartbeat after the cancellation');
    await new Promise((resolve) => setTimeout(resolve, lingerSeconds * 1_000));
    throw error;
  }
  return 'Nobody canceled me';
}
