import {
  ActivityCancellationType,
  CancellationScope,
  isCancellation,
  proxyActivities,
  sleep,
} from '@temporalio/workflow';
import type * as samples from '../activities';
import { heartbeatTimeout } from '../heartbeats';
import type { CancellationStudy, StudiedOutcome } from '../orders';

/**
 * Shows what a cancelled workflow receives from a running activity, by the activity's cancellation type:
 *
 * - `WAIT_CANCELLATION_COMPLETED`: the activity gets a cancellation request, and the workflow waits until the activity
 *   completes (the workflow receives the result), fails, or accepts the cancellation.
 * - `TRY_CANCEL`: the activity gets a cancellation request; the workflow continues at once, without its result. This
 *   is the default, contrary to the SDK's documentation (1.24.0; docs/handling-cancellation.md).
 * - `ABANDON`: the activity gets no request; the workflow continues at once. The activity keeps running. It is cancelled
 *   only after the workflow has closed, when the response to its next heartbeat is NOT_FOUND.
 *
 * The workflow ends as Completed, because it returns instead of throwing.
 */
export async function studyCancellation(study: CancellationStudy): Promise<StudiedOutcome> {
  const activities = proxyActivities<typeof samples>({
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout,
    ...(study.cancellationType && { cancellationType: ActivityCancellationType[study.cancellationType] }),
  });
  try {
    return { saw: 'result', result: await activities[study.activity]() };
  } catch (error) {
    if (!isCancellation(error)) throw error;
    const { stayOpenSeconds } = study;
    if (stayOpenSeconds) await CancellationScope.nonCancellable(() => sleep(stayOpenSeconds * 1_000));
    return { saw: 'cancellation' };
  }
}
