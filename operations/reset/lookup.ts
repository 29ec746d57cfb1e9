import { hasTag } from '../ledger/attribution';
import { describeExecution } from '../temporal/executions';
import type { DescribedExecution } from '../temporal/executions';
import { findRecentEvent } from '../temporal/history';
import { toNumber } from '../temporal/to-number';
import type { NamespaceClient, WorkflowExecution } from '../temporal/namespace-client';

/** A reset found in Temporal's history. */
export interface FoundReset {
  newRunId: string;
  eventId: number;
  /** The live run that the reset terminated. */
  terminatedRunId?: string;
}

/** Maximum runs of the workflow to search when the new run is neither linked nor current. */
const MAX_RUNS_SEARCHED = 50;

/** The identity in the WorkflowTaskStarted event of a task that the server starts only to fail it. */
const SERVER_IDENTITY = 'history-service';

/**
 * Finds this operation's reset of a run. In the new run, the WorkflowTaskFailed event at the reset point has the operation's
 * tag.
 * @param terminateRunId another run that the request allowed to be terminated
 * @returns undefined when the operation has not reset the run
 */
export async function findReset(
  client: NamespaceClient,
  base: DescribedExecution,
  operationId: string,
  since: Date,
  terminateRunId?: string,
): Promise<FoundReset | undefined> {
  for await (const runId of candidateRuns(client, base)) {
    const made = await resetIn(client, { workflowId: base.workflowId, runId }, operationId, since);
    if (!made) continue;
    const terminatedRunId = await findTerminated(client, base, operationId, since, terminateRunId);
    return { ...made, terminatedRunId };
  }
  return undefined;
}

/** Yields runs that a reset of this one may have created, the likeliest first. */
async function* candidateRuns(client: NamespaceClient, base: DescribedExecution): AsyncGenerator<string, void, void> {
  const { workflowId } = base;
  const current = await describeExecution(client, { workflowId });
  const likely = new Set([base.description.workflowExtendedInfo?.resetRunId, current.runId]);
  likely.delete(base.runId);
  for (const runId of likely) if (runId) yield runId;
  // After a later reset, both links lead to the run which that reset created.
  for (const runId of await client.listRunIds(workflowId, MAX_RUNS_SEARCHED)) {
    if (runId !== base.runId && !likely.has(runId)) yield runId;
  }
}

/**
 * Returns the reset that this operation made, if the run's history contains its event. A reset of the new run to a later point
 * copies that event, so the new run is the one that the event names.
 */
async function resetIn(
  client: NamespaceClient,
  run: Required<WorkflowExecution>,
  operationId: string,
  since: Date,
): Promise<Pick<FoundReset, 'newRunId' | 'eventId'> | undefined> {
  const tagged = await findRecentEvent(client, run, since, (event) =>
    hasTag(event.workflowTaskFailedEventAttributes?.failure?.message, operationId),
  );
  if (!tagged) return undefined;
  // If the task at the reset point had not been started, the server wrote a WorkflowTaskStarted event at the point itself.
  const startedId = toNumber(tagged.workflowTaskFailedEventAttributes?.startedEventId);
  const started = await findRecentEvent(client, run, since, ({ eventId }) => toNumber(eventId) === startedId);
  const byServer = started?.workflowTaskStartedEventAttributes?.identity === SERVER_IDENTITY;
  const newRunId = tagged.workflowTaskFailedEventAttributes?.newRunId || run.runId;
  return { newRunId, eventId: byServer ? startedId : toNumber(tagged.eventId) };
}

/**
 * Finds the run that this operation terminated, by the tag in its history. It is the live run as last read, the reset run, or
 * a run that another client started since, which only visibility lists.
 */
export async function findTerminated(
  client: NamespaceClient,
  { workflowId, runId }: Required<WorkflowExecution>,
  operationId: string,
  since: Date,
  liveRunId = runId,
): Promise<string | undefined> {
  const isTagged = async (candidate: string) =>
    findRecentEvent(client, { workflowId, runId: candidate }, since, (event) =>
      hasTag(event.workflowExecutionTerminatedEventAttributes?.reason, operationId),
    );
  const known = new Set([liveRunId, runId]);
  for (const candidate of known) if (await isTagged(candidate)) return candidate;
  for (const candidate of await client.listRunIds(workflowId, MAX_RUNS_SEARCHED)) {
    if (!known.has(candidate) && (await isTagged(candidate))) return candidate;
  }
  return undefined;
}
