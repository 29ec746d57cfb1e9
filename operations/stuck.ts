import type { Stuck } from '../api/stuck';
import type { DescribedExecution } from './temporal/executions';
import { eventsNewestFirst } from './temporal/history';
import type { NamespaceClient } from './temporal/namespace-client';
import { durationSeconds, epochMilliseconds, rfc3339 } from './temporal/time';

/** A task that has waited longer than this for a worker, in milliseconds, has none: an idle one takes it at once. */
const UNCLAIMED_AFTER_MS = 1_000;

/** How far back to look for the failure of a workflow task that is being retried: it is the newest of its events. */
const FAILURE_PAGE_SIZE = 20;

/** Why an open run does not get on. Empty when nothing shows that it is stuck. */
export async function explainStuck(client: NamespaceClient, run: DescribedExecution): Promise<Stuck[]> {
  const reasons = await Promise.all([failingTask(client, run), missingPoller(client, run)]);
  return [...reasons.filter((reason) => reason !== undefined), ...activitiesNotHeartbeating(run)];
}

async function failingTask(client: NamespaceClient, run: DescribedExecution): Promise<Stuck | undefined> {
  const attempt = run.description.pendingWorkflowTask?.attempt ?? 1;
  if (attempt < 2) return undefined;
  const failure = await newestTaskFailure(client, run);
  return {
    kind: 'workflowTaskFailing',
    attempt,
    ...(failure !== undefined && { failure }),
    explanation: `The workflow task fails, now on attempt ${attempt}${failure === undefined ? '' : `: ${failure}`}. The workflow hears of the cancellation once its code is mended; terminating or resetting it does not need that.`,
  };
}

/** The server writes the first failure of a task into the history; retries leave no event. */
async function newestTaskFailure(client: NamespaceClient, run: DescribedExecution): Promise<string | undefined> {
  for await (const { event } of eventsNewestFirst(client, run, FAILURE_PAGE_SIZE)) {
    if (event.workflowTaskFailedEventAttributes) {
      return event.workflowTaskFailedEventAttributes.failure?.message || undefined;
    }
    if (event.workflowTaskTimedOutEventAttributes) return 'the task timed out';
    if (event.workflowTaskCompletedEventAttributes) return undefined;
  }
  return undefined;
}

async function missingPoller(client: NamespaceClient, run: DescribedExecution): Promise<Stuck | undefined> {
  const task = run.description.pendingWorkflowTask;
  const scheduled = epochMilliseconds(task?.scheduledTime);
  const claimed = task?.startedTime !== undefined && task.startedTime !== null;
  if (scheduled === undefined || claimed || Date.now() - scheduled < UNCLAIMED_AFTER_MS) return undefined;

  const taskQueue = run.description.executionConfig?.taskQueue?.name ?? '';
  const lastPoll = await client.lastWorkflowPoll(taskQueue);
  // One that polled after the task was there and left it is busy with others.
  if (lastPoll !== undefined && (epochMilliseconds(lastPoll) ?? 0) >= scheduled) return undefined;
  const lastPollTime = rfc3339(lastPoll);
  return {
    kind: 'noPoller',
    taskQueue,
    ...(lastPollTime !== undefined && { lastPollTime }),
    explanation: `No worker polls task queue "${taskQueue}"${lastPollTime === undefined ? '' : `; the last one did at ${lastPollTime}`}. The workflow hears of the cancellation once one does; terminating it does not need a worker.`,
  };
}

function activitiesNotHeartbeating({ description }: DescribedExecution): Stuck[] {
  return description.pendingActivities
    .filter(
      ({ lastStartedTime, activityOptions }) =>
        lastStartedTime && durationSeconds(activityOptions?.heartbeatTimeout) === 0,
    )
    .map((activity) => {
      const activityType = activity.activityType?.name ?? '';
      const startToCloseTimeoutSeconds = durationSeconds(activity.activityOptions?.startToCloseTimeout);
      return {
        kind: 'activityNotHeartbeating' as const,
        activityId: activity.activityId ?? '',
        activityType,
        startToCloseTimeoutSeconds,
        scheduleToCloseTimeoutSeconds: durationSeconds(activity.activityOptions?.scheduleToCloseTimeout),
        explanation: `Activity ${activityType} has no heartbeat timeout, so it cannot be told of the cancellation. A workflow that waits for it goes on when the activity ends, at the latest ${startToCloseTimeoutSeconds} s after it started.`,
      };
    });
}
