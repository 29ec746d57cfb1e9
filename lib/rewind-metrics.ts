import { Stack } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import { rewindMetrics } from '../aws/metrics';

interface Figure {
  statistic: string;
  period?: Duration;
  label?: string;
}

/** The dimension `stack` of a deployment's metrics. @param control a construct of the control stack */
export function stackOf(control: IConstruct): string {
  return Stack.of(control).stackName;
}

/** A metric of Rewind's own, of this deployment. @param dimensions its dimensions without `stack` */
export function rewindMetric(
  control: IConstruct,
  metricName: string,
  dimensions: Record<string, string>,
  figure: Figure,
): Metric {
  return new Metric({
    namespace: rewindMetrics.namespace,
    metricName,
    dimensionsMap: { stack: stackOf(control), ...dimensions },
    ...figure,
  });
}
