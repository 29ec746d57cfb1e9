import { setTimeout as wait } from 'node:timers/promises';
import { cancel } from '../cancel';
import { executeOperation } from '../execute-operation';
import { OperationFailure } from '../../api/failures';
import type { FailureKind } from '../../api/failures';
import type { OrphanedChild } from '../../api/reset';
import { internalKey } from '../ledger/operation-id';
import { CALL_DEADLINE_MS } from '../temporal/namespace-client';
import type { NamespaceClient } from '../temporal/namespace-client';
import { terminate } from '../terminate';
import type { AnyVerb, Call, OperationDependencies } from '../verb';
import { isStillOpen } from './affected-children';
import { mapWithConcurrency } from '../map-with-concurrency';

/** Time to reserve for the reset before the caller's deadline, in milliseconds. No further child is ended after that. */
const RESET_MARGIN_MS = CALL_DEADLINE_MS + 3_000;

/** How long to wait before the reset for cancel-requested children to close, and the polling interval, in milliseconds. */
const CANCELLATION_WAIT_MS = 5_000;
const POLL_INTERVAL_MS = 100;

type EndOfChild = 'cancel' | 'terminate';

/** Maximum children to name in a failure. */
const MAX_NAMED = 10;

/**
 * Ends orphaned children before a reset, and waits briefly for cancel-requested children to close. Otherwise an open child
 * with a fixed workflow ID would keep the new run from starting its child.
 *
 * @returns the children with the operations on them, in the same order
 * @throws {OperationFailure} when a child could not be ended; names the children that were. If the failure's kind allows a
 *   retry, the same request under the same key continues
 */
export async function endOrphansFirst(
  dependencies: OperationDependencies,
  call: Call<{ reason: string }>,
  orphans: OrphanedChild[],
  action: EndOfChild,
): Promise<OrphanedChild[]> {
  const { client, deadline = Infinity } = call;
  const until = deadline - RESET_MARGIN_MS;
  const children = await endOrphans(dependencies, call, orphans, action, until);
  try {
    // A child without an operation may have closed by itself.
    const open = await mapWithConcurrency(
      children,
      async (child) => child.operation === undefined && (await isStillOpen(client, child)),
    );
    const left = children.filter((_, index) => open[index]);
    if (left.length > 0) throw notEnded(left, children);
    if (action === 'cancel')
      await waitUntilClosed(client, children, Math.min(until, Date.now() + CANCELLATION_WAIT_MS));
    return children.map(withoutFailure);
  } catch (error) {
    throw withEndedChildren(error, children, action);
  }
}

async function waitUntilClosed(client: NamespaceClient, children: OrphanedChild[], until: number): Promise<void> {
  let open = children;
  for (;;) {
    const stillOpen = await mapWithConcurrency(open, (child) => isStillOpen(client, child));
    open = open.filter((_, index) => stillOpen[index]);
    if (open.length === 0 || Date.now() >= until) return;
    await wait(POLL_INTERVAL_MS);
  }
}

function notEnded(left: OrphanedChild[], children: OrphanedChild[]): OperationFailure {
  const failed = left.find(({ failure }) => failure);
  const message = failed
    ? `Orphaned child ${JSON.stringify(failed.workflowId)} could not be ended: ${failed.failure?.message}`
    : `${left.length} of ${children.length} orphaned children could not be ended in time.`;
  const kind = (failed?.failure?.kind as FailureKind | undefined) ?? 'operation-in-progress';
  return new OperationFailure(kind, `${message} The workflow was not reset.`, {
    retryAfterSeconds: 1,
    nothingDone: true,
  });
}

/** Adds to the failure of a reset which children were ended before it. */
export function withEndedChildren(error: unknown, children: OrphanedChild[], action: EndOfChild): unknown {
  const ended = children.filter(({ operation }) => operation).map(({ workflowId }) => JSON.stringify(workflowId));
  if (!(error instanceof OperationFailure) || ended.length === 0) return error;
  const more = ended.length > MAX_NAMED ? ` and ${ended.length - MAX_NAMED} more` : '';
  const how = { cancel: 'requested to cancel', terminate: 'terminated' }[action];
  const after = `Before that, these children were ${how}: ${ended.slice(0, MAX_NAMED).join(', ')}${more}.`;
  const message = error.message.replace(/\s*Nothing was done[^.]*\./, '');
  return new OperationFailure(error.kind, `${message} ${after}`, error.details, { cause: error });
}

/**
 * Cancels or terminates orphaned children, each in a separate operation. The idempotency key is derived from the reset's
 * operation ID, so that a repeated reset does not end a child twice.
 *
 * @param call the call of the reset
 * @param until when to stop ending further children, in milliseconds since the epoch
 * @returns the children with the operations on them, in the same order
 */
export function endOrphans(
  dependencies: OperationDependencies,
  call: Call<{ reason: string }>,
  children: OrphanedChild[],
  action: EndOfChild,
  until: number,
): Promise<OrphanedChild[]> {
  const { client, operationId, actor, requestId, webUiUrl, deadline } = call;
  const verb: AnyVerb = { cancel, terminate }[action];
  const reason = `${call.request.reason} (orphaned by reset ${operationId})`;
  return mapWithConcurrency(children, async (child) => {
    if (child.operation || Date.now() >= until) return child;
    const { workflowId, runId: firstExecutionRunId } = child;
    const request = { workflowId, firstExecutionRunId, reason };
    const idempotencyKey = internalKey('orphan', operationId, firstExecutionRunId);
    try {
      const operation = { actor, request, idempotencyKey, requestId, webUiUrl, deadline };
      const { record } = await executeOperation(dependencies, client, verb, operation);
      return {
        ...withoutFailure(child),
        operation: { operationId: record.operationId, outcome: record.outcome ?? '' },
      };
    } catch (error) {
      if (!(error instanceof OperationFailure)) throw error;
      return { ...child, failure: { kind: error.kind, message: error.message } };
    }
  });
}

/** Removes the failure of an earlier attempt, which is obsolete once the child has ended. */
function withoutFailure(child: OrphanedChild): OrphanedChild {
  const { failure: _, ...rest } = child;
  return rest;
}
