import { GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ledgerTable } from '../../aws/ledger-table';
import { DynamoDbRejectedEvents } from '../../aws/dynamodb-rejected-events';
import { rejectedEventId } from '../../operations/rejected-events/rejected-events';
import { createDeployedLedger, RETENTION_DAYS } from '../support/deployed-table';
import { describeOnEachDynamoDb } from '../support/dynoxide';
import { describeLedger } from '../support/ledger-conformance';
import { started } from '../support/operation-record';

describeOnEachDynamoDb((client) => {
  describeLedger('the ledger', () => createDeployedLedger(client()));

  // An id comes from the caller of `GET operations/{operationId}`, and the table has other items too.
  test('locks, lists of batch operations and rejected events are not found as operations, nor operations as rejected events', async () => {
    const ledger = await createDeployedLedger(client());
    const rejectedEvents = new DynamoDbRejectedEvents(ledger, 90);
    const event = { id: 'event-1', source: 'shop', 'detail-type': 'OrderWithdrawn', detail: {} };
    const queued = { trigger: 'order-withdrawn', event };
    await ledger.createIfAbsent(started);
    await ledger.acquireLock('one', { operationId: 'op-1', until: Date.now() + 60_000 }, Date.now());
    await ledger.storeListPage('op-1', 0, ['order-1']);
    const rejectedAt = '2026-01-31T12:00:00.000Z';
    await rejectedEvents.reject({ queued, namespace: started.namespace, kind: 'internal', reason: 'r', rejectedAt });
    const { Items: items = [] } = await client().send(new ScanCommand({ TableName: ledger.tableName }));
    const ids = items.map((item) => item[ledgerTable.partitionKey]?.S ?? '');

    const found = await Promise.all(ids.map((id) => ledger.find(id)));
    const events = await Promise.all(ids.map((id) => rejectedEvents.find(id)));

    expect(ids).toHaveLength(4);
    expect(found.filter(Boolean)).toMatchObject([{ operationId: 'op-1' }]);
    expect(events.filter(Boolean)).toMatchObject([{ rejectedEventId: rejectedEventId(queued) }]);
  });

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
