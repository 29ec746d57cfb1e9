import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { rewindMetrics } from '../../aws/metrics';
import { namespaceMetric, serviceMetric } from '../rewind-metrics';
import { RewindAlarm } from './alarm';
import type { RewindApi } from './rewind-api';

export interface OperationAlarmsProps {
  api: RewindApi;
  namespaces: string[];
  /** Cancels what an event is about. */
  cancelOnEvent: IFunction;
  /** Finds out how operations ended. */
  reconciler: IFunction;
  /** Tells the bus what Rewind did. */
  publisher: IFunction;
}

const fiveMinutes = Duration.minutes(5);

/**
 * What keeps operations from being done, or their end from being known. What is dead-lettered has its alarm at the queue
 * (dead-letter-queue.ts). Figures of a namespace have an alarm each: it says which.
 */
export class OperationAlarms extends Construct {
  constructor(scope: Construct, id: string, props: OperationAlarmsProps) {
    super(scope, id);
    const { api, namespaces, cancelOnEvent, reconciler, publisher } = props;

    new RewindAlarm(this, 'ApiFails', {
      metric: api.restApi.metricServerError({ period: fiveMinutes, statistic: 'Sum' }),
      threshold: 3,
      impact: 'Requests fail: people and pipelines do not get their workflows cancelled or reset.',
      runbook: 'the-api-fails',
    });
    new RewindAlarm(this, 'LedgerFails', {
      metric: serviceMetric(rewindMetrics.ledgerErrors, { period: fiveMinutes, statistic: 'Sum' }),
      threshold: 3,
      impact: 'The ledger fails: without it no operation is begun.',
      runbook: 'the-ledger-fails',
    });
    new RewindAlarm(this, 'EventsWait', {
      // Milliseconds. Lambda tries for up to two hours before it dead-letters an event.
      metric: cancelOnEvent.metric('AsyncEventAge', { period: fiveMinutes, statistic: 'Maximum' }),
      threshold: Duration.minutes(10).toMilliseconds(),
      impact: 'Events that should cancel workflows have waited for ten minutes: those workflows go on.',
      runbook: 'events-wait',
    });
    new RewindAlarm(this, 'SettlingFails', {
      metric: reconciler.metricErrors({ period: fiveMinutes, statistic: 'Sum' }),
      threshold: 3,
      impact: 'Nobody finds out how operations ended whose function died, or how workflows took their cancellation.',
      runbook: 'operations-are-not-settled',
    });
    new RewindAlarm(this, 'OperationEventsLate', {
      // Milliseconds.
      metric: publisher.metric('IteratorAge', { period: fiveMinutes, statistic: 'Maximum' }),
      threshold: Duration.minutes(10).toMilliseconds(),
      impact: 'Services that follow what Rewind did hear of it ten minutes late, and its metrics lag as much.',
      runbook: 'operation-events-are-late',
    });
    for (const namespace of namespaces) this.watchNamespace(namespace);
  }

  private watchNamespace(namespace: string): void {
    const { stuckCancellations, overdueOperations, certificateDaysLeft, temporalThrottled, temporalErrors } =
      rewindMetrics;
    const everyMinute = { period: Duration.minutes(1), statistic: 'Maximum' };
    const inFiveMinutes = { period: fiveMinutes, statistic: 'Sum' };

    new RewindAlarm(this, `Stuck-${namespace}`, {
      metric: namespaceMetric(stuckCancellations, namespace, everyMinute),
      threshold: 1,
      // A worker that is being deployed is back by then.
      periods: 15,
      impact: `Workflows of ${namespace} were asked to cancel and cannot: they are stuck, and will not end by themselves.`,
      runbook: 'stuck-cancellations',
    });
    new RewindAlarm(this, `Overdue-${namespace}`, {
      metric: namespaceMetric(overdueOperations, namespace, everyMinute),
      threshold: 1,
      periods: 5,
      impact: `It is not known whether some operations on ${namespace} were done.`,
      runbook: 'operations-are-not-settled',
    });
    new RewindAlarm(this, `Throttled-${namespace}`, {
      metric: namespaceMetric(temporalThrottled, namespace, inFiveMinutes),
      threshold: 10,
      impact: `Temporal limits the rate of calls to ${namespace}: requests are answered 429, batch operations go slowly.`,
      runbook: 'temporal-throttles',
    });
    new RewindAlarm(this, `Unreachable-${namespace}`, {
      metric: namespaceMetric(temporalErrors, namespace, inFiveMinutes),
      threshold: 5,
      impact: `Temporal does not answer for ${namespace}, or refuses the credentials: nothing can be cancelled or reset there.`,
      runbook: 'temporal-does-not-answer',
    });
    new RewindAlarm(this, `CertificateEnds-${namespace}`, {
      metric: namespaceMetric(certificateDaysLeft, namespace, { period: Duration.hours(1), statistic: 'Minimum' }),
      threshold: 30,
      below: true,
      impact: `The client certificate of ${namespace} ends within 30 days: then nothing can be cancelled or reset there.`,
      runbook: 'a-certificate-ends-soon',
    });
  }
}
