import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MetricDatum } from '../operations/metrics';
import { EnvironmentVariable } from './environment';
import { rewindMetrics, serviceName } from './metrics';

/** Writes CloudWatch metrics, in one log line for each set of dimensions. */
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

/** Returns a Powertools `Metrics` with these dimensions and `stack` only, because every set of dimensions is a separate metric. */
export function metricsOf(dimensions: Record<string, string>, namespace: string = rewindMetrics.namespace): Metrics {
  const metrics = new Metrics({ namespace, serviceName });
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ stack: process.env[EnvironmentVariable.stack] ?? serviceName, ...dimensions });
  return metrics;
}

/** Writes the metrics that are not written yet. Powertools itself writes after every 100 values. */
export function publish(metrics: Metrics): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}
