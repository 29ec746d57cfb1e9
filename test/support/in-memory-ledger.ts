import { isDeepStrictEqual } from 'node:util';
import { withoutUndefined } from '../../operations/without-undefined';
import { leased } from '../../operations/ledger/lease';
import type { BatchRecord } from '../../operations/batch/batch';
import type {
  AttemptResult,
  ChangeLease,
  Ledger,
  LockHolder,
  OperationPage,
  OperationRecord,
  OperationSearch,
  OperationUpdate,
  SearchPageRequest,
  UnsettledOperation,
} from '../../operations/ledger/ledger';
import { searchPage } from '../../operations/ledger/search';

/** In-memory ledger. Passes the same conformance tests as the DynamoDB ledger. */
export class InMemoryLedger implements Ledger {
  readonly clockOffsetMs = 0;
  private readonly records = new Map<string, OperationRecord>();
  private readonly lists = new Map<string, string[]>();
  private readonly locks = new Map<string, LockHolder>();

  async createIfAbsent(record: OperationRecord): Promise<OperationRecord | undefined> {
    const existing = this.records.get(record.operationId);
    if (!existing) this.records.set(record.operationId, withoutUndefined(record));
    return existing?.owner === record.owner ? undefined : existing;
  }

  async takeOver(record: OperationRecord, owner: string, leaseUntil: number): Promise<OperationRecord | undefined> {
    const attempt = record.attempt + 1;
    return this.write(record, { owner, ...leased(leaseUntil), attempt, state: 'started' });
  }

  async recordTargetRun(
    record: OperationRecord,
    runId: string,
    { leaseUntil, mayExecuteUntil }: ChangeLease,
  ): Promise<OperationRecord | undefined> {
    return this.write(record, { runId, mayExecuteUntil, ...leased(leaseUntil) });
  }

  async complete(record: OperationRecord, result: AttemptResult): Promise<OperationRecord | undefined> {
    return this.write(record, { failure: undefined, nextCheckAt: undefined, ...result });
  }

  async update(record: OperationRecord, changes: OperationUpdate): Promise<OperationRecord | undefined> {
    return this.write(record, changes);
  }

  async postpone(record: OperationRecord, nextCheckAt: string): Promise<void> {
    const stored = this.records.get(record.operationId);
    if (stored?.version === record.version) this.records.set(record.operationId, { ...stored, nextCheckAt });
  }

  async find(operationId: string): Promise<OperationRecord | undefined> {
    return this.records.get(operationId);
  }

  async findAll(operationIds: readonly string[]): Promise<OperationRecord[]> {
    return operationIds.flatMap((operationId) => this.records.get(operationId) ?? []);
  }

  async search(namespace: string, search: OperationSearch, page: SearchPageRequest): Promise<OperationPage> {
    return searchPage(namespace, search, page, ({ since = '', until }) => {
      const within = this.all().filter(
        ({ requestedAt }) => requestedAt >= since && (until === undefined || requestedAt <= until),
      );
      return toAsync(within.toSorted(ascendingBy((record) => record.requestedAt)).toReversed());
    });
  }

  async acquireLock(
    name: string,
    holder: LockHolder,
    now: number,
    replaced?: LockHolder,
  ): Promise<LockHolder | undefined> {
    const current = this.locks.get(name);
    const free =
      !current ||
      current.until <= now ||
      current.operationId === holder.operationId ||
      isDeepStrictEqual(current, replaced);
    if (!free) return current;
    this.locks.set(name, holder);
    return undefined;
  }

  async updateBatch(operationId: string, batch: BatchRecord): Promise<void> {
    const stored = this.records.get(operationId);
    if (!stored || !isProgress(stored.batch, batch)) return;
    this.records.set(operationId, { ...stored, batch });
  }

  async requestBatchStop(operationId: string, by: string): Promise<void> {
    const stored = this.records.get(operationId);
    if (!stored || stored.stopRequestedAt !== undefined) return;
    this.records.set(operationId, { ...stored, stopRequestedAt: new Date().toISOString(), stopRequestedBy: by });
  }

  async setBatchSuspended(operationId: string, suspended: boolean, by: string): Promise<void> {
    const stored = this.records.get(operationId);
    if (!stored || stored.suspensionChanges?.includes(by)) return;
    const { suspendedAt = new Date().toISOString(), suspensionChanges: earlier = [], ...rest } = stored;
    const suspensionChanges = [...earlier, by];
    this.records.set(operationId, { ...rest, suspensionChanges, ...(suspended && { suspendedAt }) });
  }

  async storeListPage(operationId: string, page: number, workflowIds: readonly string[]): Promise<void> {
    this.lists.set(`${operationId} ${page}`, [...workflowIds]);
  }

  async findListPage(operationId: string, page: number): Promise<string[] | undefined> {
    return this.lists.get(`${operationId} ${page}`);
  }

  due(namespace: string, now: Date): AsyncIterable<OperationRecord> {
    const until = now.toISOString();
    return toAsync(this.unsettled(namespace).filter(({ nextCheckAt }) => nextCheckAt <= until));
  }

  async listUnsettled(namespace: string): Promise<UnsettledOperation[]> {
    return this.unsettled(namespace).map(({ stuck, batch, nextCheckAt }) =>
      withoutUndefined({ stuck, batch, nextCheckAt }),
    );
  }

  private unsettled(namespace: string): (OperationRecord & { nextCheckAt: string })[] {
    const isUnsettled = (record: OperationRecord): record is OperationRecord & { nextCheckAt: string } =>
      record.namespace === namespace && record.nextCheckAt !== undefined;
    return this.all()
      .filter(isUnsettled)
      .toSorted(ascendingBy((record) => record.nextCheckAt));
  }

  private all(): OperationRecord[] {
    return [...this.records.values()];
  }

  private write(record: OperationRecord, changes: Partial<OperationRecord>): OperationRecord | undefined {
    const stored = this.records.get(record.operationId);
    if (stored?.version === record.version + 1 && includesChanges(stored, changes)) return stored;
    if (stored?.version !== record.version) return undefined;
    const changed = withoutUndefined({ ...stored, ...changes, version: stored.version + 1 });
    this.records.set(record.operationId, changed);
    return changed;
  }
}

/** Whether the changes are already stored: the write is a retry whose first response was lost. */
function includesChanges(stored: OperationRecord, changes: Partial<OperationRecord>): boolean {
  return Object.entries(changes).every(([name, value]) =>
    isDeepStrictEqual(stored[name as keyof OperationRecord], value),
  );
}

function ascendingBy<T>(key: (item: T) => string): (one: T, other: T) => number {
  return (one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0);
}

async function* toAsync<T>(items: T[]): AsyncGenerator<T, void, void> {
  yield* items;
}

function isProgress(known: BatchRecord | undefined, batch: BatchRecord): boolean {
  if (!known) return true;
  return known.state === 'running' && (batch.state !== 'running' || processed(batch) >= processed(known));
}

function processed({ progress }: BatchRecord): number {
  return progress.done + progress.skipped;
}
