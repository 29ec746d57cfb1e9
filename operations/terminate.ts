import { exceptOwnWorkflows } from './batch/own-workflows';
import type { TerminateRequest, TerminateResult } from '../api/terminate';
import { hasTag, tagReason } from './ledger/attribution';
import { guardChain, runSummary } from './run-summary';
import { isOpen } from './temporal/enums';
import { TemporalRejection } from './temporal/errors';
import { describeExecution } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import { findRecentEvent } from './temporal/history';
import type { NamespaceClient } from './temporal/namespace-client';
import type { Call, OperationResult, Plan, Verb } from './verb';

export interface TerminatePlan extends Plan {
  run: DescribedExecution;
}

type TerminateCall = Call<TerminateRequest>;
type TerminateRpc = (client: NamespaceClient, ...asked: Parameters<NamespaceClient['terminate']>) => Promise<void>;

/** Ends a workflow at once. Its code does not run again. */
export const terminate = exceptOwnWorkflows(
  terminateBy((client, run, attribution) => client.terminate(run, attribution)),
);

/** @param terminateRun the call that does it; a job of the server's batch engine has one of its own */
export function terminateBy(terminateRun: TerminateRpc): Verb<TerminateRequest, TerminateResult, TerminatePlan> {
  return {
    name: 'terminate',

    async plan(call, targetRunId) {
      const { client, request } = call;
      const { workflowId, runId, firstExecutionRunId } = request;
      const run = await describeExecution(client, { workflowId, runId: targetRunId ?? runId });
      guardChain(run, firstExecutionRunId);
      if (!isOpen(run.status)) return { noop: result(call, 'alreadyClosed', run) };
      return { runId: run.runId, run };
    },

    async execute(call, { run }) {
      const { client, request, operationId, actor } = call;
      const reason = tagReason(request.reason, call);
      const requestedAt = new Date();
      try {
        await terminateRun(client, run, { reason, identity: actor.id, temporalRequestId: operationId });
      } catch (error) {
        if (!(error instanceof TemporalRejection && error.notFound)) throw error;
        // It has closed since it was described: perhaps by this very call, whose first answer was lost.
        const done = await lookupOutcome(call, run.runId, requestedAt);
        return done ?? result(call, 'alreadyClosed', await describeExecution(client, run));
      }
      return result(call, 'terminated', await describeExecution(client, run));
    },

    lookupOutcome,
  };
}

async function lookupOutcome(
  call: TerminateCall,
  runId: string,
  since: Date,
): Promise<OperationResult<TerminateResult> | undefined> {
  const { client, request, operationId } = call;
  const { workflowId } = request;
  const terminated = await findRecentEvent(client, { workflowId, runId }, since, (event) =>
    hasTag(event.workflowExecutionTerminatedEventAttributes?.reason, operationId),
  );
  return terminated && result(call, 'terminated', await describeExecution(client, { workflowId, runId }));
}

function result(
  { client, operationId, webUiUrl }: TerminateCall,
  outcome: TerminateResult['outcome'],
  run: DescribedExecution,
): OperationResult<TerminateResult> {
  return { outcome, answer: { operationId, outcome, ...runSummary(client.namespace, run, webUiUrl) } };
}
