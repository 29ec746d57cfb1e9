import type { PageRequest } from '../ledger/ledger';
import type { QueuedEvent } from '../trigger';
import { withoutUndefined } from '../without-undefined';
import { redriveOf, rejectedEventId, rejectedEventsPage } from './rejected-events';
import type {
  Redrive,
  RejectedEventRecord,
  RejectedEvents,
  RejectedEventSearch,
  RejectedEventsPage,
  RejectedEventWithDetail,
  Rejection,
} from './rejected-events';

/** Rejected events in this process's memory, for tests. They obey the same conformance test as the deployed ones. */
export class InMemoryRejectedEvents implements RejectedEvents {
  private readonly records = new Map<string, RejectedEventWithDetail>();

  async reject({ queued, namespace, kind, reason, rejectedAt }: Rejection): Promise<void> {
    const { trigger, event, arrivedAt } = queued;
    const id = rejectedEventId(queued);
    const known = this.records.get(id);
    if (known && !this.underway(queued)) return;
    const { id: eventId, source, 'detail-type': detailType } = event;
    const { firstRejectedAt = rejectedAt, lastRedrive } = known ?? {};
    this.records.set(id, {
      rejectedEventId: id,
      namespace,
      trigger,
      kind,
      reason,
      eventId,
      source,
      detailType,
      event,
      ...withoutUndefined({ arrivedAt: known?.arrivedAt ?? arrivedAt }),
      firstRejectedAt,
      rejectedAt,
      state: 'rejected',
      redrives: redriveOf(queued),
      ...(lastRedrive && { lastRedrive }),
    });
  }

  async handled(queued: QueuedEvent, outcome: string): Promise<void> {
    const record = this.underway(queued);
    if (record) this.set(record, { state: 'handled', handledAt: new Date().toISOString(), outcome });
  }

  async find(id: string): Promise<RejectedEventWithDetail | undefined> {
    return this.records.get(id);
  }

  async list(namespace: string, search: RejectedEventSearch, page: PageRequest): Promise<RejectedEventsPage> {
    return rejectedEventsPage(namespace, search, page, ({ since = '', until }) =>
      newestFirst(
        [...this.records.values()].filter(
          ({ rejectedAt }) => rejectedAt >= since && (until === undefined || rejectedAt <= until),
        ),
      ),
    );
  }

  async beginRedrive(
    { rejectedEventId: id, redrives }: RejectedEventRecord,
    redrive: Redrive,
  ): Promise<RejectedEventWithDetail | undefined> {
    const record = this.records.get(id);
    if (record?.state !== 'rejected' || record.redrives !== redrives) return undefined;
    return this.set(record, { state: 'redriving', redrives: redrives + 1, lastRedrive: redrive });
  }

  async completeRedrive({ rejectedEventId: id, redrives }: RejectedEventRecord): Promise<void> {
    const record = this.records.get(id);
    if (record?.state === 'redriving' && record.redrives === redrives) this.set(record, { state: 'redriven' });
  }

  /** The record of an event whose redrive this delivery is. */
  private underway(queued: QueuedEvent): RejectedEventWithDetail | undefined {
    const record = this.records.get(rejectedEventId(queued));
    const isUnderway = record?.state === 'redriving' || record?.state === 'redriven';
    return isUnderway && record.redrives === redriveOf(queued) ? record : undefined;
  }

  private set(record: RejectedEventWithDetail, changes: Partial<RejectedEventRecord>): RejectedEventWithDetail {
    const changed = { ...record, ...changes };
    this.records.set(record.rejectedEventId, changed);
    return changed;
  }
}

async function* newestFirst(records: RejectedEventWithDetail[]): AsyncGenerator<RejectedEventRecord, void, void> {
  for (const { event: _, ...record } of records.toSorted((one, other) =>
    one.rejectedAt < other.rejectedAt ? 1 : -1,
  )) {
    yield record;
  }
}
