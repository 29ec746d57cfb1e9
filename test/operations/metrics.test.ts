import { certificateMetrics, metricsFor, unsettledMetrics } from '../../operations/metrics';
import type { Ledger, OperationRecord, UnsettledOperation } from '../../operations/ledger/ledger';
import { started } from '../support/operation-record';

const requested: OperationRecord = { ...started, state: 'completed', outcome: 'requested' };
const unknown: OperationRecord = { ...started, state: 'unknown', outcome: 'temporal-timeout' };
const ended = (state: string, outcome: string) => ({
  name: 'Operations',
  value: 1,
  dimensions: { namespace: 'orders', verb: 'cancel', state, outcome },
});
const namespace = { namespace: 'orders' };

test.each<[what: string, before: OperationRecord | undefined, after: OperationRecord, metrics: object[]]>([
  ['a new operation counts nothing', undefined, started, []],
  ['a completed operation is counted', started, requested, [ended('completed', 'requested')]],
  ['an unknown outcome that is found later is counted', unknown, requested, [ended('completed', 'requested')]],
  ['an unknown outcome is counted', started, unknown, [ended('unknown', 'temporal-timeout')]],
  ['another attempt counts nothing', unknown, started, []],
  ['another check counts nothing', requested, { ...requested, nextCheckAt: '2026-01-01T00:01:00.000Z' }, []],
  [
    'a later change of a settled cancellation counts nothing',
    { ...requested, settled: { status: 'Completed' } },
    { ...requested, settled: { status: 'Completed' }, requestId: 'r' },
    [],
  ],
  [
    'a settled cancellation is counted by the status of the workflow',
    requested,
    { ...requested, settled: { status: 'Completed' } },
    [{ name: 'CancellationsSettled', value: 1, dimensions: { ...namespace, status: 'Completed' } }],
  ],
  [
    'a completed item of a batch operation is counted as done',
    started,
    { ...requested, batchOperationId: 'op-batch' },
    [ended('completed', 'requested'), { name: 'BatchItemsDone', value: 1, dimensions: namespace }],
  ],
  [
    'an item that failed and is retried is not counted as done',
    started,
    { ...started, state: 'failed', outcome: 'throttled', batchOperationId: 'op-batch' },
    [ended('failed', 'throttled')],
  ],
])('%s', (_what, before, after, metrics) => {
  expect(metricsFor(before, after)).toEqual(metrics);
});

test('reports the days until expiry for each namespace whose certificate can be read', async () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const expiry: Record<string, string> = { orders: '2026-01-31T12:00:00Z', ended: '2025-12-31T12:00:00Z' };
  const metrics = await certificateMetrics(
    ['orders', 'ended', 'with-a-key', 'broken'],
    async (name) => {
      if (name === 'broken') throw new Error('its secret is no use');
      return expiry[name] === undefined ? undefined : new Date(expiry[name]);
    },
    now,
  );
  expect(metrics).toEqual([
    { name: 'CertificateDaysLeft', value: 30, dimensions: { namespace: 'orders' } },
    { name: 'CertificateDaysLeft', value: -1, dimensions: { namespace: 'ended' } },
  ]);
});

test('reports remaining and failed items of all running batches, with rate and remaining time, by namespace', async () => {
  const batch = (state: 'running' | 'completed', done: number, recentRate?: number): UnsettledOperation => ({
    nextCheckAt: '2026-01-01T00:00:00.000Z',
    batch: {
      recentRate,
      state,
      matched: 10,
      progress: { done, outcomes: {}, failed: { conflict: 2 }, skipped: 1, progress: followed },
    },
  });
  const followed = { wentOn: 4, completed: 3, failedAgain: 2, stuck: 1, stillRunning: 5 };
  const ledger: Pick<Ledger, 'listUnsettled'> = {
    listUnsettled: async (name) =>
      name === 'orders'
        ? [
            batch('running', 3, 0.4),
            batch('running', 7, 2),
            batch('running', 9, 0),
            batch('running', 9),
            batch('completed', 8, 9),
          ]
        : [],
  };
  const metrics = await unsettledMetrics(ledger, ['orders', 'idle'], Date.parse('2026-01-01T00:00:00Z'));
  const valuesOf = (metric: string) =>
    metrics.flatMap(({ name, value, dimensions }) => (name === metric ? { ...dimensions, value } : []));
  expect(valuesOf('BatchItemsLeft')).toEqual(ordersAndIdle(8));
  expect(valuesOf('BatchItemsFailed')).toEqual(ordersAndIdle(20));
  expect(valuesOf('BatchItemsPerSecond')).toEqual(ordersAndIdle(2.4));
  // 6 at 0.4 a second and 2 at 2 a second at the same time. A suspended or new batch operation has no rate, and so no time.
  expect(valuesOf('BatchSecondsLeft')).toEqual(ordersAndIdle(15));

  function ordersAndIdle(value: number) {
    return [
      { namespace: 'orders', value },
      { namespace: 'idle', value: 0 },
    ];
  }
});
