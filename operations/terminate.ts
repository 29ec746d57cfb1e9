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
import { TemporalRejection } from './temporal/errors';
import { describeExecution } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import { findRecentEvent } from './temporal/history';
import type { NamespaceClient, WorkflowExecution } from './temporal/namespace-client';

export interface TerminateRequest extends WorkflowExecution {
  reason: string;
  /** Acts on this chain of runs only, and on no workflow that was started later under the same id. */
  firstExecutionRunId?: string;
}

export interface TerminateResult extends RunSummary {
  operationId: string;
  /** `alreadyClosed`: the workflow had ended, in `status`, before this request could end it. */
  outcome: 'terminated' | 'alreadyClosed';
}

/**
 * Ends a workflow at once, without telling its code.
 * @throws {OperationFailure} as `performOnce`
 */
export function terminateWorkflow(
  dependencies: ExecuteOnceDependencies,
  client: NamespaceClient,
  operation: RequestedOperation<TerminateRequest>,
): Promise<ExecutionResult<TerminateResult>> {
  return executeOnce(dependencies, operation, terminateHandler(client, operation.request));
}

/** @param terminate the call that does it; a batch job has one of its own */
export function terminateHandler(
  client: NamespaceClient,
  request: TerminateRequest,
  terminate: NamespaceClient['terminate'] = (run, attribution) => client.terminate(run, attribution),
): OperationHandler<TerminateResult> {
  const { workflowId, reason, firstExecutionRunId } = request;

  function result(
    { operationId, webUiUrl }: OperationContext,
    outcome: TerminateResult['outcome'],
    run: DescribedExecution,
  ): OperationResult<TerminateResult> {
    return { outcome, answer: { operationId, outcome, ...runSummary(client.namespace, run, webUiUrl) } };
  }

  async function lookupOutcome(
    context: OperationContext,
    runId: string,
    since: Date,
  ): Promise<OperationResult<TerminateResult> | undefined> {
    const terminated = await findRecentEvent(client, { workflowId, runId }, since, (event) =>
      hasTag(event.workflowExecutionTerminatedEventAttributes?.reason, context.operationId),
    );
    return terminated && result(context, 'terminated', await describeExecution(client, { workflowId, runId }));
  }

  return {
    async plan(context, runId) {
      const run = await describeExecution(client, { workflowId, runId: runId ?? request.runId });
      guardChain(run, firstExecutionRunId);
      if (!isOpen(run.status)) return { noop: result(context, 'alreadyClosed', run) };
      return {
        runId: run.runId,
        async execute() {
          const asked = new Date();
          try {
            await terminate(run, {
              reason: tagReason(reason, context),
              identity: context.actor.id,
              temporalRequestId: context.operationId,
            });
          } catch (error) {
            if (!(error instanceof TemporalRejection && error.notFound)) throw error;
            // It has closed since it was described: perhaps by this very call, whose first answer was lost on the way.
            return (
              (await lookupOutcome(context, run.runId, asked)) ??
              result(context, 'alreadyClosed', await describeExecution(client, run))
            );
          }
          return result(context, 'terminated', await describeExecution(client, run));
        },
      };
    },

    lookupOutcome,
  };
}
