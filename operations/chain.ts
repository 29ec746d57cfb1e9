import type { temporal } from '@temporalio/proto';
import type { NeighbouringRun } from '../api/describe';
import { OperationFailure } from '../api/failures';
import { isOpen } from './temporal/enums';
import { describeExecution, ignoreNotFound } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import { eventsNewestFirst, MAX_CLOCK_SKEW_MS, newestEvent, USUAL_CLOCK_SKEW_MS } from './temporal/history';
import type { HistoryEvent, NamespaceClient, WorkflowExecution } from './temporal/namespace-client';
import { epochMilliseconds } from './temporal/time';
import { continuedInNewRun, guardChain, runAnswer } from './run-summary';
import type { Call } from './verb';

/*
 * A chain (Temporal's "workflow execution chain") is a first run and its successors. A run with a successor closes by
 * continue-as-new, a retry or a cron schedule, and its close event names the successor. A reset also adds a run to the
 * chain. All runs of a chain have the same first run ID (observed on 1.29.1 and 1.31.2).
 */

type StartedEvent = temporal.api.history.v1.IWorkflowExecutionStartedEventAttributes;

/** Values of `temporal.api.enums.v1`; temporal/enums.ts says why they are not imported. */
const INITIATED_BY_RETRY = 2;
const INITIATED_BY_CRON = 3;
const RETRY_STATE_IN_PROGRESS = 1;

/** The target of a change: the run with `runId`, or without it the newest run of the chain. */
interface Target extends WorkflowExecution {
  firstExecutionRunId?: string;
}

/**
 * Describes the run that a change targets.
 * @param knownRunId a run of the chain, from an earlier attempt or a query; used when the target has no run ID
 * @throws {OperationFailure} `conflict` when the run does not belong to the chain of `firstExecutionRunId`
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

/** Describes the newest run of this run's chain, even when a newer chain uses the workflow ID. */
export async function latestOfChain(client: NamespaceClient, run: DescribedExecution): Promise<DescribedExecution> {
  if (isOpen(run.status)) return run;
  const { workflowId } = run;
  const current = await describeExecution(client, { workflowId });
  if (current.firstRunId === run.firstRunId) return current;
  let latest = run;
  const runIds = await nextRunsOf(client, run);
  for (const runId of runIds) {
    const next = await describeExecution(client, { workflowId, runId });
    if (startOf(next) >= startOf(latest)) latest = next;
    runIds.push(...(await nextRunsOf(client, next)));
  }
  return latest;
}

/** Returns the IDs of the runs that continue a closed run: its successor, and the newest run that a reset of it created. */
async function nextRunsOf(client: NamespaceClient, run: DescribedExecution): Promise<string[]> {
  return [await successorOf(client, run), resetRunOf(run)].filter((runId) => runId !== undefined);
}

/**
 * Checks that no run continues a closed one, for a change without a run ID, which applies to the whole workflow.
 * @throws {OperationFailure} `temporal-unavailable` when another run continues the workflow
 */
export async function requireEndOfChain(
  client: NamespaceClient,
  closed: DescribedExecution,
  { runId }: Partial<WorkflowExecution>,
): Promise<void> {
  const latest = runId === undefined ? await latestOfChain(client, closed) : closed;
  if (isOpen(latest.status)) throw continuedInNewRun(latest);
}

/** Describes the newest run of the chain with this first run. Returns undefined when Temporal has deleted it. */
export async function latestOfChainFrom(
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

/**
 * Guards a request that has waited against a workflow that was started under the same ID after the request was made.
 *
 * @param askedAt when the request was made, RFC 3339
 * @throws {OperationFailure} `conflict` when the run's chain started later
 */
export async function guardStartedBefore(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  askedAt: string,
): Promise<void> {
  const requested = new Date(askedAt);
  const latest = requested.getTime() + USUAL_CLOCK_SKEW_MS;
  if (Date.now() <= latest) return;
  const run = await describeExecution(client, execution);
  if (startOf(run) <= latest) return;
  const { workflowId, firstRunId: runId } = run;
  // Undefined when Temporal has deleted the first run.
  const first =
    runId === run.runId ? run : await describeExecution(client, { workflowId, runId }).catch(ignoreNotFound);
  const started = first && startOf(first);
  if (started === undefined || started <= latest) return;
  const [at, before] = [new Date(started).toISOString(), requested.toISOString()];
  throw new OperationFailure(
    'conflict',
    `Workflow ${JSON.stringify(workflowId)} was started at ${at}, after the request was made at ${before}: the request means an earlier workflow. Nothing was done.`,
    { field: 'workflowId', value: workflowId, allowed: `a workflow that was started before ${before}` },
  );
}

const startOf = ({ description }: DescribedExecution): number =>
  epochMilliseconds(description.workflowExecutionInfo?.startTime) ?? 0;

/** Returns the ID of the run that a closed run continues in; undefined after a run that ended its chain or was reset. */
export async function successorOf(
  client: NamespaceClient,
  { workflowId, runId }: Required<WorkflowExecution>,
): Promise<string | undefined> {
  const event = await newestEvent(client, { workflowId, runId });
  return event && newRunOf(event);
}

/** Returns the result for a run that had already closed. If the request names the run, the answer names the run that continues it. */
export async function alreadyClosed(call: Call<{ runId?: string | undefined }>, run: DescribedExecution) {
  const outcome = 'alreadyClosed' as const;
  const continuation = async () => (await successorOf(call.client, run)) ?? resetRunOf(run);
  const successorRunId = call.request.runId === undefined ? undefined : await continuation();
  return { outcome, answer: { ...runAnswer(call, outcome, run), successorRunId } };
}

/**
 * Searches a run and the runs that continue it, resets included, for an event not older than `since`.
 * @returns the ID of the run that has the event
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
    for await (const { event } of eventsNewestFirst(client, { workflowId, runId })) {
      if (matches(event)) return runId;
      successor ??= newRunOf(event);
      if ((epochMilliseconds(event.eventTime) ?? 0) < since.getTime() - MAX_CLOCK_SKEW_MS) break;
    }
    if (onlyThisRun) return undefined;
    // No event names the new run of a reset; only the description does.
    const reset = resetRunOf(await describeExecution(client, { workflowId, runId }));
    runIds.push(...[successor, reset].filter((next) => next !== undefined));
  }
  return undefined;
}

/** Returns the ID of the newest run that a reset of this run created. */
export function resetRunOf({ description }: DescribedExecution): string | undefined {
  return description.workflowExtendedInfo?.resetRunId || undefined;
}

/** Returns the successor that a close event names, and its relation. Undefined for other events, and at the end of a chain. */
export function successorIn(event: HistoryEvent): NeighbouringRun | undefined {
  const runId = newRunOf(event);
  if (runId === undefined) return undefined;
  const initiator = event.workflowExecutionContinuedAsNewEventAttributes?.initiator;
  if (initiator !== undefined && initiator !== null) return { runId, relation: toRelation(initiator) };
  const { retryState } =
    event.workflowExecutionFailedEventAttributes ?? event.workflowExecutionTimedOutEventAttributes ?? {};
  return { runId, relation: Number(retryState) === RETRY_STATE_IN_PROGRESS ? 'retry' : 'cron' };
}

/**
 * Returns the run before this one, from its first event.
 * The new run of a reset has a copy of the original run's first event: `originalExecutionRunId` distinguishes the two runs.
 */
export function predecessorIn(runId: string, started: StartedEvent): NeighbouringRun | undefined {
  const { originalExecutionRunId, continuedExecutionRunId, initiator } = started;
  if (originalExecutionRunId && originalExecutionRunId !== runId) {
    return { runId: originalExecutionRunId, relation: 'reset' };
  }
  if (!continuedExecutionRunId) return undefined;
  return { runId: continuedExecutionRunId, relation: toRelation(initiator) };
}

/** Returns what started a successor, from the number of a `temporal.api.enums.v1.ContinueAsNewInitiator`. */
export function toRelation(initiator: number | null | undefined): 'continuedAsNew' | 'retry' | 'cron' {
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
