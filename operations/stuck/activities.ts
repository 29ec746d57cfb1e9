import type { temporal } from '@temporalio/proto';
import type { Stuck } from '../../api/stuck';
import type { DescribedExecution } from '../temporal/executions';
import type { NamespaceClient } from '../temporal/namespace-client';
import { durationSeconds, epochMilliseconds, rfc3339 } from '../temporal/time';
import { findUnclaimed, pinnedVersion } from './pollers';

type PendingActivity = temporal.api.workflow.v1.IPendingActivityInfo;

/** How many activities are looked at for workers. */
const MAX_ACTIVITIES = 10;

/** Paused activities. One that is at work ends its attempt; another attempt does not begin. */
export function pausedActivities({ description }: DescribedExecution): Stuck[] {
  return description.pendingActivities
    .filter(({ paused }) => paused)
    .map((activity) => {
      const { pauseInfo } = activity;
      const { identity: pausedBy, reason } = pauseInfo?.manual ?? pauseInfo?.rule ?? {};
      const pausedTime = rfc3339(pauseInfo?.pauseTime);
      return {
        kind: 'activityPaused',
        ...nameOf(activity),
        ...(pausedBy && { pausedBy }),
        ...(reason && { reason }),
        pausedTime,
        explanation: `Activity ${nameOf(activity).activityType} is paused${by(pausedBy, pausedTime, reason)}.`,
      };
    });
}

/** Who paused something, when and why, as the end of a sentence. */
export function by(identity?: string | null, time?: string, reason?: string | null): string {
  return `${identity ? ` by ${identity}` : ''}${time === undefined ? '' : ` since ${time}`}${reason ? `: ${reason}` : ''}`;
}

/** Activities that no worker takes. A workflow that has a task of its own does not depend on them alone. */
export async function unclaimedActivities(client: NamespaceClient, run: DescribedExecution): Promise<Stuck[]> {
  const { pendingActivities, pendingWorkflowTask } = run.description;
  if (pendingWorkflowTask) return [];
  const waiting = pendingActivities.filter(({ paused, state }) => !paused && Number(state) === SCHEDULED);
  const found = await Promise.all(waiting.slice(0, MAX_ACTIVITIES).map((activity) => unclaimed(client, run, activity)));
  return found.filter((reason) => reason !== undefined);
}

/** `PENDING_ACTIVITY_STATE_SCHEDULED`; operations/temporal/enums.ts says why it is not imported. */
const SCHEDULED = 1;

async function unclaimed(
  client: NamespaceClient,
  run: DescribedExecution,
  activity: PendingActivity,
): Promise<Stuck | undefined> {
  const taskQueue = activity.activityOptions?.taskQueue?.name;
  const scheduled = epochMilliseconds(activity.nextAttemptScheduleTime ?? activity.scheduledTime);
  if (!taskQueue || scheduled === undefined) return undefined;
  // On another task queue, a version of that queue may be meant.
  const own = taskQueue === run.description.executionConfig?.taskQueue?.name;
  const found = await findUnclaimed(client, taskQueue, 'activity', scheduled, own ? pinnedVersion(run) : undefined);
  if (!found) return undefined;
  const { explanation, ...poll } = found;
  return {
    kind: 'noActivityPoller',
    ...nameOf(activity),
    ...poll,
    explanation: `Activity ${nameOf(activity).activityType} waits for a worker. ${explanation}`,
  };
}

/** Activities at work without heartbeats. */
export function activitiesNotHeartbeating({ description }: DescribedExecution): Stuck[] {
  return description.pendingActivities
    .filter(
      ({ lastStartedTime, activityOptions }) =>
        lastStartedTime && durationSeconds(activityOptions?.heartbeatTimeout) === 0,
    )
    .map((activity) => ({
      kind: 'activityNotHeartbeating',
      ...nameOf(activity),
      startToCloseTimeoutSeconds: durationSeconds(activity.activityOptions?.startToCloseTimeout),
      scheduleToCloseTimeoutSeconds: durationSeconds(activity.activityOptions?.scheduleToCloseTimeout),
      explanation: `Activity ${nameOf(activity).activityType} has no heartbeat timeout, so it may not be told of the cancellation.`,
    }));
}

function nameOf({ activityId, activityType }: PendingActivity) {
  return { activityId: activityId ?? '', activityType: activityType?.name ?? '' };
}
