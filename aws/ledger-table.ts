import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { actorName } from '../operations/ledger/attribution';
import type { OperationRecord, OperationSearch, OperationState } from '../operations/ledger/ledger';

/* The ledger's table: its keys and indexes, and how a record is stored as an item. */

/** A global secondary index of the ledger table. `projected` are the attributes besides its keys. */
export interface LedgerIndex {
  name: string;
  partitionKey: string;
  sortKey: string;
  projected: readonly string[];
}

/**
 * Keys and indexes of the ledger table, which lib/constructs/ledger.ts creates. An index projects only the attributes that
 * its queries filter by, because a write consumes capacity in an index only if a projected attribute changes. Records are
 * read from the table.
 */
export const ledgerTable = {
  partitionKey: 'operationId',
  /** When DynamoDB may delete the record, in epoch seconds. */
  timeToLive: 'expiresAt',
  indexes: {
    /** Operations on a workflow, by time. */
    byWorkflow: { name: 'workflowTime', partitionKey: 'workflowKey', sortKey: 'requestedAt', projected: [] },
    /** Operations of an actor, by time. The key has the actor's name, not its ARN. */
    byActor: { name: 'actorTime', partitionKey: 'actorKey', sortKey: 'requestedAt', projected: ['actor', 'verb'] },
    /** Operations in a namespace, by time. */
    byTime: {
      name: 'namespaceTime',
      partitionKey: 'timeKey',
      sortKey: 'requestedAt',
      projected: ['exception', 'verb'],
    },
    /** Items of a batch operation, by time. Sparse: other operations have no `batchOperationId`. */
    byBatch: { name: 'batchTime', partitionKey: 'batchOperationId', sortKey: 'requestedAt', projected: ['exception'] },
    /** Unsettled operations, by the time of their next check. Sparse: `nextCheckAt`, stored as `dueAt`, is removed after the last check. */
    due: { name: 'unsettled', partitionKey: 'dueKey', sortKey: 'dueAt', projected: ['batch', 'stuck'] },
  },
} as const satisfies { indexes: Record<string, LedgerIndex>; [name: string]: unknown };

const { byWorkflow, byActor, byTime, byBatch, due } = ledgerTable.indexes;

/**
 * Number of partition keys over which the records of one namespace or actor are spread, because DynamoDB limits a partition
 * to 1,000 write units per second. With 1,000 operations per second in a namespace, no partition key exceeds half of that;
 * `npm run bench -- partitions` measures it.
 */
export const SHARDS = { byActor: 4, byTime: 8, due: 16 };

export type Item = Record<string, AttributeValue>;

/** Attributes that are not part of a record. `ledger` was an index key before release 0.1. */
const internalAttributes = [
  ledgerTable.timeToLive,
  byWorkflow.partitionKey,
  byActor.partitionKey,
  byTime.partitionKey,
  due.partitionKey,
  'ledger',
  'exception',
  'batchProcessed',
];

/**
 * The states in the attribute `exception`. Indexes project it instead of `state`, so that the completion of an operation does
 * not change the index.
 */
export const exceptions: readonly OperationState[] = ['refused', 'failed', 'unknown'];

/** Stored as JSON strings: DynamoDB maps do not keep the order of keys, but a replayed response is identical byte for byte. */
const storedAsJson = ['request', 'answer', 'batch', 'failure'];

/** Id prefix of locks, which are items of the same table, but in no index. No operation id has such a prefix. */
export const LOCK_PREFIX = 'lock-';

/** Id prefix of the pages of a batch operation's workflow list. They are in no index either. */
export const LIST_PREFIX = 'list-';

/** Id prefix of rejected events, see dynamodb-rejected-events.ts. */
const REJECTED_EVENT_PREFIX = 'ev-';

export const DAY_SECONDS = 86_400;

export const keyOf = (id: string): Item => marshalled({ [ledgerTable.partitionKey]: id });

export const idOf = (item: Item): string => item[ledgerTable.partitionKey]?.S ?? '';

/** Returns the partition keys of a record in the indexes. The key of `byBatch` is a field of the record. */
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

/** Returns the DynamoDB item of a new record: its fields, expiry time and index keys. */
export function newItem(record: OperationRecord, retentionDays: number): Item {
  const expiresAt = expiryOf(record, retentionDays);
  return marshalled({ ...asStored({ ...record }), [ledgerTable.timeToLive]: expiresAt, ...indexKeys(record) });
}

/** Returns when a record expires, in epoch seconds. */
export const expiryOf = ({ requestedAt }: OperationRecord, retentionDays: number): number =>
  Math.floor(Date.parse(requestedAt) / 1000) + retentionDays * DAY_SECONDS;

/** Returns the attributes of a record's item that are only for the indexes. */
export function addedAttributes(record: OperationRecord): Record<string, string> {
  return { ...indexKeys(record), ...(exceptions.includes(record.state) && { exception: record.state }) };
}

/** Returns the most selective index for a search, and its partition keys. */
export function indexFor(
  namespace: string,
  { workflowId, batchOperationId, actor }: OperationSearch,
): { index: LedgerIndex; keys: readonly string[] } {
  if (workflowId !== undefined) return { index: byWorkflow, keys: [workflowKey(namespace, workflowId)] };
  if (batchOperationId !== undefined) return { index: byBatch, keys: [batchOperationId] };
  if (actor !== undefined) return { index: byActor, keys: sharded(actorKey(namespace, actor), SHARDS.byActor) };
  return { index: byTime, keys: sharded(namespace, SHARDS.byTime) };
}

/** A filter expression of a query. */
export interface IndexFilter {
  expression: string;
  names: Record<string, string>;
  values: Record<string, unknown>;
}

/** Returns a filter for the criteria of a search that the index projects. The other criteria are checked on the records. */
export function filterOf(
  { projected }: LedgerIndex,
  { verb, states, actor }: OperationSearch,
): IndexFilter | undefined {
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
  // For a name, the key is enough; an ARN is compared in full.
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

/** Returns the shard of an id, from its last two characters, which are random or hashed hexadecimal digits. */
export function shardOf(id: string, shards: number): number {
  return (Number.parseInt(id.slice(-2), 16) || 0) % shards;
}

export function marshalled(value: Record<string, unknown>): Item {
  return marshall(value, { removeUndefinedValues: true });
}

export function asStored(fields: Record<string, unknown>): Record<string, unknown> {
  const texts = storedAsJson
    .filter((name) => fields[name] !== undefined)
    .map((name) => [name, JSON.stringify(fields[name])]);
  const { nextCheckAt, ...others } = fields;
  const dueAt = 'nextCheckAt' in fields ? { [due.sortKey]: nextCheckAt } : {};
  const state = fields['state'] as OperationState | undefined;
  const exception = state && { exception: exceptions.includes(state) ? state : undefined };
  return { ...others, ...dueAt, ...exception, ...Object.fromEntries(texts) };
}

/** Id prefixes of the items that are not operations. */
const otherItems = [LOCK_PREFIX, LIST_PREFIX, REJECTED_EVENT_PREFIX];

/** Returns whether an item of the table or its stream is the record of an operation. */
export function isRecord(item: Item): boolean {
  return !otherItems.some((prefix) => idOf(item).startsWith(prefix));
}

/** Converts an item of the table or its stream to a record. */
export function recordOf(item: Item): OperationRecord {
  const record = unmarshall(item);
  for (const name of internalAttributes) delete record[name];
  rename(record, due.sortKey, 'nextCheckAt');
  for (const name of storedAsJson) if (typeof record[name] === 'string') record[name] = JSON.parse(record[name]);
  return record as OperationRecord;
}

function rename(fields: Record<string, unknown>, from: string, to: string): void {
  if (!(from in fields)) return;
  fields[to] = fields[from];
  delete fields[from];
}
