import { setTimeout as wait } from 'node:timers/promises';
import type { BatchSuspension } from '../../api/batch-operation';
import { executeOperation } from '../execute-operation';
import { TemporalRejection } from '../temporal/errors';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { Call, ChangeRequest, ExecutionResult, OperationDependencies, OperationResult, Plan, Verb } from '../verb';
import { BATCH_WORKFLOW_ID_PREFIX, RESUME_SIGNAL } from './batch';
import type { SuspensionRequest } from './engine';
import { batchRecord, inspectBatch, requireWorker, shownState } from './follow';
import { STOP_MARGIN_MS } from './stop';

/*
 * Suspends and resumes batch operations on the worker. The suspension is recorded in the ledger, which the worker checks before
 * it starts an item. It is effective even if the batch workflow or the workers are restarted.
 */

type Verbs = 'suspend' | 'resume';
type SuspensionCall = Call<ChangeRequest>;

/** Suspends a batch operation. After the answer, no items are started until it is resumed. */
export const suspend = suspension('suspend', async ({ ledger }, operationId) => {
  await ledger.setBatchSuspended(operationId, true);
  await wait(STOP_MARGIN_MS);
});

/** Resumes a batch operation. If the signal is lost, the batch workflow checks every hour whether it was resumed. */
export const resume = suspension('resume', async ({ ledger }, operationId, { client, actor, operationId: by }) => {
  await ledger.setBatchSuspended(operationId, false);
  const attribution = { identity: actor.id, temporalRequestId: by };
  await client
    .signal({ workflowId: BATCH_WORKFLOW_ID_PREFIX + operationId }, { signalName: RESUME_SIGNAL }, attribution)
    .catch((error: unknown) => {
      // The batch workflow has ended since, or was never started.
      if (!(error instanceof TemporalRejection && error.notFound)) throw error;
    });
});

/**
 * Suspends or resumes a batch operation, as a separate operation in the ledger.
 * @throws {OperationFailure} `operation-not-found`, `unsupported-by-engine`
 */
export async function changeSuspension(
  dependencies: OperationDependencies,
  client: NamespaceClient,
  verb: Verbs,
  operationId: string,
  operation: SuspensionRequest,
): Promise<ExecutionResult<BatchSuspension>> {
  requireWorker(await batchRecord(dependencies.ledger, client.namespace, operationId), 'cannot be suspended');
  const request = { workflowId: BATCH_WORKFLOW_ID_PREFIX + operationId, reason: operation.request.reason };
  return executeOperation(dependencies, client, { suspend, resume }[verb], { ...operation, request });
}

function suspension(
  name: Verbs,
  change: (dependencies: OperationDependencies, operationId: string, call: SuspensionCall) => Promise<void>,
): Verb<ChangeRequest, BatchSuspension> {
  const done = { suspend: 'suspended', resume: 'resumed' } as const;
  const noop = { suspend: 'alreadySuspended', resume: 'notSuspended' } as const;
  const wanted = { suspend: 'suspended', resume: 'running' } as const;

  return {
    name,
    repeatable: true,

    async plan(call, targetRunId): Promise<Plan | { noop: OperationResult<BatchSuspension> }> {
      const seen = await inspect(call);
      // Does not return a no-op for a retry, because an earlier attempt may have completed only the first step.
      if (seen.state === wanted[name] && targetRunId === undefined) return { noop: result(call, noop[name], seen) };
      if (seen.state !== 'suspended' && seen.state !== 'running') return { noop: result(call, 'alreadyEnded', seen) };
      return { runId: call.request.workflowId ?? '' };
    },

    async execute(call, _plan, dependencies) {
      call.assertLease?.();
      await change(dependencies, operationOf(call), call);
      return result(call, done[name], await inspect(call));
    },

    /** The ledger does not record which operation suspended or resumed the batch, but a repetition is harmless. */
    async lookupOutcome(call, _runId, since) {
      const seen = await inspect(call);
      if (name === 'resume' || seen.state !== 'suspended') return undefined;
      return Date.parse(seen.record.suspendedAt ?? '') >= since.getTime() ? result(call, done[name], seen) : undefined;
    },
  };
}

const operationOf = ({ request: { workflowId = '' } }: SuspensionCall) =>
  workflowId.slice(BATCH_WORKFLOW_ID_PREFIX.length);

async function inspect(call: SuspensionCall) {
  const { ledger, client } = call;
  if (!ledger) throw new Error('suspending a batch operation requires the ledger');
  const record = await batchRecord(ledger, client.namespace, operationOf(call));
  const seen = await inspectBatch(ledger, client, record);
  return { ...seen, record, state: shownState(record, seen) };
}

function result(
  call: SuspensionCall,
  outcome: BatchSuspension['outcome'],
  { state, matched, progress }: Awaited<ReturnType<typeof inspect>>,
): OperationResult<BatchSuspension> {
  const { operationId, client } = call;
  const { namespace } = client;
  return {
    outcome,
    answer: {
      operationId,
      outcome,
      namespace,
      batchOperationId: operationOf(call),
      state,
      matched,
      done: progress.done,
    },
  };
}
