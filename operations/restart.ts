import { OperationFailure } from '../api/failures';
import type { RestartRequest, RestartResult } from '../api/restart';
import { exceptOwnWorkflows } from './own-workflows';
import { changedNothing, continuable } from './ledger/attempt-result';
import { attributionOf, hasTag } from './ledger/attribution';
import { changeLease } from './ledger/lease';
import { isOpen } from './temporal/enums';
import { TemporalRejection } from './temporal/errors';
import { describeExecution, ignoreNotFound } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import { firstEvent, MAX_CLOCK_SKEW_MS, newestEvent } from './temporal/history';
import type { HistoryEvent, NamespaceClient } from './temporal/namespace-client';
import type { Call, OperationResult, RunPlan, Verb } from './verb';
import { webUiLink } from './web-ui';

interface RestartPlan extends RunPlan {
  /** The workflow's current run: closed, or named in `terminateRunId`. */
  current: DescribedExecution;
  /** The first event of the run to copy, with its input and options. */
  started: HistoryEvent;
}

type RestartCall = Call<RestartRequest>;

/** Starts a workflow again, with the input and options of one of its runs. */
export const restart: Verb<RestartRequest, RestartResult, RestartPlan> = exceptOwnWorkflows({
  name: 'restart',
  // For the same request ID, the server returns the same run while that run is current (1.29.1).
  repeatable: true,

  async plan({ client, request }, targetRunId) {
    const { workflowId, runId = targetRunId } = request;
    const run = await describeExecution(client, { workflowId, runId });
    const current = runId === undefined ? run : await describeExecution(client, { workflowId });
    guardCurrent(request, current);
    return { runId: run.runId, run, current, started: await startedEvent(client, run) };
  },

  async execute(call, plan) {
    const terminatedRunId = isOpen(plan.current.status) ? await terminateCurrent(call, plan.current) : undefined;
    try {
      return await start(call, plan, terminatedRunId);
    } catch (error) {
      if (terminatedRunId === undefined || !changedNothing(error)) throw error;
      const done = `Run ${terminatedRunId} was terminated, but the new run has not been started yet.`;
      throw continuable(`${done} The same request under the same key starts it.`, error);
    }
  },

  async lookupOutcome(call, runId, since) {
    const { client, request } = call;
    const newRunId = await findStartedRun(call, since);
    const { workflowId, terminateRunId } = request;
    const terminated = terminateRunId !== undefined && (await hasTerminated(call, terminateRunId));
    const terminatedRunId = terminated ? terminateRunId : undefined;
    if (newRunId !== undefined) return restarted(call, runId, newRunId, terminatedRunId);
    // Until then, a retry starts the run, and Temporal may still execute an earlier request.
    if (!terminated || Date.now() < changeLease(since.getTime()).mayExecuteUntil) return undefined;
    const current = await describeExecution(client, { workflowId });
    return terminatedOnly(call, terminateRunId, current);
  },
});

/** @throws {OperationFailure} `conflict` when a run is open that `terminateRunId` does not name, or the reuse policy forbids a new run */
function guardCurrent(request: RestartRequest, { runId, status, workflowId }: DescribedExecution): void {
  const { terminateRunId, workflowIdReusePolicy } = request;
  if (isOpen(status)) {
    if (terminateRunId === runId) return;
    throw new OperationFailure(
      'conflict',
      `Run ${runId} of workflow ${JSON.stringify(workflowId)} is open. Nothing was done.`,
      {
        field: 'terminateRunId',
        value: terminateRunId,
        allowed: `${runId}, to have that run terminated; or a request once it has closed`,
      },
    );
  }
  if (status === 'Completed' && workflowIdReusePolicy !== 'allowDuplicate') throw completed(workflowId, runId);
}

function completed(workflowId: string, runId: string): OperationFailure {
  return new OperationFailure(
    'conflict',
    `Run ${runId} of workflow ${JSON.stringify(workflowId)} has completed. Nothing was done.`,
    { field: 'workflowIdReusePolicy', allowed: '"allowDuplicate", to start a completed workflow again' },
  );
}

async function startedEvent(client: NamespaceClient, run: DescribedExecution): Promise<HistoryEvent> {
  const event = await firstEvent(client, run);
  if (event) return event;
  throw new OperationFailure('internal', 'Temporal returned a history without its first event.');
}

/** @returns the run ID if this request terminated the run; undefined if the run had already closed */
async function terminateCurrent(call: RestartCall, { workflowId, runId }: DescribedExecution) {
  call.assertLease?.();
  try {
    await call.client.terminate({ workflowId, runId }, attributionOf(call));
    return runId;
  } catch (error) {
    if (!(error instanceof TemporalRejection && error.notFound)) throw error;
    return undefined;
  }
}

async function start(
  call: RestartCall,
  { runId, started }: RestartPlan,
  terminatedRunId: string | undefined,
): Promise<OperationResult<RestartResult>> {
  const { client, request, operationId, actor } = call;
  const { workflowId, workflowIdReusePolicy = 'allowDuplicateFailedOnly' } = request;
  call.assertLease?.();
  try {
    const newRunId = await client.startAgain({ workflowId, runId }, started, {
      identity: actor.id,
      temporalRequestId: operationId,
      workflowIdReusePolicy,
    });
    return restarted(call, runId, newRunId, terminatedRunId);
  } catch (error) {
    if (!(error instanceof TemporalRejection)) throw error;
    if (error.refused) throw refusal(workflowId, error);
    if (!error.alreadyExists) throw error;
    const current = await describeExecution(client, { workflowId });
    if (terminatedRunId !== undefined) return terminatedOnly(call, terminatedRunId, current);
    guardCurrent({ ...request, terminateRunId: undefined }, current);
    throw completed(workflowId, current.runId);
  }
}

function refusal(workflowId: string, rejection: TemporalRejection): OperationFailure {
  return new OperationFailure(
    'conflict',
    `Temporal refused to start workflow ${JSON.stringify(workflowId)} again: ${rejection.details}. No run was started.`,
    { operatorDetail: rejection.details },
    { cause: rejection },
  );
}

/** Maximum runs to search for the one that this operation started. */
const MAX_RUNS = 20;

/** Finds the run that this operation started, by the request ID that the server stores with the run. */
async function findStartedRun({ client, request, operationId }: RestartCall, since: Date): Promise<string | undefined> {
  const { workflowId } = request;
  const isOurs = ({ description }: DescribedExecution) =>
    Object.hasOwn(description.workflowExtendedInfo?.requestIdInfos ?? {}, operationId);
  const current = await describeExecution(client, { workflowId });
  // A reset of the run copies the request ID to its new run (1.32.2). The run that a start creates is the first of its chain.
  if (isOurs(current)) return current.firstRunId;
  const startTime = Number(current.description.workflowExecutionInfo?.startTime?.seconds ?? 0) * 1000;
  if (startTime < since.getTime() - MAX_CLOCK_SKEW_MS) return undefined;
  // Another run may have been started since, or the operation's run may have continued as new.
  const runIds = new Set([current.firstRunId, ...(await client.listRunIds(workflowId, MAX_RUNS))]);
  for (const runId of runIds) {
    const run = await describeExecution(client, { workflowId, runId }).catch(ignoreNotFound);
    if (run && isOurs(run)) return run.firstRunId;
  }
  return undefined;
}

/** Whether this operation terminated the run. */
async function hasTerminated({ client, request, operationId }: RestartCall, runId: string): Promise<boolean> {
  const newest = await newestEvent(client, { workflowId: request.workflowId, runId });
  return hasTag(newest?.workflowExecutionTerminatedEventAttributes?.reason, operationId);
}

function restarted(
  { client, operationId, request, webUiUrl }: RestartCall,
  runId: string,
  newRunId: string,
  terminatedRunId: string | undefined,
): OperationResult<RestartResult> {
  const { namespace } = client;
  const { workflowId } = request;
  const links = webUiLink(webUiUrl, namespace, workflowId, newRunId);
  const outcome = 'restarted';
  return {
    outcome,
    answer: { operationId, outcome, namespace, workflowId, runId, newRunId, terminatedRunId, links },
  };
}

function terminatedOnly(
  { client, operationId, request, webUiUrl }: RestartCall,
  runId: string,
  current: DescribedExecution,
): OperationResult<RestartResult> {
  const { namespace } = client;
  const { workflowId } = request;
  const currentRunId = current.runId === runId ? undefined : current.runId;
  const links = webUiLink(webUiUrl, namespace, workflowId, current.runId);
  const outcome = 'terminatedOnly';
  return {
    outcome,
    answer: { operationId, outcome, namespace, workflowId, runId, terminatedRunId: runId, currentRunId, links },
  };
}
