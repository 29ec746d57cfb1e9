/** CloudWatch metrics as they were written, in the embedded metric format: names, values and dimensions of each line. */
export interface WrittenMetrics {
  namespace: string;
  dimensions: Record<string, string>;
  values: Record<string, number[]>;
}

interface EmbeddedMetrics {
  _aws: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] };
  [field: string]: unknown;
}

/** The metrics in this process's output from here on. */
export function captureMetrics(): { written: () => WrittenMetrics[]; stop: () => void } {
  const lines: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  return { written: () => lines.flatMap((text) => metricsIn(text)), stop: () => spy.mockRestore() };
}

export function metricsIn(log: string): WrittenMetrics[] {
  return log
    .split('\n')
    .filter((line) => line.startsWith('{"_aws":'))
    .flatMap((line) => {
      const embedded = JSON.parse(line) as EmbeddedMetrics;
      return embedded._aws.CloudWatchMetrics.map(({ Namespace, Dimensions: [names = []], Metrics }) => ({
        namespace: Namespace,
        dimensions: Object.fromEntries(names.map((name) => [name, String(embedded[name])])),
        values: Object.fromEntries(Metrics.map(({ Name }) => [Name, [embedded[Name]].flat().map(Number)])),
      }));
    });
}
