import type { ResetRequest, SentSignal } from '../../api/reset';
import { OperationFailure } from '../../api/failures';
import { changedNothing } from '../ledger/attempt-result';
import { hasTag, tagReason } from '../ledger/attribution';
import { TemporalRejection } from '../temporal/errors';
import { eventsNewestFirst } from '../temporal/history';
import type { NamespaceClient, WorkflowExecution } from '../temporal/namespace-client';
import type { Call } from '../verb';

/** Batches to read at a time: the new run's own events are its newest. */
const PAGE_SIZE = 20;

type SignalCall = Pick<Call<ResetRequest>, 'client' | 'request' | 'operationId' | 'actor'>;

/**
 * Sends the signal of a request to the run that its reset made. The request id is the operation's: a repetition reaches the
 * run once. Nothing is thrown: the reset is made.
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
  // A signal has no reason: its identity names the operation.
  const identity = tagReason('', { operationId, actor }).trimStart();
  const error = await client
    .signal(run, { signalName, input }, { identity, temporalRequestId: operationId })
    .catch((caught: unknown) => caught);
  const seen = await findSignal(client, run, operationId).catch(() => undefined);
  if (seen) return { signalName, outcome: 'sent', ...seen };
  // A signal that arrives while a worker executes a task is written when that task ends.
  if (error === undefined) return { signalName, outcome: 'sent', beforeFirstWorkflowTask: false };
  const isCertain = error instanceof TemporalRejection || changedNothing(error);
  const why =
    error instanceof TemporalRejection || error instanceof OperationFailure ? error.message : 'Rewind failed.';
  return { signalName, outcome: isCertain ? 'notSent' : 'unknown', why };
}

/** The signal in the new run's history, and whether its code had a task before. */
async function findSignal(
  client: NamespaceClient,
  run: Required<WorkflowExecution>,
  operationId: string,
): Promise<Pick<SentSignal, 'beforeFirstWorkflowTask'> | undefined> {
  let found: { beforeFirstWorkflowTask: boolean } | undefined;
  for await (const { event } of eventsNewestFirst(client, run, PAGE_SIZE)) {
    if (hasTag(event.workflowTaskFailedEventAttributes?.failure?.message, operationId)) return found;
    if (found && event.workflowTaskStartedEventAttributes) found.beforeFirstWorkflowTask = false;
    if (hasTag(event.workflowExecutionSignaledEventAttributes?.identity, operationId)) {
      found = { beforeFirstWorkflowTask: true };
    }
  }
  return found;
}
