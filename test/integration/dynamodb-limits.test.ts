import {
  BatchWriteItemCommand,
  DescribeTableCommand,
  DynamoDBServiceException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type {
  AttributeValue,
  BatchGetItemCommandOutput,
  DynamoDBClient,
  QueryCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { ledgerTable, newItem } from '../../aws/ledger-table';
import type { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { DynamoDbRejectedEvents } from '../../aws/dynamodb-rejected-events';
import { keyedOperationId, randomOperationId } from '../../operations/ledger/operation-id';
import { rejectedEventId } from '../../operations/rejected-events/rejected-events';
import { collect } from '../support/collect';
import { createDeployedLedger, RETENTION_DAYS } from '../support/deployed-table';
import { describeOnEachDynamoDb } from '../support/dynoxide';
import { newRecord } from '../support/ledger-conformance';

/* DynamoDB's limits: lengths of keys, sizes of items and pages. */

const ITEM_BYTES = 400 * 1024;
/** A character of 4 bytes and two UTF-16 units. */
const WIDE_CHARACTER = '💥';

/** The longest values that a configuration, Temporal, IAM and EventBridge allow. */
const namespace = `n${'a'.repeat(253)}z`;
const workflowId = 'ö'.repeat(500);
const user = { id: `arn:aws:iam::111122223333:user/${'p/'.repeat(255)}${'u'.repeat(64)}` };
const event = { id: `event:${'s'.repeat(256)}/6a7e8feb-b491-4cf7-a9f1-bf3703467718` };
const reason = WIDE_CHARACTER.repeat(1_000);
/** The longest name of an actor that a search accepts. */
const longestActor = WIDE_CHARACTER.repeat(1_000);

const timeAt = (second: number) => new Date(Date.parse('2026-01-31T12:00:00Z') + second * 1000).toISOString();

describeOnEachDynamoDb((client, implementation) => {
  let ledger: DynamoDbLedger;
  beforeEach(async () => {
    ledger = await createDeployedLedger(client());
  });

  test.each([
    ['a user', user],
    ['an event', event],
  ])('keys hold the longest names, with %s as actor', async (_kind, actor) => {
    const batchOperationId = randomOperationId();
    const operationId = keyedOperationId(namespace, WIDE_CHARACTER.repeat(255));
    const record = newRecord({ operationId, namespace, workflowId, actor, reason, batchOperationId });
    await ledger.createIfAbsent(record);
    const refused = await ledger.complete(record, { state: 'refused', outcome: 'conflict', nextCheckAt: timeAt(9) });
    const queued = {
      trigger: 't'.repeat(40),
      event: { id: '1', source: 's'.repeat(256), 'detail-type': 'd', detail: {} },
    };
    const store = new DynamoDbRejectedEvents(ledger, RETENTION_DAYS);
    await store.reject({ queued, namespace, kind: 'invalid-request', reason, rejectedAt: timeAt(1) });

    for (const search of [
      {},
      { workflowId },
      { actor: actor.id },
      { actor: actor.id.split('/').at(-1) },
      { batchOperationId },
    ])
      expect((await ledger.search(namespace, search, { size: 2 })).operations).toEqual([refused]);
    expect(await collect(ledger.due(namespace, new Date(timeAt(10))))).toEqual([refused]);
    const { rejectedEvents } = await store.list(namespace, { group: 'rejected', trigger: queued.trigger }, { size: 2 });
    expect(rejectedEvents).toHaveLength(1);
    // Neither implementation checks index keys on a write.
    const keys = await keysOf(client(), ledger, [operationId, rejectedEventId(queued)]);
    expect(keys.length).toBeGreaterThan(10);
    expect(keys.filter(({ bytes, maxBytes }) => bytes === 0 || bytes > maxBytes)).toEqual([]);
  });

  test.each(['actor', 'batchOperationId', 'workflowId'])(
    'a search by a %s too long for a key finds nothing without a query, which DynamoDB would refuse',
    async (field) => {
      const queries = watchQueries(ledger);
      expect(await ledger.search('default', { [field]: longestActor }, { size: 2 })).toEqual({ operations: [] });
      expect(await ledger.find(longestActor)).toBeUndefined();
      expect(queries).toEqual([]);
    },
  );

  test('a search finds an item after more than a page of items that its filter excludes', async () => {
    const record = (second: number, verb: 'cancel' | 'reset') =>
      newRecord({ operationId: `${randomOperationId()}00`, namespace, actor: user, verb, requestedAt: timeAt(second) });
    const wanted = record(0, 'reset');
    await ledger.createIfAbsent(wanted);
    const others = Array.from({ length: 1_200 }, (_, index) => record(index + 1, 'cancel'));
    await putAll(
      client(),
      ledger,
      others.map((other) => newItem(other, RETENTION_DAYS)),
    );
    const pages = watchQueries(ledger);

    const { operations } = await ledger.search(namespace, { actor: user.id, verb: 'reset' }, { size: 1 });

    expect(operations).toEqual([wanted]);
    expect(pages.filter(({ Items, LastEvaluatedKey }) => Items?.length === 0 && LastEvaluatedKey)).not.toEqual([]);
  });

  test('a read of many records finds them all, although they exceed the size of a response', async () => {
    const records = Array.from({ length: 45 }, () => newRecord({ request: { input: 'x'.repeat(390 * 1024) } }));
    await Promise.all(records.map((record) => ledger.createIfAbsent(record)));
    const wasIncomplete = watchUnprocessedKeys(ledger);
    const found = await ledger.findAll(records.map(({ operationId }) => operationId));
    expect(found.map(({ operationId }) => operationId)).toEqual(records.map(({ operationId }) => operationId));
    expect(wasIncomplete()).toBe(implementation === 'Dynoxide');
  });

  test('an operation that moves within an index during a read is returned once', async () => {
    const shard = (digits: string) => ({ operationId: randomOperationId() + digits });
    const records = Array.from({ length: 70 }, (_, second) =>
      newRecord({ ...shard(second < 10 ? '01' : '00'), nextCheckAt: timeAt(second) }),
    );
    await putAll(
      client(),
      ledger,
      records.map((record) => newItem(record, RETENTION_DAYS)),
    );
    // The last record of the first page then also appears on the second.
    const [moving] = records.slice(59);
    watchQueries(ledger, async ({ LastEvaluatedKey: last }) => {
      if (last?.['operationId']?.S === moving?.operationId) await ledger.postpone(moving!, timeAt(61.5));
    });

    const due = await collect(ledger.due('default', new Date(timeAt(100))));

    expect(due.map(({ operationId }) => operationId).toSorted()).toEqual(
      records.map(({ operationId }) => operationId).toSorted(),
    );
  });

  test('a record that is too large is refused, with nothing done', async () => {
    const record = newRecord({ request: { input: 'x'.repeat(ITEM_BYTES) } });
    await expect(ledger.createIfAbsent(record)).rejects.toMatchObject({
      kind: 'internal',
      details: { nothingDone: true, operatorDetail: expect.stringMatching(/Item size has exceeded/) },
    });
    expect(await ledger.find(record.operationId)).toBeUndefined();
  });

  test('a result that is too large is refused, and a smaller one can still be recorded', async () => {
    const record = newRecord();
    await ledger.createIfAbsent(record);
    const answer = { text: 'x'.repeat(ITEM_BYTES) };
    await expect(ledger.complete(record, { state: 'completed', outcome: 'requested', answer })).rejects.toMatchObject({
      kind: 'internal',
      details: { operatorDetail: expect.stringMatching(/size to update has exceeded/) },
    });
    expect(await ledger.find(record.operationId)).toEqual(record);
    expect(await ledger.complete(record, { state: 'completed', outcome: 'requested' })).toMatchObject({ version: 2 });
  });

  test('the largest request fits, with its numbers as DynamoDB stores them', async () => {
    // 64 KiB of JSON.
    const input = JSON.parse(`[${Array.from({ length: 13_000 }, () => '1e20').join(',')}]`) as number[];
    const record = newRecord({
      request: { thenSignal: { signalName: 'approve', input } },
      reason,
      namespace,
      workflowId,
    });
    await ledger.createIfAbsent(record);
    expect(await ledger.find(record.operationId)).toEqual(record);
  });

  test('an event that is too large for an item is refused', async () => {
    const store = new DynamoDbRejectedEvents(ledger, RETENTION_DAYS);
    const queued = {
      trigger: 't',
      event: { id: '1', source: 's', 'detail-type': 'd', detail: { text: 'x'.repeat(ITEM_BYTES) } },
    };
    const rejection = { queued, namespace, kind: 'invalid-request', reason: 'no id', rejectedAt: timeAt(1) } as const;
    // The function then sends it to the dead-letter queue.
    await expect(store.reject(rejection)).rejects.toMatchObject({ kind: 'internal' });
  });

  test('this imitation accepts only those invalid calls that docs/fidelity.md lists', async () => {
    const accepted: string[] = [];
    for (const [what, call] of Object.entries(refusedCalls)) {
      const refused = await call(client(), ledger.tableName).then(
        () => false,
        // The ledger's client converts the error.
        ({ cause }: Error) => cause instanceof DynamoDBServiceException,
      );
      if (!refused) accepted.push(what);
    }
    expect(accepted).toEqual(acceptedBy[implementation]);
  });
});

const text = (S: string) => ({ S });
const tooLong = text('x'.repeat(2049));
const key = { operationId: text('op-1') };

const query = (client: DynamoDBClient, TableName: string, timeKey: AttributeValue, FilterExpression?: string) =>
  client.send(
    new QueryCommand({
      TableName,
      IndexName: 'namespaceTime',
      KeyConditionExpression: 'timeKey = :key',
      ExpressionAttributeValues: { ':key': timeKey },
      ...(FilterExpression !== undefined && { FilterExpression }),
    }),
  );

/** Calls that DynamoDB refuses and at least one imitation accepts. */
const refusedCalls: Record<string, (client: DynamoDBClient, TableName: string) => Promise<unknown>> = {
  'overlapping paths': (client, TableName) =>
    client.send(new UpdateItemCommand({ TableName, Key: key, UpdateExpression: 'REMOVE x, x' })),
  'a filter by a key': (client, table) => query(client, table, text('n#0'), 'requestedAt = :key'),
  'IN ()': (client, table) => query(client, table, text('n#0'), 'verb IN ()'),
  'a query under an empty key': (client, table) => query(client, table, text('')),
  'a query under a key that is too long': (client, table) => query(client, table, tooLong),
  'an index key that is too long': (client, TableName) =>
    client.send(new PutItemCommand({ TableName, Item: { ...key, timeKey: tooLong, requestedAt: text('2026') } })),
};

const acceptedByBoth = ['a query under a key that is too long', 'an index key that is too long'];
const acceptedBy = {
  MiniStack: ['overlapping paths', 'a filter by a key', 'IN ()', ...acceptedByBoth],
  Dynoxide: ['a query under an empty key', ...acceptedByBoth],
};

/** The keys of items in the deployed table and its indexes. */
async function keysOf(client: DynamoDBClient, { tableName }: DynamoDbLedger, ids: string[]) {
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
  const schemas = [
    table?.KeySchema ?? [],
    ...(table?.GlobalSecondaryIndexes ?? []).map((index) => index.KeySchema ?? []),
  ];
  const items = await Promise.all(
    ids.map((id) =>
      client.send(new GetItemCommand({ TableName: tableName, Key: { [ledgerTable.partitionKey]: { S: id } } })),
    ),
  );
  return items.flatMap(({ Item: item }) =>
    schemas.flat().flatMap(({ AttributeName: name = '', KeyType: type }) => {
      const value = item?.[name]?.S;
      if (value === undefined) return [];
      return [{ name, bytes: Buffer.byteLength(value), maxBytes: type === 'HASH' ? 2048 : 1024 }];
    }),
  );
}

/** Writes items unconditionally, 25 per call. */
async function putAll(
  client: DynamoDBClient,
  { tableName }: DynamoDbLedger,
  items: Record<string, AttributeValue>[],
): Promise<void> {
  for (let from = 0; from < items.length; from += 25) {
    const writes = items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }));
    const { UnprocessedItems: left } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [tableName]: writes } }),
    );
    expect(left).toEqual({});
  }
}

/** Returns whether any response to a batch read left keys unprocessed. */
function watchUnprocessedKeys({ client }: DynamoDbLedger): () => boolean {
  let wasIncomplete = false;
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { UnprocessedKeys: left = {} } = result.output as BatchGetItemCommandOutput;
      wasIncomplete ||= Object.keys(left).length > 0;
      return result;
    },
    { name: 'watchUnprocessed', override: true },
  );
  return () => wasIncomplete;
}

/** Records the pages of later queries. */
function watchQueries(
  { client }: DynamoDbLedger,
  onPage: (page: QueryCommandOutput) => Promise<void> = () => Promise.resolve(),
): QueryCommandOutput[] {
  const pages: QueryCommandOutput[] = [];
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const result = await next(args);
        if (commandName === 'QueryCommand') {
          pages.push(result.output as QueryCommandOutput);
          await onPage(result.output as QueryCommandOutput);
        }
        return result;
      },
    { name: 'watchQueries', override: true },
  );
  return pages;
}
