import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ledgerTable } from '../../aws/dynamodb-ledger';
import { createDeployedLedger, RETENTION_DAYS } from '../support/deployed-table';
import { describeOnEachDynamoDb } from '../support/dynoxide';
import { describeLedger } from '../support/ledger-conformance';
import { started } from '../support/operation-record';

describeOnEachDynamoDb((client) => {
  describeLedger('the ledger', () => createDeployedLedger(client()));

  test('a record outlives its retention until its next check, so that a long batch operation is not stopped', async () => {
    const ledger = await createDeployedLedger(client());
    const record = { ...started, requestedAt: new Date().toISOString() };
    const daysLeft = async () => {
      const Key = { [ledgerTable.partitionKey]: { S: record.operationId } };
      const { Item } = await client().send(new GetItemCommand({ TableName: ledger.tableName, Key }));
      return (Number(Item?.[ledgerTable.timeToLive]?.N) - Date.now() / 1000) / 86_400;
    };
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    await ledger.createIfAbsent(record);

    await ledger.postpone(record, inDays(RETENTION_DAYS - 100));
    expect(await daysLeft()).toBeCloseTo(RETENTION_DAYS, 1);
    await ledger.postpone(record, inDays(RETENTION_DAYS + 100));
    expect(await daysLeft()).toBeCloseTo(RETENTION_DAYS + 101, 1);
    const completed = await ledger.complete(record, { state: 'completed', nextCheckAt: inDays(RETENTION_DAYS + 200) });
    expect(await daysLeft()).toBeCloseTo(RETENTION_DAYS + 201, 1);
    const updated = await ledger.update(completed!, { nextCheckAt: inDays(RETENTION_DAYS + 300) });
    expect(await daysLeft()).toBeCloseTo(RETENTION_DAYS + 301, 1);
    await ledger.update(updated!, { nextCheckAt: undefined });
    expect(await daysLeft()).toBeCloseTo(RETENTION_DAYS + 301, 1);
  });
});
