import type Long from 'long';
import type { temporal } from '@temporalio/proto';
import { toNumber } from './to-number';
import type { HistoryEvent } from './namespace-client';

/*
 * Labels for history events. They name what the event is about instead of its type: "before chargeCard" says more than
 * "ActivityTaskScheduled".
 */

type Failure = temporal.api.failure.v1.IFailure;
type Payloads = temporal.api.common.v1.IPayloads;

/** Maximum length of a failure message, in characters; the rest is cut off. */
const MAX_MESSAGE_CHARACTERS = 160;

/** Marker names: first of the SDKs built on the Temporal core (TypeScript, Python, .NET, Ruby), then of Go, PHP and Java. */
const localActivityMarkers: ReadonlySet<string> = new Set(['core_local_activity', 'LocalActivity']);
const PATCH_MARKER = 'core_patch';
const VERSION_MARKER = 'Version';

/** Returns the message of a failure's innermost cause on one line. The outer failures say only where it occurred. */
export function failureMessage(failure: Failure | null | undefined): string {
  let innermost = failure;
  while (innermost?.cause) innermost = innermost.cause;
  return oneLine(innermost?.message || failure?.message || 'no message');
}

export function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > MAX_MESSAGE_CHARACTERS ? `${line.slice(0, MAX_MESSAGE_CHARACTERS)}…` : line;
}

/** A local activity, as named by the marker that records its result. */
export interface LocalActivity {
  activityId: string;
  activityType: string;
}

/**
 * Returns the local activity whose result this event records; undefined for other events. The marker's layout is taken from
 * the SDKs' sources: the core and Go (also used by PHP) write a JSON object under `data`, Java writes strings under
 * `activityId` and `type`. With a payload codec, neither can be read.
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
 * Returns the ID of the WorkflowTaskCompleted event whose command wrote this event; undefined for other events.
 *
 * Every event that results from a command has this ID, except an accepted update, which directly follows that event.
 */
export function commandingTask(event: HistoryEvent): number | undefined {
  const attributes =
    event.attributes && (event[event.attributes] as { workflowTaskCompletedEventId?: Long | null } | null);
  const id = toNumber(attributes?.workflowTaskCompletedEventId);
  return id > 0 ? id : undefined;
}

/** Returns a label for a command's event, to follow the word "before". Undefined for other events. */
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
  const nexus = nexusOperationName(event);
  if (nexus !== undefined) return `${nexus} ${detail('Nexus operation')}`;
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

/** Returns the service and operation that this event schedules; undefined for other events. */
export function nexusOperationName({ nexusOperationScheduledEventAttributes: scheduled }: HistoryEvent) {
  return scheduled ? `${scheduled.service}.${scheduled.operation}` : undefined;
}

/** Labels patch markers of the core SDKs and version markers of Go and Java. */
function markerLabel({ markerName, details }: temporal.api.history.v1.IMarkerRecordedEventAttributes): string {
  const patch = objectIn(details?.['patch-data'])['id'];
  if (markerName === PATCH_MARKER && typeof patch === 'string') return `patch ${patch}`;
  const change = jsonIn(details?.['change-id'] ?? details?.['changeId']);
  if (markerName === VERSION_MARKER && typeof change === 'string') return `version of ${change}`;
  return `marker ${markerName}`;
}

/** What caused a workflow task to be scheduled. */
export interface TaskCause {
  /** To follow the word "after". */
  label: string;
  /** ID of the event that started what has ended. If set, its name must precede the label. */
  initiatedBy?: number;
}

/** Returns undefined for events that schedule no workflow task. */
export function taskCause(event: HistoryEvent): TaskCause | undefined {
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

/** The end of an activity, a child workflow or a Nexus operation. */
export interface Ending {
  kind: 'activity' | 'childWorkflow' | 'nexusOperation';
  /** ID of its ActivityTaskScheduled, StartChildWorkflowExecutionInitiated or NexusOperationScheduled event. */
  initiatedBy: number;
  state: 'completed' | 'failed' | 'timedOut' | 'canceled' | 'terminated';
  label: string;
  /** Message of the failure, on one line. */
  failure?: string;
  /** Workflow type of a child workflow; undefined for the others. */
  childType?: string;
}

/** Returns the end that this event records; undefined for other events. */
export function endingOf(event: HistoryEvent): Ending | undefined {
  const done = (
    state: Ending['state'],
    of: {
      scheduledEventId?: Long | null;
      initiatedEventId?: Long | null;
      workflowType?: { name?: string | null } | null;
    },
    failure?: Failure | null,
  ): Ending => {
    const kind = kindOf(event);
    return {
      kind,
      initiatedBy: toNumber(of.scheduledEventId ?? of.initiatedEventId),
      state,
      label: stateLabel(state) + (state === 'failed' ? `: ${failureMessage(failure)}` : ''),
      ...(failure && { failure: failureMessage(failure) }),
      ...(kind === 'childWorkflow' && { childType: of.workflowType?.name ?? 'a child' }),
    };
  };

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
  if (notStarted) return done('failed', notStarted, { message: 'a workflow with its ID already existed' });
  const timedOut = event.activityTaskTimedOutEventAttributes ?? event.nexusOperationTimedOutEventAttributes;
  if (timedOut) return done('timedOut', timedOut, timedOut.failure);
  const timedOutChild = event.childWorkflowExecutionTimedOutEventAttributes;
  if (timedOutChild) return done('timedOut', timedOutChild);
  const canceled =
    event.activityTaskCanceledEventAttributes ??
    event.childWorkflowExecutionCanceledEventAttributes ??
    event.nexusOperationCanceledEventAttributes;
  if (canceled) return done('canceled', canceled);
  const terminated = event.childWorkflowExecutionTerminatedEventAttributes;
  return terminated ? done('terminated', terminated) : undefined;
}

function kindOf({ attributes }: HistoryEvent): Ending['kind'] {
  if (attributes?.startsWith('nexusOperation')) return 'nexusOperation';
  return attributes?.startsWith('activityTask') ? 'activity' : 'childWorkflow';
}

function stateLabel(state: Ending['state']): string {
  return state === 'timedOut' ? 'timed out' : state;
}

/** Parses the first payload as JSON. Returns undefined when it is encrypted or not JSON. */
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
