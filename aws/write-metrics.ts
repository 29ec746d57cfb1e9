import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MetricDatum } from '../operations/metrics';
import { EnvironmentVariable } from './environment';
import { rewindMetrics, serviceName } from './metrics';

/** CloudWatch metrics with several sets of dimensions, each of which is a log line of its own. */
export class MetricsByDimensions {
  private readonly metrics = new Map<string, Metrics>();

  with(dimensions: Record<string, string>): Metrics {
    const key = JSON.stringify(dimensions);
    const metrics = this.metrics.get(key) ?? metricsOf(dimensions);
    this.metrics.set(key, metrics);
    return metrics;
  }

  /** Writes the metrics since the last call. */
  publish(): void {
    for (const metrics of this.metrics.values()) publish(metrics);
  }
}

/** Writes CloudWatch metrics. */
export function writeMetrics(data: MetricDatum[]): void {
  const metrics = new MetricsByDimensions();
  for (const { name, value, dimensions } of data) metrics.with(dimensions).addMetric(name, MetricUnit.Count, value);
  metrics.publish();
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
