import type { PendingActivity } from '../api/describe';
import { truncateMessage } from './workflow-failure';
import { isOpen, pendingActivityState } from './temporal/enums';
import type { DescribedExecution } from './temporal/executions';
import { durationSeconds, futureTime, rfc3339 } from './temporal/time';

/**
 * Converts the pending activities of an open run's description. A closed run has none, although the server still lists those
 * that were pending when it closed (observed on 1.29.1).
 */
export function pendingActivities({ status, description }: DescribedExecution): PendingActivity[] {
  if (!isOpen(status)) return [];
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
    // A run can have 2,000 pending activities, whose full messages could exceed the maximum size of a response.
    ...(activity.lastFailure && { lastFailure: truncateMessage(activity.lastFailure.message ?? '') }),
  }));
}
