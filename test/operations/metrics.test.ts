import { certificateMetrics, metricsFor } from '../../operations/metrics';
import type { OperationRecord } from '../../operations/ledger/ledger';

const started: OperationRecord = {
  operationId: 'op-1',
  namespace: 'orders',
  workflowId: 'order-1',
  verb: 'cancel',
  actor: { id: 'arn:aws:iam::111122223333:user/ann' },
  reason: 'withdrawn',
  request: {},
  fingerprint: 'f',
  owner: 'o',
  state: 'started',
  requestedAt: '2026-01-01T00:00:00.000Z',
  attempt: 1,
  version: 1,
  leaseUntil: 0,
};
const requested: OperationRecord = { ...started, state: 'completed', outcome: 'requested' };
const unknown: OperationRecord = { ...started, state: 'unknown', outcome: 'temporal-timeout' };
const noted = (done: number, state: 'running' | 'completed' = 'running', matched = 10): OperationRecord => ({
  ...requested,
  verb: 'batch',
  outcome: 'started',
  batch: { state, matched, progress: { done, outcomes: {}, failed: {}, skipped: 1 } },
});
const ended = (state: string, outcome: string) => ({
  name: 'Operations',
  value: 1,
  dimensions: { namespace: 'orders', verb: 'cancel', state, outcome },
});
const namespace = { namespace: 'orders' };

test.each<[what: string, before: OperationRecord | undefined, after: OperationRecord, figures: object[]]>([
  ['a beginning is none', undefined, started, []],
  ['an end is one', started, requested, [ended('completed', 'requested')]],
  ['an end that was found out later is one', unknown, requested, [ended('completed', 'requested')]],
  ['an end that is not known is one', started, unknown, [ended('unknown', 'temporal-timeout')]],
  ['another attempt is none yet', unknown, started, []],
  ['another look is none', requested, { ...requested, nextCheckAt: '2026-01-01T00:01:00.000Z' }, []],
  [
    'what is noted after it was taken is none',
    { ...requested, settled: { status: 'Completed' } },
    { ...requested, settled: { status: 'Completed' }, requestId: 'r' },
    [],
  ],
  [
    'a cancellation taken is one, by how the workflow ended',
    requested,
    { ...requested, settled: { status: 'Completed' } },
    [{ name: 'CancellationsSettled', value: 1, dimensions: { ...namespace, status: 'Completed' } }],
  ],
  [
    'progress of a batch counts what came to it, and what is left',
    noted(3),
    noted(7),
    [
      { name: 'BatchItemsDone', value: 4, dimensions: namespace },
      { name: 'BatchItemsLeft', value: 2, dimensions: namespace },
    ],
  ],
  [
    'of a batch that has ended nothing is left',
    noted(7),
    noted(8, 'completed'),
    [
      { name: 'BatchItemsDone', value: 1, dimensions: namespace },
      { name: 'BatchItemsLeft', value: 0, dimensions: namespace },
    ],
  ],
  ['progress that was noted before is none', noted(7), { ...noted(7), requestId: 'r' }, []],
])('%s', (_what, before, after, figures) => {
  expect(metricsFor(before, after)).toEqual(figures);
});

test('the days that certificates have left are counted for each namespace that has one and can be asked', async () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const expiry: Record<string, string> = { orders: '2026-01-31T12:00:00Z', ended: '2025-12-31T12:00:00Z' };
  const figures = await certificateMetrics(
    ['orders', 'ended', 'with-a-key', 'broken'],
    async (name) => {
      if (name === 'broken') throw new Error('its secret is no use');
      return expiry[name] === undefined ? undefined : new Date(expiry[name]);
    },
    now,
  );
  expect(figures).toEqual([
    { name: 'CertificateDaysLeft', value: 30, dimensions: { namespace: 'orders' } },
    { name: 'CertificateDaysLeft', value: -1, dimensions: { namespace: 'ended' } },
  ]);
});
