import type { PageRequest } from '../../operations/page-token';
import type { QueuedEvent } from '../../operations/trigger';
import { withoutUndefined } from '../../operations/without-undefined';
import { redriveOf, rejectedEventId, rejectedEventsPage } from '../../operations/rejected-events/rejected-events';
import type {
  Redrive,
  RejectedEventRecord,
  RejectedEvents,
  RejectedEventSearch,
  RejectedEventsPage,
  RejectedEventWithDetail,
  Rejection,
} from '../../operations/rejected-events/rejected-events';

/** In-memory store of rejected events. Passes the same conformance tests as the DynamoDB store. */
export class InMemoryRejectedEvents implements RejectedEvents {
  private readonly records = new Map<string, RejectedEventWithDetail>();

  async reject({ queued, namespace, kind, reason, rejectedAt }: Rejection): Promise<void> {
    const { trigger, event, arrivedAt } = queued;
    const id = rejectedEventId(queued);
    const known = this.records.get(id);
    if (known && !this.redrivenRecord(queued)) return;
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
    const record = this.redrivenRecord(queued);
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

  /** Returns the record of an event if this delivery is its latest redrive. */
  private redrivenRecord(queued: QueuedEvent): RejectedEventWithDetail | undefined {
    const record = this.records.get(rejectedEventId(queued));
    const isRedriven = record?.state === 'redriving' || record?.state === 'redriven';
    return isRedriven && record.redrives === redriveOf(queued) ? record : undefined;
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
