import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { rewindMetrics } from '../../aws/metrics';
import { DAYS_TO_RENEW } from '../../operations/temporal/credentials';
import { rewindMetric, stackOf } from '../rewind-metrics';
import { RewindAlarm } from './alarm';
import type { RewindApi } from './rewind-api';

export interface OperationAlarmsProps {
  api: RewindApi;
  namespaces: string[];
  /** The function that looks up how operations ended. */
  reconciler: IFunction;
  /** The function that publishes the ledger's changes on the bus. */
  publisher: IFunction;
}

const fiveMinutes = Duration.minutes(5);

/**
 * Alarms on conditions that prevent operations from being executed or their outcome from being found. Dead-letter queues have
 * their own alarms (dead-letter-queue.ts). Metrics of namespaces have an alarm per namespace, or one for all if there are many.
 */
export class OperationAlarms extends Construct {
  constructor(scope: Construct, id: string, props: OperationAlarmsProps) {
    super(scope, id);
    const { api, namespaces, reconciler, publisher } = props;

    new RewindAlarm(this, 'ApiFails', {
      metric: api.restApi.metricServerError({ period: fiveMinutes, statistic: 'Sum' }),
      threshold: 3,
      impact: 'Requests fail: people and pipelines cannot cancel or reset workflows.',
      runbook: 'the-api-fails',
    });
    new RewindAlarm(this, 'LedgerFails', {
      metric: rewindMetric(this, rewindMetrics.ledgerErrors, {}, { period: fiveMinutes, statistic: 'Sum' }),
      threshold: 3,
      impact: 'The ledger fails: no operation can start without it.',
      runbook: 'the-ledger-fails',
    });
    new RewindAlarm(this, 'EventsWait', {
      // The metric only has a value when an event is attempted, which happens at least once in each period (retry-delay.ts).
      metric: rewindMetric(this, rewindMetrics.eventAge, {}, { period: Duration.minutes(10), statistic: 'Maximum' }),
      threshold: Duration.minutes(10).toSeconds(),
      impact: 'Events that should cancel workflows have waited for ten minutes: those workflows keep running.',
      runbook: 'events-wait',
    });
    new RewindAlarm(this, 'EventsRejected', {
      metric: rewindMetric(this, rewindMetrics.eventsRejected, {}, { period: fiveMinutes, statistic: 'Sum' }),
      threshold: 1,
      impact: 'Events that should have cancelled workflows did not: those workflows keep running.',
      runbook: 'rejected-events',
    });
    new RewindAlarm(this, 'SettlingFails', {
      metric: reconciler.metricErrors({ period: fiveMinutes, statistic: 'Sum' }),
      threshold: 3,
      impact:
        'The outcome of interrupted operations is not looked up, and neither is how workflows closed after a requested cancellation.',
      runbook: 'operations-are-not-settled',
    });
    new RewindAlarm(this, 'OperationEventsLate', {
      // Milliseconds.
      metric: publisher.metric('IteratorAge', { period: fiveMinutes, statistic: 'Maximum' }),
      threshold: Duration.minutes(10).toMilliseconds(),
      impact: 'Rewind’s events about operations, and its metrics, are ten minutes late.',
      runbook: 'operation-events-are-late',
    });
    if (namespaces.length > MAX_NAMESPACES_WITH_OWN_ALARMS) this.watch(undefined);
    else for (const name of namespaces) this.watch(name);
  }

  /** Creates the alarms of one namespace, or of all namespaces together if it is undefined. */
  private watch(namespace: string | undefined): void {
    const {
      stuckCancellations,
      stuckBatchOperations,
      overdueOperations,
      certificateDaysLeft,
      temporalThrottled,
      temporalErrors,
    } = rewindMetrics;
    const everyMinute: Figure = { period: Duration.minutes(1), statistic: 'Maximum' };
    const inFiveMinutes: Figure = { period: fiveMinutes, statistic: 'Sum' };
    const group = namespace ?? 'EveryNamespace';
    const where = namespace ?? 'a namespace (see the alarm’s contributors)';

    new RewindAlarm(this, `Stuck-${group}`, {
      metric: this.metricOf(stuckCancellations, namespace, everyMinute),
      threshold: 1,
      // Longer than a deployment of a worker takes.
      periods: 15,
      impact: `Workflows in ${where} cannot process a requested cancellation: they will not close without intervention.`,
      runbook: 'stuck-cancellations',
    });
    new RewindAlarm(this, `StuckBatch-${group}`, {
      metric: this.metricOf(stuckBatchOperations, namespace, everyMinute),
      threshold: 1,
      // Longer than a deployment of a worker takes.
      periods: 15,
      impact: `Batch operations in ${where} do not proceed, usually because no worker polls their task queue.`,
      runbook: 'batch-operations-do-not-proceed',
    });
    new RewindAlarm(this, `Overdue-${group}`, {
      metric: this.metricOf(overdueOperations, namespace, everyMinute),
      threshold: 1,
      periods: 5,
      impact: `It is not known whether some operations in ${where} were executed.`,
      runbook: 'operations-are-not-settled',
    });
    new RewindAlarm(this, `Throttled-${group}`, {
      metric: this.metricOf(temporalThrottled, namespace, inFiveMinutes),
      threshold: 10,
      impact: `Temporal throttles calls to ${where}: requests get status 429, and batch operations slow down.`,
      runbook: 'temporal-throttles',
    });
    new RewindAlarm(this, `Unreachable-${group}`, {
      metric: this.metricOf(temporalErrors, namespace, inFiveMinutes),
      threshold: 5,
      impact: `Temporal does not respond for ${where}, or rejects the credentials: nothing can be cancelled or reset there.`,
      runbook: 'temporal-does-not-answer',
    });
    new RewindAlarm(this, `CertificateEnds-${group}`, {
      metric: this.metricOf(certificateDaysLeft, namespace, { period: Duration.hours(1), statistic: 'Minimum' }),
      threshold: DAYS_TO_RENEW,
      below: true,
      impact: `The client certificate of ${where} expires within ${DAYS_TO_RENEW} days: after that, nothing can be cancelled or reset there.`,
      runbook: 'a-certificate-ends-soon',
    });
  }

  /**
   * Returns the metric of one namespace, or a Metrics Insights query with a time series for each namespace of the deployment.
   * The contributors of such an alarm name the namespaces that breach the threshold.
   */
  private metricOf(metricName: string, namespace: string | undefined, { period, statistic }: Figure): IMetric {
    if (namespace !== undefined) return rewindMetric(this, metricName, { namespace }, { period, statistic });
    const schema = `SCHEMA("${rewindMetrics.namespace}", "namespace", "stack")`;
    return new MathExpression({
      expression: `SELECT ${aggregates[statistic]}(${metricName}) FROM ${schema} WHERE "stack" = '${stackOf(this)}' GROUP BY "namespace"`,
      usingMetrics: {},
      period,
    });
  }
}

interface Figure {
  period: Duration;
  statistic: keyof typeof aggregates;
}

/** Metrics Insights functions by CloudWatch statistic. */
const aggregates = { Maximum: 'MAX', Minimum: 'MIN', Sum: 'SUM' } as const;

/** With more namespaces, all share one set of alarms, because a stack is limited to 500 resources. */
const MAX_NAMESPACES_WITH_OWN_ALARMS = 20;
