import { setTimeout as wait } from 'node:timers/promises';
import { cancel } from '../cancel';
import { executeOperation } from '../execute-operation';
import { OperationFailure } from '../../api/failures';
import type { FailureKind } from '../../api/failures';
import type { OrphanedChild } from '../../api/reset';
import { CALL_DEADLINE_MS } from '../temporal/namespace-client';
import type { NamespaceClient } from '../temporal/namespace-client';
import { terminate } from '../terminate';
import type { AnyVerb, Call, OperationDependencies } from '../verb';
import { isStillOpen } from './affected-children';
import { mapWithConcurrency } from '../map-with-concurrency';

/** No further child is ended this long before the caller needs an answer, in milliseconds: the reset comes after it. */
const RESET_MARGIN_MS = CALL_DEADLINE_MS + 3_000;

/** How long children that are asked to cancel get to close before the reset, and how often they are looked at, in milliseconds. */
const CANCELLATION_WAIT_MS = 5_000;
const POLL_INTERVAL_MS = 100;

type EndOfChild = 'cancel' | 'terminate';

/** How many children a failure names. */
const MAX_NAMED = 10;

/**
 * Ends orphaned children before a reset: one with a workflow id of its own choice keeps the new run from starting its child.
 * Children that are cancelled get a moment to close.
 *
 * @returns the children with what was done, in the same order
 * @throws {OperationFailure} when one could not be ended, which names those that were. The same request under the same key
 *   continues, where the failure's kind allows that
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
  // One that was not ended by this may have closed by itself.
  const open = await mapWithConcurrency(
    children,
    async (child) => child.operation === undefined && (await isStillOpen(client, child)),
  );
  const left = children.filter((_, index) => open[index]);
  if (left.length > 0) throw childrenEnded(notEnded(left, children), children, action);
  if (action === 'cancel') await untilClosed(client, children, Math.min(until, Date.now() + CANCELLATION_WAIT_MS));
  return children.map(withoutFailure);
}

async function untilClosed(client: NamespaceClient, children: OrphanedChild[], until: number): Promise<void> {
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

/** The failure of a reset after children were ended for it. */
export function childrenEnded(error: unknown, children: OrphanedChild[], action: EndOfChild): unknown {
  const ended = children.filter(({ operation }) => operation).map(({ workflowId }) => JSON.stringify(workflowId));
  if (!(error instanceof OperationFailure) || ended.length === 0) return error;
  const more = ended.length > MAX_NAMED ? ` and ${ended.length - MAX_NAMED} more` : '';
  const how = { cancel: 'requested to cancel', terminate: 'terminated' }[action];
  const after = `Before that, these children were ${how}: ${ended.slice(0, MAX_NAMED).join(', ')}${more}.`;
  const message = error.message.replace(/\s*Nothing was done[^.]*\./, '');
  return new OperationFailure(error.kind, `${message} ${after}`, error.details, { cause: error });
}

/**
 * Cancels or terminates orphaned children, each by an operation of its own. Its idempotency key is made of the reset's
 * operation, so that repetitions find it done.
 *
 * @param call the call of the reset
 * @param until no further child is ended after that time, in milliseconds since the epoch
 * @returns the children with what was done, in the same order
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
    const idempotencyKey = `${operationId}/orphan/${firstExecutionRunId}`;
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

/** What an earlier attempt failed with does not matter once the child has ended. */
function withoutFailure(child: OrphanedChild): OrphanedChild {
  const { failure: _, ...rest } = child;
  return rest;
}
