import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { rewindMetrics, serviceName } from '../aws/metrics';

interface Figure {
  statistic: string;
  period?: Duration;
  label?: string;
}

/** A metric of Rewind's own that has the dimension `namespace` alone. */
export const namespaceMetric = (metricName: string, namespace: string, figure: Figure): Metric =>
  new Metric({ namespace: rewindMetrics.namespace, metricName, dimensionsMap: { namespace }, ...figure });

/** A metric of Rewind's own that has the dimension `service` alone. */
export const serviceMetric = (metricName: string, figure: Figure): Metric =>
  new Metric({ namespace: rewindMetrics.namespace, metricName, dimensionsMap: { service: serviceName }, ...figure });
