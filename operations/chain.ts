import type { temporal } from '@temporalio/proto';
import type { NeighbouringRun } from '../api/describe';
import { OperationFailure } from '../api/failures';
import { isOpen } from './temporal/enums';
import { describeExecution, ignoreNotFound } from './temporal/executions';
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

type StartedEvent = temporal.api.history.v1.IWorkflowExecutionStartedEventAttributes;

/** Values of `temporal.api.enums.v1`; temporal/enums.ts says why they are not imported. */
const INITIATED_BY_RETRY = 2;
const INITIATED_BY_CRON = 3;
const RETRY_STATE_IN_PROGRESS = 1;

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

/** The newest run of the chain that began with this run; nothing once Temporal has deleted it. */
export async function latestFrom(
  client: NamespaceClient,
  { workflowId, runId: firstRunId }: Required<WorkflowExecution>,
): Promise<DescribedExecution | undefined> {
  try {
    const current = await describeExecution(client, { workflowId });
    if (current.firstRunId === firstRunId) return current;
    return await latestOfChain(client, await describeExecution(client, { workflowId, runId: firstRunId }));
  } catch (error) {
    return ignoreNotFound(error);
  }
}

/** How far the clocks of different services may be apart, in milliseconds. */
const CLOCK_DIFFERENCE_MS = 60_000;

/**
 * For a request that has waited: it is about the workflow that had the id when it was made, and not about one that was started
 * anew under the id since.
 *
 * @param askedAt when the request was made, RFC 3339
 * @throws {OperationFailure} `conflict` when the chain of the run began later
 */
export async function guardAge(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  askedAt: string,
): Promise<void> {
  const asked = new Date(askedAt);
  const latest = asked.getTime() + CLOCK_DIFFERENCE_MS;
  if (Date.now() <= latest) return;
  const run = await describeExecution(client, execution);
  if (startOf(run) <= latest) return;
  const { workflowId, firstRunId: runId } = run;
  // Nothing once Temporal has deleted it.
  const first =
    runId === run.runId ? run : await describeExecution(client, { workflowId, runId }).catch(ignoreNotFound);
  const began = first && startOf(first);
  if (began === undefined || began <= latest) return;
  const [at, before] = [new Date(began).toISOString(), asked.toISOString()];
  throw new OperationFailure(
    'conflict',
    `Workflow ${JSON.stringify(workflowId)} was started at ${at}, after it was asked for at ${before}: another is meant. Nothing was done.`,
    { field: 'workflowId', value: workflowId, allowed: `a workflow that was started before ${before}` },
  );
}

const startOf = ({ description }: DescribedExecution): number =>
  epochMilliseconds(description.workflowExecutionInfo?.startTime) ?? 0;

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

/** The newest run that a reset of this run made. */
export function resetRunOf({ description }: DescribedExecution): string | undefined {
  return description.workflowExtendedInfo?.resetRunId || undefined;
}

/** The run that an event continues its run with, and how; undefined for an event that closes no run or ends its chain. */
export function successorIn(event: HistoryEvent): NeighbouringRun | undefined {
  const runId = newRunOf(event);
  if (runId === undefined) return undefined;
  const initiator = event.workflowExecutionContinuedAsNewEventAttributes?.initiator;
  if (initiator !== undefined && initiator !== null) return { runId, relation: relationBy(initiator) };
  const { retryState } =
    event.workflowExecutionFailedEventAttributes ?? event.workflowExecutionTimedOutEventAttributes ?? {};
  return { runId, relation: Number(retryState) === RETRY_STATE_IN_PROGRESS ? 'retry' : 'cron' };
}

/** The run before this one, by the event that started it. The new run of a reset has the event of the run it began in. */
export function predecessorIn(runId: string, started: StartedEvent): NeighbouringRun | undefined {
  const { originalExecutionRunId, continuedExecutionRunId, initiator } = started;
  if (originalExecutionRunId && originalExecutionRunId !== runId) {
    return { runId: originalExecutionRunId, relation: 'reset' };
  }
  if (!continuedExecutionRunId) return undefined;
  return { runId: continuedExecutionRunId, relation: relationBy(initiator) };
}

/** What made a chain go on, by the number of `temporal.api.enums.v1.ContinueAsNewInitiator`. */
export function relationBy(initiator: number | null | undefined): 'continuedAsNew' | 'retry' | 'cron' {
  if (initiator === INITIATED_BY_RETRY) return 'retry';
  return initiator === INITIATED_BY_CRON ? 'cron' : 'continuedAsNew';
}

function newRunOf(event: HistoryEvent): string | undefined {
  const closing =
    event.workflowExecutionContinuedAsNewEventAttributes ??
    event.workflowExecutionCompletedEventAttributes ??
    event.workflowExecutionFailedEventAttributes ??
    event.workflowExecutionTimedOutEventAttributes;
  return closing?.newExecutionRunId || undefined;
}
