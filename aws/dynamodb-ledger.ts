import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type {
  BatchGetItemCommandOutput,
  KeysAndAttributes,
  QueryCommandOutput,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { OperationFailure } from '../api/failures';
import { EnvironmentVariable, requiredNumber, requiredVariable } from './environment';
import type { BatchRecord } from '../operations/batch/batch';
import { chunksOf } from '../operations/chunks';
import { leased } from '../operations/ledger/lease';
import { noopTelemetry } from '../operations/telemetry';
import type { Telemetry } from '../operations/telemetry';
import { withoutUndefined } from '../operations/without-undefined';
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
} from '../operations/ledger/ledger';
import { searchPage } from '../operations/ledger/search';
import type { TimeRange } from '../operations/ledger/search';
import {
  asStored,
  DAY_SECONDS,
  expiryOf,
  filterOf,
  idOf,
  indexFor,
  isRecord,
  keyOf,
  ledgerTable,
  LIST_PREFIX,
  LOCK_PREFIX,
  marshalled,
  newItem,
  recordOf,
  sharded,
  SHARDS,
} from './ledger-table';
import type { IndexFilter, Item, LedgerIndex } from './ledger-table';

/** Prefix of the attribute `batch` of a running batch operation, for conditions. */
const RUNNING_BATCH = '{"state":"running"';

/** Page size of unfiltered index queries, and number of records in one BatchGetItem call, which allows 100. */
const ENTRIES_PER_PAGE = 50;

const listPageId = (operationId: string, page: number) => `${LIST_PREFIX}${operationId}-${page}`;

/** How long an expired lock is kept, in seconds. */
const EXPIRED_LOCK_SECONDS = 3_600;

/** Maximum length of a partition key. DynamoDB rejects a query for a longer one. */
const MAX_KEY_BYTES = 2048;

export interface DynamoDbLedgerOptions {
  tableName: string;
  /** How long a record is kept after the request, in days. */
  retentionDays: number;
  client?: DynamoDBClient;
  telemetry?: Telemetry;
  /** Timeout of one attempt of a call, in milliseconds. 3,000 when absent. */
  requestTimeoutMs?: number;
  now?: () => number;
}

/** Short, because a caller waits: after two attempts, the response is 503 and nothing was done. */
const REQUEST_TIMEOUT_MS = 3_000;

/** A ledger in a DynamoDB table, with one item per operation. */
export class DynamoDbLedger implements Ledger {
  readonly tableName: string;
  clockOffsetMs = 0;
  readonly client: DynamoDBClient;

  constructor(private readonly options: DynamoDbLedgerOptions) {
    const { tableName, requestTimeoutMs: requestTimeout = REQUEST_TIMEOUT_MS } = options;
    this.tableName = tableName;
    this.client =
      options.client ??
      new DynamoDBClient({
        maxAttempts: 2,
        // Without throwOnRequestTimeout, the SDK only logs a warning after requestTimeout and keeps waiting.
        requestHandler: { connectionTimeout: 1000, requestTimeout, throwOnRequestTimeout: true },
      });
    this.instrument(options.telemetry ?? noopTelemetry);
    this.trackServerClock(options.now ?? Date.now);
  }

  async createIfAbsent(record: OperationRecord): Promise<OperationRecord | undefined> {
    try {
      await this.client.send(
        new PutItemCommand({
          TableName: this.tableName,
          Item: newItem(record, this.options.retentionDays),
          ConditionExpression: 'attribute_not_exists(#id)',
          ExpressionAttributeNames: { '#id': ledgerTable.partitionKey },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const existing = error.Item ? recordOf(error.Item) : await this.find(record.operationId);
      if (!existing) throw unavailable(new Error('the record existed and is gone'));
      // The SDK retries a write whose response was lost: then this attempt wrote the existing record.
      return existing.owner === record.owner ? undefined : existing;
    }
  }

  takeOver(record: OperationRecord, owner: string, leaseUntil: number): Promise<OperationRecord | undefined> {
    const attempt = record.attempt + 1;
    return this.write(record, { owner, ...leased(leaseUntil), attempt, state: 'started' });
  }

  recordTargetRun(
    record: OperationRecord,
    runId: string,
    { leaseUntil, mayExecuteUntil }: ChangeLease,
  ): Promise<OperationRecord | undefined> {
    return this.write(record, { runId, mayExecuteUntil, ...leased(leaseUntil) });
  }

  complete(record: OperationRecord, result: AttemptResult): Promise<OperationRecord | undefined> {
    return this.write(record, { failure: undefined, nextCheckAt: undefined, ...result });
  }

  update(record: OperationRecord, changes: OperationUpdate): Promise<OperationRecord | undefined> {
    return this.write(record, changes);
  }

  async postpone(record: OperationRecord, nextCheckAt: string): Promise<void> {
    await this.setFields(record, { nextCheckAt });
  }

  async find(operationId: string): Promise<OperationRecord | undefined> {
    if (operationId === '' || Buffer.byteLength(operationId) > MAX_KEY_BYTES) return undefined;
    const item = await this.getItem(operationId);
    return item && isRecord(item) ? recordOf(item) : undefined;
  }

  async findAll(operationIds: readonly string[]): Promise<OperationRecord[]> {
    const pages = chunksOf([...new Set(operationIds)], ENTRIES_PER_PAGE).map((ids) =>
      this.read(ids, { ConsistentRead: true }),
    );
    return (await Promise.all(pages)).flat().map(recordOf);
  }

  async getItem(id: string): Promise<Item | undefined> {
    const read = new GetItemCommand({ TableName: this.tableName, Key: keyOf(id), ConsistentRead: true });
    return (await this.client.send(read)).Item;
  }

  async *due(namespace: string, now: Date): AsyncGenerator<OperationRecord, void, void> {
    const entries = this.entries(
      ledgerTable.indexes.due,
      sharded(namespace, SHARDS.due),
      { until: now.toISOString() },
      { ascending: true },
    );
    // A consistent read, because the index can still have operations that were just settled.
    for await (const record of this.records(entries, recordOf, { ConsistentRead: true })) {
      if (record.nextCheckAt !== undefined) yield record;
    }
  }

  async listUnsettled(namespace: string): Promise<UnsettledOperation[]> {
    const pages = sharded(namespace, SHARDS.due).map((key) => this.queryPage(ledgerTable.indexes.due, key, {}, {}));
    const items = (await Promise.all(pages)).flatMap(({ Items }) => Items ?? []);
    return items.map(recordOf).map(({ nextCheckAt = '', stuck, batch }) => ({ nextCheckAt, stuck, batch }));
  }

  search(namespace: string, search: OperationSearch, page: SearchPageRequest): Promise<OperationPage> {
    const { index, keys } = indexFor(namespace, search);
    return searchPage(namespace, search, page, (range) =>
      this.records(this.entries(index, keys, range, { filter: filterOf(index, search) }), recordOf),
    );
  }

  /**
   * Yields the entries of an index under several partition keys, sorted by the sort key. Prefetches a page of each. An entry
   * whose sort key changes during the read is yielded once, because BatchGetItem rejects duplicate keys.
   */
  async *entries(
    index: LedgerIndex,
    keys: readonly string[],
    range: TimeRange,
    order: EntryOptions,
  ): AsyncGenerator<Item, void, void> {
    const sortOf = (item: Item) => item[index.sortKey]?.S ?? '';
    const lists = keys.map((key) => this.entriesUnder(index, key, range, order));
    const heads = await Promise.all(lists.map((list) => list.next()));
    const seen = new Set<string>();
    for (;;) {
      let first: number | undefined;
      for (const [at, { value }] of heads.entries()) {
        const best = first === undefined ? undefined : heads[first]?.value;
        if (!value || (best && sortOf(best) > sortOf(value) !== (order.ascending ?? false))) continue;
        first = at;
      }
      if (first === undefined) return;
      const head = heads[first]?.value;
      if (head && !seen.has(idOf(head))) yield head;
      if (head) seen.add(idOf(head));
      const next = await lists[first]?.next();
      if (next) heads[first] = next;
    }
  }

  private async *entriesUnder(
    index: LedgerIndex,
    key: string,
    range: TimeRange,
    order: EntryOptions,
  ): AsyncGenerator<Item, void, void> {
    if (Buffer.byteLength(key) > MAX_KEY_BYTES) return;
    let start: Item | undefined;
    do {
      const { Items: items = [], LastEvaluatedKey: last } = await this.queryPage(index, key, range, order, start);
      yield* items;
      start = last;
    } while (start);
  }

  private async queryPage(
    index: LedgerIndex,
    key: string,
    { since, until }: TimeRange,
    { ascending = false, filter }: EntryOptions,
    start?: Item,
  ): Promise<QueryCommandOutput> {
    const range = [since !== undefined && '#sort >= :since', until !== undefined && '#sort <= :until'].filter(Boolean);
    const inRange = range.length === 2 ? ['#sort BETWEEN :since AND :until'] : range;
    return this.client.send(
      new QueryCommand({
        TableName: this.tableName,
        IndexName: index.name,
        KeyConditionExpression: ['#key = :key', ...inRange].join(' AND '),
        ExpressionAttributeNames: {
          '#key': index.partitionKey,
          ...(inRange.length > 0 && { '#sort': index.sortKey }),
          ...filter?.names,
        },
        ExpressionAttributeValues: marshalled({ ':key': key, ':since': since, ':until': until, ...filter?.values }),
        ScanIndexForward: ascending,
        // Limit counts the entries before the filter.
        ...(filter ? { FilterExpression: filter.expression } : { Limit: ENTRIES_PER_PAGE }),
        ExclusiveStartKey: start,
      }),
    );
  }

  /** Yields the records of index entries, in the same order, without those that have expired. */
  async *records<R>(
    entries: AsyncIterable<Item>,
    toRecord: (item: Item) => R,
    options: ReadOptions = {},
  ): AsyncGenerator<R, void, void> {
    let ids: string[] = [];
    for await (const entry of entries) {
      ids.push(idOf(entry));
      if (ids.length < ENTRIES_PER_PAGE) continue;
      yield* (await this.read(ids, options)).map(toRecord);
      ids = [];
    }
    if (ids.length > 0) yield* (await this.read(ids, options)).map(toRecord);
  }

  private async read(ids: string[], options: ReadOptions): Promise<Item[]> {
    const items = new Map<string, Item>();
    let keys: Item[] | undefined = ids.map(keyOf);
    while (keys && keys.length > 0) {
      const { Responses: responses, UnprocessedKeys: unprocessed }: BatchGetItemCommandOutput = await this.client.send(
        new BatchGetItemCommand({ RequestItems: { [this.tableName]: { Keys: keys, ...options } } }),
      );
      for (const item of responses?.[this.tableName] ?? []) items.set(idOf(item), item);
      keys = unprocessed?.[this.tableName]?.Keys;
    }
    return ids.map((id) => items.get(id)).filter((item) => item !== undefined);
  }

  async acquireLock(
    name: string,
    { operationId, until }: LockHolder,
    now: number,
    replaced?: LockHolder,
  ): Promise<LockHolder | undefined> {
    const id = LOCK_PREFIX + createHash('sha256').update(name).digest('hex');
    const item = {
      [ledgerTable.partitionKey]: id,
      holder: operationId,
      leaseUntil: until,
      [ledgerTable.timeToLive]: Math.ceil(until / 1000) + EXPIRED_LOCK_SECONDS,
    };
    const free = ['attribute_not_exists(#id)', '#until <= :now', '#holder = :holder'];
    if (replaced) free.push('(#holder = :replaced AND #until = :replacedUntil)');
    try {
      await this.client.send(
        new PutItemCommand({
          TableName: this.tableName,
          Item: marshalled(item),
          ConditionExpression: free.join(' OR '),
          ExpressionAttributeNames: { '#id': ledgerTable.partitionKey, '#until': 'leaseUntil', '#holder': 'holder' },
          ExpressionAttributeValues: marshalled({
            ':now': now,
            ':holder': operationId,
            ':replaced': replaced?.operationId,
            ':replacedUntil': replaced?.until,
          }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if (!error.Item) throw unavailable(error);
      const { holder, leaseUntil } = unmarshall(error.Item) as { holder: string; leaseUntil: number };
      return { operationId: holder, until: leaseUntil };
    }
  }

  async updateBatch(operationId: string, batch: BatchRecord): Promise<void> {
    const { state, ...rest } = batch;
    const { progress } = rest;
    const further = state === 'running' ? ' AND (attribute_not_exists(#processed) OR #processed <= :processed)' : '';
    await this.updateIf(operationId, {
      UpdateExpression: 'SET #batch = :batch, #processed = :processed',
      ConditionExpression: `attribute_exists(#id) AND (attribute_not_exists(#batch) OR begins_with(#batch, :running))${further}`,
      ExpressionAttributeNames: { '#batch': 'batch', '#processed': 'batchProcessed', '#id': ledgerTable.partitionKey },
      ExpressionAttributeValues: marshalled({
        // The state has to come first: the condition compares the beginning of the text.
        ':batch': JSON.stringify({ state, ...rest }),
        ':processed': progress.done + progress.skipped,
        ':running': RUNNING_BATCH,
      }),
    });
  }

  async requestBatchStop(operationId: string, by: string): Promise<void> {
    await this.updateIf(operationId, {
      UpdateExpression: 'SET #stop = :now, #by = :by',
      ConditionExpression: 'attribute_exists(#id) AND attribute_not_exists(#stop)',
      ExpressionAttributeNames: {
        '#stop': 'stopRequestedAt',
        '#by': 'stopRequestedBy',
        '#id': ledgerTable.partitionKey,
      },
      ExpressionAttributeValues: marshalled({ ':now': new Date().toISOString(), ':by': by }),
    });
  }

  async setBatchSuspended(operationId: string, suspended: boolean, by: string): Promise<void> {
    const change = 'SET #changes = list_append(if_not_exists(#changes, :none), :change)';
    await this.updateIf(operationId, {
      UpdateExpression: suspended
        ? `${change}, #suspended = if_not_exists(#suspended, :now)`
        : `${change} REMOVE #suspended`,
      ConditionExpression: 'attribute_exists(#id) AND (attribute_not_exists(#changes) OR NOT contains(#changes, :by))',
      ExpressionAttributeNames: {
        '#suspended': 'suspendedAt',
        '#changes': 'suspensionChanges',
        '#id': ledgerTable.partitionKey,
      },
      ExpressionAttributeValues: marshalled({
        ':none': [],
        ':change': [by],
        ':by': by,
        ...(suspended && { ':now': new Date().toISOString() }),
      }),
    });
  }

  async storeListPage(operationId: string, page: number, workflowIds: readonly string[]): Promise<void> {
    const item = {
      [ledgerTable.partitionKey]: listPageId(operationId, page),
      workflowIds: JSON.stringify(workflowIds),
      [ledgerTable.timeToLive]: Math.floor(Date.now() / 1000) + this.options.retentionDays * DAY_SECONDS,
    };
    await this.client.send(new PutItemCommand({ TableName: this.tableName, Item: marshalled(item) }));
  }

  async findListPage(operationId: string, page: number): Promise<string[] | undefined> {
    const item = await this.getItem(listPageId(operationId, page));
    return item && (JSON.parse(item['workflowIds']?.S ?? '[]') as string[]);
  }

  /**
   * Updates an item. Does nothing if the condition is not met.
   * @returns the attributes that `ReturnValues` requests; undefined if the condition is not met
   */
  async updateIf(id: string, update: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>): Promise<Item | undefined> {
    try {
      const command = new UpdateItemCommand({ TableName: this.tableName, Key: keyOf(id), ...update });
      return (await this.client.send(command)).Attributes;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return undefined;
    }
  }

  /** Reports each call, and makes it throw an `OperationFailure`, or the `ConditionalCheckFailedException` of a condition. */
  private instrument(telemetry: Telemetry): void {
    this.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          const ended = telemetry.startCall('ledger', commandName.replace(/Command$/, ''));
          try {
            const result = await next(args);
            ended();
            return result;
          } catch (error) {
            // A failed condition is not a failed call.
            const isCondition = error instanceof ConditionalCheckFailedException;
            ended(isCondition ? undefined : (error as Error).name);
            throw isCondition ? error : unavailable(error);
          }
        },
      { name: 'instrument', override: true },
    );
  }

  /** Estimates the clock skew to DynamoDB from the `Date` header of its responses (1 s resolution). */
  private trackServerClock(now: () => number): void {
    this.client.middlewareStack.add(
      (next) => async (args) => {
        const sentAt = now();
        const result = await next(args);
        const { headers } = result.response as { headers?: Record<string, string | undefined> };
        const serverTime = Date.parse(headers?.['date'] ?? '');
        if (!Number.isNaN(serverTime)) {
          this.clockOffsetMs = Math.max(0, serverTime - now()) + Math.min(0, serverTime + 1000 - sentAt);
        }
        return result;
      },
      // Inside the deserializer, which throws for error responses, because these have a date too.
      { step: 'deserialize', priority: 'low', name: 'trackServerClock', override: true },
    );
  }

  /**
   * Extends the retention past the next check: a workflow can be paused, and a batch operation can run, for longer than that. A
   * worker stops a batch operation without a record.
   */
  private extendedExpiry(record: OperationRecord, { nextCheckAt }: Partial<OperationRecord>): Record<string, number> {
    if (nextCheckAt === undefined) return {};
    const expiresAt = Math.ceil(Date.parse(nextCheckAt) / 1000) + DAY_SECONDS;
    const isLater = expiresAt > expiryOf(record, this.options.retentionDays);
    return isLater ? { [ledgerTable.timeToLive]: expiresAt } : {};
  }

  private async write(
    record: OperationRecord,
    changes: Partial<OperationRecord>,
  ): Promise<OperationRecord | undefined> {
    const changed = { ...record, ...changes, version: record.version + 1 };
    const written = await this.setFields(record, { ...changes, version: changed.version });
    return written ? withoutUndefined(changed) : undefined;
  }

  /**
   * Sets fields, or removes those that are undefined, if the version of the stored record is that of `record`.
   * @returns true if the item has the fields now
   */
  private async setFields(record: OperationRecord, changes: Partial<OperationRecord>): Promise<boolean> {
    const fields = { ...asStored(changes), ...this.extendedExpiry(record, changes) };
    const names = Object.keys(fields);
    const kept = names.filter((name) => fields[name] !== undefined);
    const removed = names.filter((name) => fields[name] === undefined);
    const expression = [
      kept.length > 0 && `SET ${kept.map((name) => `#${name} = :${name}`).join(', ')}`,
      removed.length > 0 && `REMOVE ${removed.map((name) => `#${name}`).join(', ')}`,
    ];
    try {
      await this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: keyOf(record.operationId),
          UpdateExpression: expression.filter(Boolean).join(' '),
          ConditionExpression: '#version = :knownVersion',
          ExpressionAttributeNames: {
            '#version': 'version',
            ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
          },
          ExpressionAttributeValues: {
            ...marshalled({ ':knownVersion': record.version }),
            ...marshalled(Object.fromEntries(kept.map((name) => [`:${name}`, fields[name]]))),
          },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // The SDK retries a write whose response was lost: then the item already has the fields.
      return error.Item !== undefined && hasFields(error.Item, fields);
    }
  }
}

/** Returns the ledger that this process's environment configures. */
export function deployedLedger(telemetry?: Telemetry): DynamoDbLedger {
  return new DynamoDbLedger({
    tableName: requiredVariable(EnvironmentVariable.ledgerTable),
    retentionDays: requiredNumber(EnvironmentVariable.ledgerRetentionDays),
    telemetry,
  });
}

/** Returns whether an item has all of these fields, and none of those that are undefined. */
function hasFields(item: Item, fields: Record<string, unknown>): boolean {
  const stored = unmarshall(item);
  const wanted = unmarshall(marshalled(fields));
  return Object.keys(fields).every((name) => isDeepStrictEqual(stored[name], wanted[name]));
}

type ReadOptions = Pick<KeysAndAttributes, 'ConsistentRead' | 'ProjectionExpression' | 'ExpressionAttributeNames'>;

interface EntryOptions {
  ascending?: boolean;
  filter?: IndexFilter | undefined;
}

/** Returns the failure for an error of DynamoDB: `internal` for an invalid call, otherwise `ledger-unavailable`. */
function unavailable(error: unknown): OperationFailure {
  const name = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
  if (error instanceof Error && error.name === 'ValidationException') {
    // A retry fails again. For example, the record is too large.
    const operatorDetail = `DynamoDB rejected the call: ${name}`;
    return new OperationFailure('internal', 'Rewind failed.', { operatorDetail, nothingDone: true }, { cause: error });
  }
  return new OperationFailure(
    'ledger-unavailable',
    'The operation ledger does not respond. Nothing was done. Try again.',
    { retryAfterSeconds: 2, operatorDetail: `DynamoDB failed: ${name}` },
    { cause: error },
  );
}
