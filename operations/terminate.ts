import { exceptOwnWorkflows } from './own-workflows';
import { alreadyClosed, findInChain, latestOfChain, targetRun } from './chain';
import type { TerminateRequest, TerminateResult } from '../api/terminate';
import { attributionOf, hasTag } from './ledger/attribution';
import { continuedInNewRun, runAnswer } from './run-summary';
import { isOpen } from './temporal/enums';
import { ignoreFailure, TemporalRejection } from './temporal/errors';
import { describeExecution } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import type { Attribution, NamespaceClient, WorkflowExecution } from './temporal/namespace-client';
import type { Call, OperationResult, RunPlan, Verb } from './verb';

type TerminateCall = Call<TerminateRequest>;

type TerminateRpc = (
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  attribution: Attribution,
) => Promise<void>;

/** Runs of a chain to try in turn when each closes and continues in a new run before it can be terminated. */
const MAX_RUNS = 3;

/** Terminates a workflow: the run that the request names, otherwise the current run of the chain. */
export const terminate = exceptOwnWorkflows(
  terminateBy((client, { workflowId, runId }, attribution) => client.terminate({ workflowId, runId }, attribution)),
);

/** @param terminateRpc the RPC to use: jobs of the server's batch engine have their own */
export function terminateBy(terminateRpc: TerminateRpc): Verb<TerminateRequest, TerminateResult, RunPlan> {
  return {
    name: 'terminate',
    repeatable: true,

    async plan(call, targetRunId) {
      const run = await targetRun(call.client, call.request, targetRunId);
      if (!isOpen(run.status)) return { noop: await alreadyClosed(call, run) };
      return { runId: run.runId, run };
    },

    async execute(call, { run: planned }) {
      const attribution = attributionOf(call);
      const requestedAt = new Date();
      let run = planned;
      for (let attempt = 1; attempt <= MAX_RUNS; attempt += 1) {
        call.assertLease?.();
        try {
          await terminateRpc(call.client, run, attribution);
        } catch (error) {
          if (!(error instanceof TemporalRejection && error.notFound)) throw error;
          const seen = await closedSince(call, run, requestedAt);
          if ('answer' in seen) return seen;
          run = seen;
          continue;
        }
        return terminated(call, run);
      }
      throw continuedInNewRun(run);
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
  const ended = await findInChain(
    client,
    { workflowId, runId },
    since,
    (event) => hasTag(event.workflowExecutionTerminatedEventAttributes?.reason, operationId),
    { onlyThisRun: request.runId !== undefined },
  );
  if (ended === undefined) return undefined;
  return result(call, 'terminated', await describeExecution(client, { workflowId, runId: ended }));
}

/** Returns the result even if the run cannot be read, because the server has acknowledged the termination. */
async function terminated(call: TerminateCall, run: DescribedExecution): Promise<OperationResult<TerminateResult>> {
  const now = await describeExecution(call.client, run).catch(ignoreFailure);
  return result(call, 'terminated', now ?? { ...run, status: 'Terminated' });
}

/**
 * Handles a run that has closed since it was described, perhaps by an earlier attempt at this operation.
 * @returns the result; or the run that continues the closed one, if the request names no run
 */
async function closedSince(
  call: TerminateCall,
  { workflowId, runId }: DescribedExecution,
  since: Date,
): Promise<OperationResult<TerminateResult> | DescribedExecution> {
  const { client, request } = call;
  const done = await lookupOutcome(call, runId, since);
  if (done) return done;
  const run = await describeExecution(client, { workflowId, runId });
  const latest = request.runId === undefined ? await latestOfChain(client, run) : run;
  return isOpen(latest.status) ? latest : alreadyClosed(call, latest);
}

function result(
  call: TerminateCall,
  outcome: TerminateResult['outcome'],
  run: DescribedExecution,
): OperationResult<TerminateResult> {
  return { outcome, answer: runAnswer(call, outcome, run) };
}
