import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MetricDatum } from '../operations/metrics';
import { rewindMetrics, serviceName } from './metrics';

/** Writes figures as CloudWatch metrics: a log line for each set of dimensions. */
export function writeMetrics(data: MetricDatum[]): void {
  const bySet = new Map<string, Metrics>();
  for (const { name, value, dimensions } of data) {
    const set = JSON.stringify(dimensions);
    const metrics = bySet.get(set) ?? metricsOf(dimensions);
    bySet.set(set, metrics);
    metrics.addMetric(name, MetricUnit.Count, value);
  }
  // Every hundredth value has been written when it was added.
  for (const metrics of bySet.values()) if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}

/** Metrics with these dimensions and no other: CloudWatch takes each set of dimensions for another metric. */
export function metricsOf(dimensions: Record<string, string>): Metrics {
  const metrics = new Metrics({ namespace: rewindMetrics.namespace, serviceName });
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions(dimensions);
  return metrics;
}
