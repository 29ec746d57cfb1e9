import type { HistoryEvent } from './namespace-client';
import { oneLine } from './event-labels';

/** A `temporal.api.enums.v1.WorkflowTaskFailedCause`; temporal/enums.ts says why it is not imported. */
const FAILED_BY_RESET = 20;
/** The server failed the task only because new events had arrived, which the workflow has to handle first. */
const FAILED_BY_UNHANDLED_EVENT = 1;

/** How a workflow task ended. */
export type TaskEnd = 'completed' | 'failed' | 'timedOut';

/**
 * Returns how this event ended a workflow task; undefined for other events. Every such event is a reset point: it is the
 * first of a stored event batch and a task is pending before it, as the server requires. (The server also accepts most
 * WorkflowTaskStarted events, but not those of retries, and they mean the same point.)
 */
export function taskEnd(event: HistoryEvent): TaskEnd | undefined {
  if (event.workflowTaskCompletedEventAttributes) return 'completed';
  if (event.workflowTaskFailedEventAttributes) return 'failed';
  return event.workflowTaskTimedOutEventAttributes ? 'timedOut' : undefined;
}

/** Describes a failure of a workflow task that the workflow's code or its worker caused; undefined for other events. */
export function taskFailure(event: HistoryEvent): string | undefined {
  const failed = event.workflowTaskFailedEventAttributes;
  if (failed) {
    const cause: number = failed.cause ?? 0;
    if (cause === FAILED_BY_RESET || cause === FAILED_BY_UNHANDLED_EVENT) return undefined;
    return `the workflow task failed: ${oneLine(failed.failure?.message || 'no message')}`;
  }
  return event.workflowTaskTimedOutEventAttributes ? 'the workflow task timed out' : undefined;
}

/** Returns the reason of the reset that ended this task, which is where a reset's new run departs from the original run. */
export function resetReason({ workflowTaskFailedEventAttributes: failed }: HistoryEvent): string | undefined {
  const cause: number = failed?.cause ?? 0;
  return cause === FAILED_BY_RESET ? oneLine(failed?.failure?.message ?? '') : undefined;
}

/** A build of a worker. Build ids are unique within a worker deployment; workers need not have one. */
export interface Build {
  buildId: string;
  deploymentName?: string;
}

/** Returns the build that the worker reported when it completed the task; undefined for other events. */
export function buildOf({ workflowTaskCompletedEventAttributes: completed }: HistoryEvent): Build | undefined {
  const { deploymentVersion: version, workerVersion, binaryChecksum, workerDeploymentName } = completed ?? {};
  const buildId = version?.buildId || workerVersion?.buildId || binaryChecksum;
  const deploymentName = version?.deploymentName || workerDeploymentName;
  return buildId ? { buildId, ...(deploymentName && { deploymentName }) } : undefined;
}
