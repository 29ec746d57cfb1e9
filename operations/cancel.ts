import { exceptOwnWorkflows } from './batch/own-workflows';
import type { CancelRequest, CancelResult } from '../api/cancel';
import { hasTag, tagReason } from './ledger/attribution';
import type { OperationRecord } from './ledger/ledger';
import { nextCheck } from './ledger/next-check';
import { OperationFailure } from '../api/failures';
import { guardChain, runSummary } from './run-summary';
import { explainStuck } from './stuck';
import { isOpen } from './temporal/enums';
import { describeExecution } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import { findRecentEvent } from './temporal/history';
import type { NamespaceClient } from './temporal/namespace-client';
import { rfc3339 } from './temporal/time';
import type { Call, ExecutionResult, FollowUp, OperationDependencies, OperationResult, Plan, Verb } from './verb';
import { waitForClose } from './wait-for-close';

interface CancelPlan extends Plan {
  run: DescribedExecution;
}

type CancelCall = Call<CancelRequest>;

/** Time for the look at the workflow and for the answer after a wait, in milliseconds. */
const AFTER_WAIT_MS = 3_000;

/**
 * Requests cancellation of a workflow. The server answers OK to a cancellation of a closed workflow and of one that was
 * asked before (observed on 1.29.1 and 1.31.2), so a correct answer takes a description first.
 */
export const cancelAny: Verb<CancelRequest, CancelResult, CancelPlan> = {
  name: 'cancel',

  async plan(call, targetRunId) {
    const { client, request } = call;
    const { workflowId, runId, firstExecutionRunId } = request;
    const run = await describeExecution(client, { workflowId, runId: targetRunId ?? runId });
    guardChain(run, firstExecutionRunId);
    if (!isOpen(run.status)) return { noop: result(call, 'alreadyClosed', run) };
    if (run.cancelRequested) return { noop: result(call, 'alreadyRequested', run) };
    return { runId: run.runId, run };
  },

  async execute(call, { run }) {
    const { client, request, operationId, actor } = call;
    const { workflowId } = request;
    // Without a run id the workflow is meant, not the run: if it continues as new at this moment, its chain is cancelled.
    // With both, the server would ignore the run id.
    await client.requestCancel(
      request.runId === undefined
        ? { workflowId, firstExecutionRunId: run.firstRunId }
        : { workflowId, runId: run.runId },
      { reason: tagReason(request.reason, call), identity: actor.id, temporalRequestId: operationId },
    );
    return result(call, 'requested', run);
  },

  async lookupOutcome(call, runId, since) {
    const { client, request, operationId } = call;
    const { workflowId } = request;
    const target = await describeExecution(client, { workflowId, runId });
    const current = request.runId === undefined ? await describeExecution(client, { workflowId }) : target;
    for (const run of current.firstRunId === target.firstRunId ? new Set([target, current]) : [target]) {
      const requested = await findRecentEvent(client, run, since, (event) =>
        hasTag(event.workflowExecutionCancelRequestedEventAttributes?.cause, operationId),
      );
      if (requested) return result(call, 'requested', run);
    }
    return undefined;
  },

  followUp,
  settle,
};

/** Requests cancellation of a workflow that executes no batch operation. */
export const cancel = exceptOwnWorkflows(cancelAny);

function result(
  { client, operationId, webUiUrl }: CancelCall,
  outcome: CancelResult['outcome'],
  run: DescribedExecution,
): OperationResult<CancelResult> {
  const answer = { operationId, outcome, ...runSummary(client.namespace, run, webUiUrl) };
  return { outcome, answer, unsettled: outcome === 'requested' };
}

async function* followUp(
  _: OperationDependencies,
  { client, request, webUiUrl, deadline = Infinity }: CancelCall,
  { answer, replayed }: ExecutionResult<CancelResult>,
): AsyncGenerator<FollowUp<CancelResult>, void, void> {
  const { waitSeconds = 0 } = request;
  if (replayed || waitSeconds === 0 || !isOpen(answer.status)) return;
  const longestSeconds = Math.max(0, (deadline - AFTER_WAIT_MS - Date.now()) / 1000);
  const seen = await waitForClose(client, answer, Math.min(waitSeconds, longestSeconds), webUiUrl);
  const waited = { ...answer, ...seen };
  const { status, closeTime } = waited;
  yield { answer: waited, settled: isOpen(status) ? undefined : { status, closeTime } };
}

/** Records how a workflow that was asked to cancel has ended, or what keeps it open and when to look again. */
async function settle(
  { ledger, now = Date.now }: OperationDependencies,
  client: NamespaceClient,
  record: OperationRecord,
): Promise<void> {
  const run = await describeIfRetained(client, record.answer as CancelResult);
  if (!run) return ledger.update(record, { stuck: undefined, nextCheckAt: undefined });
  if (isOpen(run.status)) {
    const stuck = (await explainStuck(client, run)).map(({ kind }) => kind);
    const nextCheckAt = nextCheck(record, now());
    return ledger.update(record, { stuck: stuck.length > 0 ? stuck : undefined, nextCheckAt });
  }
  const closeTime = rfc3339(run.description.workflowExecutionInfo?.closeTime);
  return ledger.update(record, {
    settled: { status: run.status, closeTime },
    stuck: undefined,
    nextCheckAt: undefined,
  });
}

/** @returns nothing once the run's retention has ended */
async function describeIfRetained(
  client: NamespaceClient,
  { workflowId, runId }: CancelResult,
): Promise<DescribedExecution | undefined> {
  try {
    return await describeExecution(client, { workflowId, runId });
  } catch (error) {
    if (error instanceof OperationFailure && error.kind.endsWith('not-found')) return undefined;
    throw error;
  }
}
