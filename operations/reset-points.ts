import { describeExecution } from './temporal/executions';
import { eventsNewestFirst } from './temporal/history';
import type { HistoryEvent, NamespaceClient, WorkflowExecution } from './temporal/namespace-client';
import { rfc3339 } from './temporal/time';

/** A place in a run's history that the server accepts as `target.eventId` of a reset. */
export interface ResetPoint {
  eventId: number;
  /** When the event happened, RFC 3339. */
  time?: string;
  /** What the point is, for a person. */
  label: string;
}

export interface ResetPoints {
  namespace: string;
  workflowId: string;
  runId: string;
  /** Newest first. */
  resetPoints: ResetPoint[];
}

/** Stored batches fetched at a time. */
const HISTORY_PAGE_SIZE = 100;

/** The newest points are the ones people reset to. */
const MOST_POINTS = 20;

/**
 * The newest reset points of a run.
 *
 * Points are WorkflowTaskCompleted, WorkflowTaskFailed and WorkflowTaskTimedOut events: the server accepts every one of
 * them. It accepts some WorkflowTaskStarted events too, but not all, and they would name the same places.
 */
export async function listResetPoints(client: NamespaceClient, execution: WorkflowExecution): Promise<ResetPoints> {
  const { workflowId, runId } = await describeExecution(client, execution);
  return {
    namespace: client.namespace,
    workflowId,
    runId,
    resetPoints: await newestResetPoints(client, { workflowId, runId }),
  };
}

export async function newestResetPoints(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
): Promise<ResetPoint[]> {
  const points: ResetPoint[] = [];
  for await (const { event, eventId } of eventsNewestFirst(client, execution, HISTORY_PAGE_SIZE)) {
    const label = workflowTaskEnd(event);
    if (label === undefined) continue;
    points.push({ eventId, time: rfc3339(event.eventTime), label });
    if (points.length === MOST_POINTS) break;
  }
  return points;
}

function workflowTaskEnd(event: HistoryEvent): string | undefined {
  if (event.workflowTaskCompletedEventAttributes) return 'workflow task completed';
  if (event.workflowTaskTimedOutEventAttributes) return 'workflow task timed out';
  const failed = event.workflowTaskFailedEventAttributes;
  if (failed) return `workflow task failed: ${failed.failure?.message ?? 'no message'}`;
  return undefined;
}
