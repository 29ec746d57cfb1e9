import { EVENT_VERSION } from '../api/emitted-events';
import type { OperationEventDetail } from '../api/emitted-events';
import { verbRoutes } from '../api';
import type { OperationRecord } from './ledger/ledger';

export interface OperationEvent {
  type: string;
  detail: OperationEventDetail;
}

/**
 * Returns the events to emit for a change of an operation's record.
 * @param before the record before the change; absent when it is new
 */
export function eventsOf(before: OperationRecord | undefined, after: OperationRecord): OperationEvent[] {
  const { events = {} } = verbRoutes.find(({ verb }) => verb === after.verb) ?? {};
  const completed = after.state === 'completed' && before?.state !== 'completed';
  const settled = after.settled !== undefined && before?.settled === undefined;
  const types = new Set([completed && events[after.outcome ?? ''], settled && events['settled']]);
  return [...types].flatMap((type) => (type ? { type, detail: detailOf(after) } : []));
}

/** Fields of answers that events include. Every answer has `runId`; the others depend on the verb. */
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
    batchOperationId: record.batchOperationId,
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
