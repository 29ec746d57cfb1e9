import { latestOfChainFrom, resetRunOf } from '../chain';
import { MAX_LATER_RUNS } from '../../api/reset';
import { isOpen, parentClosePolicy } from '../temporal/enums';
import type { EndedChild, MissingChildResult, OrphanedChild } from '../../api/reset';
import { hasMoreLaterRuns, withRun } from './later-runs';
import { describeExecution, ignoreNotFound } from '../temporal/executions';
import type { DescribedExecution } from '../temporal/executions';
import { epochMilliseconds, rfc3339 } from '../temporal/time';
import { toNumber } from '../temporal/to-number';
import type { NamespaceClient, WorkflowExecution } from '../temporal/namespace-client';
import { mapWithConcurrency } from '../map-with-concurrency';

type PendingChild = DescribedExecution['description']['pendingChildren'][number];

/** Child workflows that a reset affects. */
export interface AffectedChildren {
  orphanedChildren: OrphanedChild[];
  missingChildResults: MissingChildResult[];
  /** Children of later runs to which the server applies their parent close policy: it terminates them, or requests their cancellation. */
  endedChildren: EndedChild[];
  /** Set if there are more later runs than were read, so that `orphanedChildren` may lack some. */
  moreLaterRuns?: true;
}

/**
 * Finds the children that a reset affects.
 *
 * Orphaned children are open children that no run waits for after the reset: those that the base run started at or after
 * the reset point, and those of later runs, except those that the server terminates by the parent close policy of these runs.
 * (A child whose cancellation the server requests can stay open, and keep the new run from starting a child with its ID.)
 * The server applies that policy neither when a reset of the run ends it, nor to a child that the run has inherited by a reset,
 * whose parent is another run.
 *
 * A child that was running at the reset point is not orphaned: the server connects it to the new run. The new run never gets
 * its result if it closed after the base run and before the reset (temporalio/temporal#10639), unless the server reports the
 * result to the parent only after the reset, as it may for a child that closed a moment before.
 *
 * @param base the run that is reset
 * @param later the runs that continued the base run as new
 * @param others the runs that earlier resets of these runs started, and the live run that the reset terminates, if that is not
 *   the base run
 * @param resetTime when the reset was made, in milliseconds since the epoch; absent if the base run was open until then
 */
export async function affectedChildren(
  client: NamespaceClient,
  base: DescribedExecution,
  eventId: number,
  { later, others, resetTime }: Record<'later' | 'others', DescribedExecution[]> & { resetTime?: number },
): Promise<AffectedChildren> {
  const started = startedChildren(base);
  const isKept = ({ initiatedId }: PendingChild) => toNumber(initiatedId) < eventId;
  const kept = started.filter(isKept);
  const ofLaterRuns = await childrenOf(client, others.reduce(withRun, later), kept);
  const left = distinct([
    ...started.filter((child) => !isKept(child)).map((child) => toOrphan(child, base.runId)),
    ...ofLaterRuns.flatMap(({ child, endsWithRun }) =>
      endsWithRun && child.parentClosePolicy === 'Terminate' ? [] : [child],
    ),
  ]);
  // The description of a closed run lists the children pending at its close, which may have closed since.
  const open = await mapWithConcurrency(left, (child) => isStillOpen(client, child));
  const missing =
    resetTime === undefined ? [] : await mapWithConcurrency(kept, (child) => missingResult(client, child, resetTime));
  return {
    orphanedChildren: left.filter((_, index) => open[index]),
    missingChildResults: missing.filter((result) => result !== undefined),
    endedChildren: ofLaterRuns.flatMap(({ child, endsWithRun }) => (endsWithRun && isEnded(child) ? [child] : [])),
    ...((hasMoreLaterRuns(later) || others.length >= MAX_LATER_RUNS) && { moreLaterRuns: true }),
  };
}

function startedChildren({ description }: DescribedExecution): PendingChild[] {
  return description.pendingChildren.filter(({ runId }) => runId);
}

const isEnded = (child: OrphanedChild): child is EndedChild => child.parentClosePolicy !== 'Abandon';

/** A run and the run of which it is the reset both have the children that it inherited. */
const distinct = (children: OrphanedChild[]): OrphanedChild[] => [
  ...new Map(children.map((child) => [child.runId, child])).values(),
];

/** Returns the children of later runs, except the kept ones, and whether the parent close policy of the run applies to them. */
function childrenOf(
  client: NamespaceClient,
  later: DescribedExecution[],
  kept: PendingChild[],
): Promise<{ child: OrphanedChild; endsWithRun: boolean }[]> {
  const keptRuns = new Set(kept.map(({ runId }) => runId));
  const children = later.flatMap((run) =>
    startedChildren(run)
      .filter((child) => !keptRuns.has(child.runId))
      .map((child) => ({ child: toOrphan(child, run.runId), wasReset: resetRunOf(run) !== undefined })),
  );
  return mapWithConcurrency(children, async ({ child, wasReset }) => {
    // The policy `Abandon` has the same effect for all.
    if (child.parentClosePolicy === 'Abandon') return { child, endsWithRun: true };
    const described = await describeExecution(client, child).catch(ignoreNotFound);
    const parentRunId = described?.description.workflowExecutionInfo?.parentExecution?.runId ?? child.parentRunId;
    return { child: { ...child, parentRunId }, endsWithRun: !wasReset && parentRunId === child.parentRunId };
  });
}

function identify({ workflowId, runId, workflowTypeName }: PendingChild) {
  return { workflowId: workflowId ?? '', runId: runId ?? '', workflowType: workflowTypeName ?? '' };
}

function toOrphan(child: PendingChild, parentRunId: string): OrphanedChild {
  return { ...identify(child), parentClosePolicy: parentClosePolicy(child.parentClosePolicy), parentRunId };
}

export async function isStillOpen(client: NamespaceClient, child: OrphanedChild): Promise<boolean> {
  const latest = await latestOfChainFrom(client, child);
  return latest !== undefined && isOpen(latest.status);
}

async function missingResult(
  client: NamespaceClient,
  pending: PendingChild,
  resetTime: number,
): Promise<MissingChildResult | undefined> {
  const child = identify(pending);
  const latest = await latestOfChainFrom(client, child);
  if (!latest) return child;
  const { closeTime } = latest.description.workflowExecutionInfo ?? {};
  if (isOpen(latest.status) || (epochMilliseconds(closeTime) ?? 0) >= resetTime) return undefined;
  return { ...child, status: latest.status, closeTime: rfc3339(closeTime) };
}

/**
 * Leaves out children whose results the new run has received: those that closed a moment before the reset. Describes the new
 * run again, because such results arrive after the reset.
 */
export async function withoutReceived(
  client: NamespaceClient,
  newRun: Required<WorkflowExecution>,
  eventId: number,
  missing: MissingChildResult[],
): Promise<MissingChildResult[]> {
  if (missing.length === 0) return missing;
  const { description } = await describeExecution(client, newRun);
  const awaited = new Set(
    description.pendingChildren
      .filter(({ initiatedId }) => toNumber(initiatedId) < eventId)
      .map(({ workflowId }) => workflowId),
  );
  return missing.filter(({ workflowId }) => awaited.has(workflowId));
}
