import { isOpen } from './temporal/enums';
import { describeExecution } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import { CLOCK_SKEW_MS, eventsNewestFirst, RECENT_PAGE_SIZE } from './temporal/history';
import type { HistoryEvent, NamespaceClient, WorkflowExecution } from './temporal/namespace-client';
import { epochMilliseconds } from './temporal/time';
import { guardChain } from './run-summary';

/*
 * A chain is a first run and its successors: a run that continues as new, runs on a schedule (cron) or is retried closes,
 * and its close event names the run that continues it. A reset also adds a run to the chain. All runs of a chain have the
 * same first run id (observed on 1.29.1 and 1.31.2).
 */

/** Which run a change is about. Without a run id the workflow is meant: the current run of its chain. */
interface Target extends WorkflowExecution {
  firstExecutionRunId?: string;
}

/**
 * @param knownRunId a run of the chain that an earlier attempt was about, or that a query matched
 * @throws {OperationFailure} `conflict` when the run belongs to another chain than `firstExecutionRunId`
 */
export async function targetRun(
  client: NamespaceClient,
  { workflowId, runId, firstExecutionRunId }: Target,
  knownRunId?: string,
): Promise<DescribedExecution> {
  const run = await describeExecution(client, { workflowId, runId: runId ?? knownRunId });
  guardChain(run, firstExecutionRunId);
  return runId === undefined ? latestOfChain(client, run) : run;
}

/** The newest run of the chain that this run belongs to, also when the workflow id was started anew since. */
export async function latestOfChain(client: NamespaceClient, run: DescribedExecution): Promise<DescribedExecution> {
  if (isOpen(run.status)) return run;
  const { workflowId } = run;
  const current = await describeExecution(client, { workflowId });
  if (current.firstRunId === run.firstRunId) return current;
  let latest = run;
  for (let next = await successorOf(client, run); next; next = await successorOf(client, latest)) {
    latest = await describeExecution(client, { workflowId, runId: next });
  }
  return latest;
}

/** The run that continues a closed one; none after a run that ended its chain, or was reset. */
export async function successorOf(
  client: NamespaceClient,
  { workflowId, runId }: Required<WorkflowExecution>,
): Promise<string | undefined> {
  for await (const { event } of eventsNewestFirst(client, { workflowId, runId }, 1)) return newRunOf(event);
  return undefined;
}

/** The run that goes on from a closed one, a reset's new run included. */
export async function continuationOf(client: NamespaceClient, run: DescribedExecution): Promise<string | undefined> {
  return (await successorOf(client, run)) ?? resetRunOf(run);
}

/**
 * Searches a run and those that go on from it, resets included, for an event that is not older than `since`.
 * @returns the run that has it
 */
export async function findInChain(
  client: NamespaceClient,
  { workflowId, runId: first }: Required<WorkflowExecution>,
  since: Date,
  matches: (event: HistoryEvent) => boolean,
  { onlyThisRun = false } = {},
): Promise<string | undefined> {
  const runIds = [first];
  for (const runId of runIds) {
    let successor: string | undefined;
    for await (const { event } of eventsNewestFirst(client, { workflowId, runId }, RECENT_PAGE_SIZE)) {
      if (matches(event)) return runId;
      successor ??= newRunOf(event);
      if ((epochMilliseconds(event.eventTime) ?? 0) < since.getTime() - CLOCK_SKEW_MS) break;
    }
    if (onlyThisRun) return undefined;
    // The new run of a reset is named by the description only.
    const reset = resetRunOf(await describeExecution(client, { workflowId, runId }));
    runIds.push(...[successor, reset].filter((next) => next !== undefined));
  }
  return undefined;
}

function resetRunOf({ description }: DescribedExecution): string | undefined {
  return description.workflowExtendedInfo?.resetRunId || undefined;
}

function newRunOf(event: HistoryEvent): string | undefined {
  const closing =
    event.workflowExecutionContinuedAsNewEventAttributes ??
    event.workflowExecutionCompletedEventAttributes ??
    event.workflowExecutionFailedEventAttributes ??
    event.workflowExecutionTimedOutEventAttributes;
  return closing?.newExecutionRunId || undefined;
}
