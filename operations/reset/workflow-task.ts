import type { HistoryEvent } from '../temporal/namespace-client';
import { oneLine } from './event-labels';

/** `temporal.api.enums.v1.WorkflowTaskFailedCause`, written out for the reason given in temporal/enums.ts. */
const FAILED_BY_RESET = 20;
/** The server failed the task only to hand the workflow something that had arrived meanwhile. */
const FAILED_BY_UNHANDLED_EVENT = 1;

/** How a workflow task ended. */
export type TaskEnd = 'completed' | 'failed' | 'timedOut';

/**
 * How this event ended a workflow task, if it did. Every such event is a reset point: a stored batch begins with it, and
 * a task is pending before it, which is what the server demands. (It takes many a WorkflowTaskStarted too, but not that
 * of a retry, and it would name the same place.)
 */
export function taskEnd(event: HistoryEvent): TaskEnd | undefined {
  if (event.workflowTaskCompletedEventAttributes) return 'completed';
  if (event.workflowTaskFailedEventAttributes) return 'failed';
  return event.workflowTaskTimedOutEventAttributes ? 'timedOut' : undefined;
}

/** Whether a task ended badly by the fault of the workflow's code or worker, and why, in words. */
export function taskFailure(event: HistoryEvent): string | undefined {
  const failed = event.workflowTaskFailedEventAttributes;
  if (failed) {
    const cause: number = failed.cause ?? 0;
    if (cause === FAILED_BY_RESET || cause === FAILED_BY_UNHANDLED_EVENT) return undefined;
    return `the workflow task failed: ${oneLine(failed.failure?.message || 'no message')}`;
  }
  return event.workflowTaskTimedOutEventAttributes ? 'the workflow task timed out' : undefined;
}

/** Whether a reset ended this task: the mark at which the run leaves its predecessor. Gives the reset's reason. */
export function resetReason({ workflowTaskFailedEventAttributes: failed }: HistoryEvent): string | undefined {
  const cause: number = failed?.cause ?? 0;
  return cause === FAILED_BY_RESET ? oneLine(failed?.failure?.message ?? '') : undefined;
}

/** Build id of the worker that completed the task, where it said: of its deployment version, else of its binary. */
export function buildIdOf({ workflowTaskCompletedEventAttributes: completed }: HistoryEvent): string | undefined {
  return (
    completed?.deploymentVersion?.buildId || completed?.workerVersion?.buildId || completed?.binaryChecksum || undefined
  );
}
