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
  /** Looks up how operations ended. */
  reconciler: IFunction;
  /** Publishes the ledger's changes on the bus. */
  publisher: IFunction;
}

const fiveMinutes = Duration.minutes(5);

/**
 * Alarms on what keeps operations from being done, or their outcome from being known. A dead-letter queue has its own
 * (dead-letter-queue.ts). Metrics of a namespace have an alarm for each namespace, or one for all where there are many.
 */
export class OperationAlarms extends Construct {
  constructor(scope: Construct, id: string, props: OperationAlarmsProps) {
    super(scope, id);
    const { api, namespaces, reconciler, publisher } = props;

    new RewindAlarm(this, 'ApiFails', {
      metric: api.restApi.metricServerError({ period: fiveMinutes, statistic: 'Sum' }),
      threshold: 3,
      impact: 'Requests fail: people and pipelines do not get their workflows cancelled or reset.',
      runbook: 'the-api-fails',
    });
    new RewindAlarm(this, 'LedgerFails', {
      metric: rewindMetric(this, rewindMetrics.ledgerErrors, {}, { period: fiveMinutes, statistic: 'Sum' }),
      threshold: 3,
      impact: 'The ledger fails: no operation starts without it.',
      runbook: 'the-ledger-fails',
    });
    new RewindAlarm(this, 'EventsWait', {
      // Ten minutes: an event that waits is tried every five minutes at least, and has no age in between.
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
        'Operations whose function died are not looked up, and neither is how workflows ended after a cancellation request.',
      runbook: 'operations-are-not-settled',
    });
    new RewindAlarm(this, 'OperationEventsLate', {
      // Milliseconds.
      metric: publisher.metric('IteratorAge', { period: fiveMinutes, statistic: 'Maximum' }),
      threshold: Duration.minutes(10).toMilliseconds(),
      impact: 'Events of what Rewind did are ten minutes late, and so are its metrics.',
      runbook: 'operation-events-are-late',
    });
    if (namespaces.length > MAX_NAMESPACES_WITH_OWN_ALARMS) this.watch(undefined);
    else for (const name of namespaces) this.watch(name);
  }

  /** The alarms of a namespace's metrics, or of those of all namespaces. */
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
    const where = namespace ?? 'a namespace, which the alarm’s contributors name,';

    new RewindAlarm(this, `Stuck-${group}`, {
      metric: this.metricOf(stuckCancellations, namespace, everyMinute),
      threshold: 1,
      // A worker that is being deployed is back by then.
      periods: 15,
      impact: `Workflows of ${where} have cancellations requested that they cannot process: they will not end by themselves.`,
      runbook: 'stuck-cancellations',
    });
    new RewindAlarm(this, `StuckBatch-${group}`, {
      metric: this.metricOf(stuckBatchOperations, namespace, everyMinute),
      threshold: 1,
      // A worker that is being deployed is back by then.
      periods: 15,
      impact: `Batch operations in ${where} do not proceed: mostly because no worker polls their task queue.`,
      runbook: 'batch-operations-do-not-proceed',
    });
    new RewindAlarm(this, `Overdue-${group}`, {
      metric: this.metricOf(overdueOperations, namespace, everyMinute),
      threshold: 1,
      periods: 5,
      impact: `It is not known whether some operations on ${where} were done.`,
      runbook: 'operations-are-not-settled',
    });
    new RewindAlarm(this, `Throttled-${group}`, {
      metric: this.metricOf(temporalThrottled, namespace, inFiveMinutes),
      threshold: 10,
      impact: `Temporal limits the rate of calls to ${where}: requests are answered 429, batch operations slow down.`,
      runbook: 'temporal-throttles',
    });
    new RewindAlarm(this, `Unreachable-${group}`, {
      metric: this.metricOf(temporalErrors, namespace, inFiveMinutes),
      threshold: 5,
      impact: `Temporal does not answer for ${where}, or refuses the credentials: nothing can be cancelled or reset there.`,
      runbook: 'temporal-does-not-answer',
    });
    new RewindAlarm(this, `CertificateEnds-${group}`, {
      metric: this.metricOf(certificateDaysLeft, namespace, { period: Duration.hours(1), statistic: 'Minimum' }),
      threshold: DAYS_TO_RENEW,
      below: true,
      impact: `The client certificate of ${where} ends within ${DAYS_TO_RENEW} days: then nothing can be cancelled or reset there.`,
      runbook: 'a-certificate-ends-soon',
    });
  }

  /**
   * The metric of one namespace; or a Metrics Insights query with a time series for each namespace of the deployment, where
   * the alarm names the one that is over the threshold.
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

/** Functions of Metrics Insights, by CloudWatch's statistic. */
const aggregates = { Maximum: 'MAX', Minimum: 'MIN', Sum: 'SUM' } as const;

/** More namespaces than this share their alarms: a stack has 500 resources. */
const MAX_NAMESPACES_WITH_OWN_ALARMS = 20;
