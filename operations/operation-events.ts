import type { OperationRecord } from './ledger';

/** The `source` of all events that Rewind emits. No trigger may listen to it. */
export const EVENT_SOURCE = 'rewind';

/** Raised when a field changes its meaning or goes; new fields may come at any time. Schemas are in docs/events/. */
export const EVENT_VERSION = '1';

export type OperationEventType =
  'Workflow Cancellation Requested' | 'Workflow Cancellation Settled' | 'Workflow Terminated' | 'Workflow Reset';

/** The detail of an event that tells what Rewind did. Times are RFC 3339. */
export interface OperationEventDetail {
  version: typeof EVENT_VERSION;
  operationId: string;
  namespace: string;
  workflowId: string;
  runId: string;
  /** With `Workflow Reset`. */
  newRunId?: string;
  actor: { id: string };
  reason: string;
  outcome: string;
  /** Of the run: with `Workflow Cancellation Settled` the status it closed in. */
  status?: string;
  requestedAt: string;
  completedAt: string;
}

export interface OperationEvent {
  type: OperationEventType;
  detail: OperationEventDetail;
}

/**
 * What there is to tell the world after the ledger's record of an operation has changed.
 * @param before the record as it was; absent when it is new
 */
export function eventsOf(before: OperationRecord | undefined, after: OperationRecord): OperationEvent[] {
  const completed = after.state === 'completed' && before?.state !== 'completed';
  const settled = after.settled !== undefined && before?.settled === undefined;
  const types: OperationEventType[] = [];
  if (completed && after.verb === 'cancel' && after.outcome !== 'alreadyClosed')
    types.push('Workflow Cancellation Requested');
  if (settled || (completed && after.outcome === 'alreadyClosed' && after.verb === 'cancel')) {
    types.push('Workflow Cancellation Settled');
  }
  if (completed && after.outcome === 'terminated') types.push('Workflow Terminated');
  if (completed && after.outcome === 'reset') types.push('Workflow Reset');
  return types.map((type) => ({ type, detail: detailOf(after) }));
}

/** Every answer names the run it is about; the rest depends on the verb. */
interface AnsweredRun {
  runId: string;
  newRunId?: string;
  status?: string;
}

function detailOf(record: OperationRecord): OperationEventDetail {
  const { runId, newRunId, status } = record.answer as AnsweredRun;
  return {
    version: EVENT_VERSION,
    operationId: record.operationId,
    namespace: record.namespace,
    workflowId: record.workflowId,
    runId,
    newRunId,
    actor: { id: record.actor.id },
    reason: record.reason,
    outcome: record.outcome ?? '',
    status: record.settled?.status ?? status,
    requestedAt: record.requestedAt,
    completedAt: record.completedAt ?? record.requestedAt,
  };
}
