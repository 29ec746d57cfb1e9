import type Long from 'long';
import type { temporal } from '@temporalio/proto';
import { toNumber } from '../temporal/to-number';
import type { HistoryEvent } from '../temporal/namespace-client';

/*
 * What history events mean to a person. The names of event types are not shown: "before chargeCard" says more than
 * "ActivityTaskScheduled".
 */

type Failure = temporal.api.failure.v1.IFailure;
type Payloads = temporal.api.common.v1.IPayloads;

/** Longest part of a failure's message that is shown, in characters. */
const MAX_MESSAGE_CHARACTERS = 160;

/** Markers of the SDKs built on the Temporal core (TypeScript, Python, .NET, Ruby), then of Go, PHP and Java. */
const localActivityMarkers: ReadonlySet<string> = new Set(['core_local_activity', 'LocalActivity']);
const PATCH_MARKER = 'core_patch';
const VERSION_MARKER = 'Version';

/** How a failure reads in one line: its innermost cause says what went wrong, the outer ones say only where. */
export function failureMessage(failure: Failure | null | undefined): string {
  let innermost = failure;
  while (innermost?.cause) innermost = innermost.cause;
  return oneLine(innermost?.message || failure?.message || 'no message');
}

export function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > MAX_MESSAGE_CHARACTERS ? `${line.slice(0, MAX_MESSAGE_CHARACTERS)}…` : line;
}

/** A local activity, as the marker that keeps its result names it. */
export interface LocalActivity {
  activityId: string;
  activityType: string;
}

/**
 * The local activity whose result this event keeps, if it is such a marker. The layouts differ, as read in the SDKs'
 * sources: the core and Go (and PHP, whose workflows run on Go's) write one JSON object under `data`, Java a text each under
 * `activityId` and `type`. With a payload codec they are unreadable.
 */
export function localActivity({ markerRecordedEventAttributes: marker }: HistoryEvent): LocalActivity | undefined {
  if (!marker || !localActivityMarkers.has(marker.markerName ?? '')) return undefined;
  const { details } = marker;
  const data = objectIn(details?.['data']);
  const firstText = (...values: unknown[]) => values.find((value): value is string => typeof value === 'string') ?? '';
  return {
    activityId: firstText(jsonIn(details?.['activityId']), data['activity_id'], data['ActivityID']),
    activityType:
      firstText(jsonIn(details?.['type']), data['activity_type'], data['ActivityType']) || 'a local activity',
  };
}

/**
 * Id of the workflow task that commanded this event, if one did.
 *
 * Every event that comes of a command names the completed task. An accepted update names none; it follows the task
 * that accepted it at once.
 */
export function commandingTask(event: HistoryEvent): number | undefined {
  const attributes =
    event.attributes && (event[event.attributes] as { workflowTaskCompletedEventId?: Long | null } | null);
  const id = toNumber(attributes?.workflowTaskCompletedEventId);
  return id > 0 ? id : undefined;
}

/** What a workflow task did, to be read after "before". Nothing for events that no task commanded. */
export function commandLabel(event: HistoryEvent, outcome = ''): string | undefined {
  const detail = (kind: string) => `(${[kind, outcome].filter(Boolean).join(', ')})`;

  const activity = event.activityTaskScheduledEventAttributes;
  if (activity) return `${activity.activityType?.name} ${detail('activity')}`;
  const local = localActivity(event);
  if (local) return `${local.activityType} ${detail('local activity')}`;
  const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
  if (child) return `${child.workflowType?.name} ${detail('child workflow')}`;
  const timer = event.timerStartedEventAttributes;
  if (timer) return `timer ${timer.timerId}`;
  const nexus = event.nexusOperationScheduledEventAttributes;
  if (nexus) return `${nexus.service}.${nexus.operation} ${detail('Nexus operation')}`;
  const update = event.workflowExecutionUpdateAcceptedEventAttributes;
  if (update) return `update ${update.acceptedRequest?.input?.name ?? update.protocolInstanceId}`;
  const signal = event.signalExternalWorkflowExecutionInitiatedEventAttributes;
  if (signal) return `signal ${signal.signalName} to workflow ${signal.workflowExecution?.workflowId}`;
  const cancel = event.requestCancelExternalWorkflowExecutionInitiatedEventAttributes;
  if (cancel) return `the cancellation of workflow ${cancel.workflowExecution?.workflowId}`;

  const failed = event.workflowExecutionFailedEventAttributes;
  if (failed) return `the workflow failed: ${failureMessage(failed.failure)}`;
  if (event.workflowExecutionCompletedEventAttributes) return 'the workflow completed';
  if (event.workflowExecutionCanceledEventAttributes) return 'the workflow ended as canceled';
  if (event.workflowExecutionContinuedAsNewEventAttributes) return 'the workflow continued as new';

  const cancelledTimer = event.timerCanceledEventAttributes;
  if (cancelledTimer) return `the cancellation of timer ${cancelledTimer.timerId}`;
  if (event.activityTaskCancelRequestedEventAttributes) return 'the cancellation of an activity';
  if (event.nexusOperationCancelRequestedEventAttributes) return 'the cancellation of a Nexus operation';
  if (event.upsertWorkflowSearchAttributesEventAttributes) return 'new search attributes';
  if (event.workflowPropertiesModifiedEventAttributes) return 'a new memo';
  const marker = event.markerRecordedEventAttributes;
  return marker ? markerLabel(marker) : undefined;
}

/** The core's patches, and what Go and Java call a version. */
function markerLabel({ markerName, details }: temporal.api.history.v1.IMarkerRecordedEventAttributes): string {
  const patch = objectIn(details?.['patch-data'])['id'];
  if (markerName === PATCH_MARKER && typeof patch === 'string') return `patch ${patch}`;
  const change = jsonIn(details?.['change-id'] ?? details?.['changeId']);
  if (markerName === VERSION_MARKER && typeof change === 'string') return `version of ${change}`;
  return `marker ${markerName}`;
}

/** What gave a workflow its next task, to be read after "after". */
export interface Trigger {
  label: string;
  /** Id of the event that began what these words end, where they need its name before them. */
  initiatedBy?: number;
}

/** Nothing for events that wake no workflow. */
export function triggerOf(event: HistoryEvent): Trigger | undefined {
  const timer = event.timerFiredEventAttributes;
  if (timer) return { label: `timer ${timer.timerId}` };
  const signal = event.workflowExecutionSignaledEventAttributes;
  if (signal) return { label: `signal ${signal.signalName}` };
  const update = event.workflowExecutionUpdateAdmittedEventAttributes;
  if (update) return { label: `update ${update.request?.input?.name}` };
  if (event.workflowExecutionCancelRequestedEventAttributes) return { label: 'the cancellation request' };

  const child = event.childWorkflowExecutionStartedEventAttributes;
  if (child) return { label: `${child.workflowType?.name} (child workflow) started` };
  const ending = endingOf(event);
  if (ending?.childType !== undefined) return { label: `${ending.childType} (child workflow) ${ending.label}` };
  if (ending) return { label: ending.label, initiatedBy: ending.initiatedBy };
  if (event.signalExternalWorkflowExecutionFailedEventAttributes) {
    return { label: 'a signal to another workflow failed' };
  }
  if (event.externalWorkflowExecutionSignaledEventAttributes) return { label: 'a signal reached another workflow' };
  return undefined;
}

/** How something that a workflow task began came to its end. */
export interface Ending {
  /** Id of the event that began it: ActivityTaskScheduled, StartChildWorkflowExecutionInitiated, NexusOperationScheduled. */
  initiatedBy: number;
  state: 'completed' | 'failed' | 'timedOut' | 'canceled' | 'terminated';
  label: string;
  /** Type of the child workflow, if it is one. */
  childType?: string;
}

/** The end of an activity, a child workflow or a Nexus operation, if this event is one. */
export function endingOf(event: HistoryEvent): Ending | undefined {
  const done = (
    state: Ending['state'],
    of: {
      scheduledEventId?: Long | null;
      initiatedEventId?: Long | null;
      workflowType?: { name?: string | null } | null;
    },
    failure?: Failure | null,
  ): Ending => ({
    initiatedBy: toNumber(of.scheduledEventId ?? of.initiatedEventId),
    state,
    label: stateLabel(state) + (state === 'failed' ? `: ${failureMessage(failure)}` : ''),
    ...(of.initiatedEventId !== undefined && { childType: of.workflowType?.name ?? 'a child' }),
  });

  const completed =
    event.activityTaskCompletedEventAttributes ??
    event.childWorkflowExecutionCompletedEventAttributes ??
    event.nexusOperationCompletedEventAttributes;
  if (completed) return done('completed', completed);
  const failed =
    event.activityTaskFailedEventAttributes ??
    event.childWorkflowExecutionFailedEventAttributes ??
    event.nexusOperationFailedEventAttributes;
  if (failed) return done('failed', failed, failed.failure);
  const notStarted = event.startChildWorkflowExecutionFailedEventAttributes;
  if (notStarted) return done('failed', notStarted, { message: 'a workflow with its id was there already' });
  const timedOut =
    event.activityTaskTimedOutEventAttributes ??
    event.childWorkflowExecutionTimedOutEventAttributes ??
    event.nexusOperationTimedOutEventAttributes;
  if (timedOut) return done('timedOut', timedOut);
  const canceled =
    event.activityTaskCanceledEventAttributes ??
    event.childWorkflowExecutionCanceledEventAttributes ??
    event.nexusOperationCanceledEventAttributes;
  if (canceled) return done('canceled', canceled);
  const terminated = event.childWorkflowExecutionTerminatedEventAttributes;
  return terminated ? done('terminated', terminated) : undefined;
}

function stateLabel(state: Ending['state']): string {
  return state === 'timedOut' ? 'timed out' : state;
}

/** The JSON value in a payload; nothing when it is encrypted or no JSON. */
function jsonIn(payloads: Payloads | null | undefined): unknown {
  const data = payloads?.payloads?.[0]?.data;
  if (!data) return undefined;
  try {
    return JSON.parse(Buffer.from(data).toString());
  } catch {
    return undefined;
  }
}

function objectIn(payloads: Payloads | null | undefined): Record<string, unknown> {
  const value = jsonIn(payloads);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
