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
 * What a cancelled workflow sees of an activity that is running, by the activity's cancellation type:
 *
 * - `WAIT_CANCELLATION_COMPLETED`: the activity is asked to cancel, and waited for: until it
 *   completed (its result is seen), failed, or accepted the cancellation.
 * - `TRY_CANCEL`: the activity gets a cancellation request; the workflow continues at once, without its result. It
 *   is the type of an activity without one, contrary to the SDK's documentation (1.24.0; docs/handling-cancellation.md).
 * - `ABANDON`: the activity gets no request; the workflow continues at once. The activity keeps running, and is cancelled
 *   only when the workflow is closed and its next heartbeat is answered with NOT_FOUND.
 *
 * It ends as Completed, because it returns instead of throwing.
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
