import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MetricDatum } from '../operations/metrics';
import { EnvironmentVariable } from './environment';
import { rewindMetrics, serviceName } from './metrics';

/** Writes CloudWatch metrics: a log line for each set of dimensions. */
export function writeMetrics(data: MetricDatum[]): void {
  const byDimensions = new Map<string, Metrics>();
  for (const { name, value, dimensions } of data) {
    const key = JSON.stringify(dimensions);
    const metrics = byDimensions.get(key) ?? metricsOf(dimensions);
    byDimensions.set(key, metrics);
    metrics.addMetric(name, MetricUnit.Count, value);
  }
  for (const metrics of byDimensions.values()) publish(metrics);
}

/** Metrics with these dimensions and `stack`, and no other: each set of dimensions is a metric of its own. */
export function metricsOf(dimensions: Record<string, string>, namespace: string = rewindMetrics.namespace): Metrics {
  const metrics = new Metrics({ namespace, serviceName });
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ stack: process.env[EnvironmentVariable.stack] ?? serviceName, ...dimensions });
  return metrics;
}

/** Writes what was added and not yet written; Powertools writes every hundredth value by itself. */
export function publish(metrics: Metrics): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}
