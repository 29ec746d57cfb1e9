import { countFailures, countLeft } from './batch/batch';
import type { BatchRecord } from './batch/batch';
import type { Ledger, OperationRecord } from './ledger/ledger';
import { daysUntil } from './temporal/credentials';

/** Something to be counted. Each set of dimensions is a metric of its own. */
export interface MetricDatum {
  name: MetricName;
  value: number;
  dimensions: Record<string, string>;
}

type MetricName = (typeof metricNames)[keyof typeof metricNames];

export const metricNames = {
  /** Attempts at operations that have ended, by `namespace`, `verb`, `state` and `outcome`. */
  operations: 'Operations',
  /** Requested cancellations whose workflow has closed since, by `namespace` and the `status` it closed in. */
  cancellationsSettled: 'CancellationsSettled',
  /** Workflows that batch operations on a worker have processed, by `namespace`. */
  batchItemsDone: 'BatchItemsDone',
  /** Workflows that running batch operations have not processed yet, by `namespace`. */
  batchItemsLeft: 'BatchItemsLeft',
  /** Workflows of running batch operations that failed, or whose new run failed again or is stuck, by `namespace`. */
  batchItemsFailed: 'BatchItemsFailed',
  /** Workflows a second that running batch operations on a worker processed lately, by `namespace`. */
  batchItemsPerSecond: 'BatchItemsPerSecond',
  /** Seconds until the last of the running batch operations on a worker is done, at its recent rate, by `namespace`. */
  batchSecondsLeft: 'BatchSecondsLeft',
  /** Requested cancellations that something keeps the workflow from handling, by `namespace`. */
  stuckCancellations: 'StuckCancellations',
  /** Running batch operations that something keeps from proceeding, such as that no worker polls, by `namespace`. */
  stuckBatchOperations: 'StuckBatchOperations',
  /** Operations of which it should be known by now how they ended, by `namespace`. */
  overdueOperations: 'OverdueOperations',
  /** Full days until the client certificate in use ends, by `namespace`; none for an API key. Negative once it has ended. */
  certificateDaysLeft: 'CertificateDaysLeft',
} as const;

/**
 * How long after an operation is due to be looked at it is overdue, in milliseconds: reconcile-operations looks every minute,
 * and had several tries by then.
 */
const OVERDUE_AFTER_MS = 10 * 60_000;

/**
 * What there is to count after the ledger's record of an operation has changed.
 * @param before the record as it was; absent when it is new
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

/** Metrics of the operations that are not settled now: a value for each namespace, 0 included. */
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

function sum<Item>(items: Item[], figure: (item: Item) => number): number {
  return items.reduce((total, item) => total + figure(item), 0);
}

/** 0 while nothing is processed, as when it is suspended: no time could be given. */
function secondsLeft({ recentRate = 0, ...batch }: BatchRecord): number {
  return recentRate > 0 ? Math.ceil(countLeft(batch) / recentRate) : 0;
}

/**
 * How long the client certificate of each namespace is still valid.
 * @param expiryOf nothing for an API key
 */
export async function certificateMetrics(
  namespaces: string[],
  expiryOf: (namespace: string) => Promise<Date | undefined>,
  now: number,
): Promise<MetricDatum[]> {
  const metrics = namespaces.map(async (namespace) => {
    // A secret that cannot be used is reported by the calls that need it.
    const expiry = await expiryOf(namespace).catch(() => undefined);
    if (!expiry) return [];
    return [{ name: metricNames.certificateDaysLeft, value: daysUntil(expiry, now), dimensions: { namespace } }];
  });
  return (await Promise.all(metrics)).flat();
}
