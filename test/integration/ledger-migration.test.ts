import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { addAttributes, addIndexes, removeFormerIndexes, tableStreamArn } from '../../aws/ledger-migration';
import type { OperationRecord } from '../../operations/ledger/ledger';
import { collect } from '../support/collect';
import { newRecord } from '../support/ledger-conformance';

/* Starts from a table of the previous release: three indexes that project all attributes, and records without the new indexes' attributes. */

const client = new DynamoDBClient({});
const namespace = 'default';
const since = '2026-01-31T00:00:00.000Z';
let reported: string[];

let tableName: string;
let ledger: DynamoDbLedger;
const options = () => ({
  client,
  tableName,
  report: (text: string) => void reported.push(text),
  pollMs: 10,
});

beforeEach(async () => {
  reported = [];
  tableName = `ledger-${randomUUID()}`;
  ledger = new DynamoDbLedger({ tableName, retentionDays: 400, client });
  const former = [
    { name: 'byWorkflow', keys: ['workflowKey', 'requestedAt'] },
    { name: 'byBatch', keys: ['batchOperationId', 'workflowId'] },
    { name: 'due', keys: ['ledger', 'dueAt'] },
  ];
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...new Set(['operationId', ...former.flatMap(({ keys }) => keys)])].map((name) => ({
        AttributeName: name,
        AttributeType: 'S',
      })),
      KeySchema: [{ AttributeName: 'operationId', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      GlobalSecondaryIndexes: former.map(({ name, keys: [hash = '', range = ''] }) => ({
        IndexName: name,
        KeySchema: [
          { AttributeName: hash, KeyType: 'HASH' },
          { AttributeName: range, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      })),
    }),
  );
});

/** Writes a record as the previous release does. */
async function put(fields: Partial<OperationRecord>): Promise<OperationRecord> {
  const record = newRecord(fields);
  const { nextCheckAt, request, ...others } = record;
  const item = {
    ...others,
    request: JSON.stringify(request),
    dueAt: nextCheckAt,
    expiresAt: 2_000_000_000,
    workflowKey: `${record.namespace}/${record.workflowId}`,
    ledger: 'ledger',
  };
  await client.send(
    new PutItemCommand({ TableName: tableName, Item: marshall(item, { removeUndefinedValues: true }) }),
  );
  return record;
}

async function found(search: Parameters<DynamoDbLedger['search']>[1]): Promise<string[]> {
  const { operations } = await ledger.search(namespace, search, { size: 50 });
  return operations.map(({ operationId }) => operationId).toSorted();
}

async function migrate(): Promise<number> {
  await addIndexes(options());
  return addAttributes(options());
}

async function storedItem(operationId: string) {
  const read = new GetItemCommand({ TableName: tableName, Key: marshall({ operationId }) });
  return (await client.send(read)).Item;
}

test('after the migration, each search finds its records, and the records are unchanged', async () => {
  const failed = await put({ state: 'failed', nextCheckAt: undefined });
  const byBob = await put({ actor: { id: 'arn:aws:sts::111122223333:assumed-role/oncall/bob' }, verb: 'reset' });
  const item = await put({ batchOperationId: 'op-batch', state: 'refused', nextCheckAt: undefined });
  await ledger.storeListPage('op-batch', 0, ['order-1']);

  expect(await migrate()).toBe(3);

  const all = [failed, byBob, item].map(({ operationId }) => operationId).toSorted();
  expect(await found({ since })).toEqual(all);
  expect(await found({ since, states: ['failed'] })).toEqual([failed.operationId]);
  expect(await found({ since, actor: 'bob' })).toEqual([byBob.operationId]);
  expect(await found({ workflowId: failed.workflowId })).toEqual([failed.operationId]);
  expect(await found({ batchOperationId: 'op-batch', states: ['refused'] })).toEqual([item.operationId]);
  const due = await collect(ledger.due(namespace, new Date('2026-02-01')));
  expect(due).toEqual([byBob]);
  expect(await ledger.find(failed.operationId)).toEqual(failed);
  expect(await ledger.findListPage('op-batch', 0)).toEqual(['order-1']);
});

test('a second migration changes only records that the previous release has written since', async () => {
  const first = await put({});
  await migrate();
  const key = { TableName: tableName, Key: marshall({ operationId: first.operationId }) };
  // The previous release does not write the attributes of new indexes.
  await client.send(
    new UpdateItemCommand({
      ...key,
      UpdateExpression: 'SET #state = :failed, version = :two REMOVE dueAt',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: marshall({ ':failed': 'failed', ':two': 2 }),
    }),
  );
  const second = await put({});
  expect(await found({ since, states: ['failed'] })).toEqual([]);

  expect(await migrate()).toBe(2);

  expect(await found({ since, states: ['failed'] })).toEqual([first.operationId]);
  expect(await found({ since })).toEqual([first.operationId, second.operationId].toSorted());
  expect(await migrate()).toBe(0);
});

test('an operation that has completed since loses its exception attribute', async () => {
  const unknown = await put({ state: 'unknown' });
  await migrate();
  await client.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: marshall({ operationId: unknown.operationId }),
      UpdateExpression: 'SET #state = :completed, version = :two',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: marshall({ ':completed': 'completed', ':two': 2 }),
    }),
  );

  expect(await migrate()).toBe(1);
  expect(await storedItem(unknown.operationId)).not.toHaveProperty('exception');
  expect(await found({ since, states: ['completed'] })).toEqual([unknown.operationId]);
});

test('an operation that is in progress during the migration completes, because its version is unchanged', async () => {
  const record = await put({});
  await migrate();
  const completed = await ledger.complete(record, { state: 'completed', outcome: 'requested' });
  expect(completed).toMatchObject({ state: 'completed', version: 2 });
});

test('indexes are created one by one, and those of the previous release are deleted on request', async () => {
  await migrate();
  const names = async () => {
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    return table?.GlobalSecondaryIndexes?.map(({ IndexName: name }) => name).toSorted();
  };
  expect(await names()).toEqual(expect.arrayContaining(['byBatch', 'byWorkflow', 'due', 'namespaceTime', 'unsettled']));

  await removeFormerIndexes(options());

  expect(await names()).toEqual(['actorTime', 'batchTime', 'namespaceTime', 'unsettled', 'workflowTime']);
  expect(reported).toEqual([
    ...['workflowTime', 'actorTime', 'namespaceTime', 'batchTime', 'unsettled'].map(
      (name) => `Creating the index ${name}.`,
    ),
    ...['byWorkflow', 'byBatch', 'due'].map((name) => `Deleting the index ${name}.`),
  ]);
  await expect(tableStreamArn(options())).resolves.toMatch(/:table\/ledger-[\w-]+\/stream\//);
});
