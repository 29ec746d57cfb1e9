import { hasTag, tagReason } from './ledger/attribution';
import type { OperationContext } from './ledger/attribution';
import { executeOnce } from './ledger/execute-once';
import type {
  OperationHandler,
  OperationResult,
  ExecuteOnceDependencies,
  ExecutionResult,
  RequestedOperation,
} from './ledger/execute-once';
import { guardChain, runSummary } from './run-summary';
import type { RunSummary } from './run-summary';
import { isOpen } from './temporal/enums';
import { describeExecution } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import { findRecentEvent } from './temporal/history';
import type { NamespaceClient, WorkflowExecution } from './temporal/namespace-client';
import { ignoreFollowUpFailure, waitForClose } from './wait-for-close';
import type { Waited } from './wait-for-close';

export interface CancelRequest extends WorkflowExecution {
  reason: string;
  /** Acts on this chain of runs only, and on no workflow that was started later under the same id. */
  firstExecutionRunId?: string;
}

/** The run is shown as it was just before the request, or, after having waited, as it is now. */
export interface CancelResult extends RunSummary, Partial<Waited> {
  operationId: string;
  /**
   * `requested`: the workflow has been asked, and decides for itself when and how it ends.
   * `alreadyRequested`: somebody had asked before; the server keeps the first request only, so this reason is not in
   * its history. `alreadyClosed`: there was nothing to cancel.
   */
  outcome: 'requested' | 'alreadyRequested' | 'alreadyClosed';
}

/**
 * Asks a workflow to cancel, and waits for it to close where that is wanted.
 *
 * The server answers OK to a cancellation of a closed workflow and of one that was asked before (observed on 1.29.1
 * and 1.31.2), so the truth takes a description first.
 *
 * @param waitSeconds how long to wait; a repetition gets the first answer and does not wait
 * @throws {OperationFailure} as `performOnce`
 */
export async function cancelWorkflow(
  dependencies: ExecuteOnceDependencies,
  client: NamespaceClient,
  operation: RequestedOperation<CancelRequest>,
  waitSeconds = 0,
): Promise<ExecutionResult<CancelResult>> {
  const performed = await executeOnce(dependencies, operation, cancelHandler(client, operation.request));
  const { record, answer, replayed } = performed;
  if (replayed || waitSeconds === 0 || !isOpen(answer.status)) return performed;

  const seen = await waitForClose(client, answer, waitSeconds, operation.webUiUrl).catch(ignoreFollowUpFailure);
  // It was asked and recorded; that nobody could look afterwards changes nothing about that.
  if (!seen) return performed;
  const waited = { ...answer, ...seen };
  const settled = isOpen(waited.status) ? undefined : { status: waited.status, closeTime: waited.closeTime };
  await dependencies.ledger
    .update(record, { answer: waited, ...(settled && record.nextCheckAt && { settled, nextCheckAt: undefined }) })
    .catch((error: unknown) => dependencies.onRecordFailure(record, error));
  return { record: { ...record, answer: waited, settled }, answer: waited, replayed };
}

export function cancelHandler(client: NamespaceClient, request: CancelRequest): OperationHandler<CancelResult> {
  const { workflowId, reason, firstExecutionRunId } = request;

  function result(
    { operationId, webUiUrl }: OperationContext,
    outcome: CancelResult['outcome'],
    run: DescribedExecution,
  ): OperationResult<CancelResult> {
    const answer = { operationId, outcome, ...runSummary(client.namespace, run, webUiUrl) };
    return { outcome, answer, unsettled: outcome === 'requested' };
  }

  return {
    async plan(context, runId) {
      const run = await describeExecution(client, { workflowId, runId: runId ?? request.runId });
      guardChain(run, firstExecutionRunId);
      if (!isOpen(run.status)) return { noop: result(context, 'alreadyClosed', run) };
      if (run.cancelRequested) return { noop: result(context, 'alreadyRequested', run) };
      return {
        runId: run.runId,
        async execute() {
          // Without a run id the workflow is meant, not the run: should it continue as new just now, its chain is
          // cancelled. With both, the server would ignore the run id.
          await client.requestCancel(
            request.runId === undefined
              ? { workflowId, firstExecutionRunId: run.firstRunId }
              : { workflowId, runId: run.runId },
            {
              reason: tagReason(reason, context),
              identity: context.actor.id,
              temporalRequestId: context.operationId,
            },
          );
          return result(context, 'requested', run);
        },
      };
    },

    async lookupOutcome(context, runId, since) {
      const pinned = await describeExecution(client, { workflowId, runId });
      const current = request.runId === undefined ? await describeExecution(client, { workflowId }) : pinned;
      for (const run of current.firstRunId === pinned.firstRunId ? new Set([pinned, current]) : [pinned]) {
        const requested = await findRecentEvent(client, run, since, (event) =>
          hasTag(event.workflowExecutionCancelRequestedEventAttributes?.cause, context.operationId),
        );
        if (requested) return result(context, 'requested', run);
      }
      return undefined;
    },
  };
}
