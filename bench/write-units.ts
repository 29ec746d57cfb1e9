import { isDeepStrictEqual } from 'node:util';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeValue, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { ledgerTable } from '../aws/ledger-table';
import type { LedgerIndex } from '../aws/ledger-table';

export type Item = Record<string, AttributeValue>;

/** One write to the ledger's table: a record of its stream. */
export interface Write {
  before?: Item;
  after?: Item;
}

/** A client that records what each write changed. */
export function watchedClient(config: DynamoDBClientConfig = {}): { client: DynamoDBClient; writes: Write[] } {
  const client = new DynamoDBClient(config);
  const unwatched = new DynamoDBClient(config);
  const writes: Write[] = [];
  client.middlewareStack.add((next, { commandName = '' }) => async (args) => {
    if (!/^(Put|Update)Item/.test(commandName)) return next(args);
    const { TableName, Item: item, Key } = args.input as { TableName: string; Item?: Item; Key?: Item };
    const id = ledgerTable.partitionKey;
    const key = { [id]: (Key ?? item)?.[id] ?? { S: '' } };
    const image = async () =>
      (await unwatched.send(new GetItemCommand({ TableName, Key: key, ConsistentRead: true }))).Item;
    const before = await image();
    const result = await next(args);
    const after = await image();
    writes.push({ before, after });
    return result;
  });
  return { client, writes };
}

/** Where a write used units: a partition key of the table or of an index. */
export interface UsedUnits {
  /** `table`, or an index's name. */
  where: string;
  key: string;
  units: number;
}

/**
 * Write request units of a write, by partition key. By the DynamoDB developer guide: one unit per KiB of the larger image;
 * in an index, of what it has of the item, if any of that changes; where the index key changes, a delete and a put.
 */
export function unitsByKey({ before, after }: Write): UsedUnits[] {
  const key = (after ?? before)?.[ledgerTable.partitionKey]?.S ?? '';
  const inTable = { where: 'table', key, units: Math.max(units(before), units(after)) };
  return [
    inTable,
    ...Object.values<LedgerIndex>(ledgerTable.indexes).flatMap((index) => inIndex(index, before, after)),
  ];
}

export function writeUnits(write: Write): number {
  return unitsByKey(write).reduce((sum, { units: used }) => sum + used, 0);
}

/** What the write took with the indexes before: by workflow, by batch and of what is due, with everything in each of them. */
export function formerUnits(write: Write): number {
  const everything = Object.keys({ ...write.before, ...write.after });
  const former = [
    { partitionKey: 'workflowKey', sortKey: 'requestedAt' },
    { partitionKey: 'batchOperationId', sortKey: 'workflowId' },
    { partitionKey: 'dueKey', sortKey: 'dueAt' },
  ].map((keys) => ({ name: 'former', projected: everything, ...keys }));
  const inTable = Math.max(units(write.before), units(write.after));
  return former
    .flatMap((index) => inIndex(index, write.before, write.after))
    .reduce((sum, { units: used }) => sum + used, inTable);
}

function inIndex(index: LedgerIndex, before: Item | undefined, after: Item | undefined): UsedUnits[] {
  const [old, now] = [entryIn(index, before), entryIn(index, after)];
  const used = (entry: Item): UsedUnits => ({
    where: index.name,
    key: entry[index.partitionKey]?.S ?? '',
    units: units(entry),
  });
  if (isDeepStrictEqual(old, now)) return [];
  const sameKey = old && now && keyIn(index, old) === keyIn(index, now);
  if (sameKey) return [units(old) > units(now) ? used(old) : used(now)];
  return [old, now].filter((entry) => entry !== undefined).map(used);
}

const keyIn = ({ partitionKey, sortKey }: LedgerIndex, entry: Item) =>
  JSON.stringify([entry[partitionKey], entry[sortKey]]);

/** What an index has of an item: nothing where the item lacks one of its keys. */
function entryIn({ partitionKey, sortKey, projected }: LedgerIndex, item: Item | undefined): Item | undefined {
  if (!item?.[partitionKey] || !item[sortKey]) return undefined;
  const names = [ledgerTable.partitionKey, partitionKey, sortKey, ...projected];
  return Object.fromEntries(names.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
}

const units = (item: Item | undefined) => Math.ceil(itemBytes(item) / 1024);

/** Size of an item as DynamoDB counts it: names and values. */
export function itemBytes(item: Item = {}): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1;
  if (value.M) return 3 + itemBytes(value.M) + Object.keys(value.M).length;
  if (value.L) return 3 + value.L.reduce((sum, each) => sum + 1 + valueBytes(each), 0);
  return 1;
}
