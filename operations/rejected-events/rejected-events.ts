import { createHash } from 'node:crypto';
import type { FailureKind } from '../../api/failures';
import type { ListRejectedEventsRequest } from '../../api/rejected-events';
import type { Actor } from '../ledger/attribution';
import { pageByTime } from '../ledger/search';
import type { TimeRange } from '../ledger/search';
import type { PageRequest } from '../ledger/ledger';
import type { QueuedEvent, TriggeringEvent } from '../trigger';
import { withoutUndefined } from '../without-undefined';

/** Why an event was rejected, when and for which namespace. */
export interface Rejection {
  queued: QueuedEvent;
  namespace: string;
  kind: FailureKind;
  reason: string;
  /** RFC 3339. */
  rejectedAt: string;
}

/** A redrive as it was asked for. */
export interface Redrive {
  actor: Actor;
  reason: string;
  requestedAt: string;
  requestId?: string;
  /** Differs between requests, and is the same for a repetition under the same `Idempotency-Key`. */
  requestKey?: string;
}

/** A rejected event as the ledger keeps it, without the event itself. Times are RFC 3339. */
export interface RejectedEventRecord {
  rejectedEventId: string;
  namespace: string;
  trigger: string;
  kind: FailureKind;
  reason: string;
  eventId: string;
  source: string;
  detailType: string;
  /** Absent in what a release before rejected. */
  arrivedAt?: string;
  firstRejectedAt: string;
  rejectedAt: string;
  /** See api/rejected-events.ts. From `redriving` on, `redrives` counts the one that is under way. */
  state: 'rejected' | 'redriving' | 'redriven' | 'handled';
  redrives: number;
  lastRedrive?: Redrive;
  handledAt?: string;
  outcome?: string;
}

export type RejectedEventWithDetail = RejectedEventRecord & { event: TriggeringEvent };

/** In which list a record is. One that is being redriven stays among those that wait, in case the request dies. */
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
 * The rejected events of a deployment: one record for each event and trigger, however often it is delivered and rejected.
 *
 * Every method throws an `OperationFailure`: `ledger-unavailable` when the store does not answer, `internal` for an event
 * that it cannot take.
 */
export interface RejectedEvents {
  /** Records a rejection. Nothing where it is recorded, or is of a delivery before the last redrive. */
  reject(rejection: Rejection): Promise<void>;
  /** Records that a redriven event succeeded. Nothing for an event that was not redriven. */
  handled(queued: QueuedEvent, outcome: string): Promise<void>;
  find(rejectedEventId: string): Promise<RejectedEventWithDetail | undefined>;
  /** Those of a namespace that match, the latest rejected first. A page is empty only when it is the last. */
  list(namespace: string, search: RejectedEventSearch, page: PageRequest): Promise<RejectedEventsPage>;
  /**
   * Begins the next redrive of a rejected event.
   * @returns the event as it is then; nothing when another redrive came first
   */
  beginRedrive(record: RejectedEventRecord, redrive: Redrive): Promise<RejectedEventWithDetail | undefined>;
  /** Records that the redrive which was begun is in the queue. Nothing when it was handled or rejected since. */
  completeRedrive(record: RejectedEventRecord): Promise<void>;
}

/** The same for each delivery of an event to a trigger. */
export function rejectedEventId({ trigger, event: { source, id } }: QueuedEvent): string {
  const hash = createHash('sha256').update(JSON.stringify([trigger, source, id]));
  return `ev-${hash.digest('hex').slice(0, 32)}`;
}

export const redriveOf = ({ redrive = 0 }: QueuedEvent): number => redrive;

/** A page of a list of rejected events. @param candidates those of a time range, newest first, and others */
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
  return withoutUndefined({ rejectedEvents, nextPageToken });
}

const groupOf = ({ state }: Pick<RejectedEventRecord, 'state'>): RejectedEventGroup =>
  state === 'redriving' ? 'rejected' : state;
