import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDbRejectedEvents } from '../../aws/dynamodb-rejected-events';
import { createDeployedLedger, RETENTION_DAYS } from '../support/deployed-table';
import { describeOnEachDynamoDb } from '../support/dynoxide';
import { describeRejectedEvents } from '../support/rejected-events-conformance';
import { ann } from '../support/rewind';

describeOnEachDynamoDb((client) => {
  const createLedger = () => createDeployedLedger(client());

  describeRejectedEvents(
    'rejected events',
    async () => new DynamoDbRejectedEvents(await createLedger(), RETENTION_DAYS),
  );

  test('a rejected event is not an operation, and expires after its own retention period', async () => {
    const ledger = await createLedger();
    const event = { id: '1', source: 'shop', 'detail-type': 'OrderWithdrawn', detail: {} };
    const rejection = { namespace: 'default', kind: 'invalid-request', reason: 'no id' } as const;
    const store = new DynamoDbRejectedEvents(ledger, 2);
    await store.reject({ queued: { trigger: 't', event }, rejectedAt: '2126-01-31T12:00:00.000Z', ...rejection });

    const { rejectedEvents } = await store.list('default', { group: 'rejected' }, { size: 1 });
    const [{ rejectedEventId: id } = { rejectedEventId: '' }] = rejectedEvents;
    expect(await ledger.find(id)).toBeUndefined();
    expect((await ledger.search('default', {}, { size: 9 })).operations).toEqual([]);
    const { Item: item } = await ledger.client.send(
      new GetItemCommand({ TableName: ledger.tableName, Key: { operationId: { S: id } } }),
    );
    expect(item?.['expiresAt']).toEqual({ N: String(Date.parse('2126-02-02T12:00:00Z') / 1000) });
  });

  test('a redrive that is started again because the response was lost is started once', async () => {
    const ledger = await createLedger();
    const event = { id: '1', source: 'shop', 'detail-type': 'OrderWithdrawn', detail: {} };
    const store = new DynamoDbRejectedEvents(ledger, RETENTION_DAYS);
    const rejectedAt = '2026-01-31T12:00:00.000Z';
    const queued = { trigger: 't', event };
    await store.reject({ queued, namespace: 'default', kind: 'invalid-request', reason: 'no id', rejectedAt });
    const [record] = (await store.list('default', { group: 'rejected' }, { size: 1 })).rejectedEvents;
    const redrive = { actor: ann, reason: 'fixed', requestedAt: rejectedAt };
    const first = await store.beginRedrive(record!, redrive);
    expect(first).toMatchObject({ state: 'redriving' });
    expect(await store.beginRedrive(record!, redrive)).toEqual(first);
  });
});
