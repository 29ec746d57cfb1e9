import { bearsMark, markedReason } from './attribution';
import type { OperationContext } from './attribution';
import { performOnce } from './once';
import type { Deed, Done, OnceDependencies, Performed, RequestedOperation } from './once';
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

export interface TerminateAnswer extends RunSummary {
  operationId: string;
  /** `alreadyClosed`: the workflow had ended, in `status`, before this request could end it. */
  outcome: 'terminated' | 'alreadyClosed';
}

/**
 * Ends a workflow at once, without telling its code.
 * @throws {OperationFailure} as `performOnce`
 */
export function terminateWorkflow(
  dependencies: OnceDependencies,
  client: NamespaceClient,
  operation: RequestedOperation<TerminateRequest>,
): Promise<Performed<TerminateAnswer>> {
  return performOnce(dependencies, operation, termination(client, operation.request));
}

/** @param terminate the call that does it; a batch job has one of its own */
export function termination(
  client: NamespaceClient,
  request: TerminateRequest,
  terminate: NamespaceClient['terminate'] = (run, attribution) => client.terminate(run, attribution),
): Deed<TerminateAnswer> {
  const { workflowId, reason, firstExecutionRunId } = request;

  function done(
    { operationId, webUiUrl }: OperationContext,
    outcome: TerminateAnswer['outcome'],
    run: DescribedExecution,
  ): Done<TerminateAnswer> {
    return { outcome, answer: { operationId, outcome, ...runSummary(client.namespace, run, webUiUrl) } };
  }

  async function findOut(
    context: OperationContext,
    runId: string,
    since: Date,
  ): Promise<Done<TerminateAnswer> | undefined> {
    const terminated = await findRecentEvent(client, { workflowId, runId }, since, (event) =>
      bearsMark(event.workflowExecutionTerminatedEventAttributes?.reason, context.operationId),
    );
    return terminated && done(context, 'terminated', await describeExecution(client, { workflowId, runId }));
  }

  return {
    async plan(context, runId) {
      const run = await describeExecution(client, { workflowId, runId: runId ?? request.runId });
      guardChain(run, firstExecutionRunId);
      if (!isOpen(run.status)) return { nothingToDo: done(context, 'alreadyClosed', run) };
      return {
        runId: run.runId,
        async act() {
          const asked = new Date();
          try {
            await terminate(run, {
              reason: markedReason(reason, context),
              identity: context.actor.id,
              requestId: context.operationId,
            });
          } catch (error) {
            if (!(error instanceof TemporalRejection && error.notFound)) throw error;
            // It has closed since it was described: perhaps by this very call, whose first answer was lost on the way.
            return (
              (await findOut(context, run.runId, asked)) ??
              done(context, 'alreadyClosed', await describeExecution(client, run))
            );
          }
          return done(context, 'terminated', await describeExecution(client, run));
        },
      };
    },

    findOut,
  };
}
