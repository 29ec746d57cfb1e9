import type { ResetTarget } from '../../api/reset';
import type { DescribedExecution } from '../temporal/executions';
import { searchOldestFirst } from '../temporal/history';
import type { NamespaceClient } from '../temporal/namespace-client';
import { epochMilliseconds } from '../temporal/time';
import type { Chosen } from './target';
import { taskEnd } from '../temporal/workflow-task';

interface FirstTask {
  /** ID of the event after the WorkflowTaskScheduled event. */
  eventId: number;
  /** Milliseconds since the epoch. */
  time: number;
}

/**
 * Finds the reset point at the start of a run in which no workflow task has ended, such as a run that was terminated before
 * a worker polled its first task. The server accepts the event after the WorkflowTaskScheduled event, where the first task
 * is pending (observed on 1.29.1).
 */
export async function beforeFirstTask(
  client: NamespaceClient,
  run: DescribedExecution,
  target: ResetTarget,
): Promise<Chosen | undefined> {
  const task = await unfinishedFirstTask(client, run);
  if (!task || !includes(target, run, task)) return undefined;
  const { eventId } = task;
  return {
    eventId,
    why: `Event ${eventId} follows the scheduling of the first workflow task. No workflow task has ended: the workflow runs from its start.`,
  };
}

async function unfinishedFirstTask(client: NamespaceClient, run: DescribedExecution): Promise<FirstTask | undefined> {
  let scheduled: number | undefined;
  let task: FirstTask | undefined;
  for await (const { event, eventId } of searchOldestFirst(client, run)) {
    if (taskEnd(event)) return undefined;
    if (eventId - 1 === scheduled) task = { eventId, time: epochMilliseconds(event.eventTime) ?? 0 };
    if (event.workflowTaskScheduledEventAttributes) scheduled ??= eventId;
  }
  return task;
}

function includes(target: ResetTarget, { status }: DescribedExecution, { eventId, time }: FirstTask): boolean {
  if ('eventId' in target) return target.eventId === eventId;
  if ('back' in target) return target.back === 0;
  if ('beforeTime' in target) return time >= Date.parse(target.beforeTime);
  if ('beforeFailure' in target) return status === 'TimedOut';
  return 'at' in target;
}
