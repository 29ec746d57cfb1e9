/** CloudWatch metrics parsed from a log line in the embedded metric format. */
export interface WrittenMetrics {
  namespace: string;
  /** Milliseconds since the epoch. */
  at: number;
  dimensions: Record<string, string>;
  values: Record<string, number[]>;
}

interface EmbeddedMetrics {
  _aws: {
    Timestamp: number;
    CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[];
  };
  [field: string]: unknown;
}

/** Parses the metrics in a log. */
export function metricsIn(log: string): WrittenMetrics[] {
  return log
    .split('\n')
    .filter((line) => line.startsWith('{"_aws":'))
    .flatMap((line) => {
      const embedded = JSON.parse(line) as EmbeddedMetrics;
      const { Timestamp: at, CloudWatchMetrics: written } = embedded._aws;
      return written.map(({ Namespace: namespace, Dimensions: [names = []], Metrics: metrics }) => ({
        namespace,
        at,
        dimensions: Object.fromEntries(names.map((name) => [name, String(embedded[name])])),
        values: Object.fromEntries(metrics.map(({ Name: name }) => [name, [embedded[name]].flat().map(Number)])),
      }));
    });
}
