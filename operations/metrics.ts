import type { Ledger, OperationRecord, UnsettledOperation } from './ledger/ledger';

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
  /** Workflows that batch operations have dealt with, by `namespace`. */
  batchItemsDone: 'BatchItemsDone',
  /** Workflows that a running batch operation has still to deal with, by `namespace`. */
  batchItemsLeft: 'BatchItemsLeft',
  /** Requested cancellations whose workflow cannot hear or act on them, by `namespace`. */
  stuckCancellations: 'StuckCancellations',
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
  const { namespace, verb, state, outcome = state, settled, batch } = after;
  const metrics: MetricDatum[] = [];
  if (state !== 'started' && before?.state !== state) {
    metrics.push({ name: metricNames.operations, value: 1, dimensions: { namespace, verb, state, outcome } });
  }
  if (settled && !before?.settled) {
    const { status } = settled;
    metrics.push({ name: metricNames.cancellationsSettled, value: 1, dimensions: { namespace, status } });
  }
  if (batch && JSON.stringify(batch) !== JSON.stringify(before?.batch)) {
    const { matched, progress } = batch;
    const left = batch.state === 'running' ? Math.max(0, matched - progress.done - progress.skipped) : 0;
    // A page that another worker took on may count a little less than was noted before.
    const done = Math.max(0, progress.done - (before?.batch?.progress.done ?? 0));
    metrics.push({ name: metricNames.batchItemsDone, value: done, dimensions: { namespace } });
    metrics.push({ name: metricNames.batchItemsLeft, value: left, dimensions: { namespace } });
  }
  return metrics;
}

/** What there is to count of what is not settled at this moment: a figure for each namespace, 0 included. */
export async function unsettledMetrics(ledger: Ledger, namespaces: string[], now: number): Promise<MetricDatum[]> {
  const unsettled = await ledger.listUnsettled();
  const overdueSince = new Date(now - OVERDUE_AFTER_MS).toISOString();
  const isStuck = ({ stuck = [] }: UnsettledOperation) => stuck.length > 0;
  const isOverdue = ({ nextCheckAt }: UnsettledOperation) => nextCheckAt < overdueSince;
  return namespaces.flatMap((namespace) => {
    const here = unsettled.filter((operation) => operation.namespace === namespace);
    const dimensions = { namespace };
    return [
      { name: metricNames.stuckCancellations, value: here.filter(isStuck).length, dimensions },
      { name: metricNames.overdueOperations, value: here.filter(isOverdue).length, dimensions },
    ];
  });
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
    // What is wrong with a secret is said to whoever needs it.
    const expiry = await expiryOf(namespace).catch(() => undefined);
    if (!expiry) return [];
    const value = Math.floor((expiry.getTime() - now) / 86_400_000);
    return [{ name: metricNames.certificateDaysLeft, value, dimensions: { namespace } }];
  });
  return (await Promise.all(metrics)).flat();
}
