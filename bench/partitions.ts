import { DynamoDbLedger } from '../aws/dynamodb-ledger';
import { cancelled } from '../api/cancel';
import { resetExample } from '../api/reset';
import type { OperationRecord } from '../operations/ledger/ledger';
import { startAws } from './aws';
import type { Benchmark, Figure } from './benchmark';
import { formerUnits, unitsByKey, watchedClient, writeUnits } from './write-units';
import type { Write } from './write-units';

/** Operations of each kind: their ids end in every pair of digits once, so that all parts of a key are met alike. */
const OPERATIONS = 256;

/** Half of the write units a second that DynamoDB gives a partition key. */
const MOST_UNITS_PER_SECOND = 500;

/** What happens in a namespace in a second: 1,000 operations, of one service and one batch, the worst case for their actors' keys. */
const mix = {
  cancel: { perSecond: 560, actor: 'cancel-orders' },
  reset: { perSecond: 240, actor: 'cancel-orders' },
  'batch item': { perSecond: 200, actor: 'ann' },
} as const;
type Kind = keyof typeof mix;
const kinds = Object.keys(mix) as Kind[];

/** DynamoDB's limit for a partition key, against the rates that batches and events reach. */
export const partitions: Benchmark = {
  name: 'partitions',
  about:
    'write units of an operation, and of the partition keys that get the most at 1,000 operations a second in a namespace; by the developer guide’s rules, from what each write changed. "At most" an operation’s: what it took with three indexes of everything',
  async run() {
    const aws = await startAws();
    try {
      const writes = {} as Record<Kind, Write[]>;
      for (const kind of kinds) writes[kind] = await writesOf(kind, aws.ledgerTable);
      return [...kinds.map((kind) => unitsOf(kind, writes[kind])), ...hottestKeys(writes)];
    } finally {
      await aws.stop();
    }
  },
};

/** What the operations of a kind write, from their record to the end that reconciliation finds. */
async function writesOf(kind: Kind, tableName: string): Promise<Write[]> {
  const { client, writes } = watchedClient();
  const ledger = new DynamoDbLedger({ tableName, retentionDays: 400, client });
  for (let index = 0; index < OPERATIONS; index += 1) await operate(ledger, kind, index);
  return writes;
}

async function operate(ledger: DynamoDbLedger, kind: Kind, index: number): Promise<void> {
  const begun = Date.now();
  const inBatch = kind === 'batch item';
  const answer = kind === 'reset' ? resetExample : cancelled;
  const record: OperationRecord = {
    ...recordOf(kind, index),
    requestedAt: new Date(begun).toISOString(),
    leaseUntil: begun + 35_000,
    nextCheckAt: new Date(begun + 35_000).toISOString(),
    ...(inBatch && { runId, mayExecuteUntil: begun + 90_000 }),
  };
  await ledger.createIfAbsent(record);
  const lease = { leaseUntil: begun + 21_000, mayExecuteUntil: begun + 81_000 };
  const targeted = inBatch ? record : await ledger.recordTargetRun(record, runId, lease);
  const settles = kind !== 'reset';
  const completed = await ledger.complete(targeted ?? record, {
    state: 'completed',
    outcome: answer.outcome,
    answer,
    completedAt: new Date(begun + 60).toISOString(),
    ...(settles && { nextCheckAt: new Date(begun + 15_000).toISOString() }),
  });
  if (!settles || !completed) return;
  const settled = { status: 'Canceled', closeTime: new Date(begun + 900).toISOString() };
  await ledger.update(completed, { settled, stuck: undefined, nextCheckAt: undefined });
}

const runId = '0199b5a2-7c1e-7b7d-9c1f-2a4f8f6f3d10';

function recordOf(kind: Kind, index: number): Omit<OperationRecord, 'requestedAt' | 'leaseUntil'> {
  const workflowId = `order-${kind.length}-${index}`;
  const digits = index.toString(16).padStart(2, '0');
  return {
    operationId: `op-${String(kinds.indexOf(kind)).repeat(30)}${digits}`,
    namespace: 'prod.a1b2c',
    workflowId,
    verb: kind === 'reset' ? 'reset' : 'cancel',
    actor: { id: `arn:aws:sts::111122223333:assumed-role/rewind-operators/${mix[kind].actor}` },
    reason: 'withdrawn by the customer',
    requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
    request: { workflowId, reason: 'withdrawn by the customer' },
    fingerprint: 'f'.repeat(64),
    state: 'started',
    attempt: 1,
    owner: '5f0c0d1e-7b61-11e6-9a41-93e8deadbeef',
    version: 1,
    ...(kind === 'batch item' && { batchOperationId: 'op-77b0c9d1e2f3405162738495a6b7c8d9', batchPosition: index }),
  };
}

function unitsOf(kind: Kind, writes: readonly Write[]): Figure {
  const mean = (unitsIn: (write: Write) => number) =>
    writes.reduce((sum, write) => sum + unitsIn(write), 0) / OPERATIONS;
  return {
    name: `a ${kind}`,
    unit: 'units',
    value: mean(writeUnits),
    n: OPERATIONS,
    atMost: mean(formerUnits),
    note: `${writes.length / OPERATIONS} writes`,
  };
}

/** The key with the most units a second, of the table and of each index. */
function hottestKeys(writes: Record<Kind, Write[]>): Figure[] {
  const perSecond = new Map<string, Map<string, number>>();
  for (const kind of kinds) {
    for (const { where, key, units } of writes[kind].flatMap(unitsByKey)) {
      const keys = perSecond.get(where) ?? new Map<string, number>();
      keys.set(key, (keys.get(key) ?? 0) + (units / OPERATIONS) * mix[kind].perSecond);
      perSecond.set(where, keys);
    }
  }
  // In the table and by workflow, each operation has a key of its own.
  return [...perSecond].map(([where, keys]): Figure => {
    const [key, units] = [...keys].toSorted(([, a], [, b]) => b - a)[0] ?? ['', 0];
    return {
      name: `hottest key, ${where}`,
      unit: 'units per second',
      value: units,
      atMost: MOST_UNITS_PER_SECOND,
      note: key,
    };
  });
}
