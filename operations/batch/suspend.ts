import { setTimeout as wait } from 'node:timers/promises';
import type { BatchSuspension } from '../../api/batch-operation';
import { batchOperationId, batchWorkflowId } from '../../api/batch-workflow-id';
import { OperationFailure } from '../../api/failures';
import { executeOperation } from '../execute-operation';
import { continuable } from '../ledger/attempt-result';
import type { OperationRecord } from '../ledger/ledger';
import { uncertainWrite } from '../ledger/uncertain-write';
import { TemporalRejection } from '../temporal/errors';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { Call, ChangeRequest, ExecutionResult, OperationDependencies, OperationResult, Plan, Verb } from '../verb';
import { RESUME_SIGNAL } from './batch';
import type { BatchChange } from './engine';
import { batchRecord, inspectBatch, requireWorker, shownState } from './follow';
import { STOP_MARGIN_MS } from './stop';

/*
 * Suspends and resumes batch operations on the worker. The suspension is recorded in the ledger, which the worker checks before
 * it starts an item. It is effective even if the batch workflow or the workers are restarted.
 */

type Verbs = 'suspend' | 'resume';
type SuspensionCall = Call<ChangeRequest>;

/** Suspends a batch operation. After the answer, no items are started until it is resumed. */
export const suspend = suspension('suspend', () => wait(STOP_MARGIN_MS));

const NOT_SIGNALLED =
  'The batch operation is resumed in the ledger, but its workflow could not be signalled, and continues within an hour. The same request under the same key signals it.';

/** Resumes a batch operation. If the signal is lost, the batch workflow checks every hour whether it was resumed. */
export const resume = suspension('resume', async (call) => {
  const { client, actor, operationId } = call;
  const attribution = { identity: actor.id, temporalRequestId: operationId };
  try {
    await client.signal({ workflowId: call.request.workflowId ?? '' }, { signalName: RESUME_SIGNAL }, attribution);
  } catch (error) {
    // The batch workflow has ended since, or was never started.
    if (!(error instanceof TemporalRejection && error.notFound)) throw continuable(NOT_SIGNALLED, error);
  }
});

/**
 * Suspends or resumes a batch operation, as a separate operation in the ledger.
 * @throws {OperationFailure} `operation-not-found`, `unsupported-by-engine`, `conflict`
 */
export async function changeSuspension(
  verb: Verbs,
  dependencies: OperationDependencies,
  client: NamespaceClient,
  operationId: string,
  operation: BatchChange,
): Promise<ExecutionResult<BatchSuspension>> {
  requireWorker(await batchRecord(dependencies.ledger, client.namespace, operationId), 'cannot be suspended');
  const request = { workflowId: batchWorkflowId(operationId), reason: operation.request.reason };
  return executeOperation(dependencies, client, { suspend, resume }[verb], { ...operation, request });
}

interface SuspensionPlan extends Plan {
  /** The batch operation before the change. */
  seen: InspectedBatch;
}

/** @param takeEffect makes the recorded change effective; repeating it has no further effect */
function suspension(
  name: Verbs,
  takeEffect: (call: SuspensionCall) => Promise<unknown>,
): Verb<ChangeRequest, BatchSuspension, SuspensionPlan> {
  const done = { suspend: 'suspended', resume: 'resumed' } as const;
  const noop = { suspend: 'alreadySuspended', resume: 'notSuspended' } as const;
  const wanted = { suspend: 'suspended', resume: 'running' } as const;

  return {
    name,
    repeatable: true,

    async plan(call) {
      const seen = await inspect(call);
      if (seen.state === wanted[name]) return { noop: result(call, noop[name], seen) };
      if (seen.state !== 'suspended' && seen.state !== 'running') return { noop: result(call, 'alreadyEnded', seen) };
      await refuseOvertaken(call, seen.record);
      return { runId: call.request.workflowId ?? '', seen };
    },

    async execute(call, { seen }, { ledger }) {
      call.assertLease?.();
      await ledger
        .setBatchSuspended(operationOf(call), name === 'suspend', call.operationId)
        .catch((error: unknown) => {
          throw uncertainWrite(error, `The batch operation may have been ${done[name]}`);
        });
      await takeEffect(call);
      // The change is made: without a read after it, return what was read before.
      return result(call, done[name], await inspect(call).catch(() => ({ ...seen, state: wanted[name] })));
    },

    async lookupOutcome(call) {
      const seen = await inspect(call);
      if (!seen.record.suspensionChanges?.includes(call.operationId)) return undefined;
      // In another state, another operation has reversed the change, or the batch operation has ended.
      if (seen.state === wanted[name]) await takeEffect(call);
      return result(call, done[name], seen);
    },
  };
}

/** @throws {OperationFailure} `conflict` for a repeated request if a later request has suspended or resumed the batch operation */
async function refuseOvertaken(
  { ledger, askedAt }: SuspensionCall,
  { suspensionChanges = [] }: OperationRecord,
): Promise<void> {
  const newest = suspensionChanges.at(-1);
  if (askedAt === undefined || newest === undefined) return;
  const last = await ledger?.find(newest);
  if (!last || last.requestedAt <= askedAt) return;
  throw new OperationFailure(
    'conflict',
    `Operation ${last.operationId} has changed the batch operation since this request was first made, at ${askedAt}: ${last.verb}. Nothing was done.`,
    { allowed: 'a new request under another idempotency key' },
  );
}

const operationOf = ({ request: { workflowId = '' } }: SuspensionCall) => batchOperationId(workflowId);

type InspectedBatch = Awaited<ReturnType<typeof inspect>>;

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
  { state, matched, progress }: InspectedBatch,
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
