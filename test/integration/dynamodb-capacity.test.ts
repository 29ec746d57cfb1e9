import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDbRejectedEvents } from '../../aws/dynamodb-rejected-events';
import { unitsByKey, watchedClient } from '../../bench/write-units';
import type { UsedUnits } from '../../bench/write-units';
import { collect } from '../support/collect';
import { createDeployedLedger, RETENTION_DAYS } from '../support/deployed-table';
import { describeOnEachDynamoDb } from '../support/dynoxide';
import { newRecord } from '../support/ledger-conformance';
import { ann } from '../support/rewind';

/* Consumed capacity, which docs/costs-and-limits.md and `npm run bench -- partitions` calculate from the items. */

const TIME = '2026-01-31T12:00:00.000Z';
const LATER = '2026-01-31T13:00:00.000Z';

describeOnEachDynamoDb((client) => {
  test('a write consumes, in the table and each index, the units calculated from the item before and after', async () => {
    const { client: watched, writes } = watchedClient({ endpoint: client().config.endpoint! });
    const consumed = watchCapacity(watched);
    const ledger = await createDeployedLedger(watched);
    const record = newRecord({ reason: 'ö'.repeat(1_000), batchOperationId: 'op-batch' });
    const progress = { done: 1_000, outcomes: { requested: 1_000 }, failed: {}, skipped: 0 };
    const queued = {
      trigger: 't',
      event: { id: '1', source: 's', 'detail-type': 'd', detail: { text: 'x'.repeat(9_000) } },
    };
    const store = new DynamoDbRejectedEvents(ledger, RETENTION_DAYS);

    await ledger.createIfAbsent(record);
    const target = await ledger.recordTargetRun(record, 'run-1', { leaseUntil: 3_000, mayExecuteUntil: 4_000 });
    const stuck = await ledger.update(target!, { stuck: ['noPoller'], nextCheckAt: LATER });
    await ledger.postpone(stuck!, TIME);
    const refused = await ledger.complete(stuck!, {
      state: 'refused',
      outcome: 'conflict',
      answer: { a: 1e21, b: 0.5 },
    });
    await ledger.complete(refused!, { state: 'completed', outcome: 'requested' });
    await ledger.createIfAbsent(newRecord({ operationId: 'op-batch', verb: 'batch' }));
    await ledger.updateBatch('op-batch', { state: 'running', matched: 2_000, progress });
    await ledger.setBatchSuspended('op-batch', true, 'op-suspend');
    await ledger.requestBatchStop('op-batch', 'op-stop');
    await ledger.storeListPage('op-batch', 0, ['a'.repeat(1_000), 'b'.repeat(1_000)]);
    await ledger.acquireLock('default/order', { operationId: 'op-batch', until: 1_770_000_000_000 }, 1);
    await store.reject({ queued, namespace: 'default', kind: 'invalid-request', reason: 'no id', rejectedAt: TIME });
    const [rejected] = (await store.list('default', { group: 'rejected' }, { size: 1 })).rejectedEvents;
    const redriving = await store.beginRedrive(rejected!, { actor: ann, reason: 'fixed', requestedAt: TIME });
    await store.completeRedrive(redriving!);

    const written = consumed.filter(({ command }) => /^(Put|Update)Item/.test(command)).map(({ capacity }) => capacity);
    expect(written).toHaveLength(15);
    expect(written.map(unitsOf)).toEqual(writes.map((write) => unitsByPlace(unitsByKey(write))));
  });

  test('a reconciliation of a namespace with nothing due consumes 16 read units', async () => {
    const consumed = watchCapacity(client());
    const ledger = await createDeployedLedger(client());
    expect(await collect(ledger.due('default', new Date()))).toEqual([]);
    expect(await ledger.listUnsettled('default')).toEqual([]);
    const total = consumed.reduce((sum, { capacity }) => sum + (capacity?.CapacityUnits ?? 0), 0);
    expect(total).toBe(16);
  });
});

/** Records the consumed capacity of each later call of a client. */
function watchCapacity(client: DynamoDBClient): { command: string; capacity: ConsumedCapacity | undefined }[] {
  const consumed: { command: string; capacity: ConsumedCapacity | undefined }[] = [];
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        if (!/^((Get|Put|Update)Item|Query)/.test(commandName)) return next(args);
        const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'INDEXES' } });
        const { ConsumedCapacity: capacity } = result.output as { ConsumedCapacity?: ConsumedCapacity };
        consumed.push({ command: commandName, capacity });
        return result;
      },
    { name: 'watchCapacity', override: true },
  );
  return consumed;
}

function unitsOf(capacity: ConsumedCapacity | undefined): Record<string, number | undefined> {
  const { Table: table, GlobalSecondaryIndexes: indexes = {} } = capacity ?? {};
  const inIndexes = Object.entries(indexes).map(([name, { CapacityUnits: units }]) => [name, units]);
  return { table: table?.CapacityUnits, ...Object.fromEntries(inIndexes) };
}

function unitsByPlace(used: UsedUnits[]): Record<string, number> {
  const places: Record<string, number> = {};
  for (const { where, units } of used) places[where] = (places[where] ?? 0) + units;
  return places;
}
