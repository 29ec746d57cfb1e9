import type { temporal } from '@temporalio/proto';
import type { DescribedExecution } from '../temporal/executions';
import { searchNewestFirst, searchOldestFirst } from '../temporal/history';
import { toNumber } from '../temporal/to-number';
import type { HistoryEvent, NamespaceClient } from '../temporal/namespace-client';
import { commandingTask, endingOf, nexusOperationName } from '../temporal/event-labels';
import { findEvent } from './search';
import type { Chosen } from './target';
import { taskEnd, taskFailure } from '../temporal/workflow-task';
import type { TaskEnd } from '../temporal/workflow-task';

type Failure = temporal.api.failure.v1.IFailure;

/** What failed. One of the IDs determines the reset point. */
interface FailedPart {
  /** ID of the event that started the failed part, or that the code could not replay. Reset point: the task that wrote it. */
  initiatingEventId?: number;
  /** ID of the completed task whose command was the failure itself. It is the reset point. */
  task?: number;
  /** ID of the failed workflow task. Reset point: the last task completed before it. */
  failedTask?: number;
  what: string;
}

/** A workflow task, by the event that ended it. */
interface EndedTask {
  eventId: number;
  end: TaskEnd;
}

const completedTask = (eventId: number): EndedTask => ({ eventId, end: 'completed' });

/** In nondeterminism errors of SDKs built on the Temporal core: the event that the workflow's code does not match. */
const nondeterministicEvent = /HistoryEvent\(id: (\d+)/;

/**
 * Finds the workflow task to reset to so that the cause of a failure runs again: the task that started the failed activity
 * or child workflow, that ran the failing code, or that precedes the event that the code could not replay.
 *
 * - `last`: in a failed run, the cause that the failure names, or the newest failure that triggered the failing task; in an
 *   open run, the workflow task or activity that is failing now; otherwise the newest failure.
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
  for await (const { event, eventId } of searchOldestFirst(client, run)) {
    const part = failedPart(event) ?? failedWorkflowTask(event, eventId) ?? failedRun(event);
    if (part) return part;
  }
  return retryingActivity(client, run);
}

async function lastFailedPart(client: NamespaceClient, run: DescribedExecution): Promise<FailedPart | undefined> {
  const taskIsFailing = (run.description.pendingWorkflowTask?.attempt ?? 1) > 1;
  if (!taskIsFailing) {
    const retrying = await retryingActivity(client, run);
    if (retrying) return retrying;
  }
  let end: FailedPart | undefined;
  for await (const { event, eventId } of searchNewestFirst(client, run)) {
    const failed = failedRun(event);
    if (failed) {
      const named = failed.failedTask === undefined ? await partNamedIn(client, run, event) : failed;
      if (named) return named;
    }
    end ??= failed;
    const part = taskIsFailing ? undefined : failedPart(event);
    if (part) return part;
    const failure = failedWorkflowTask(event, eventId);
    if (failure && !end) return failure;
    // The trigger of the failing task lies between it and the task before. The workflow handled any earlier failure.
    if (end && taskEnd(event) === 'completed' && eventId !== end.task) return end;
  }
  return end;
}

/** An activity, child workflow or Nexus operation that failed or timed out. */
function failedPart(event: HistoryEvent): FailedPart | undefined {
  const ending = endingOf(event);
  if (!ending || ending.state === 'completed' || ending.state === 'canceled') return undefined;
  const kind = ending.kind === 'nexusOperation' ? 'Nexus operation' : 'activity';
  const what = ending.childType ? `child workflow ${ending.childType}` : `the ${kind} of event ${ending.initiatedBy}`;
  return { initiatingEventId: ending.initiatedBy, what: `${what} ${ending.label}` };
}

function failedWorkflowTask(event: HistoryEvent, eventId: number): FailedPart | undefined {
  const failure = taskFailure(event);
  if (failure === undefined) return undefined;
  const message = event.workflowTaskFailedEventAttributes?.failure?.message ?? '';
  const unmatched = Number(nondeterministicEvent.exec(message)?.[1]);
  if (unmatched > 0 && unmatched < eventId) {
    const what = `event ${unmatched}, which the code could not replay`;
    return { initiatingEventId: unmatched, what };
  }
  return { failedTask: eventId, what: failure };
}

/** The failure or timeout of the run itself: located by the task that failed the workflow. */
function failedRun(event: HistoryEvent): FailedPart | undefined {
  if (event.workflowExecutionTimedOutEventAttributes) {
    return { failedTask: toNumber(event.eventId), what: 'the workflow timed out' };
  }
  const failed = event.workflowExecutionFailedEventAttributes;
  return failed
    ? { task: commandingTask(event), what: `the workflow failed: ${failed.failure?.message ?? 'no message'}` }
    : undefined;
}

/** An activity, child workflow or Nexus operation that a failure names. */
interface NamedPart {
  initiatingEventId: number;
  /** Whether the event started the part. */
  isStart: (event: HistoryEvent) => boolean;
  what: string;
}

/**
 * Finds the part of this run that the run's failure names first, and the task that started it. Causes further inside are of
 * the history of that child workflow, or of the workflow that handled the Nexus operation. The event is verified: a failure can
 * come from elsewhere, as the result of a workflow that a local activity waited for.
 */
async function partNamedIn(
  client: NamespaceClient,
  run: DescribedExecution,
  event: HistoryEvent,
): Promise<FailedPart | undefined> {
  let failure = event.workflowExecutionFailedEventAttributes?.failure;
  while (failure && !namedPart(failure)) failure = failure.cause;
  const named = failure && namedPart(failure);
  // Java's failures of local activities name no event.
  if (!named || named.initiatingEventId === 0) return undefined;
  const start = await findEvent(client, run, named.initiatingEventId);
  return start && named.isStart(start) ? { task: commandingTask(start), what: named.what } : undefined;
}

function namedPart({
  activityFailureInfo: activity,
  childWorkflowExecutionFailureInfo: child,
  nexusOperationExecutionFailureInfo: nexus,
}: Failure): NamedPart | undefined {
  if (activity) {
    const type = activity.activityType?.name;
    return {
      initiatingEventId: toNumber(activity.scheduledEventId),
      isStart: (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === type,
      what: `activity ${type} failed`,
    };
  }
  if (child) {
    const type = child.workflowType?.name;
    return {
      initiatingEventId: toNumber(child.initiatedEventId),
      isStart: (event) => event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowType?.name === type,
      what: `child workflow ${type} failed`,
    };
  }
  if (!nexus) return undefined;
  const name = `${nexus.service}.${nexus.operation}`;
  return {
    initiatingEventId: toNumber(nexus.scheduledEventId),
    isStart: (event) => nexusOperationName(event) === name,
    what: `Nexus operation ${name} failed`,
  };
}

/** Finds an activity that is being retried. Retries write no events, so only the description shows it. */
async function retryingActivity(client: NamespaceClient, run: DescribedExecution): Promise<FailedPart | undefined> {
  const retrying = run.description.pendingActivities.find(({ lastFailure }) => lastFailure);
  if (!retrying) return undefined;
  for await (const { event, eventId } of searchNewestFirst(client, run)) {
    if (event.activityTaskScheduledEventAttributes?.activityId === retrying.activityId) {
      return { initiatingEventId: eventId, what: `activity ${retrying.activityType?.name} started to fail` };
    }
  }
  return undefined;
}

/** Finds the completed task that started the failed part, or the last task completed before the failed task. */
async function taskOf(
  client: NamespaceClient,
  run: DescribedExecution,
  { initiatingEventId, failedTask }: FailedPart,
): Promise<EndedTask | undefined> {
  if (initiatingEventId !== undefined) {
    const event = await findEvent(client, run, initiatingEventId);
    const task = event && commandingTask(event);
    if (task !== undefined) return completedTask(task);
  }
  const before = failedTask ?? initiatingEventId ?? 0;
  let newestEnd: EndedTask | undefined;
  for await (const { event, eventId } of searchNewestFirst(client, run)) {
    const end = taskEnd(event);
    if (end === 'completed' && eventId < before) return { eventId, end };
    if (end && eventId <= before) newestEnd ??= { eventId, end };
  }
  return newestEnd;
}
