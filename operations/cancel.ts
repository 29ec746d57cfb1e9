import { exceptOwnWorkflows } from './batch/own-workflows';
import { continuationOf, findInChain, latestOfChain, successorOf, targetRun } from './chain';
import type { CancelRequest, CancelResult } from '../api/cancel';
import { hasTag, tagReason } from './ledger/attribution';
import type { OperationRecord, OperationUpdate, Settlement } from './ledger/ledger';
import { nextCheck } from './ledger/next-check';
import { OperationFailure } from '../api/failures';
import { runSummary, wentOn } from './run-summary';
import type { RunSummary } from '../api/run-summary';
import { explainStuck } from './stuck';
import { isOpen } from './temporal/enums';
import { describeExecution, explainNotFound, isNotFound } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import type { NamespaceClient, WorkflowExecution } from './temporal/namespace-client';
import { rfc3339 } from './temporal/time';
import type { Call, ExecutionResult, FollowUp, OperationDependencies, OperationResult, Plan, Verb } from './verb';
import { waitForClose } from './wait-for-close';

interface CancelPlan extends Plan {
  run: DescribedExecution;
}

type CancelCall = Call<CancelRequest>;

/** How many runs of a chain are asked in turn while each goes on to the next one before it can be asked. */
const MAX_RUNS = 3;

/** Time for the look at the workflow and for the answer after a wait, in milliseconds. */
const AFTER_WAIT_MS = 3_000;

/**
 * Requests cancellation of a workflow: of one run where the request names it, otherwise of the chain to its end.
 *
 * The server answers OK to a cancellation of a closed workflow and of one that was asked before (observed on 1.29.1 and
 * 1.31.2). So the answer comes from a description before and from the history after the request, where the tagged event
 * is the proof.
 */
export const cancelAny: Verb<CancelRequest, CancelResult, CancelPlan> = {
  name: 'cancel',
  repeatable: true,

  async plan(call, targetRunId) {
    const run = await targetRun(call.client, call.request, targetRunId);
    if (!isOpen(run.status)) return { noop: await closed(call, run) };
    if (run.cancelRequested && !mayBeUnwritten(run)) return { noop: result(call, 'alreadyRequested', run) };
    return { runId: run.runId, run };
  },

  async execute(call, { run: planned }) {
    const requestedAt = new Date();
    let run = planned;
    for (let attempt = 1; attempt <= MAX_RUNS; attempt += 1) {
      call.assertLease?.();
      await requestCancel(call, run);
      // The server has acknowledged it. What cannot be read now is read when the operation is settled.
      const seen = await outcomeInHistory(call, run, requestedAt).catch((error: unknown) => {
        if (!(error instanceof OperationFailure)) throw error;
      });
      if (!seen) return result(call, 'requested', run);
      if ('answer' in seen) return seen;
      run = seen;
    }
    throw wentOn(run);
  },

  lookupOutcome,
  followUp,
  settle,
};

/** Requests cancellation of a workflow that executes no batch operation. */
export const cancel = exceptOwnWorkflows(cancelAny);

/** A request names a run, so that one that is executed late cannot reach another run of the chain. */
function requestCancel(
  { client, request, operationId, actor }: Pick<CancelCall, 'client' | 'request' | 'operationId' | 'actor'>,
  { workflowId, runId }: Required<WorkflowExecution>,
): Promise<void> {
  const reason = tagReason(request.reason, { operationId, actor });
  return client
    .requestCancel({ workflowId, runId }, { reason, identity: actor.id, temporalRequestId: operationId })
    .catch((error: unknown) => explainNotFound(client, { workflowId, runId }, error));
}

/**
 * What the server did with an acknowledged request.
 * @returns a run that goes on from the closed one, where the workflow is meant and not the run
 */
async function outcomeInHistory(
  call: CancelCall,
  asked: DescribedExecution,
  since: Date,
): Promise<OperationResult<CancelResult> | DescribedExecution> {
  const { client, request } = call;
  if ((await findRequest(call, asked, since)) !== undefined) return result(call, 'requested', asked);
  const run = await describeExecution(client, asked);
  const latest = request.runId === undefined ? await latestOfChain(client, run) : run;
  // The event may have been written between the two reads.
  if ((await findRequest(call, asked, since)) !== undefined) return result(call, 'requested', asked);
  if (!isOpen(latest.status)) return closed(call, latest);
  if (latest.runId !== asked.runId) return latest;
  return result(call, latest.cancelRequested && !mayBeUnwritten(latest) ? 'alreadyRequested' : 'requested', latest);
}

/** While a workflow task runs, the server keeps events back (observed on 1.29.1 and 1.31.2). */
function mayBeUnwritten({ description }: DescribedExecution): boolean {
  return Boolean(description.pendingWorkflowTask?.startedTime);
}

/** @returns the run that this operation asked */
function findRequest(
  { client, request, operationId }: Pick<CancelCall, 'client' | 'request' | 'operationId'>,
  { workflowId, runId }: Required<WorkflowExecution>,
  since: Date,
): Promise<string | undefined> {
  return findInChain(
    client,
    { workflowId, runId },
    since,
    (event) => hasTag(event.workflowExecutionCancelRequestedEventAttributes?.cause, operationId),
    { onlyThisRun: request.runId !== undefined },
  );
}

async function lookupOutcome(
  call: CancelCall,
  runId: string,
  since: Date,
): Promise<OperationResult<CancelResult> | undefined> {
  const { workflowId } = call.request;
  const asked = await findRequest(call, { workflowId, runId }, since);
  if (asked === undefined) return undefined;
  return result(call, 'requested', await describeExecution(call.client, { workflowId, runId: asked }));
}

function result(
  { client, operationId, webUiUrl }: CancelCall,
  outcome: CancelResult['outcome'],
  run: DescribedExecution,
): OperationResult<CancelResult> {
  const answer = { operationId, outcome, ...runSummary(client.namespace, run, webUiUrl) };
  return { outcome, answer, unsettled: outcome === 'requested' };
}

async function closed(call: CancelCall, run: DescribedExecution): Promise<OperationResult<CancelResult>> {
  const { outcome, answer } = result(call, 'alreadyClosed', run);
  const successorRunId = call.request.runId === undefined ? undefined : await continuationOf(call.client, run);
  return { outcome, answer: { ...answer, successorRunId } };
}

async function* followUp(
  _: OperationDependencies,
  call: CancelCall,
  { answer, replayed, record }: ExecutionResult<CancelResult>,
): AsyncGenerator<FollowUp<CancelResult>, void, void> {
  const { client, request, webUiUrl, deadline = Infinity } = call;
  const { waitSeconds = 0, workflowId } = request;
  if (replayed || waitSeconds === 0 || !isOpen(answer.status)) return;
  const startedAt = Date.now();
  const until = Math.min(startedAt + waitSeconds * 1000, deadline - AFTER_WAIT_MS);
  let { runId } = answer;
  let seen = await waitForClose(client, { workflowId, runId }, startedAt, until, webUiUrl);
  let successorRunId = await successorIfClosed(client, seen);
  // Without a run id the workflow is to be cancelled, and not only the run that was asked.
  const followsChain = request.runId === undefined && answer.outcome === 'requested';
  let next = followsChain ? successorRunId : undefined;
  while (next !== undefined && Date.now() < until) {
    await requestCancel(call, { workflowId, runId: next });
    runId = next;
    seen = await waitForClose(client, { workflowId, runId }, startedAt, until, webUiUrl);
    next = successorRunId = await successorIfClosed(client, seen);
  }
  const { status, closeTime } = seen;
  const ended = !isOpen(status) && (successorRunId === undefined || !followsChain);
  // An answer that could not be checked against the history is corrected when the operation is settled.
  const first = { workflowId, runId: record.runId ?? answer.runId };
  const asked = ended && (await findRequest(call, first, new Date(record.requestedAt)));
  yield {
    amend: (current) => ({ ...current, ...seen, successorRunId }),
    settled: asked ? { status, closeTime } : undefined,
  };
}

async function successorIfClosed(client: NamespaceClient, run: RunSummary): Promise<string | undefined> {
  return isOpen(run.status) ? undefined : successorOf(client, run);
}

/** Records how a workflow that was asked to cancel has ended, or what keeps it open and when to look again. */
async function settle(
  { ledger, now = Date.now }: OperationDependencies,
  client: NamespaceClient,
  record: OperationRecord,
): Promise<void> {
  const { operationId, actor } = record;
  const call = { client, operationId, actor, request: record.request as CancelRequest };
  const changes = await findState(call, record, now() + ledger.clockOffsetMs).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
    // Its retention has ended: nothing more can be found out.
    return { stuck: undefined, nextCheckAt: undefined };
  });
  await ledger.update(record, changes);
}

async function findState(call: CancelCall, record: OperationRecord, now: number): Promise<OperationUpdate> {
  const { workflowId } = call.request;
  const answer = record.answer as CancelResult;
  const first = { workflowId, runId: record.runId ?? answer.runId };
  const asked = await findRequest(call, first, new Date(record.requestedAt));
  if (asked === undefined) return findCorrection(call, record, now);
  const corrected = { outcome: 'requested', answer: { ...answer, outcome: 'requested' } };
  return { ...(answer.outcome !== 'requested' && corrected), ...(await followAsked(call, record, asked, now)) };
}

/** History shows no request of this operation: its answer said so for want of a look, or its request came too late. */
async function findCorrection(call: CancelCall, record: OperationRecord, now: number): Promise<OperationUpdate> {
  const { client, request } = call;
  const answer = record.answer as CancelResult;
  const { mayExecuteUntil = 0 } = record;
  const nextCheckAt = now < mayExecuteUntil ? new Date(mayExecuteUntil).toISOString() : undefined;
  if (answer.outcome !== 'requested') return { nextCheckAt };
  const run = await describeExecution(client, answer);
  const latest = request.runId === undefined ? await latestOfChain(client, run) : run;
  // The event may have been written between the two reads.
  const first = { workflowId: request.workflowId, runId: record.runId ?? answer.runId };
  if ((await findRequest(call, first, new Date(record.requestedAt))) !== undefined) {
    return { nextCheckAt: nextCheck(record, now) };
  }
  const shown = { ...runSummary(client.namespace, latest, undefined), links: answer.links };
  if (isOpen(latest.status) && (mayBeUnwritten(latest) || !latest.cancelRequested)) {
    // It went on to another run before the server executed the request.
    if (!latest.cancelRequested) await requestCancel(call, latest);
    return { nextCheckAt: nextCheck(record, now), answer: { ...answer, ...shown } };
  }
  const outcome = isOpen(latest.status) ? 'alreadyRequested' : 'alreadyClosed';
  return { outcome, answer: { ...answer, ...shown, outcome }, nextCheckAt };
}

/** How the workflow took the request. Where the request names no run, the runs that continue it are asked as well. */
async function followAsked(
  call: CancelCall,
  record: OperationRecord,
  asked: string,
  now: number,
): Promise<OperationUpdate> {
  const { client, request } = call;
  const { workflowId } = request;
  let run = await describeExecution(client, { workflowId, runId: asked });
  let successorRunId = isOpen(run.status) ? undefined : await successorOf(client, run);
  while (successorRunId !== undefined && request.runId === undefined) {
    run = await describeExecution(client, { workflowId, runId: successorRunId });
    successorRunId = isOpen(run.status) ? undefined : await successorOf(client, run);
  }
  if (!isOpen(run.status)) {
    const closeTime = rfc3339(run.description.workflowExecutionInfo?.closeTime);
    const answer = { ...(record.answer as CancelResult), successorRunId };
    const settled: Settlement = { status: run.status, closeTime };
    return { settled, stuck: undefined, nextCheckAt: undefined, ...(successorRunId !== undefined && { answer }) };
  }
  // A successor: the request does not carry over to it.
  if (!run.cancelRequested) await requestCancel(call, run);
  const stuck = (await explainStuck(client, run)).map(({ kind }) => kind);
  return { stuck: stuck.length > 0 ? stuck : undefined, nextCheckAt: nextCheck(record, now) };
}
