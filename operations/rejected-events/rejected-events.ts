import { createHash } from 'node:crypto';
import type { FailureKind } from '../../api/failures';
import type { ListRejectedEventsRequest } from '../../api/rejected-events';
import type { Actor } from '../ledger/attribution';
import { pageByTime } from '../ledger/search';
import type { TimeRange } from '../ledger/search';
import type { PageRequest } from '../page-token';
import type { QueuedEvent, TriggeringEvent } from '../trigger';

/** The rejection of an event. */
export interface Rejection {
  queued: QueuedEvent;
  namespace: string;
  kind: FailureKind;
  reason: string;
  /** RFC 3339. */
  rejectedAt: string;
}

/** A requested redrive. */
export interface Redrive {
  actor: Actor;
  reason: string;
  requestedAt: string;
  requestId?: string;
  /** Hash of the `Idempotency-Key`: the same for repeated requests. */
  requestKey?: string;
}

/** A rejected event as stored, without the event itself. Times are RFC 3339. */
export interface RejectedEventRecord {
  rejectedEventId: string;
  namespace: string;
  trigger: string;
  kind: FailureKind;
  reason: string;
  eventId: string;
  source: string;
  detailType: string;
  /** Absent in records of earlier releases. */
  arrivedAt?: string;
  firstRejectedAt: string;
  rejectedAt: string;
  /** See api/rejected-events.ts. From `redriving` on, `redrives` includes the current redrive. */
  state: 'rejected' | 'redriving' | 'redriven' | 'handled';
  redrives: number;
  lastRedrive?: Redrive;
  handledAt?: string;
  outcome?: string;
}

export type RejectedEventWithDetail = RejectedEventRecord & { event: TriggeringEvent };

/** The list that a record is in. A record in state `redriving` stays in `rejected`, in case the redrive is interrupted. */
export type RejectedEventGroup = ListRejectedEventsRequest['state'];

export interface RejectedEventSearch extends TimeRange {
  group: RejectedEventGroup;
  trigger?: string;
  kind?: FailureKind;
}

export interface RejectedEventsPage {
  rejectedEvents: RejectedEventRecord[];
  nextPageToken?: string;
}

/**
 * Stores the rejected events of a deployment: one record per event and trigger, however often the event is delivered and
 * rejected.
 *
 * Every method throws an `OperationFailure`: `ledger-unavailable` when the store does not respond, `internal` for an event
 * that cannot be stored.
 */
export interface RejectedEvents {
  /** Records a rejection. Does nothing when it is already recorded, or the delivery is older than the latest redrive. */
  reject(rejection: Rejection): Promise<void>;
  /** Records that a redriven event was handled. Does nothing for an event that was not redriven. */
  handled(queued: QueuedEvent, outcome: string): Promise<void>;
  find(rejectedEventId: string): Promise<RejectedEventWithDetail | undefined>;
  /** Returns the matching events of a namespace, the latest rejected first. Only the last page can be empty. */
  list(namespace: string, search: RejectedEventSearch, page: PageRequest): Promise<RejectedEventsPage>;
  /**
   * Starts the next redrive of a rejected event.
   * @returns the updated record; undefined when another redrive came first
   */
  beginRedrive(record: RejectedEventRecord, redrive: Redrive): Promise<RejectedEventWithDetail | undefined>;
  /** Records that the redriven event is in the queue. Does nothing when it was handled or rejected since. */
  completeRedrive(record: RejectedEventRecord): Promise<void>;
}

/** Returns the ID of a rejected event, which is the same for each delivery of the event to a trigger. */
export function rejectedEventId({ trigger, event: { source, id } }: QueuedEvent): string {
  const hash = createHash('sha256').update(JSON.stringify([trigger, source, id]));
  return `ev-${hash.digest('hex').slice(0, 32)}`;
}

export const redriveOf = ({ redrive = 0 }: QueuedEvent): number => redrive;

/**
 * Reads a page of a list of rejected events.
 * @param candidates returns a superset of the list's events in a time range, newest first
 */
export async function rejectedEventsPage(
  namespace: string,
  search: RejectedEventSearch,
  page: PageRequest,
  candidates: (range: TimeRange) => AsyncIterable<RejectedEventRecord>,
): Promise<RejectedEventsPage> {
  const { group, trigger, kind } = search;
  const { items: rejectedEvents, nextPageToken } = await pageByTime(
    {
      name: ['rejected-events', namespace, search],
      range: search,
      idOf: (record) => record.rejectedEventId,
      timeOf: (record) => record.rejectedAt,
      candidates,
      belongs: (record) =>
        record.namespace === namespace &&
        groupOf(record) === group &&
        (trigger === undefined || record.trigger === trigger) &&
        (kind === undefined || record.kind === kind),
    },
    page,
  );
  return { rejectedEvents, nextPageToken };
}

const groupOf = ({ state }: Pick<RejectedEventRecord, 'state'>): RejectedEventGroup =>
  state === 'redriving' ? 'rejected' : state;
