import { countFailures, countLeft } from './batch/batch';
import type { BatchRecord } from './batch/batch';
import type { Ledger, OperationRecord } from './ledger/ledger';
import { daysUntil } from './temporal/credentials';

/** A value of a CloudWatch metric. Each set of dimensions is a separate metric. */
export interface MetricDatum {
  name: MetricName;
  value: number;
  dimensions: Record<string, string>;
}

type MetricName = (typeof metricNames)[keyof typeof metricNames];

export const metricNames = {
  /** Ended attempts at operations, by `namespace`, `verb`, `state` and `outcome`. */
  operations: 'Operations',
  /** Requested cancellations whose workflow has closed since, by `namespace` and the `status` it closed in. */
  cancellationsSettled: 'CancellationsSettled',
  /** Workflows that batch operations on a worker have processed, by `namespace`. */
  batchItemsDone: 'BatchItemsDone',
  /** Workflows that running batch operations have not processed yet, by `namespace`. */
  batchItemsLeft: 'BatchItemsLeft',
  /** Workflows of running batch operations that failed, or whose new run failed again or is stuck, by `namespace`. */
  batchItemsFailed: 'BatchItemsFailed',
  /** Recent rate of running batch operations on a worker, in workflows per second, by `namespace`. */
  batchItemsPerSecond: 'BatchItemsPerSecond',
  /** Seconds until the last of the running batch operations on a worker is done, at its recent rate, by `namespace`. */
  batchSecondsLeft: 'BatchSecondsLeft',
  /** Requested cancellations that are stuck, for instance because no worker polls, by `namespace`. */
  stuckCancellations: 'StuckCancellations',
  /** Running batch operations that are stuck, for instance because no worker polls, by `namespace`. */
  stuckBatchOperations: 'StuckBatchOperations',
  /** Operations without a final result that are overdue for reconciliation, by `namespace`. */
  overdueOperations: 'OverdueOperations',
  /** Full days until the client certificate in use expires, by `namespace`; negative after that, absent for an API key. */
  certificateDaysLeft: 'CertificateDaysLeft',
} as const;

/**
 * How long after its `nextCheckAt` an operation counts as overdue, in milliseconds. reconcile-operations runs every minute,
 * so it has tried several times by then.
 */
const OVERDUE_AFTER_MS = 10 * 60_000;

/**
 * Returns the metrics for a change of an operation's record.
 * @param before the record before the change; absent when it is new
 */
export function metricsFor(before: OperationRecord | undefined, after: OperationRecord): MetricDatum[] {
  const { namespace, verb, state, outcome = state, settled, batchOperationId } = after;
  const metrics: MetricDatum[] = [];
  if (state !== 'started' && before?.state !== state) {
    metrics.push({ name: metricNames.operations, value: 1, dimensions: { namespace, verb, state, outcome } });
    if (batchOperationId !== undefined && (state === 'completed' || state === 'refused')) {
      metrics.push({ name: metricNames.batchItemsDone, value: 1, dimensions: { namespace } });
    }
  }
  if (settled && !before?.settled) {
    const { status } = settled;
    metrics.push({ name: metricNames.cancellationsSettled, value: 1, dimensions: { namespace, status } });
  }
  return metrics;
}

/** Returns metrics of the operations that are unsettled now: a value for each namespace, zeros included. */
export async function unsettledMetrics(
  ledger: Pick<Ledger, 'listUnsettled'>,
  namespaces: string[],
  now: number,
): Promise<MetricDatum[]> {
  const overdueSince = new Date(now - OVERDUE_AFTER_MS).toISOString();
  const metrics = namespaces.map(async (namespace) => {
    const here = await ledger.listUnsettled(namespace);
    const batches = here.flatMap(({ batch }) => (batch?.state === 'running' ? batch : []));
    const values = {
      [metricNames.stuckCancellations]: here.filter(({ stuck = [], batch }) => stuck.length > 0 && !batch).length,
      [metricNames.stuckBatchOperations]: here.filter(({ stuck = [], batch }) => stuck.length > 0 && batch).length,
      [metricNames.overdueOperations]: here.filter(({ nextCheckAt }) => nextCheckAt < overdueSince).length,
      [metricNames.batchItemsLeft]: sum(batches, countLeft),
      [metricNames.batchItemsFailed]: sum(batches, ({ progress }) => countFailures(progress)),
      [metricNames.batchItemsPerSecond]: sum(batches, ({ recentRate = 0 }) => recentRate),
      [metricNames.batchSecondsLeft]: Math.max(0, ...batches.map(secondsLeft)),
    };
    return Object.entries(values).map(([name, value]) => ({
      name: name as keyof typeof values,
      value,
      dimensions: { namespace },
    }));
  });
  return (await Promise.all(metrics)).flat();
}

function sum<Item>(items: Item[], valueOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + valueOf(item), 0);
}

/** Returns 0 while nothing is processed, for instance during a suspension, because no estimate is possible. */
function secondsLeft({ recentRate = 0, ...batch }: BatchRecord): number {
  return recentRate > 0 ? Math.ceil(countLeft(batch) / recentRate) : 0;
}

/**
 * Returns for each namespace how long its client certificate is still valid.
 * @param expiryOf returns undefined for an API key
 */
export async function certificateMetrics(
  namespaces: string[],
  expiryOf: (namespace: string) => Promise<Date | undefined>,
  now: number,
): Promise<MetricDatum[]> {
  const metrics = namespaces.map(async (namespace) => {
    // The calls that need the secret report that it cannot be used.
    const expiry = await expiryOf(namespace).catch(() => undefined);
    if (!expiry) return [];
    return [{ name: metricNames.certificateDaysLeft, value: daysUntil(expiry, now), dimensions: { namespace } }];
  });
  return (await Promise.all(metrics)).flat();
}
