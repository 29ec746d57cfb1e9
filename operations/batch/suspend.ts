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
 * Suspending and resuming a batch operation on the worker. The ledger keeps whether it is suspended, and the worker looks
 * there before it begins a workflow: so it holds whatever becomes of the workflow behind it and of the workers.
 */

type Verbs = 'suspend' | 'resume';
type SuspensionCall = Call<ChangeRequest>;

/** Begins no further workflow once this is answered, until the batch operation is resumed. */
export const suspend = suspension('suspend', async ({ ledger }, operationId) => {
  await ledger.setBatchSuspended(operationId, true);
  await wait(STOP_MARGIN_MS);
});

/** Without the signal, the workflow looks once an hour whether it may go on. */
export const resume = suspension('resume', async ({ ledger }, operationId, { client, actor, operationId: by }) => {
  await ledger.setBatchSuspended(operationId, false);
  const attribution = { identity: actor.id, temporalRequestId: by };
  await client
    .signal({ workflowId: BATCH_WORKFLOW_ID_PREFIX + operationId }, { signalName: RESUME_SIGNAL }, attribution)
    .catch((error: unknown) => {
      // It has ended since, or was never started.
      if (!(error instanceof TemporalRejection && error.notFound)) throw error;
    });
});

/**
 * Suspends or resumes a batch operation, as an operation of its own.
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
      const seen = await see(call);
      // An earlier attempt at this operation may have been cut short after its first step.
      if (seen.state === wanted[name] && targetRunId === undefined) return { noop: result(call, noop[name], seen) };
      if (seen.state !== 'suspended' && seen.state !== 'running') return { noop: result(call, 'alreadyEnded', seen) };
      return { runId: call.request.workflowId ?? '' };
    },

    async execute(call, _plan, dependencies) {
      call.assertLease?.();
      await change(dependencies, operationOf(call), call);
      return result(call, done[name], await see(call));
    },

    /** The ledger does not keep which operation it was; doing it again does no harm. */
    async lookupOutcome(call, _runId, since) {
      const seen = await see(call);
      if (name === 'resume' || seen.state !== 'suspended') return undefined;
      return Date.parse(seen.record.suspendedAt ?? '') >= since.getTime() ? result(call, done[name], seen) : undefined;
    },
  };
}

const operationOf = ({ request: { workflowId = '' } }: SuspensionCall) =>
  workflowId.slice(BATCH_WORKFLOW_ID_PREFIX.length);

async function see(call: SuspensionCall) {
  const { ledger, client } = call;
  if (!ledger) throw new Error('a batch operation is suspended in the ledger');
  const record = await batchRecord(ledger, client.namespace, operationOf(call));
  const seen = await inspectBatch(ledger, client, record);
  return { ...seen, record, state: shownState(record, seen) };
}

function result(
  call: SuspensionCall,
  outcome: BatchSuspension['outcome'],
  { state, matched, progress }: Awaited<ReturnType<typeof see>>,
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
