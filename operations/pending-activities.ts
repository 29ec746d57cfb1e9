import type { PendingActivity } from '../api/describe';
import { limitedMessage } from './failure';
import { pendingActivityState } from './temporal/enums';
import type { DescribedExecution } from './temporal/executions';
import { durationSeconds, futureTime, rfc3339 } from './temporal/time';

/** The activities of a run that have not ended. */
export function pendingActivities({ description }: DescribedExecution): PendingActivity[] {
  return description.pendingActivities.map((activity) => ({
    activityId: activity.activityId ?? '',
    activityType: activity.activityType?.name ?? '',
    state: pendingActivityState(activity.state),
    attempt: activity.attempt ?? 1,
    scheduledTime: rfc3339(activity.scheduledTime),
    lastStartedTime: rfc3339(activity.lastStartedTime),
    lastHeartbeatTime: rfc3339(activity.lastHeartbeatTime),
    heartbeatTimeoutSeconds: durationSeconds(activity.activityOptions?.heartbeatTimeout),
    startToCloseTimeoutSeconds: durationSeconds(activity.activityOptions?.startToCloseTimeout),
    nextAttemptTime: futureTime(activity.nextAttemptScheduleTime),
    // There may be 2,000 of them: whole messages would be more than a response takes.
    ...(activity.lastFailure && { lastFailure: limitedMessage(activity.lastFailure.message ?? '') }),
  }));
}
