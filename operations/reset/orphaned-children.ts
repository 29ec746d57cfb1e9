import { cancel } from '../cancel';
import { executeOperation } from '../execute-operation';
import { OperationFailure } from '../../api/failures';
import { isOpen, parentClosePolicy } from '../temporal/enums';
import type { OrphanedChild } from '../../api/reset';
import { describeExecution } from '../temporal/executions';
import type { DescribedExecution } from '../temporal/executions';
import { toNumber } from '../temporal/to-number';
import type { NamespaceClient } from '../temporal/namespace-client';
import { terminate } from '../terminate';
import type { AnyVerb, Call, OperationDependencies } from '../verb';

/** How many children are described or ended at a time. */
const CONCURRENCY = 10;

/**
 * Children that a reset leaves behind: those that the reset run started at the reset point or after it, and of another
 * run that the reset ends, those that it was to abandon: to that one the server applies the parent close policy. A child
 * that was at work at the reset point is not among them: the server connects it to the new run.
 *
 * @param ended the live run that the reset ends, when it is not the one that is reset
 */
export async function orphanedChildren(
  client: NamespaceClient,
  base: DescribedExecution,
  eventId: number,
  ended?: DescribedExecution,
): Promise<OrphanedChild[]> {
  const kept = new Set<string | null | undefined>();
  const left: OrphanedChild[] = [];
  for (const child of base.description.pendingChildren) {
    if (toNumber(child.initiatedId) >= eventId) left.push(orphan(child, base.runId));
    else kept.add(child.runId);
  }
  for (const child of ended?.description.pendingChildren ?? []) {
    const abandoned = parentClosePolicy(child.parentClosePolicy) === 'Abandon';
    if (abandoned && !kept.has(child.runId)) left.push(orphan(child, ended?.runId ?? ''));
  }
  const alive = await mapWithConcurrency(left, async (child) => {
    if (child.runId === '') return false;
    // A closed run's children are those it had when it closed; since then they may have ended.
    const { status } = await describeExecution(client, child).catch((error: unknown) => {
      if (error instanceof OperationFailure && error.kind.endsWith('-not-found'))
        return { status: 'Unspecified' as const };
      throw error;
    });
    return isOpen(status);
  });
  return left.filter((_, index) => alive[index]);
}

function orphan(
  child: DescribedExecution['description']['pendingChildren'][number],
  parentRunId: string,
): OrphanedChild {
  return {
    workflowId: child.workflowId ?? '',
    runId: child.runId ?? '',
    workflowType: child.workflowTypeName ?? '',
    parentClosePolicy: parentClosePolicy(child.parentClosePolicy),
    parentRunId,
  };
}

/** No further child is ended this long before the caller needs an answer, in milliseconds. */
const ANSWER_MARGIN_MS = 3_000;

/**
 * Cancels or terminates orphaned children, each by an operation of its own. Its idempotency key is made of the reset's
 * operation, so that repetitions find it done.
 *
 * @param call the call of the reset
 * @returns the children with what was done, in the same order
 */
export function endOrphans(
  dependencies: OperationDependencies,
  call: Call<{ reason: string }> & { batchOperationId?: string },
  children: OrphanedChild[],
  action: 'cancel' | 'terminate',
): Promise<OrphanedChild[]> {
  const { client, operationId, actor, requestId, webUiUrl, deadline = Infinity, batchOperationId } = call;
  const verb: AnyVerb = { cancel, terminate }[action];
  const reason = `${call.request.reason} (orphaned by reset ${operationId})`;
  return mapWithConcurrency(children, async (child) => {
    const { failure: _, ...untouched } = child;
    if (untouched.operation || Date.now() >= deadline - ANSWER_MARGIN_MS) return child;
    const { workflowId, runId } = child;
    const request = { workflowId, runId, reason };
    const idempotencyKey = `${operationId}/orphan/${runId}`;
    const operation = {
      actor,
      request,
      idempotencyKey,
      requestId,
      batchOperationId,
      webUiUrl,
      deadline: call.deadline,
    };
    try {
      const { record } = await executeOperation(dependencies, client, verb, operation);
      return { ...untouched, operation: { operationId: record.operationId, outcome: record.outcome ?? '' } };
    } catch (error) {
      if (!(error instanceof OperationFailure)) throw error;
      return { ...untouched, failure: { kind: error.kind, message: error.message } };
    }
  });
}

/** Does something to each, a few at a time. */
async function mapWithConcurrency<Item, Result>(
  items: Item[],
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += CONCURRENCY) {
    results.push(...(await Promise.all(items.slice(start, start + CONCURRENCY).map(act))));
  }
  return results;
}
