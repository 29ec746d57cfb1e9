import { hasTag } from '../ledger/attribution';
import { describeExecution } from '../temporal/executions';
import type { DescribedExecution } from '../temporal/executions';
import { findRecentEvent } from '../temporal/history';
import { toNumber } from '../temporal/to-number';
import type { NamespaceClient, WorkflowExecution } from '../temporal/namespace-client';

/** A reset as Temporal's history shows it. */
export interface FoundReset {
  newRunId: string;
  eventId: number;
  /** The live run that it ended. */
  terminatedRunId?: string;
}

/** How many runs of the workflow are searched when the new run is neither linked nor current. */
const MAX_RUNS_SEARCHED = 50;

/** The identity of a workflow task that the server starts only to fail it. */
const SERVER_IDENTITY = 'history-service';

/**
 * The reset that this operation made of a run. The new run names the operation in the event that marks where it was reset.
 * @param terminateRunId another run that the request allowed it to end
 * @returns nothing when there is none
 */
export async function findReset(
  client: NamespaceClient,
  base: DescribedExecution,
  operationId: string,
  since: Date,
  terminateRunId?: string,
): Promise<FoundReset | undefined> {
  for await (const newRunId of laterRuns(client, base)) {
    const newRun = { workflowId: base.workflowId, runId: newRunId };
    const eventId = await resetEventId(client, newRun, operationId, since);
    if (eventId === undefined) continue;
    const terminatedRunId = await findTerminated(client, base, operationId, since, terminateRunId);
    return { newRunId, eventId, terminatedRunId };
  }
  return undefined;
}

/** Runs that a reset of this one may have made, the likeliest first. */
async function* laterRuns(client: NamespaceClient, base: DescribedExecution): AsyncGenerator<string, void, void> {
  const { workflowId } = base;
  const current = await describeExecution(client, { workflowId });
  const likely = new Set([base.description.workflowExtendedInfo?.resetRunId, current.runId]);
  likely.delete(base.runId);
  for (const runId of likely) if (runId) yield runId;
  // After another reset both links lead to the run of that one.
  for (const runId of await client.listRunIds(workflowId, MAX_RUNS_SEARCHED)) {
    if (runId !== base.runId && !likely.has(runId)) yield runId;
  }
}

/** The event that this operation reset to, if it made the run. */
async function resetEventId(
  client: NamespaceClient,
  newRun: Required<WorkflowExecution>,
  operationId: string,
  since: Date,
): Promise<number | undefined> {
  const mark = await findRecentEvent(client, newRun, since, (event) =>
    hasTag(event.workflowTaskFailedEventAttributes?.failure?.message, operationId),
  );
  if (!mark) return undefined;
  // A task that was pending at the point and not started was started by the server, at the point itself.
  const startedId = toNumber(mark.workflowTaskFailedEventAttributes?.startedEventId);
  const started = await findRecentEvent(client, newRun, since, ({ eventId }) => toNumber(eventId) === startedId);
  const byServer = started?.workflowTaskStartedEventAttributes?.identity === SERVER_IDENTITY;
  return byServer ? startedId : toNumber(mark.eventId);
}

/**
 * The run that this operation terminated, by the tag in its history: the live run as it was known before, the reset one, or
 * one that another tool started in between, which only visibility lists.
 */
export async function findTerminated(
  client: NamespaceClient,
  { workflowId, runId }: Required<WorkflowExecution>,
  operationId: string,
  since: Date,
  liveRunId = runId,
): Promise<string | undefined> {
  const bearsTag = async (candidate: string) =>
    findRecentEvent(client, { workflowId, runId: candidate }, since, (event) =>
      hasTag(event.workflowExecutionTerminatedEventAttributes?.reason, operationId),
    );
  const known = new Set([liveRunId, runId]);
  for (const candidate of known) if (await bearsTag(candidate)) return candidate;
  for (const candidate of await client.listRunIds(workflowId, MAX_RUNS_SEARCHED)) {
    if (!known.has(candidate) && (await bearsTag(candidate))) return candidate;
  }
  return undefined;
}
