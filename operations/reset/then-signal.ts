import type { ResetRequest, SentSignal } from '../../api/reset';
import { OperationFailure } from '../../api/failures';
import { changedNothing } from '../ledger/attempt-result';
import { hasTag, tagReason } from '../ledger/attribution';
import { TemporalRejection } from '../temporal/errors';
import { eventsNewestFirst } from '../temporal/history';
import type { NamespaceClient, WorkflowExecution } from '../temporal/namespace-client';
import type { Call } from '../verb';

type SignalCall = Pick<Call<ResetRequest>, 'client' | 'request' | 'operationId' | 'actor'>;

/**
 * Sends the request's `thenSignal` to the new run of its reset. The signal's request ID is the operation ID, so that a
 * repeated signal has no effect. Does not throw, because the reset is already made: the outcome reports a failure.
 */
export async function signalNewRun(call: SignalCall, newRunId: string): Promise<{ thenSignal?: SentSignal }> {
  const { workflowId, thenSignal } = call.request;
  return thenSignal ? { thenSignal: await send(call, { workflowId, runId: newRunId }, thenSignal) } : {};
}

async function send(
  { client, operationId, actor }: SignalCall,
  run: Required<WorkflowExecution>,
  { signalName, input }: NonNullable<ResetRequest['thenSignal']>,
): Promise<SentSignal> {
  // A signal has no reason, so its identity has the operation's tag.
  const identity = tagReason('', { operationId, actor }).trimStart();
  const error = await client
    .signal(run, { signalName, input }, { identity, temporalRequestId: operationId })
    .catch((caught: unknown) => caught);
  const seen = await findSignal(client, run, operationId).catch(() => undefined);
  if (seen) return { signalName, outcome: 'sent', ...seen };
  // The signal arrived while a worker was executing a task: the server writes its event when the task ends.
  if (error === undefined) return { signalName, outcome: 'sent', beforeFirstWorkflowTask: false };
  const isCertain = error instanceof TemporalRejection || changedNothing(error);
  const why =
    error instanceof TemporalRejection || error instanceof OperationFailure ? error.message : 'Rewind failed.';
  return { signalName, outcome: isCertain ? 'notSent' : 'unknown', why };
}

/** Finds the signal in the new run's history, and whether it precedes the run's first workflow task. */
async function findSignal(
  client: NamespaceClient,
  run: Required<WorkflowExecution>,
  operationId: string,
): Promise<Pick<SentSignal, 'beforeFirstWorkflowTask'> | undefined> {
  let found: { beforeFirstWorkflowTask: boolean } | undefined;
  for await (const { event } of eventsNewestFirst(client, run)) {
    if (hasTag(event.workflowTaskFailedEventAttributes?.failure?.message, operationId)) return found;
    if (found && event.workflowTaskStartedEventAttributes) found.beforeFirstWorkflowTask = false;
    if (hasTag(event.workflowExecutionSignaledEventAttributes?.identity, operationId)) {
      found = { beforeFirstWorkflowTask: true };
    }
  }
  return found;
}
