import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ledgerTable } from '../../aws/dynamodb-ledger';
import { describeLedger } from '../support/ledger-conformance';
import { createLedger } from '../support/ledger-table';
import { started } from '../support/operation-record';

describeLedger('the ledger in DynamoDB', createLedger);

test('a record outlives its retention while something is to be done for it later', async () => {
  const ledger = await createLedger();
  const client = new DynamoDBClient({});
  const record = { ...started, requestedAt: new Date().toISOString() };
  const daysLeft = async () => {
    const Key = { [ledgerTable.partitionKey]: { S: record.operationId } };
    const { Item } = await client.send(new GetItemCommand({ TableName: ledger.tableName, Key }));
    return (Number(Item?.[ledgerTable.timeToLive]?.N) - Date.now() / 1000) / 86_400;
  };
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  await ledger.createIfAbsent(record);

  await ledger.postpone(record, inDays(300));
  expect(await daysLeft()).toBeCloseTo(400, 1);
  await ledger.postpone(record, inDays(500));
  expect(await daysLeft()).toBeCloseTo(501, 1);
  client.destroy();
});
