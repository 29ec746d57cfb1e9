import type { temporal } from '@temporalio/proto';
import type { Stuck } from '../../api/stuck';
import type { DescribedExecution } from '../temporal/executions';
import type { NamespaceClient } from '../temporal/namespace-client';
import { durationSeconds, epochMilliseconds, rfc3339 } from '../temporal/time';
import { findUnclaimed, pinnedVersion } from './pollers';

type PendingActivity = temporal.api.workflow.v1.IPendingActivityInfo;

/** Maximum activities whose task queues are checked for pollers. */
const MAX_ACTIVITIES = 10;

/** Finds paused activities. A running attempt of a paused activity can finish, but no further attempt starts. */
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
        explanation: `Activity ${nameOf(activity).activityType} is paused${pauseDetails(pausedBy, pausedTime, reason)}.`,
      };
    });
}

/** Returns by whom, since when and why something is paused, to complete a sentence. */
export function pauseDetails(identity?: string | null, time?: string, reason?: string | null): string {
  return `${identity ? ` by ${identity}` : ''}${time === undefined ? '' : ` since ${time}`}${reason ? `: ${reason}` : ''}`;
}

/**
 * Finds scheduled activities whose task queue no worker polls. Returns none for a workflow with a pending workflow task,
 * which can proceed without them.
 */
export async function unclaimedActivities(client: NamespaceClient, run: DescribedExecution): Promise<Stuck[]> {
  const { pendingActivities, pendingWorkflowTask } = run.description;
  if (pendingWorkflowTask) return [];
  const waiting = pendingActivities.filter(({ paused, state }) => !paused && Number(state) === SCHEDULED);
  const version = waiting.length > 0 ? pinnedVersion(run) : undefined;
  const queuesOfVersion = version && (await client.taskQueuesOf(version, 'activity'));
  const found = await Promise.all(
    waiting.slice(0, MAX_ACTIVITIES).map((activity) => {
      // The server dispatches activities on other task queues than those of the version as if the run were not pinned.
      const isPinned = queuesOfVersion?.includes(activity.activityOptions?.taskQueue?.name ?? '');
      return unclaimed(client, activity, isPinned ? version : undefined);
    }),
  );
  return found.filter((reason) => reason !== undefined);
}

/** `PENDING_ACTIVITY_STATE_SCHEDULED`; operations/temporal/enums.ts says why it is not imported. */
const SCHEDULED = 1;

async function unclaimed(
  client: NamespaceClient,
  activity: PendingActivity,
  pinned: ReturnType<typeof pinnedVersion>,
): Promise<Stuck | undefined> {
  const taskQueue = activity.activityOptions?.taskQueue?.name;
  const scheduled = epochMilliseconds(activity.nextAttemptScheduleTime ?? activity.scheduledTime);
  if (!taskQueue || scheduled === undefined) return undefined;
  const found = await findUnclaimed(client, taskQueue, 'activity', scheduled, pinned);
  if (!found) return undefined;
  const { explanation, ...poll } = found;
  return {
    kind: 'noActivityPoller',
    ...nameOf(activity),
    ...poll,
    explanation: `Activity ${nameOf(activity).activityType} waits for a worker. ${explanation}`,
  };
}

/** Finds running activities without a heartbeat timeout, which may not receive a cancellation. */
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
      explanation: `Activity ${nameOf(activity).activityType} has no heartbeat timeout, so it may not receive the cancellation.`,
    }));
}

function nameOf({ activityId, activityType }: PendingActivity) {
  return { activityId: activityId ?? '', activityType: activityType?.name ?? '' };
}
