import type { EntryState } from '../../api/history';
import { endingOf, failureMessage } from '../temporal/event-labels';
import type { HistoryEvent } from '../temporal/namespace-client';
import { epochMilliseconds } from '../temporal/time';
import { toNumber } from '../temporal/to-number';

/** What later events determine about an entry. */
export interface Progress {
  /** IDs of these events, newest first. */
  eventIds: number[];
  state?: EntryState;
  /** Milliseconds since the epoch. */
  endTime?: number;
  attempts?: number;
  failure?: string;
  /** Run ID of a child workflow. */
  runId?: string;
  cancelRequested?: true;
}

/** An event that belongs to the entry of an earlier event. */
export interface LaterEvent {
  /** ID of the entry's first event. */
  firstEventId: number;
  changes: Omit<Progress, 'eventIds'>;
}

/** Returns undefined for an event that starts an entry, or belongs to none. */
export function laterEventOf(event: HistoryEvent): LaterEvent | undefined {
  return endOf(event) ?? stepOf(event);
}

/** Adds the changes of an older event. Those of newer events take precedence. */
export function merge(progress: Progress | undefined, eventId: number, { changes }: LaterEvent): Progress {
  const eventIds = progress?.eventIds ?? [];
  return { ...changes, ...progress, eventIds: eventIds.includes(eventId) ? eventIds : [...eventIds, eventId] };
}

function endOf(event: HistoryEvent): LaterEvent | undefined {
  const ended = (firstEventId: number, state: EntryState, failure?: string): LaterEvent => ({
    firstEventId,
    changes: { state, endTime: epochMilliseconds(event.eventTime), ...(failure !== undefined && { failure }) },
  });

  const ending = endingOf(event);
  if (ending) return ended(ending.initiatedBy, ending.state, ending.failure);
  const fired = event.timerFiredEventAttributes;
  if (fired) return ended(toNumber(fired.startedEventId), 'fired');
  const canceled = event.timerCanceledEventAttributes;
  if (canceled) return ended(toNumber(canceled.startedEventId), 'canceled');
  const delivered =
    event.externalWorkflowExecutionSignaledEventAttributes ??
    event.externalWorkflowExecutionCancelRequestedEventAttributes;
  if (delivered) return ended(toNumber(delivered.initiatedEventId), 'completed');
  const undelivered =
    event.signalExternalWorkflowExecutionFailedEventAttributes ??
    event.requestCancelExternalWorkflowExecutionFailedEventAttributes;
  if (undelivered) return ended(toNumber(undelivered.initiatedEventId), 'failed', 'the workflow did not exist');
  const update = event.workflowExecutionUpdateCompletedEventAttributes;
  if (!update) return undefined;
  const failure = update.outcome?.failure;
  return ended(
    toNumber(update.acceptedEventId),
    failure ? 'failed' : 'completed',
    failure ? failureMessage(failure) : undefined,
  );
}

function stepOf(event: HistoryEvent): LaterEvent | undefined {
  const activity = event.activityTaskStartedEventAttributes;
  if (activity) {
    const { scheduledEventId, attempt, lastFailure } = activity;
    const failure = lastFailure && failureMessage(lastFailure);
    const changes: LaterEvent['changes'] = { state: 'started', attempts: attempt ?? 1, ...(failure && { failure }) };
    return { firstEventId: toNumber(scheduledEventId), changes };
  }
  const child = event.childWorkflowExecutionStartedEventAttributes;
  if (child) {
    const { initiatedEventId, workflowExecution } = child;
    return {
      firstEventId: toNumber(initiatedEventId),
      changes: { state: 'started', runId: workflowExecution?.runId ?? '' },
    };
  }
  const nexus = event.nexusOperationStartedEventAttributes;
  if (nexus) return { firstEventId: toNumber(nexus.scheduledEventId), changes: { state: 'started' } };
  const cancel = event.activityTaskCancelRequestedEventAttributes ?? event.nexusOperationCancelRequestedEventAttributes;
  if (cancel) return { firstEventId: toNumber(cancel.scheduledEventId), changes: { cancelRequested: true } };
  const answered =
    event.nexusOperationCancelRequestCompletedEventAttributes ?? event.nexusOperationCancelRequestFailedEventAttributes;
  return answered ? { firstEventId: toNumber(answered.scheduledEventId), changes: {} } : undefined;
}
