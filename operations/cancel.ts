import { exceptOwnWorkflows } from './own-workflows';
import { alreadyClosed, findInChain, latestOfChain, resetRunOf, successorOf, targetRun } from './chain';
import type { CancelRequest, CancelResult } from '../api/cancel';
import { attributionOf, hasTag } from './ledger/attribution';
import type { OperationRecord, OperationUpdate, Settlement } from './ledger/ledger';
import { ledgerTime } from './ledger/ledger-time';
import { nextCheck } from './ledger/next-check';
import { continuedInNewRun, runAnswer, runSummary } from './run-summary';
import type { RunSummary } from '../api/run-summary';
import { explainStuck } from './stuck';
import { isOpen } from './temporal/enums';
import { ignoreFailure } from './temporal/errors';
import { describeExecution, explainNotFound, isNotFound, mayBeUnwritten } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import { findRecentEvent } from './temporal/history';
import type { HistoryEvent, NamespaceClient, WorkflowExecution } from './temporal/namespace-client';
import { rfc3339 } from './temporal/time';
import type { Call, ExecutionResult, FollowUp, OperationDependencies, OperationResult, RunPlan, Verb } from './verb';
import { waitForClose } from './wait-for-close';

type CancelCall = Call<CancelRequest>;

/** Runs of a chain to try in turn when each closes and continues in a new run before the server handles the request. */
const MAX_RUNS = 3;

/** Time to read the workflow and to respond after a wait, in milliseconds. */
const AFTER_WAIT_MS = 3_000;

/**
 * Requests cancellation of a workflow: of a single run if the request names one, otherwise of the current run of the chain
 * and of the runs that continue it.
 *
 * The server also responds with OK when the workflow is closed or its cancellation was already requested (observed on 1.29.1
 * and 1.31.2). The answer therefore comes from a description before the request and from the history after it, in which the
 * tagged event is the proof.
 */
export const cancelAny = {
  name: 'cancel',
  repeatable: true,

  async plan(call, targetRunId) {
    const run = await targetRun(call.client, call.request, targetRunId);
    if (!isOpen(run.status)) return { noop: await alreadyClosed(call, run) };
    if (run.cancelRequested && !mayBeUnwritten(run)) return { noop: result(call, 'alreadyRequested', run) };
    return { runId: run.runId, run };
  },

  async execute(call, { run: planned }) {
    const requestedAt = new Date();
    let run = planned;
    for (let attempt = 1; attempt <= MAX_RUNS; attempt += 1) {
      call.assertLease?.();
      await requestCancel(call, run);
      // The server has acknowledged the request. If the history cannot be read now, `settle` reads it later.
      const seen = await outcomeInHistory(call, run, requestedAt).catch(ignoreFailure);
      if (!seen) return result(call, 'requested', run);
      if ('answer' in seen) return seen;
      run = seen;
    }
    throw continuedInNewRun(run);
  },

  lookupOutcome,
  followUp,
  settle,
} satisfies Verb<CancelRequest, CancelResult, RunPlan>;

/** Requests cancellation of a workflow, except Rewind's own batch workflows. */
export const cancel = exceptOwnWorkflows(cancelAny);

/** Always names a run, so that a request that the server executes late cannot reach another run of the chain. */
function requestCancel(
  { client, ...call }: Pick<CancelCall, 'client' | 'request' | 'operationId' | 'actor'>,
  { workflowId, runId }: Required<WorkflowExecution>,
): Promise<void> {
  return client
    .requestCancel({ workflowId, runId }, attributionOf(call))
    .catch((error: unknown) => explainNotFound(client, { workflowId, runId }, error));
}

/**
 * Determines what the server did with an acknowledged request.
 * @returns the result; or the run that continues the closed one, if the request names no run
 */
async function outcomeInHistory(
  call: CancelCall,
  target: DescribedExecution,
  since: Date,
): Promise<OperationResult<CancelResult> | DescribedExecution> {
  const { client, request } = call;
  if ((await findRequest(call, target, since)) !== undefined) return result(call, 'requested', target);
  const run = await describeExecution(client, target);
  const latest = request.runId === undefined ? await latestOfChain(client, run) : run;
  // The event may have been written between the two reads.
  if ((await findRequest(call, target, since)) !== undefined) return result(call, 'requested', target);
  if (!isOpen(latest.status)) return alreadyClosed(call, latest);
  if (latest.runId !== target.runId) return latest;
  return result(call, latest.cancelRequested && !mayBeUnwritten(latest) ? 'alreadyRequested' : 'requested', latest);
}

/** @returns the ID of the run whose history has this operation's cancellation request */
function findRequest(
  { client, request, operationId }: Pick<CancelCall, 'client' | 'request' | 'operationId'>,
  { workflowId, runId }: Required<WorkflowExecution>,
  since: Date,
): Promise<string | undefined> {
  return findInChain(client, { workflowId, runId }, since, (event) => isRequestOf(operationId, event), {
    onlyThisRun: request.runId !== undefined,
  });
}

function isRequestOf(operationId: string, event: HistoryEvent): boolean {
  return hasTag(event.workflowExecutionCancelRequestedEventAttributes?.cause, operationId);
}

async function lookupOutcome(
  call: CancelCall,
  runId: string,
  since: Date,
): Promise<OperationResult<CancelResult> | undefined> {
  const { workflowId } = call.request;
  const requestedRunId = await findRequest(call, { workflowId, runId }, since);
  if (requestedRunId === undefined) return undefined;
  return result(call, 'requested', await describeExecution(call.client, { workflowId, runId: requestedRunId }));
}

function result(
  call: CancelCall,
  outcome: CancelResult['outcome'],
  run: DescribedExecution,
): OperationResult<CancelResult> {
  return { outcome, answer: runAnswer(call, outcome, run), unsettled: outcome === 'requested' };
}

async function* followUp(
  _: OperationDependencies,
  call: CancelCall,
  { answer, replayed, record }: ExecutionResult<CancelResult>,
): AsyncGenerator<FollowUp<CancelResult>, void, void> {
  const { client, request, webUiUrl, deadline = Infinity } = call;
  const { waitSeconds = 0, workflowId } = request;
  if (replayed || waitSeconds === 0 || !isOpen(answer.status)) return;
  const since = new Date(record.requestedAt);
  const startedAt = Date.now();
  const until = Math.min(startedAt + waitSeconds * 1000, deadline - AFTER_WAIT_MS);
  const wait = (runId: string) => waitForClose(client, { workflowId, runId }, startedAt, until, webUiUrl);
  let seen = await wait(answer.runId);
  let successor = await successorIfClosed(call, seen, since);
  // Without a run ID, the request applies to the whole chain.
  const followsChain = request.runId === undefined && answer.outcome === 'requested';
  const continues = (after: Successor | undefined): after is Successor => followsChain && (after?.isIncluded ?? false);
  while (continues(successor) && Date.now() < until) {
    if (!successor.run.cancelRequested) await requestCancel(call, successor.run);
    seen = await wait(successor.run.runId);
    successor = await successorIfClosed(call, seen, since);
  }
  const { status, closeTime } = seen;
  const ended = !isOpen(status) && !continues(successor);
  // `settle` corrects an answer that the history does not confirm, so such an operation stays unsettled.
  const first = { workflowId, runId: record.runId ?? answer.runId };
  const confirmed = ended && (await findRequest(call, first, since));
  yield {
    amend: (current) => ({ ...current, ...seen, successorRunId: successor?.run.runId }),
    settled: confirmed ? { status, closeTime } : undefined,
  };
}

/** The run that continues a closed one, or the new run of a reset. */
interface Successor {
  run: DescribedExecution;
  /**
   * Whether the cancellation request applies to the run. The new run of a later reset is included only if it has kept the
   * request's event.
   */
  isIncluded: boolean;
}

/** Returns undefined for an open run. Calls Temporal only for a closed one. */
async function successorIfClosed(
  call: CancelCall,
  { workflowId, runId, status }: RunSummary,
  since: Date,
): Promise<Successor | undefined> {
  if (isOpen(status)) return undefined;
  return successorAfter(call, await describeExecution(call.client, { workflowId, runId }), since);
}

/** @param since when the cancellation was requested */
async function successorAfter(
  { client, operationId }: CancelCall,
  run: DescribedExecution,
  since: Date,
): Promise<Successor | undefined> {
  if (isOpen(run.status)) return undefined;
  const { workflowId } = run;
  const next = await successorOf(client, run);
  if (next !== undefined)
    return { run: await describeExecution(client, { workflowId, runId: next }), isIncluded: true };
  const reset = resetRunOf(run);
  if (reset === undefined) return undefined;
  const newRun = await describeExecution(client, { workflowId, runId: reset });
  if (!newRun.cancelRequested) return { run: newRun, isIncluded: false };
  const request = await findRecentEvent(client, newRun, since, (event) => isRequestOf(operationId, event));
  return { run: newRun, isIncluded: request !== undefined };
}

/** Records how the cancel-requested workflow closed; or what keeps it open, and the time of the next check. */
async function settle(
  dependencies: OperationDependencies,
  client: NamespaceClient,
  record: OperationRecord,
): Promise<void> {
  const { operationId, actor } = record;
  const call = { client, operationId, actor, request: record.request as CancelRequest };
  const changes = await findState(call, record, ledgerTime(dependencies)).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
    // Temporal has deleted the workflow, so there is nothing left to check.
    return { stuck: undefined, nextCheckAt: undefined };
  });
  await dependencies.ledger.update(record, changes);
}

async function findState(call: CancelCall, record: OperationRecord, now: number): Promise<OperationUpdate> {
  const { workflowId } = call.request;
  const answer = record.answer as CancelResult;
  const first = { workflowId, runId: record.runId ?? answer.runId };
  const requestedRunId = await findRequest(call, first, new Date(record.requestedAt));
  if (requestedRunId === undefined) return findCorrection(call, record, now);
  const corrected = { outcome: 'requested', answer: { ...answer, outcome: 'requested' } };
  const progress = await followRequestedRun(call, record, requestedRunId, now);
  return { ...(answer.outcome !== 'requested' && corrected), ...progress };
}

/**
 * Corrects the answer when the history shows no request of this operation: the history could not be read for the answer, or
 * the workflow closed before the server executed the request.
 */
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
  const summary = { ...runSummary(client.namespace, latest, undefined), links: answer.links };
  if (isOpen(latest.status) && (mayBeUnwritten(latest) || !latest.cancelRequested)) {
    // The workflow continued in another run before the server executed the request.
    if (!latest.cancelRequested) await requestCancel(call, latest);
    return { nextCheckAt: nextCheck(record, now), answer: { ...answer, ...summary } };
  }
  const outcome = isOpen(latest.status) ? 'alreadyRequested' : 'alreadyClosed';
  return { outcome, answer: { ...answer, ...summary, outcome }, nextCheckAt };
}

/** Determines how the workflow reacted to the request. If the request names no run, also cancels the run that continues it. */
async function followRequestedRun(
  call: CancelCall,
  record: OperationRecord,
  requestedRunId: string,
  now: number,
): Promise<OperationUpdate> {
  const { client, request } = call;
  const { workflowId } = request;
  const since = new Date(record.requestedAt);
  let run = await describeExecution(client, { workflowId, runId: requestedRunId });
  let successor = await successorAfter(call, run, since);
  while (successor?.isIncluded && request.runId === undefined) {
    ({ run } = successor);
    successor = await successorAfter(call, run, since);
  }
  if (!isOpen(run.status)) {
    const closeTime = rfc3339(run.description.workflowExecutionInfo?.closeTime);
    const answer = { ...(record.answer as CancelResult), successorRunId: successor?.run.runId };
    const settled: Settlement = { status: run.status, closeTime };
    return { settled, stuck: undefined, nextCheckAt: undefined, ...(successor && { answer }) };
  }
  // The run is a successor: the server does not carry the cancellation request over to it.
  if (!run.cancelRequested) await requestCancel(call, run);
  const stuck = (await explainStuck(client, run)).map(({ kind }) => kind);
  return { stuck: stuck.length > 0 ? stuck : undefined, nextCheckAt: nextCheck(record, now) };
}
