import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { rewindMetrics } from '../../aws/metrics';
import { rewindMetric } from '../rewind-metrics';
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
 * (dead-letter-queue.ts). Metrics of a namespace have an alarm for each namespace, or for ten where there are many.
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
    for (const [group, names] of groupsOf(namespaces)) this.watchNamespaces(group, names);
  }

  /** The alarms of a namespace's metrics, or of a group of namespaces. */
  private watchNamespaces(group: string, names: string[]): void {
    const {
      stuckCancellations,
      stuckBatchOperations,
      overdueOperations,
      certificateDaysLeft,
      temporalThrottled,
      temporalErrors,
    } = rewindMetrics;
    const everyMinute = { period: Duration.minutes(1), statistic: 'Maximum' };
    const inFiveMinutes = { period: fiveMinutes, statistic: 'Sum' };
    const where = names.length === 1 ? group : shortened(`one of ${names.join(', ')}`);

    new RewindAlarm(this, `Stuck-${group}`, {
      metric: this.extremeOf(stuckCancellations, names, everyMinute),
      threshold: 1,
      // A worker that is being deployed is back by then.
      periods: 15,
      impact: `Workflows of ${where} have cancellations requested that they cannot process: they will not end by themselves.`,
      runbook: 'stuck-cancellations',
    });
    new RewindAlarm(this, `StuckBatch-${group}`, {
      metric: this.extremeOf(stuckBatchOperations, names, everyMinute),
      threshold: 1,
      // A worker that is being deployed is back by then.
      periods: 15,
      impact: `Batch operations in ${where} do not proceed: mostly because no worker polls their task queue.`,
      runbook: 'batch-operations-do-not-proceed',
    });
    new RewindAlarm(this, `Overdue-${group}`, {
      metric: this.extremeOf(overdueOperations, names, everyMinute),
      threshold: 1,
      periods: 5,
      impact: `It is not known whether some operations on ${where} were done.`,
      runbook: 'operations-are-not-settled',
    });
    new RewindAlarm(this, `Throttled-${group}`, {
      metric: this.extremeOf(temporalThrottled, names, inFiveMinutes),
      threshold: 10,
      impact: `Temporal limits the rate of calls to ${where}: requests are answered 429, batch operations slow down.`,
      runbook: 'temporal-throttles',
    });
    new RewindAlarm(this, `Unreachable-${group}`, {
      metric: this.extremeOf(temporalErrors, names, inFiveMinutes),
      threshold: 5,
      impact: `Temporal does not answer for ${where}, or refuses the credentials: nothing can be cancelled or reset there.`,
      runbook: 'temporal-does-not-answer',
    });
    new RewindAlarm(this, `CertificateEnds-${group}`, {
      metric: this.extremeOf(certificateDaysLeft, names, { period: Duration.hours(1), statistic: 'Minimum' }),
      threshold: 30,
      below: true,
      impact: `The client certificate of ${where} ends within 30 days: then nothing can be cancelled or reset there.`,
      runbook: 'a-certificate-ends-soon',
    });
  }

  /** The metric of one namespace, or the largest value among several; the smallest where the statistic is `Minimum`. */
  private extremeOf(metricName: string, names: string[], how: { period: Duration; statistic: string }): IMetric {
    const metrics = names.map((name) => rewindMetric(this, metricName, { namespace: name }, how));
    const [only] = metrics;
    if (only && metrics.length === 1) return only;
    return new MathExpression({
      expression: `${how.statistic === 'Minimum' ? 'MIN' : 'MAX'}(METRICS())`,
      usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
      period: how.period,
    });
  }
}

/** More namespaces than this share their alarms: a stack has 500 resources. */
const MAX_NAMESPACES_WITH_OWN_ALARMS = 20;
/** An alarm takes this many metrics. */
const METRICS_OF_ALARM = 10;

/** The namespaces that an alarm watches together, by the alarm's part of its id. */
function groupsOf(namespaces: string[]): Map<string, string[]> {
  if (namespaces.length <= MAX_NAMESPACES_WITH_OWN_ALARMS) return new Map(namespaces.map((name) => [name, [name]]));
  const count = Math.ceil(namespaces.length / METRICS_OF_ALARM);
  const group = (index: number) => namespaces.slice(index * METRICS_OF_ALARM, (index + 1) * METRICS_OF_ALARM);
  return new Map(Array.from({ length: count }, (_, index) => [`Group${index + 1}`, group(index)]));
}

/** CloudWatch takes 1,024 characters of description. */
function shortened(text: string): string {
  return text.length <= 600 ? text : `${text.slice(0, 600)}…`;
}
