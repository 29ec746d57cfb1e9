import type { temporal } from '@temporalio/proto';
import type { DescribedExecution } from '../temporal/executions';
import { eventsNewestFirst, eventsOldestFirst, searchPageSize } from '../temporal/history';
import { toNumber } from '../temporal/to-number';
import type { HistoryEvent, NamespaceClient } from '../temporal/namespace-client';
import { commandingTask, endingOf } from './event-labels';
import { nearestFirst } from './search';
import type { Chosen } from './target';
import { taskEnd, taskFailure } from './workflow-task';
import type { TaskEnd } from './workflow-task';

type Failure = temporal.api.failure.v1.IFailure;

/** What failed, and the event whose cause is to be undone. */
interface FailedPart {
  /** Id of the event that began what failed, or of the one that the code could not replay: its task is the point. */
  begunBy?: number;
  /** The completed task that commanded the failure itself, where nothing was begun. */
  task?: number;
  /** The workflow task that failed: the last one completed before it is the point. */
  failedTask?: number;
  what: string;
}

/** A workflow task, by the event that ended it. */
interface EndedTask {
  eventId: number;
  end: TaskEnd;
}

const completedTask = (eventId: number): EndedTask => ({ eventId, end: 'completed' });

/** How the SDKs built on the Temporal core name the event that the workflow's code does not fit. */
const unfittingEvent = /HistoryEvent\(id: (\d+)/;

/**
 * The task that began what made the workflow fail or get stuck: the activity or child workflow that failed is begun
 * anew, code that failed by itself runs again, and code that could not replay an event is taken back to before it.
 *
 * - `last`: of a failed run, what its failure names as its cause, or the newest failure that woke the failing task; of
 *   an open one, the workflow task or activity that is failing now; else the newest failure.
 * - `first`: the oldest failure in the history.
 */
export async function beforeFailure(
  client: NamespaceClient,
  run: DescribedExecution,
  which: 'first' | 'last',
): Promise<Chosen | undefined> {
  const part = which === 'first' ? await firstFailedPart(client, run) : await lastFailedPart(client, run);
  if (!part) return undefined;
  const task = part.task === undefined ? await taskOf(client, run, part) : completedTask(part.task);
  return task && { eventId: task.eventId, why: reasonFor(task, part.what) };
}

function reasonFor({ eventId, end }: EndedTask, what: string): string {
  if (end === 'completed') return `Event ${eventId} completed the workflow task before ${what}.`;
  const how = end === 'failed' ? 'failure' : 'timeout';
  return `Event ${eventId} recorded the ${how} of a workflow task; no workflow task completed before ${what}.`;
}

async function firstFailedPart(client: NamespaceClient, run: DescribedExecution): Promise<FailedPart | undefined> {
  for await (const { event, eventId } of eventsOldestFirst(client, run, searchPageSize(run.description))) {
    const part = failedPart(event) ?? failedWorkflowTask(event, eventId) ?? failedRun(event);
    if (part) return part;
  }
  return retryingActivity(client, run);
}

async function lastFailedPart(client: NamespaceClient, run: DescribedExecution): Promise<FailedPart | undefined> {
  const wedged = (run.description.pendingWorkflowTask?.attempt ?? 1) > 1;
  if (!wedged) {
    const retrying = await retryingActivity(client, run);
    if (retrying) return retrying;
  }
  let end: FailedPart | undefined;
  for await (const { event, eventId } of eventsNewestFirst(client, run, searchPageSize(run.description))) {
    const failed = failedRun(event);
    if (failed && failed.task === undefined) return failed;
    end ??= failed;
    const part = wedged ? undefined : failedPart(event);
    if (part) return part;
    const failure = failedWorkflowTask(event, eventId);
    if (failure && !end) return failure;
    // What woke the failing task lies between it and the one before: further back the failure was dealt with.
    if (end && taskEnd(event) === 'completed' && eventId !== end.task) return end;
  }
  return end;
}

/** An activity, child workflow or Nexus operation that failed or timed out. */
function failedPart(event: HistoryEvent): FailedPart | undefined {
  const ending = endingOf(event);
  if (!ending || ending.state === 'completed' || ending.state === 'canceled') return undefined;
  const what = ending.childType ? `child workflow ${ending.childType}` : `what event ${ending.initiatedBy} began`;
  return { begunBy: ending.initiatedBy, what: `${what} ${ending.label}` };
}

function failedWorkflowTask(event: HistoryEvent, eventId: number): FailedPart | undefined {
  const failure = taskFailure(event);
  if (failure === undefined) return undefined;
  const unfitting = Number(unfittingEvent.exec(event.workflowTaskFailedEventAttributes?.failure?.message ?? '')?.[1]);
  if (unfitting > 0 && unfitting < eventId) {
    return { begunBy: unfitting, failedTask: eventId, what: `event ${unfitting}, which the code could not replay` };
  }
  return { failedTask: eventId, what: failure };
}

/** The run's own end, when it was a failure: by the cause it names, else by the task that commanded it. */
function failedRun(event: HistoryEvent): FailedPart | undefined {
  if (event.workflowExecutionTimedOutEventAttributes) {
    return { failedTask: toNumber(event.eventId), what: 'the workflow timed out' };
  }
  const failed = event.workflowExecutionFailedEventAttributes;
  if (!failed) return undefined;
  for (let failure: Failure | null | undefined = failed.failure; failure; failure = failure.cause) {
    const activity = failure.activityFailureInfo;
    if (activity)
      return { begunBy: toNumber(activity.scheduledEventId), what: `activity ${activity.activityType?.name} failed` };
    const child = failure.childWorkflowExecutionFailureInfo;
    if (child)
      return { begunBy: toNumber(child.initiatedEventId), what: `child workflow ${child.workflowType?.name} failed` };
  }
  return { task: commandingTask(event), what: `the workflow failed: ${failed.failure?.message ?? 'no message'}` };
}

/** Retries leave no event: only the description has an activity that fails again and again. */
async function retryingActivity(client: NamespaceClient, run: DescribedExecution): Promise<FailedPart | undefined> {
  const retrying = run.description.pendingActivities.find(({ lastFailure }) => lastFailure);
  if (!retrying) return undefined;
  for await (const { event, eventId } of eventsNewestFirst(client, run, searchPageSize(run.description))) {
    if (event.activityTaskScheduledEventAttributes?.activityId === retrying.activityId) {
      return { begunBy: eventId, what: `activity ${retrying.activityType?.name} began to fail` };
    }
  }
  return undefined;
}

/** The completed task that began what failed, or the last one completed before the failed one. */
async function taskOf(
  client: NamespaceClient,
  run: DescribedExecution,
  { begunBy, failedTask }: FailedPart,
): Promise<EndedTask | undefined> {
  if (begunBy !== undefined) {
    const { events, newestFirst } = nearestFirst(client, run, begunBy);
    for await (const { event, eventId } of events) {
      const task = eventId === begunBy ? commandingTask(event) : undefined;
      if (task !== undefined) return completedTask(task);
      if (newestFirst ? eventId <= begunBy : eventId >= begunBy) break;
    }
  }
  const before = failedTask ?? begunBy ?? 0;
  let newestEnd: EndedTask | undefined;
  for await (const { event, eventId } of eventsNewestFirst(client, run, searchPageSize(run.description))) {
    const end = taskEnd(event);
    if (end === 'completed' && eventId < before) return { eventId, end };
    if (end && eventId <= before) newestEnd ??= { eventId, end };
  }
  return newestEnd;
}
