import { setTimeout as wait } from 'node:timers/promises';
import { BATCH_WORKFLOW_ID_PREFIX, batchOperationId } from '../../api/batch-workflow-id';
import type { CancelRequest, CancelResult } from '../../api/cancel';
import { cancelAny } from '../cancel';
import { changedNothing, continuable } from '../ledger/attempt-result';
import type { Ledger } from '../ledger/ledger';
import { uncertainWrite } from '../ledger/uncertain-write';
import type { Call, OperationResult, RunPlan, Verb } from '../verb';

/** Maximum age of the ledger's state on which an item may be started, in milliseconds. */
const MAX_AGE_MS = 500;

/**
 * Delay between recording a stop and answering it, in milliseconds. After this time, no item is started on the ledger's
 * earlier state.
 */
export const STOP_MARGIN_MS = 2 * MAX_AGE_MS;

/** Polling interval while the batch operation is suspended, and how long to wait for its resumption, in milliseconds. */
const SUSPENSION_POLL_MS = 1_000;
const MAX_SUSPENSION_WAIT_MS = 10_000;

/** Retry interval while the ledger does not respond, in milliseconds. No items are started in the meantime. */
const LEDGER_PAUSE_MS = 1_000;

/**
 * Returns a function to call immediately before each item. It checks in the ledger that no stop was requested and that the
 * batch operation has not ended, which also stops a batch workflow that was started again. During a suspension it waits for a
 * short time and then returns `suspended`, so that the suspended batch operation does not delay the worker's shutdown.
 *
 * @param stop aborted when no items may be started for another reason
 */
export function stopGuard(
  ledger: Ledger,
  operationId: string,
  stop: AbortSignal,
  pause: Pause = waitUnless,
): () => Promise<Permission> {
  let checkedAt = -Infinity;
  let running = true;
  let suspendedSince: number | undefined;
  return async () => {
    while (running && !stop.aborted && performance.now() - checkedAt > MAX_AGE_MS) {
      const readAt = performance.now();
      try {
        const record = await ledger.find(operationId);
        running = record !== undefined && record.stopRequestedAt === undefined && isRunning(record.batch?.state);
        suspendedSince = record?.suspendedAt === undefined ? undefined : (suspendedSince ?? readAt);
        if (!running || suspendedSince === undefined) checkedAt = readAt;
        else if (readAt - suspendedSince < MAX_SUSPENSION_WAIT_MS) await pause(SUSPENSION_POLL_MS, stop);
        else return 'suspended';
      } catch {
        await pause(LEDGER_PAUSE_MS, stop);
      }
    }
    return running && !stop.aborted ? 'proceed' : 'stop';
  };
}

/** Waits for a time in milliseconds, or until the signal is aborted. */
export type Pause = (milliseconds: number, stop: AbortSignal) => Promise<unknown>;

export async function waitUnless(milliseconds: number, stop: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal: stop }).catch((error: unknown) => {
    if (!stop.aborted) throw error;
  });
}

/** Whether another item may be started. */
export type Permission = 'proceed' | 'stop' | 'suspended';

const isRunning = (state = 'running') => state === 'running';

const ONLY_RECORDED =
  'No further workflow is changed: the stop is recorded. But the workflow of the batch operation could not be cancelled yet. Reconciliation cancels it within minutes; the same request under the same key cancels it at once.';

/**
 * Stops a batch operation on the worker: first records the stop in the ledger, and then cancels the workflow. The worker starts no
 * further items even if the cancellation of the workflow is delayed.
 */
export const stopBatchWorkflow = completingStop({
  ...cancelAny,
  async execute(call, plan) {
    const { ledger, operationId } = call;
    if (!ledger) throw new Error('stopping a batch operation requires the ledger');
    await ledger.requestBatchStop(batchOperationId(call.request.workflowId), operationId).catch((error: unknown) => {
      throw uncertainWrite(error, 'The batch operation may have been stopped');
    });
    const executing = cancelAny.execute(call, plan).catch((error: unknown) => {
      throw changedNothing(error) ? continuable(ONLY_RECORDED, error) : error;
    });
    const [result] = await Promise.all([executing, wait(STOP_MARGIN_MS)]);
    return result;
  },
});

/**
 * Wraps a verb that cancels workflows, so that its lookup also completes an earlier attempt that has recorded the stop of a batch
 * operation: it cancels the workflow. That is safe, because a recorded stop is never revoked.
 */
export function completingStop(verb: CancelVerb): CancelVerb {
  return {
    ...verb,
    async lookupOutcome(call, runId, since) {
      const done = await verb.lookupOutcome(call, runId, since);
      if (done || !(await hasRecordedStop(call))) return done;
      const [completed] = await Promise.all([cancelStopped(call, runId), wait(STOP_MARGIN_MS)]);
      return completed;
    },
  };
}

async function hasRecordedStop(call: StopCall): Promise<boolean> {
  if (!call.request.workflowId.startsWith(BATCH_WORKFLOW_ID_PREFIX)) return false;
  const record = await call.ledger?.find(batchOperationId(call.request.workflowId));
  return record?.stopRequestedBy === call.operationId;
}

async function cancelStopped(call: StopCall, runId: string): Promise<OperationResult<CancelResult>> {
  const plan = await cancelAny.plan(call, runId);
  const { answer } = plan.noop ?? (await cancelAny.execute(call, plan));
  // The stop was recorded before the workflow ended, or was cancelled by another operation.
  const outcome = 'requested';
  return { outcome, answer: { ...answer, outcome }, unsettled: answer.outcome === 'requested' };
}

type StopCall = Call<CancelRequest>;
type CancelVerb = Verb<CancelRequest, CancelResult, RunPlan>;
