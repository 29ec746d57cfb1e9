import { latestFrom } from '../chain';
import { isOpen, parentClosePolicy } from '../temporal/enums';
import type { MissingChildResult, OrphanedChild } from '../../api/reset';
import type { DescribedExecution } from '../temporal/executions';
import { epochMilliseconds, rfc3339 } from '../temporal/time';
import { toNumber } from '../temporal/to-number';
import type { NamespaceClient } from '../temporal/namespace-client';
import { mapWithConcurrency } from '../map-with-concurrency';

type PendingChild = DescribedExecution['description']['pendingChildren'][number];

/** Children of the runs that a reset ends, as far as the reset affects them. */
export interface AffectedChildren {
  orphanedChildren: OrphanedChild[];
  missingChildResults: MissingChildResult[];
}

/**
 * Orphans are children that a reset leaves behind: those that the reset run started at the reset point or after it, and of
 * another run that the reset ends, those that it was to abandon: to that one the server applies the parent close policy. A
 * child that was at work at the reset point is none: the server connects it to the new run. But its result is missing
 * there if it closed after the reset run and before the reset (temporalio/temporal#10639).
 *
 * @param ended the live run that the reset ends, when it is not the one that is reset
 * @param resetTime when the reset was made, in milliseconds since the epoch; absent where the reset run was open until then
 */
export async function affectedChildren(
  client: NamespaceClient,
  base: DescribedExecution,
  eventId: number,
  { ended, resetTime }: { ended?: DescribedExecution; resetTime?: number },
): Promise<AffectedChildren> {
  const started = startedChildren(base);
  const isKept = ({ initiatedId }: PendingChild) => toNumber(initiatedId) < eventId;
  const kept = started.filter(isKept);
  const left = [
    ...started.filter((child) => !isKept(child)).map((child) => orphan(child, base)),
    ...(ended ? abandonedBy(ended, kept) : []),
  ];
  // A closed run's children are those it had when it closed; since then they may have ended.
  const open = await mapWithConcurrency(left, (child) => isStillOpen(client, child));
  const missing =
    resetTime === undefined ? [] : await mapWithConcurrency(kept, (child) => missingResult(client, child, resetTime));
  return {
    orphanedChildren: left.filter((_, index) => open[index]),
    missingChildResults: missing.filter((result) => result !== undefined),
  };
}

function startedChildren({ description }: DescribedExecution): PendingChild[] {
  return description.pendingChildren.filter(({ runId }) => runId);
}

function abandonedBy(ended: DescribedExecution, kept: PendingChild[]): OrphanedChild[] {
  const keptRuns = new Set(kept.map(({ runId }) => runId));
  return startedChildren(ended)
    .filter((child) => parentClosePolicy(child.parentClosePolicy) === 'Abandon' && !keptRuns.has(child.runId))
    .map((child) => orphan(child, ended));
}

function named({ workflowId, runId, workflowTypeName }: PendingChild) {
  return { workflowId: workflowId ?? '', runId: runId ?? '', workflowType: workflowTypeName ?? '' };
}

function orphan(child: PendingChild, parent: DescribedExecution): OrphanedChild {
  return { ...named(child), parentClosePolicy: parentClosePolicy(child.parentClosePolicy), parentRunId: parent.runId };
}

export async function isStillOpen(client: NamespaceClient, child: OrphanedChild): Promise<boolean> {
  const latest = await latestFrom(client, child);
  return latest !== undefined && isOpen(latest.status);
}

async function missingResult(
  client: NamespaceClient,
  pending: PendingChild,
  resetTime: number,
): Promise<MissingChildResult | undefined> {
  const child = named(pending);
  const latest = await latestFrom(client, child);
  if (!latest) return child;
  const { closeTime } = latest.description.workflowExecutionInfo ?? {};
  if (isOpen(latest.status) || (epochMilliseconds(closeTime) ?? 0) >= resetTime) return undefined;
  return { ...child, status: latest.status, closeTime: rfc3339(closeTime) };
}
