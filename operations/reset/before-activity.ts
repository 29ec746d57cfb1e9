import type { ActivityTarget } from '../../api/reset';
import type { DescribedExecution } from '../temporal/executions';
import { searchNewestFirst, searchOldestFirst } from '../temporal/history';
import type { HistoryEvent, NamespaceClient } from '../temporal/namespace-client';
import { commandingTask, localActivity } from '../temporal/event-labels';
import type { Chosen } from './target';

/** Finds the completed workflow task that scheduled the activity. After a reset to it, the workflow schedules the activity again. */
export async function beforeActivity(
  client: NamespaceClient,
  run: DescribedExecution,
  target: ActivityTarget,
): Promise<Chosen | undefined> {
  const { occurrence = 'last' } = target;
  const read = occurrence === 'last' ? searchNewestFirst : searchOldestFirst;
  const wanted = typeof occurrence === 'number' ? occurrence : 1;
  let seen = 0;
  for await (const { event } of read(client, run)) {
    const activity = activityStartedBy(event);
    if (!activity || !matches(activity, target)) continue;
    seen += 1;
    const task = commandingTask(event);
    if (seen === wanted && task !== undefined) {
      const { activityId, activityType } = activity;
      // A worker executes a local activity in several workflow tasks if it takes longer than one. Only the last has its marker.
      const did = event.activityTaskScheduledEventAttributes ? 'scheduled activity' : 'recorded local activity';
      return {
        eventId: task,
        why: `Event ${task} completed the workflow task that ${did} ${activityType} (id ${activityId}).`,
      };
    }
  }
  return undefined;
}

/** Returns the activity that this event scheduled, or the local activity whose result it records. */
export function activityStartedBy(event: HistoryEvent): { activityId: string; activityType: string } | undefined {
  const scheduled = event.activityTaskScheduledEventAttributes;
  if (!scheduled) return localActivity(event);
  return { activityId: scheduled.activityId ?? '', activityType: scheduled.activityType?.name ?? '' };
}

function matches(activity: { activityId: string; activityType: string }, target: ActivityTarget): boolean {
  return 'type' in target ? activity.activityType === target.type : activity.activityId === target.activityId;
}
