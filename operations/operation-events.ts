import * as z from 'zod/mini';
import type { OperationRecord } from './ledger/ledger';

/** The `source` of all events that Rewind emits. No trigger may listen to it. */
export const EVENT_SOURCE = 'rewind';

/** Raised when a field changes its meaning or goes; new fields may come at any time. */
const EVENT_VERSION = '1';

export const operationEventTypes = [
  'Workflow Cancellation Requested',
  'Workflow Cancellation Settled',
  'Workflow Terminated',
  'Workflow Reset',
] as const;
export type OperationEventType = (typeof operationEventTypes)[number];

const time = z.iso.datetime();

/** The detail of an event that tells what Rewind did; docs/events/operation-event.schema.json is made from it. */
export const operationEventDetail = z.object({
  version: z.literal(EVENT_VERSION),
  operationId: z.string(),
  namespace: z.string(),
  workflowId: z.string(),
  runId: z.string(),
  /** With `Workflow Reset`. */
  newRunId: z.optional(z.string()),
  actor: z.object({ id: z.string() }),
  reason: z.string(),
  outcome: z.string(),
  /** Of the run: with `Workflow Cancellation Settled` the status it closed in. */
  status: z.optional(z.string()),
  requestedAt: time,
  completedAt: time,
});
export type OperationEventDetail = z.output<typeof operationEventDetail>;

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
  const cancelled = after.verb === 'cancel';
  const nothingToCancel = cancelled && after.outcome === 'alreadyClosed';

  const types: OperationEventType[] = [];
  if (completed && cancelled && !nothingToCancel) types.push('Workflow Cancellation Requested');
  if (settled || (completed && nothingToCancel)) types.push('Workflow Cancellation Settled');
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
