import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { ledgerTable } from '../aws/dynamodb-ledger';

export type Item = Record<string, AttributeValue>;

/** One write to the ledger's table: a record of its stream. */
export interface Write {
  before?: Item;
  after?: Item;
}

/** A client that records what each write changed. */
export function watchedClient(): { client: DynamoDBClient; writes: Write[] } {
  const client = new DynamoDBClient({});
  const unwatched = new DynamoDBClient({});
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

/**
 * Write request units of a write, with those of the indexes, which all project everything. By the DynamoDB developer guide:
 * one unit per KiB of the larger image; the same in each index, and where the index key changes a delete and a put.
 */
export function writeUnits({ before, after }: Write): number {
  const indexes = [ledgerTable.byWorkflow, ledgerTable.byBatch, ledgerTable.due];
  const inIndexes = indexes.map(({ partitionKey, sortKey }) => {
    const keyIn = (item: Item | undefined) =>
      item?.[partitionKey]?.S !== undefined && item[sortKey]?.S !== undefined
        ? JSON.stringify([item[partitionKey].S, item[sortKey].S])
        : undefined;
    const [old, now] = [keyIn(before), keyIn(after)];
    if (old === now) return old === undefined ? 0 : Math.max(units(before), units(after));
    return (old === undefined ? 0 : units(before)) + (now === undefined ? 0 : units(after));
  });
  return Math.max(units(before), units(after)) + inIndexes.reduce((sum, of) => sum + of, 0);
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
