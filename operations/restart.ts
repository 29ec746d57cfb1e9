import { OperationFailure } from '../api/failures';
import type { RestartRequest, RestartResult } from '../api/restart';
import { exceptOwnWorkflows } from './batch/own-workflows';
import { changedNothing } from './ledger/attempt-result';
import { hasTag, tagReason } from './ledger/attribution';
import { changeLease } from './ledger/lease';
import { isOpen } from './temporal/enums';
import { TemporalRejection } from './temporal/errors';
import { describeExecution, ignoreNotFound } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import { CLOCK_SKEW_MS, eventsNewestFirst, eventsOldestFirst } from './temporal/history';
import type { HistoryEvent, NamespaceClient, WorkflowExecution } from './temporal/namespace-client';
import type { Call, OperationResult, Plan, Verb } from './verb';
import { webUiLink } from './web-ui';

interface RestartPlan extends Plan {
  /** Closed, or named to be terminated. */
  current: DescribedExecution;
  /** The first event of the run: what it was started with. Its payloads are passed on as they are. */
  started: HistoryEvent;
}

type RestartCall = Call<RestartRequest>;

/** Starts a workflow anew as one of its runs was started. */
export const restart: Verb<RestartRequest, RestartResult, RestartPlan> = exceptOwnWorkflows({
  name: 'restart',
  // The server starts one run for one request id while that run is the current one (1.29.1).
  repeatable: true,

  async plan({ client, request }, targetRunId) {
    const { workflowId, runId = targetRunId } = request;
    const run = await describeExecution(client, { workflowId, runId });
    const current = runId === undefined ? run : await describeExecution(client, { workflowId });
    guardCurrent(request, current);
    return { runId: run.runId, current, started: await startOf(client, { workflowId, runId: run.runId }) };
  },

  async execute(call, plan) {
    const terminatedRunId = isOpen(plan.current.status) ? await terminateCurrent(call, plan.current) : undefined;
    try {
      return await start(call, plan, terminatedRunId);
    } catch (error) {
      if (terminatedRunId === undefined || !changedNothing(error)) throw error;
      throw terminatedAndNotStarted(terminatedRunId, error);
    }
  },

  async lookupOutcome(call, runId, since) {
    const { client, request } = call;
    const newRunId = await startedBy(call, since);
    const { workflowId, terminateRunId } = request;
    const terminated = terminateRunId !== undefined && (await hasTerminated(call, terminateRunId));
    const terminatedRunId = terminated ? terminateRunId : undefined;
    if (newRunId !== undefined) return restarted(call, runId, newRunId, terminatedRunId);
    // Before, a repetition starts the run, and an earlier request still may.
    if (!terminated || Date.now() < changeLease(since.getTime()).mayExecuteUntil) return undefined;
    const current = await describeExecution(client, { workflowId });
    return terminatedOnly(call, terminateRunId, current);
  },
});

/** @throws {OperationFailure} `conflict` when a run is open that is not named, or the reuse policy forbids a new run */
function guardCurrent(request: RestartRequest, { runId, status, workflowId }: DescribedExecution): void {
  const { terminateRunId, workflowIdReusePolicy } = request;
  if (isOpen(status)) {
    if (terminateRunId === runId) return;
    throw new OperationFailure(
      'conflict',
      `Run ${runId} of workflow ${JSON.stringify(workflowId)} is open. Nothing was done.`,
      {
        field: 'terminateRunId',
        ...(terminateRunId !== undefined && { value: terminateRunId }),
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
    { field: 'workflowIdReusePolicy', allowed: '"allowDuplicate", to start a workflow anew that has completed' },
  );
}

async function startOf(client: NamespaceClient, run: Required<WorkflowExecution>): Promise<HistoryEvent> {
  for await (const { event } of eventsOldestFirst(client, run, 1)) return event;
  throw new OperationFailure('internal', 'Temporal returned a history without its first event.');
}

/** @returns the run, where this request has terminated it; nothing where it had closed */
async function terminateCurrent(call: RestartCall, { workflowId, runId }: DescribedExecution) {
  const { client, request, operationId, actor } = call;
  const attribution = { reason: tagReason(request.reason, call), identity: actor.id, temporalRequestId: operationId };
  call.assertLease?.();
  try {
    await client.terminate({ workflowId, runId }, attribution);
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
    `Temporal refused to start workflow ${JSON.stringify(workflowId)} anew: ${rejection.details}. No run was started.`,
    { operatorDetail: rejection.details },
    { cause: rejection },
  );
}

/** Runs that are looked at for the one that this operation has started. */
const MAX_RUNS = 20;

/** The run that this operation has started, by the request id that the server keeps with it. */
async function startedBy({ client, request, operationId }: RestartCall, since: Date): Promise<string | undefined> {
  const { workflowId } = request;
  const isOurs = ({ description }: DescribedExecution) =>
    Object.hasOwn(description.workflowExtendedInfo?.requestIdInfos ?? {}, operationId);
  const current = await describeExecution(client, { workflowId });
  if (isOurs(current)) return current.runId;
  const startTime = Number(current.description.workflowExecutionInfo?.startTime?.seconds ?? 0) * 1000;
  if (startTime < since.getTime() - CLOCK_SKEW_MS) return undefined;
  // Another run was started since, or the one that was started has continued as new.
  const runIds = new Set([current.firstRunId, ...(await client.listRunIds(workflowId, MAX_RUNS))]);
  for (const runId of runIds) {
    const run = await describeExecution(client, { workflowId, runId }).catch(ignoreNotFound);
    if (run && isOurs(run)) return runId;
  }
  return undefined;
}

/** Whether this operation has terminated the run. */
async function hasTerminated({ client, request, operationId }: RestartCall, runId: string): Promise<boolean> {
  for await (const { event } of eventsNewestFirst(client, { workflowId: request.workflowId, runId }, 1)) {
    return hasTag(event.workflowExecutionTerminatedEventAttributes?.reason, operationId);
  }
  return false;
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

/** A failure to start the new run says that nothing was done; a run was terminated before. */
function terminatedAndNotStarted(runId: string, error: unknown): OperationFailure {
  const { retryAfterSeconds = 5, operatorDetail } = error instanceof OperationFailure ? error.details : {};
  return new OperationFailure(
    'temporal-unavailable',
    `Run ${runId} was terminated, and the new run was not started yet. The same request under the same key starts it.`,
    { retryAfterSeconds, operatorDetail },
    { cause: error },
  );
}
