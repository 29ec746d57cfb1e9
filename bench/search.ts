import { BatchWriteItemCommand, DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDbLedger } from '../aws/dynamodb-ledger';
import { ledgerTable, newItem } from '../aws/ledger-table';
import type { LedgerIndex } from '../aws/ledger-table';
import type { OperationRecord, OperationSearch } from '../operations/ledger/ledger';
import { startAws } from './aws';
import { interleaved, quantile, ratio, summary } from './benchmark';
import type { Benchmark, Figure } from './benchmark';

const RECORDS = 100_000;
/** The emulator reads a whole index for a query: a round takes half a minute. */
const ROUNDS = 3;
const PAGE = 50;
/** Records that are written in one call; DynamoDB takes no more. */
const BATCH = 25;
const RETENTION_DAYS = 400;

const FLOOR = `a query for ${PAGE} items`;

const namespace = 'prod.a1b2c';
const eventId = '6a7e8feb-b491-4cf7-a9f1-bf3703467718';
const firstTime = Date.parse('2026-01-25T00:00:00Z');
/** The records are of seven days. */
const MS_BETWEEN = (7 * 86_400_000) / RECORDS;
const week = { since: '2026-01-25T00:00:00.000Z', until: '2026-01-31T23:59:59.999Z' };
const day = { since: '2026-01-28T00:00:00.000Z', until: '2026-01-28T23:59:59.999Z' };

/** What one has on call, and how many of the records match. */
const searches: Record<string, { search: OperationSearch; found: number; limited?: boolean }> = {
  'a person and a day': { search: { actor: 'ann', ...day }, found: 15, limited: true },
  'the id of an event': { search: { actor: eventId, ...week }, found: 1, limited: true },
  'a person and a rare state': { search: { actor: 'ann', states: ['failed'], ...week }, found: 1 },
  'a rare state': { search: { states: ['failed'], ...week }, found: 11 },
  'a rare verb': { search: { verb: 'terminate', ...week }, found: 4 },
};

/** Searches of the ledger, against one query for as many items as a page has. */
export const search: Benchmark = {
  name: 'search',
  about: `a page of ${PAGE} operations among ${RECORDS.toLocaleString('en')}, against a query for ${PAGE} items of an index; on the emulator. Steps: calls of DynamoDB that wait for one another`,
  async run() {
    const aws = await startAws();
    try {
      await fill(aws.ledgerTable);
      return await figures(aws.ledgerTable);
    } finally {
      await aws.stop();
    }
  },
};

async function fill(tableName: string): Promise<void> {
  const client = new DynamoDBClient({});
  for (let from = 0; from < RECORDS; from += BATCH) {
    const puts = Array.from({ length: BATCH }, (_, at) => ({
      PutRequest: { Item: newItem(recordOf(from + at), RETENTION_DAYS) },
    }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: puts } }));
  }
}

/** One in a thousand is a person's, one in 10,000 has failed; the rest are services' and events'. */
function recordOf(index: number): OperationRecord {
  const digits = index.toString(16).padStart(32, '0');
  const requestedAt = new Date(firstTime + index * MS_BETWEEN).toISOString();
  const role = 'arn:aws:sts::111122223333:assumed-role/rewind-operators';
  const workflowId = `order-${index}`;
  return {
    operationId: `op-${digits}`,
    namespace,
    workflowId,
    verb: index % 25_000 === 7 ? 'terminate' : 'cancel',
    actor: { id: index === 61_803 ? eventId : `${role}/${index % 1_000 === 0 ? 'ann' : `service-${index % 20}`}` },
    reason: 'withdrawn by the customer',
    request: { workflowId, reason: 'withdrawn by the customer' },
    fingerprint: 'f'.repeat(64),
    state: index % 10_000 === 13 || index === 42_000 ? 'failed' : 'completed',
    requestedAt,
    attempt: 1,
    owner: digits,
    leaseUntil: 0,
    version: 1,
  };
}

async function figures(tableName: string): Promise<Figure[]> {
  const client = new DynamoDBClient({});
  const calls: { begun: number; ended: number }[] = [];
  client.middlewareStack.add((next) => async (args) => {
    const begun = performance.now();
    const result = await next(args);
    calls.push({ begun, ended: performance.now() });
    return result;
  });
  const ledger = new DynamoDbLedger({ tableName, retentionDays: RETENTION_DAYS, client });
  const steps: Record<string, number> = {};
  const timed = (name: string, read: () => Promise<void>) => async () => {
    calls.length = 0;
    const start = performance.now();
    await read();
    const milliseconds = performance.now() - start;
    steps[name] = consecutive(calls);
    return milliseconds;
  };
  const contenders: Record<string, () => Promise<number>> = Object.fromEntries(
    Object.entries(searches).map(([name, { search: wanted, found }]) => [
      name,
      timed(name, async () => {
        const { operations } = await ledger.search(namespace, wanted, { size: PAGE });
        if (operations.length !== found) throw new Error(`${name}: ${operations.length} found instead of ${found}`);
      }),
    ]),
  );
  contenders[FLOOR] = timed(FLOOR, () => plainQuery(client, tableName));
  await interleaved(1, contenders);
  const { [FLOOR]: floors = [], ...samples } = await interleaved(ROUNDS, contenders);
  return [
    { name: FLOOR, unit: 'ms', ...summary(floors) },
    ...Object.entries(samples).flatMap(([name, ms]): Figure[] => [
      {
        name,
        unit: 'ratio',
        ...ratio(ms, floors),
        ...(searches[name]?.limited && { atMost: 3 }),
        note: `${quantile(ms, 0.5).toFixed(1)} ms`,
      },
      { name: `steps for ${name}`, unit: 'calls', value: steps[name] ?? NaN, n: ROUNDS },
    ]),
  ];
}

async function plainQuery(client: DynamoDBClient, tableName: string): Promise<void> {
  const index: LedgerIndex = ledgerTable.indexes.byTime;
  const { Items: items = [] } = await client.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: index.name,
      KeyConditionExpression: '#key = :key',
      ExpressionAttributeNames: { '#key': index.partitionKey },
      ExpressionAttributeValues: { ':key': { S: `${namespace}#0` } },
      ScanIndexForward: false,
      Limit: PAGE,
    }),
  );
  if (items.length !== PAGE) throw new Error(`${items.length} items instead of ${PAGE}`);
}

/** How many of the calls began only after another had ended, counted along the longest chain. */
function consecutive(calls: readonly { begun: number; ended: number }[]): number {
  let count = 0;
  let ended = -Infinity;
  for (const call of calls.toSorted((one, other) => one.ended - other.ended)) {
    if (call.begun < ended) continue;
    count += 1;
    ({ ended } = call);
  }
  return count;
}
