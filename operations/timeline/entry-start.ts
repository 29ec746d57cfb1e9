import type { EntryState, HistoryEntry } from '../../api/history';
import { readTag } from '../ledger/attribution';
import {
  commandingTask,
  commandLabel,
  failureMessage,
  localActivity,
  nexusOperationName,
  oneLine,
} from '../temporal/event-labels';
import { resetReason, taskEnd, taskFailure } from '../temporal/workflow-task';
import type { HistoryEvent } from '../temporal/namespace-client';
import { toNumber } from '../temporal/to-number';

/** The fields of an entry that its first event determines. The label does not have the outcome yet. */
export type EntryStart = Pick<HistoryEntry, 'kind' | 'label'> &
  Partial<Omit<HistoryEntry, 'eventId' | 'startTime' | 'endTime'>>;

/** Returns the start of an entry. Undefined for events that belong to an earlier entry, and for completed workflow tasks. */
export function entryStartOf(event: HistoryEvent): EntryStart | undefined {
  return workflowEntry(event) ?? requestEntry(event) ?? commandEntry(event);
}

/** Entries for the workflow itself. */
function workflowEntry(event: HistoryEvent): EntryStart | undefined {
  const started = event.workflowExecutionStartedEventAttributes;
  if (started) {
    const label = started.continuedExecutionRunId ? 'the workflow continued from another run' : 'the workflow started';
    return { kind: 'workflowStarted', label, name: started.workflowType?.name ?? '', ...identityOf(started) };
  }
  return taskEntry(event) ?? closing(event);
}

function taskEntry(event: HistoryEvent): EntryStart | undefined {
  const end = taskEnd(event);
  if (end === undefined || end === 'completed') return undefined;
  const { workflowTaskFailedEventAttributes: failed, workflowTaskTimedOutEventAttributes: timedOut } = event;
  const ofTask = failed ?? timedOut;
  const resetPoint = toNumber(event.eventId);
  const eventIds = [ofTask?.scheduledEventId, ofTask?.startedEventId].map(toNumber).filter((id) => id > 0);
  if (resetReason(event) !== undefined) {
    const tag = readTag(failed?.failure?.message ?? '');
    return {
      kind: 'reset',
      label: `reset from another run: ${oneLine(tag.reason ?? '')}`,
      ...tag,
      runId: failed?.baseRunId ?? '',
      eventIds,
      resetPoint,
    };
  }
  const label = taskFailure(event);
  if (label === undefined) return undefined;
  const failure = failed ? failureMessage(failed.failure) : 'the task timed out';
  return { kind: 'workflowTaskFailure', label, state: end, failure, ...identityOf(failed), eventIds, resetPoint };
}

function closing(event: HistoryEvent): EntryStart | undefined {
  const closed = (state: EntryState, label: string, more: Partial<EntryStart> = {}): EntryStart => {
    const task = commandingTask(event);
    return { kind: 'workflowClosed', label, state, ...more, ...(task !== undefined && { resetPoint: task }) };
  };
  const command = commandLabel(event) ?? '';
  const failed = event.workflowExecutionFailedEventAttributes;
  if (failed) return closed('failed', command, { failure: failureMessage(failed.failure) });
  if (event.workflowExecutionCompletedEventAttributes) return closed('completed', command);
  if (event.workflowExecutionCanceledEventAttributes) return closed('canceled', command);
  if (event.workflowExecutionContinuedAsNewEventAttributes) return closed('continuedAsNew', command);
  if (event.workflowExecutionTimedOutEventAttributes) return closed('timedOut', 'the workflow timed out');
  const terminated = event.workflowExecutionTerminatedEventAttributes;
  if (!terminated) return undefined;
  const tag = readTag(terminated.reason ?? '');
  const label = `the workflow was terminated: ${oneLine(tag.reason ?? '')}`;
  return closed('terminated', label, { ...tag, ...identityOf(terminated) });
}

/** Entries for requests by clients. */
function requestEntry(event: HistoryEvent): EntryStart | undefined {
  const cancel = event.workflowExecutionCancelRequestedEventAttributes;
  if (cancel) {
    const tag = readTag(cancel.cause ?? '');
    const why = tag.reason ? `: ${oneLine(tag.reason ?? '')}` : '';
    return { kind: 'cancelRequest', label: `cancellation requested${why}`, ...tag, ...identityOf(cancel) };
  }
  const signal = event.workflowExecutionSignaledEventAttributes;
  if (signal) {
    return {
      kind: 'signal',
      label: `signal ${signal.signalName}`,
      name: signal.signalName ?? '',
      ...identityOf(signal),
    };
  }
  const admitted = event.workflowExecutionUpdateAdmittedEventAttributes?.request;
  // The event that accepts it is an entry of its own: it refers to this one only by the ID of the update.
  if (admitted) return updateEntry(admitted.input?.name, admitted.meta?.identity);
  const accepted = event.workflowExecutionUpdateAcceptedEventAttributes;
  if (accepted) {
    const { acceptedRequest: request, protocolInstanceId } = accepted;
    return updateEntry(request?.input?.name ?? protocolInstanceId, request?.meta?.identity, 'started');
  }
  const paused = event.workflowExecutionPausedEventAttributes;
  if (paused) return pauseEntry('pause', 'the workflow was paused', paused);
  const unpaused = event.workflowExecutionUnpausedEventAttributes;
  if (unpaused) return pauseEntry('unpause', 'the workflow was unpaused', unpaused);
  const options = event.workflowExecutionOptionsUpdatedEventAttributes;
  return options ? { kind: 'optionsUpdate', label: 'new options for the workflow', ...identityOf(options) } : undefined;
}

function updateEntry(
  name: string | null | undefined,
  identity: string | null | undefined,
  state?: EntryState,
): EntryStart {
  const label = `update ${name}${state === undefined ? ' (carried over)' : ''}`;
  return { kind: 'update', label, name: name ?? '', ...(state && { state }), ...identityOf({ identity }) };
}

function pauseEntry(
  kind: 'pause' | 'unpause',
  label: string,
  { identity, reason }: { identity?: string | null; reason?: string | null },
): EntryStart {
  return {
    kind,
    label: reason ? `${label}: ${oneLine(reason)}` : label,
    ...(reason && { reason }),
    ...identityOf({ identity }),
  };
}

/** Entries for commands of the workflow's code. */
function commandEntry(event: HistoryEvent): EntryStart | undefined {
  const about = commanded(event);
  const task = commandingTask(event);
  return about && { ...about, ...(task !== undefined && { resetPoint: task }) };
}

function commanded(event: HistoryEvent): EntryStart | undefined {
  const label = commandLabel(event) ?? '';
  const pending = 'pending' as const;
  const activity = event.activityTaskScheduledEventAttributes;
  if (activity) {
    const { activityId, activityType } = activity;
    return { kind: 'activity', label, state: pending, name: activityType?.name ?? '', activityId: activityId ?? '' };
  }
  const local = localActivity(event);
  if (local) {
    const failure = event.markerRecordedEventAttributes?.failure;
    return {
      kind: 'localActivity',
      label,
      state: failure ? 'failed' : 'completed',
      name: local.activityType,
      activityId: local.activityId,
      ...(failure && { failure: failureMessage(failure) }),
    };
  }
  const timer = event.timerStartedEventAttributes;
  if (timer) return { kind: 'timer', label, state: pending, name: timer.timerId ?? '' };
  const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
  if (child) {
    const { workflowType, workflowId } = child;
    return {
      kind: 'childWorkflow',
      label,
      state: pending,
      name: workflowType?.name ?? '',
      workflowId: workflowId ?? '',
    };
  }
  const nexus = nexusOperationName(event);
  if (nexus !== undefined) return { kind: 'nexusOperation', label, state: pending, name: nexus };
  const signal = event.signalExternalWorkflowExecutionInitiatedEventAttributes;
  if (signal) {
    const workflowId = signal.workflowExecution?.workflowId ?? '';
    return { kind: 'signalToWorkflow', label, state: pending, name: signal.signalName ?? '', workflowId };
  }
  const cancel = event.requestCancelExternalWorkflowExecutionInitiatedEventAttributes;
  if (cancel) {
    return { kind: 'cancelToWorkflow', label, state: pending, workflowId: cancel.workflowExecution?.workflowId ?? '' };
  }
  const marker = event.markerRecordedEventAttributes;
  if (marker) return { kind: 'marker', label, name: marker.markerName ?? '' };
  const properties =
    event.upsertWorkflowSearchAttributesEventAttributes ?? event.workflowPropertiesModifiedEventAttributes;
  return properties ? { kind: 'propertiesUpdate', label } : undefined;
}

function identityOf(of: { identity?: string | null } | null | undefined): { identity?: string } {
  return of?.identity ? { identity: of.identity } : {};
}
