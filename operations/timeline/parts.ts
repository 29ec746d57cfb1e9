import type Long from 'long';
import type { EntryState } from '../../api/history';
import { endingOf, failureMessage } from '../reset/event-labels';
import type { HistoryEvent } from '../temporal/namespace-client';
import { epochMilliseconds } from '../temporal/time';
import { toNumber } from '../temporal/to-number';

/** What later events say of something that an earlier event began. */
export interface Progress {
  /** Newest first. */
  eventIds: number[];
  state?: EntryState;
  /** Milliseconds since the epoch. */
  endTime?: number;
  attempts?: number;
  failure?: string;
  /** Run id of a child workflow. */
  runId?: string;
  cancelRequested?: true;
}

/** What one event says of what the event `begunBy` began. */
export interface Part {
  begunBy: number;
  says: Omit<Progress, 'eventIds'>;
}

/** Nothing for an event that stands for itself or begins something. */
export function partOf(event: HistoryEvent): Part | undefined {
  return endOf(event) ?? stepOf(event);
}

/** Adds what an older event says: what newer events said of it remains. */
export function merge(progress: Progress | undefined, eventId: number, { says }: Part): Progress {
  const eventIds = progress?.eventIds ?? [];
  return { ...says, ...progress, eventIds: eventIds.includes(eventId) ? eventIds : [...eventIds, eventId] };
}

function endOf(event: HistoryEvent): Part | undefined {
  const ended = (begunBy: Long | null | undefined, state: EntryState, failure?: string): Part => ({
    begunBy: toNumber(begunBy),
    says: { state, endTime: epochMilliseconds(event.eventTime), ...(failure !== undefined && { failure }) },
  });

  const ending = endingOf(event);
  if (ending) {
    const failure = failureIn(event);
    const endTime = epochMilliseconds(event.eventTime);
    return { begunBy: ending.initiatedBy, says: { state: ending.state, endTime, ...(failure && { failure }) } };
  }
  const fired = event.timerFiredEventAttributes;
  if (fired) return ended(fired.startedEventId, 'fired');
  const canceled = event.timerCanceledEventAttributes;
  if (canceled) return ended(canceled.startedEventId, 'canceled');
  const delivered =
    event.externalWorkflowExecutionSignaledEventAttributes ??
    event.externalWorkflowExecutionCancelRequestedEventAttributes;
  if (delivered) return ended(delivered.initiatedEventId, 'completed');
  const undelivered =
    event.signalExternalWorkflowExecutionFailedEventAttributes ??
    event.requestCancelExternalWorkflowExecutionFailedEventAttributes;
  if (undelivered) return ended(undelivered.initiatedEventId, 'failed', 'there was no such workflow');
  const update = event.workflowExecutionUpdateCompletedEventAttributes;
  if (!update) return undefined;
  const failure = update.outcome?.failure;
  return ended(update.acceptedEventId, failure ? 'failed' : 'completed', failure ? failureMessage(failure) : undefined);
}

function stepOf(event: HistoryEvent): Part | undefined {
  const activity = event.activityTaskStartedEventAttributes;
  if (activity) {
    const { scheduledEventId, attempt, lastFailure } = activity;
    const failure = lastFailure && failureMessage(lastFailure);
    const says: Part['says'] = { state: 'started', attempts: attempt ?? 1, ...(failure && { failure }) };
    return { begunBy: toNumber(scheduledEventId), says };
  }
  const child = event.childWorkflowExecutionStartedEventAttributes;
  if (child) {
    const { initiatedEventId, workflowExecution } = child;
    return { begunBy: toNumber(initiatedEventId), says: { state: 'started', runId: workflowExecution?.runId ?? '' } };
  }
  const nexus = event.nexusOperationStartedEventAttributes;
  if (nexus) return { begunBy: toNumber(nexus.scheduledEventId), says: { state: 'started' } };
  const cancel = event.activityTaskCancelRequestedEventAttributes ?? event.nexusOperationCancelRequestedEventAttributes;
  if (cancel) return { begunBy: toNumber(cancel.scheduledEventId), says: { cancelRequested: true } };
  const answered =
    event.nexusOperationCancelRequestCompletedEventAttributes ?? event.nexusOperationCancelRequestFailedEventAttributes;
  return answered ? { begunBy: toNumber(answered.scheduledEventId), says: {} } : undefined;
}

/** The failure with which an activity, child or Nexus operation ended. */
function failureIn(event: HistoryEvent): string | undefined {
  const failure = (
    event.activityTaskFailedEventAttributes ??
    event.activityTaskTimedOutEventAttributes ??
    event.childWorkflowExecutionFailedEventAttributes ??
    event.nexusOperationFailedEventAttributes ??
    event.nexusOperationTimedOutEventAttributes
  )?.failure;
  if (event.startChildWorkflowExecutionFailedEventAttributes) return 'a workflow with its id was there already';
  return failure ? failureMessage(failure) : undefined;
}
