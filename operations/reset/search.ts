import type { DescribedExecution } from '../temporal/executions';
import { searchNewestFirst, searchOldestFirst } from '../temporal/history';
import { toNumber } from '../temporal/to-number';
import type { HistoryEvent, NamespaceClient } from '../temporal/namespace-client';
import { epochMilliseconds } from '../temporal/time';
import type { Chosen } from './target';
import { taskEnd } from '../temporal/workflow-task';

/*
 * Each function reads the history from the end that is nearer to the event it searches for, and stops at the first match.
 */

/** Returns the event with an ID from the history of the run; undefined if the history has no such event. */
export async function findEvent(
  client: NamespaceClient,
  run: DescribedExecution,
  wantedId: number,
): Promise<HistoryEvent | undefined> {
  const newestFirst = wantedId > historyLength(run) / 2;
  const read = newestFirst ? searchNewestFirst : searchOldestFirst;
  for await (const { event, eventId } of read(client, run)) {
    if (eventId === wantedId) return event;
    if (newestFirst ? eventId < wantedId : eventId > wantedId) return undefined;
  }
  return undefined;
}

/** Returns the number of events when the run was described, which is also the ID of its newest event. */
function historyLength({ description }: DescribedExecution): number {
  return toNumber(description.workflowExecutionInfo?.historyLength);
}

/** Returns the event itself, if it ended a workflow task. */
export async function atEvent(
  client: NamespaceClient,
  run: DescribedExecution,
  wanted: number,
): Promise<Chosen | undefined> {
  const event = await findEvent(client, run, wanted);
  return event && taskEnd(event) ? { eventId: wanted, why: `Event ${wanted} was requested.` } : undefined;
}

/** Finds the first completed workflow task; if none has completed, the first failed or timed out. */
export async function firstWorkflowTask(client: NamespaceClient, run: DescribedExecution): Promise<Chosen | undefined> {
  let firstEnd: number | undefined;
  for await (const { event, eventId } of searchOldestFirst(client, run)) {
    const end = taskEnd(event);
    if (end === 'completed') {
      return {
        eventId,
        why: `Event ${eventId} completed the first workflow task: everything that the workflow did runs again.`,
      };
    }
    if (end) firstEnd ??= eventId;
  }
  if (firstEnd === undefined) return undefined;
  return { eventId: firstEnd, why: `Event ${firstEnd} ended the first workflow task; none has completed yet.` };
}

/**
 * Finds a completed workflow task counted from the newest, which is 0. If none has completed, 0 means the newest failed or
 * timed out.
 */
export async function tasksBeforeLast(
  client: NamespaceClient,
  run: DescribedExecution,
  back: number,
): Promise<Chosen | undefined> {
  let newer = 0;
  let newestEnd: number | undefined;
  for await (const { event, eventId } of searchNewestFirst(client, run)) {
    const end = taskEnd(event);
    if (end) newestEnd ??= eventId;
    if (end !== 'completed') continue;
    if (newer === back) {
      const which = back === 0 ? 'the last workflow task' : `workflow task number ${back} before the last`;
      return { eventId, why: `Event ${eventId} completed ${which}.` };
    }
    newer += 1;
  }
  if (newer > 0 || back > 0 || newestEnd === undefined) return undefined;
  return { eventId: newestEnd, why: `Event ${newestEnd} ended the last workflow task; none has completed yet.` };
}

/** Finds the oldest workflow task that ended at a time or later. A reset discards what this and later tasks did. */
export async function beforeTime(
  client: NamespaceClient,
  run: DescribedExecution,
  time: number,
): Promise<Chosen | undefined> {
  const found = nearerToStart(run, time) ? await firstSince(client, run, time) : await lastBackTo(client, run, time);
  if (found === undefined) return undefined;
  const at = new Date(time).toISOString();
  return { eventId: found, why: `Event ${found} ended the first workflow task that ended at ${at} or later.` };
}

function nearerToStart({ description }: DescribedExecution, time: number): boolean {
  const start = epochMilliseconds(description.workflowExecutionInfo?.startTime) ?? 0;
  const end = epochMilliseconds(description.workflowExecutionInfo?.closeTime) ?? Date.now();
  return time - start < end - time;
}

async function firstSince(client: NamespaceClient, run: DescribedExecution, time: number): Promise<number | undefined> {
  for await (const { event, eventId } of searchOldestFirst(client, run)) {
    if (taskEnd(event) && endedSince(event.eventTime, time)) return eventId;
  }
  return undefined;
}

async function lastBackTo(client: NamespaceClient, run: DescribedExecution, time: number): Promise<number | undefined> {
  let oldest: number | undefined;
  for await (const { event, eventId } of searchNewestFirst(client, run)) {
    if (!taskEnd(event)) continue;
    if (!endedSince(event.eventTime, time)) break;
    oldest = eventId;
  }
  return oldest;
}

function endedSince(eventTime: Parameters<typeof epochMilliseconds>[0], time: number): boolean {
  return (epochMilliseconds(eventTime) ?? 0) >= time;
}
