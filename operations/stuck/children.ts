import type { Stuck } from '../../api/stuck';
import { latestOfChainFrom } from '../chain';
import { isOpen } from '../temporal/enums';
import type { DescribedExecution } from '../temporal/executions';
import type { NamespaceClient } from '../temporal/namespace-client';
import { epochMilliseconds, rfc3339 } from '../temporal/time';

/** Maximum children to check. */
const MAX_CHILDREN = 10;

/** Time within which the result of a closed child normally reaches its parent, in milliseconds. */
const RESULT_DELAY_MS = 10_000;

type PendingChild = DescribedExecution['description']['pendingChildren'][number];

/**
 * Finds children that keep a run from proceeding: stuck children, and closed children whose result has not arrived. Returns
 * none for a run with a pending workflow task, which can proceed without them.
 *
 * @param explain returns why an open run does not proceed
 */
export async function stuckChildren(
  client: NamespaceClient,
  run: DescribedExecution,
  explain: (child: DescribedExecution) => Promise<Stuck[]>,
): Promise<Stuck[]> {
  const { pendingChildren, pendingWorkflowTask } = run.description;
  if (pendingWorkflowTask) return [];
  const started = pendingChildren.filter(({ runId }) => runId).slice(0, MAX_CHILDREN);
  const found = await Promise.all(started.map((child) => stuckChild(client, run, child, explain)));
  return found.filter((reason) => reason !== undefined);
}

async function stuckChild(
  client: NamespaceClient,
  parent: DescribedExecution,
  pending: PendingChild,
  explain: (child: DescribedExecution) => Promise<Stuck[]>,
): Promise<Stuck | undefined> {
  const { workflowId, runId, workflowTypeName } = pending;
  const identity = { workflowId: workflowId ?? '', runId: runId ?? '', workflowType: workflowTypeName ?? '' };
  const child = await latestOfChainFrom(client, identity);
  if (!child) return undefined;
  const name = `${identity.workflowType} "${identity.workflowId}"`;
  if (!isOpen(child.status)) {
    const closeTime = rfc3339(child.description.workflowExecutionInfo?.closeTime);
    if (!resultIsMissing(parent, child)) return undefined;
    return {
      kind: 'childResultMissing',
      ...identity,
      status: child.status,
      closeTime,
      explanation: `Child workflow ${name} closed as ${child.status} at ${closeTime}, and this run has not received its result.`,
    };
  }
  const reasons = (await explain(child)).filter(({ kind }) => kind !== 'activityNotHeartbeating');
  if (reasons.length === 0) return undefined;
  return {
    kind: 'childStuck',
    ...identity,
    childKinds: [...new Set(reasons.map(({ kind }) => kind))],
    explanation: `Child workflow ${name} does not proceed: ${reasons.map(({ explanation }) => explanation).join(' ')}`,
  };
}

/** The server sends the result to the run that is current when the child closes. A later run never gets it. */
function resultIsMissing(parent: DescribedExecution, child: DescribedExecution): boolean {
  const closed = epochMilliseconds(child.description.workflowExecutionInfo?.closeTime) ?? 0;
  const parentStarted = epochMilliseconds(parent.description.workflowExecutionInfo?.startTime) ?? 0;
  return closed < parentStarted || Date.now() - closed > RESULT_DELAY_MS;
}
