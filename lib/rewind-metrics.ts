import { Stack } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import { rewindMetrics } from '../aws/metrics';

interface MetricStatistic {
  statistic: string;
  period?: Duration;
  label?: string;
}

/** Returns the dimension `stack` of a deployment's metrics. @param control a construct in the control stack */
export function stackOf(control: IConstruct): string {
  return Stack.of(control).stackName;
}

/** Returns a metric of this deployment. @param dimensions dimensions other than `stack` */
export function rewindMetric(
  control: IConstruct,
  metricName: string,
  dimensions: Record<string, string>,
  statistic: MetricStatistic,
): Metric {
  return new Metric({
    namespace: rewindMetrics.namespace,
    metricName,
    dimensionsMap: { stack: stackOf(control), ...dimensions },
    ...statistic,
  });
}
