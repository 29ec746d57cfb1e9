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
  AttributeValue,
  BatchGetItemCommandOutput,
  QueryCommandOutput,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { OperationFailure } from '../api/failures';
import { EnvironmentVariable, requiredNumber, requiredVariable } from './environment';
import type { BatchRecord } from '../operations/batch/batch';
import { actorName } from '../operations/ledger/attribution';
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
  OperationState,
  OperationUpdate,
  SearchPageRequest,
  UnsettledOperation,
} from '../operations/ledger/ledger';
import { searchPage } from '../operations/ledger/search';
import type { TimeRange } from '../operations/ledger/search';

/** An index of the ledger table: its keys, and what it has of a record besides them. */
export interface LedgerIndex {
  name: string;
  partitionKey: string;
  sortKey: string;
  projected: readonly string[];
}

/**
 * The ledger table's keys and indexes; lib/constructs/ledger.ts makes it so. An index has what its queries filter by and no
 * more: a write costs units in an index only if something changes in it. The records are read from the table.
 */
export const ledgerTable = {
  partitionKey: 'operationId',
  /** Epoch seconds after which DynamoDB drops the record. */
  timeToLive: 'expiresAt',
  indexes: {
    /** The operations on a workflow by time. */
    byWorkflow: { name: 'workflowTime', partitionKey: 'workflowKey', sortKey: 'requestedAt', projected: [] },
    /** The operations of an actor by time, under the actor's name. */
    byActor: { name: 'actorTime', partitionKey: 'actorKey', sortKey: 'requestedAt', projected: ['actor', 'verb'] },
    /** The operations of a namespace by time. */
    byTime: {
      name: 'namespaceTime',
      partitionKey: 'timeKey',
      sortKey: 'requestedAt',
      projected: ['exception', 'verb'],
    },
    /** The items of a batch operation by time. Sparse: other operations have no `batchOperationId`. */
    byBatch: { name: 'batchTime', partitionKey: 'batchOperationId', sortKey: 'requestedAt', projected: ['exception'] },
    /** Operations that still have to be checked, by when. Sparse: the record's `nextCheckAt`, stored as `dueAt`, is removed in the end. */
    due: { name: 'unsettled', partitionKey: 'dueKey', sortKey: 'dueAt', projected: ['batch', 'stuck'] },
  },
} as const satisfies { indexes: Record<string, LedgerIndex>; [name: string]: unknown };

const { byWorkflow, byActor, byTime, byBatch, due } = ledgerTable.indexes;

/**
 * Keys over which the records of one namespace, or of one actor, are spread: a partition key takes 1,000 write units a
 * second. With 1,000 operations a second in a namespace none has more than half of that; `npm run bench -- partitions`.
 */
export const SHARDS = { byActor: 4, byTime: 8, due: 16 };

type Item = Record<string, AttributeValue>;
/** Attributes of the table that are no part of a record. `ledger` is a key of tables before release 0.1. */
const tableOnly = [
  ledgerTable.timeToLive,
  byWorkflow.partitionKey,
  byActor.partitionKey,
  byTime.partitionKey,
  due.partitionKey,
  'ledger',
  'exception',
  'batchProcessed',
];

/** States other than that of nearly all operations. An index has these only, so that an operation that completes costs it nothing. */
export const exceptions: readonly OperationState[] = ['refused', 'failed', 'unknown'];

/** How the text of a batch operation's record begins while it is running. */
const RUNNING_BATCH = '{"state":"running"';

/** Stored as text: DynamoDB does not keep the order of a map's keys, and a repetition gets the answer byte for byte. */
const storedAsJson = ['request', 'answer', 'batch', 'failure'];

/** Entries of an index per page, where none is filtered out, and records that are read in one call: DynamoDB takes 100. */
const ENTRIES_PER_PAGE = 50;

/** Locks are items of the same table without the keys of its indexes; no operation id begins like this. */
const LOCK_PREFIX = 'lock-';

/** The lists of batch operations, page by page, are such items too. */
const LIST_PREFIX = 'list-';

/** And rejected events, see dynamodb-rejected-events.ts. */
const REJECTED_EVENT_PREFIX = 'ev-';

const listPageId = (operationId: string, page: number) => `${LIST_PREFIX}${operationId}-${page}`;

/** How long an expired lock is kept, in seconds: DynamoDB may delete it then. */
const EXPIRED_LOCK_SECONDS = 3_600;

/** DynamoDB refuses to look for a longer partition key, as it cannot be in a table or an index. */
const MAX_KEY_BYTES = 2048;

export interface DynamoDbLedgerOptions {
  tableName: string;
  /** How long records are kept, in days from the request. */
  retentionDays: number;
  client?: DynamoDBClient;
  telemetry?: Telemetry;
  /** How long one attempt at a call may take, in milliseconds; see {@link REQUEST_TIMEOUT_MS}. */
  requestTimeoutMs?: number;
  now?: () => number;
}

/** A person is waiting: two attempts of this long each, and then the answer is 503 and nothing was done. */
const REQUEST_TIMEOUT_MS = 3_000;

const DAY_SECONDS = 86_400;

/** The ledger in a DynamoDB table: one item an operation. */
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
        // Without the last, the SDK warns when the time is over, and goes on waiting.
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
      if (!(error instanceof ConditionalCheckFailedException)) throw unavailable(error);
      const there = error.Item ? recordOf(error.Item) : await this.find(record.operationId);
      if (!there) throw unavailable(new Error('a record was there and is gone'));
      // The SDK repeats a write whose answer was lost; then the record that is in the way is this very one.
      return there.owner === record.owner ? undefined : there;
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

  /** What is still to be done outlives the retention: a workflow may be paused for longer. */
  async postpone(record: OperationRecord, nextCheckAt: string): Promise<void> {
    const expiresAt = Math.ceil(Date.parse(nextCheckAt) / 1000) + DAY_SECONDS;
    const isLater = expiresAt > expiryOf(record, this.options.retentionDays);
    await this.setFields(record, { nextCheckAt }, isLater ? { [ledgerTable.timeToLive]: expiresAt } : {});
  }

  async find(operationId: string): Promise<OperationRecord | undefined> {
    if (operationId === '' || Buffer.byteLength(operationId) > MAX_KEY_BYTES) return undefined;
    const item = await this.getItem(operationId);
    return item && isRecord(item) ? recordOf(item) : undefined;
  }

  async findAll(operationIds: readonly string[]): Promise<OperationRecord[]> {
    const ids = [...new Set(operationIds)];
    const pages = Array.from({ length: Math.ceil(ids.length / ENTRIES_PER_PAGE) }, (_, page) =>
      this.read(ids.slice(page * ENTRIES_PER_PAGE, (page + 1) * ENTRIES_PER_PAGE), true),
    );
    return (await Promise.all(pages)).flat();
  }

  private async getItem(id: string): Promise<Item | undefined> {
    const Key = marshalled({ [ledgerTable.partitionKey]: id });
    try {
      const read = new GetItemCommand({ TableName: this.tableName, Key, ConsistentRead: true });
      return (await this.client.send(read)).Item;
    } catch (error) {
      throw unavailable(error);
    }
  }

  async *due(namespace: string, now: Date): AsyncGenerator<OperationRecord, void, void> {
    const entries = this.entries(
      due,
      sharded(namespace, SHARDS.due),
      { until: now.toISOString() },
      { ascending: true },
    );
    // Consistently: what was settled a moment ago may still be in the index.
    for await (const record of this.records(entries, { consistent: true })) {
      if (record.nextCheckAt !== undefined) yield record;
    }
  }

  async listUnsettled(namespace: string): Promise<UnsettledOperation[]> {
    const pages = sharded(namespace, SHARDS.due).map((key) => this.queryPage(due, key, {}, {}));
    const items = (await Promise.all(pages)).flatMap(({ Items }) => Items ?? []);
    return items.map((item) => {
      const { nextCheckAt = '', stuck, batch } = recordOf(item);
      return withoutUndefined({ nextCheckAt, stuck, batch });
    });
  }

  search(namespace: string, search: OperationSearch, page: SearchPageRequest): Promise<OperationPage> {
    const { index, keys } = placeOf(namespace, search);
    return searchPage(namespace, search, page, (range) =>
      this.records(this.entries(index, keys, range, { filter: filterOf(index, search) })),
    );
  }

  /**
   * The entries of an index under several keys, in the order of its sort key. Reads a page of each ahead. One that moves
   * meanwhile is read where it was first: DynamoDB refuses to read a record twice in one call.
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
      const id = head?.[ledgerTable.partitionKey]?.S ?? '';
      if (head && !seen.has(id)) yield head;
      seen.add(id);
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
    try {
      return await this.client.send(
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
          // What a filter leaves out counts.
          ...(filter ? { FilterExpression: filter.expression } : { Limit: ENTRIES_PER_PAGE }),
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** The records behind entries of an index, in their order. Records that have expired since are left out. */
  private async *records(
    entries: AsyncIterable<Item>,
    { consistent = false } = {},
  ): AsyncGenerator<OperationRecord, void, void> {
    let ids: string[] = [];
    for await (const entry of entries) {
      ids.push(entry[ledgerTable.partitionKey]?.S ?? '');
      if (ids.length < ENTRIES_PER_PAGE) continue;
      yield* await this.read(ids, consistent);
      ids = [];
    }
    if (ids.length > 0) yield* await this.read(ids, consistent);
  }

  private async read(ids: string[], consistent: boolean): Promise<OperationRecord[]> {
    const records = new Map<string, OperationRecord>();
    let keys: Item[] | undefined = ids.map((id) => marshalled({ [ledgerTable.partitionKey]: id }));
    try {
      while (keys && keys.length > 0) {
        const { Responses: responses, UnprocessedKeys: unprocessed }: BatchGetItemCommandOutput =
          await this.client.send(
            new BatchGetItemCommand({
              RequestItems: { [this.tableName]: { Keys: keys, ConsistentRead: consistent } },
            }),
          );
        for (const item of responses?.[this.tableName] ?? []) {
          const record = recordOf(item);
          records.set(record.operationId, record);
        }
        keys = unprocessed?.[this.tableName]?.Keys;
      }
    } catch (error) {
      throw unavailable(error);
    }
    return ids.flatMap((id) => records.get(id) ?? []);
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
      if (!(error instanceof ConditionalCheckFailedException) || !error.Item) throw unavailable(error);
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
        // The state comes first: the condition reads it.
        ':batch': JSON.stringify({ state, ...rest }),
        ':processed': progress.done + progress.skipped,
        ':running': RUNNING_BATCH,
      }),
    });
  }

  async requestBatchStop(operationId: string): Promise<void> {
    await this.updateIf(operationId, {
      UpdateExpression: 'SET #stop = if_not_exists(#stop, :now)',
      ConditionExpression: 'attribute_exists(#id)',
      ExpressionAttributeNames: { '#stop': 'stopRequestedAt', '#id': ledgerTable.partitionKey },
      ExpressionAttributeValues: marshalled({ ':now': new Date().toISOString() }),
    });
  }

  async setBatchSuspended(operationId: string, suspended: boolean): Promise<void> {
    const names = { '#suspended': 'suspendedAt', '#id': ledgerTable.partitionKey };
    await this.updateIf(operationId, {
      UpdateExpression: suspended ? 'SET #suspended = if_not_exists(#suspended, :now)' : 'REMOVE #suspended',
      ConditionExpression: 'attribute_exists(#id)',
      ExpressionAttributeNames: names,
      ...(suspended && { ExpressionAttributeValues: marshalled({ ':now': new Date().toISOString() }) }),
    });
  }

  async storeListPage(operationId: string, page: number, workflowIds: readonly string[]): Promise<void> {
    const item = {
      [ledgerTable.partitionKey]: listPageId(operationId, page),
      workflowIds: JSON.stringify(workflowIds),
      [ledgerTable.timeToLive]: Math.floor(Date.now() / 1000) + this.options.retentionDays * DAY_SECONDS,
    };
    try {
      await this.client.send(new PutItemCommand({ TableName: this.tableName, Item: marshalled(item) }));
    } catch (error) {
      throw unavailable(error);
    }
  }

  async findListPage(operationId: string, page: number): Promise<string[] | undefined> {
    const item = await this.getItem(listPageId(operationId, page));
    return item && (JSON.parse(item['workflowIds']?.S ?? '[]') as string[]);
  }

  /** Changes a record, or nothing where the condition does not hold. */
  private async updateIf(
    operationId: string,
    update: Pick<
      UpdateItemCommandInput,
      'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
    >,
  ): Promise<void> {
    const Key = marshalled({ [ledgerTable.partitionKey]: operationId });
    try {
      await this.client.send(new UpdateItemCommand({ TableName: this.tableName, Key, ...update }));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw unavailable(error);
    }
  }

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
            // A condition that does not hold is an answer.
            ended(error instanceof ConditionalCheckFailedException ? undefined : (error as Error).name);
            throw error;
          }
        },
      { name: 'tellCalls', override: true },
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
      // Below the deserializer that throws for error responses, since these have a date too.
      { step: 'deserialize', priority: 'low', name: 'readClock', override: true },
    );
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
   * Sets fields, or removes those that are undefined, while the record's version is the one that was read.
   * @param others fields of the item, and not of the record
   * @returns whether they are set now
   */
  private async setFields(
    record: OperationRecord,
    changes: Partial<OperationRecord>,
    others: Record<string, unknown> = {},
  ): Promise<boolean> {
    const fields = { ...asStored(changes), ...others };
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
          Key: marshalled({ [ledgerTable.partitionKey]: record.operationId }),
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
      if (!(error instanceof ConditionalCheckFailedException)) throw unavailable(error);
      // The SDK repeats a write whose answer was lost: then the fields are there already.
      return error.Item !== undefined && holds(error.Item, fields);
    }
  }
}

/** The ledger of the stack that this process belongs to, by its environment. */
export function deployedLedger(telemetry?: Telemetry): DynamoDbLedger {
  return new DynamoDbLedger({
    tableName: requiredVariable(EnvironmentVariable.ledgerTable),
    retentionDays: requiredNumber(EnvironmentVariable.ledgerRetentionDays),
    ...(telemetry && { telemetry }),
  });
}

/** Whether a stored item has all of these fields, and lacks those that are undefined. */
function holds(item: Item, fields: Record<string, unknown>): boolean {
  const stored = unmarshall(item);
  const wanted = unmarshall(marshalled(fields));
  return Object.keys(fields).every((name) => isDeepStrictEqual(stored[name], wanted[name]));
}

/** How entries of an index are read. */
interface EntryOptions {
  ascending?: boolean;
  filter?: { expression: string; names: Record<string, string>; values: Record<string, unknown> };
}

/** The keys of a record in the indexes. That of a batch operation's items is a field of the record. */
function indexKeys({
  operationId,
  namespace,
  workflowId,
  actor,
}: Pick<OperationRecord, 'operationId' | 'namespace' | 'workflowId' | 'actor'>): Record<string, string> {
  return {
    [byWorkflow.partitionKey]: workflowKey(namespace, workflowId),
    [byActor.partitionKey]: shardKey(actorKey(namespace, actor.id), shardOf(operationId, SHARDS.byActor)),
    [byTime.partitionKey]: shardKey(namespace, shardOf(operationId, SHARDS.byTime)),
    [due.partitionKey]: shardKey(namespace, shardOf(operationId, SHARDS.due)),
  };
}

/** The item of a new record: its fields, when it expires, and what the indexes need. */
export function newItem(record: OperationRecord, retentionDays: number): Item {
  const expiresAt = expiryOf(record, retentionDays);
  return marshalled({ ...asStored({ ...record }), [ledgerTable.timeToLive]: expiresAt, ...indexKeys(record) });
}

/** When a record expires, in seconds since the epoch. */
const expiryOf = ({ requestedAt }: OperationRecord, retentionDays: number): number =>
  Math.floor(Date.parse(requestedAt) / 1000) + retentionDays * DAY_SECONDS;

/** What a record has in the table for its indexes, besides its own fields. */
export function addedAttributes(record: OperationRecord): Record<string, string> {
  return { ...indexKeys(record), ...(exceptions.includes(record.state) && { exception: record.state }) };
}

/** The index that has what a search wants, and as little else as possible. */
function placeOf(
  namespace: string,
  { workflowId, batchOperationId, actor }: OperationSearch,
): { index: LedgerIndex; keys: readonly string[] } {
  if (workflowId !== undefined) return { index: byWorkflow, keys: [workflowKey(namespace, workflowId)] };
  if (batchOperationId !== undefined) return { index: byBatch, keys: [batchOperationId] };
  if (actor !== undefined) return { index: byActor, keys: sharded(actorKey(namespace, actor), SHARDS.byActor) };
  return { index: byTime, keys: sharded(namespace, SHARDS.byTime) };
}

/** The part of a search that the entries of an index decide. */
function filterOf(
  { projected }: LedgerIndex,
  { verb, states, actor }: OperationSearch,
): EntryOptions['filter'] | undefined {
  const conditions: string[] = [];
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  if (verb !== undefined && projected.includes('verb')) {
    conditions.push('#verb = :verb');
    names['#verb'] = 'verb';
    values[':verb'] = verb;
  }
  if (states && projected.includes('exception')) {
    const sought = states.filter((state) => exceptions.includes(state));
    const either = [
      sought.length > 0 && `#exception IN (${sought.map((_, at) => `:state${at}`).join(', ')})`,
      sought.length < states.length && 'attribute_not_exists(#exception)',
    ];
    conditions.push(`(${either.filter(Boolean).join(' OR ')})`);
    names['#exception'] = 'exception';
    for (const [at, state] of sought.entries()) values[`:state${at}`] = state;
  }
  // A name is in the key already.
  if (actor !== undefined && actorName(actor) !== actor && projected.includes('actor')) {
    conditions.push('#actor.#id = :actor');
    names['#actor'] = 'actor';
    names['#id'] = 'id';
    values[':actor'] = actor;
  }
  return conditions.length === 0 ? undefined : { expression: conditions.join(' AND '), names, values };
}

function workflowKey(namespace: string, workflowId: string): string {
  return `${namespace}/${workflowId}`;
}

function actorKey(namespace: string, actor: string): string {
  return `${namespace}/${actorName(actor)}`;
}

export function sharded(key: string, shards: number): string[] {
  return Array.from({ length: shards }, (_, shard) => shardKey(key, shard));
}

export const shardKey = (key: string, shard: number) => `${key}#${shard}`;

/** Ids end in random or hashed hexadecimal digits. */
export function shardOf(id: string, shards: number): number {
  return (Number.parseInt(id.slice(-2), 16) || 0) % shards;
}

export function marshalled(value: Record<string, unknown>): Item {
  return marshall(value, { removeUndefinedValues: true });
}

function asStored(fields: Record<string, unknown>): Record<string, unknown> {
  const texts = storedAsJson
    .filter((name) => fields[name] !== undefined)
    .map((name) => [name, JSON.stringify(fields[name])]);
  const { nextCheckAt, ...others } = fields;
  const dueAt = 'nextCheckAt' in fields ? { [due.sortKey]: nextCheckAt } : {};
  const state = fields['state'] as OperationState | undefined;
  const exception = state && { exception: exceptions.includes(state) ? state : undefined };
  return { ...others, ...dueAt, ...exception, ...Object.fromEntries(texts) };
}

/** Prefixes of the items that are no records of operations. */
const otherItems = [LOCK_PREFIX, LIST_PREFIX, REJECTED_EVENT_PREFIX];

/** Whether an item of the table or of its stream is the record of an operation. */
export function isRecord(item: Item): boolean {
  const id = item[ledgerTable.partitionKey]?.S ?? '';
  return !otherItems.some((prefix) => id.startsWith(prefix));
}

/** The record in an item of the table or of its stream. */
export function recordOf(item: Item): OperationRecord {
  const record = unmarshall(item);
  for (const name of tableOnly) delete record[name];
  rename(record, due.sortKey, 'nextCheckAt');
  for (const name of storedAsJson) if (typeof record[name] === 'string') record[name] = JSON.parse(record[name]);
  return record as OperationRecord;
}

function rename(fields: Record<string, unknown>, from: string, to: string): void {
  if (!(from in fields)) return;
  fields[to] = fields[from];
  delete fields[from];
}

export function unavailable(error: unknown): OperationFailure {
  const name = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
  if (error instanceof Error && error.name === 'ValidationException') {
    // Of a record that is too large, for example: it does not pass.
    const operatorDetail = `DynamoDB refused the call: ${name}`;
    return new OperationFailure('internal', 'Rewind failed.', { operatorDetail, nothingDone: true }, { cause: error });
  }
  return new OperationFailure(
    'ledger-unavailable',
    'The operation ledger does not answer, and nothing is done without it. Nothing was done this time; try again.',
    { retryAfterSeconds: 2, operatorDetail: `DynamoDB failed: ${name}` },
    { cause: error },
  );
}
