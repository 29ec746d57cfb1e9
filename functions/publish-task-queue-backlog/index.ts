import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { backlogDimensions, backlogMetric } from '../../aws/backlog-metric';
import { EnvironmentVariable, requiredVariable } from '../../aws/environment';
import { workerNamespace } from '../../aws/worker-namespace';
import { taskQueueBacklog } from './backlog';
import { createHandler } from './handler';

const { namespace, withConnection } = workerNamespace();
const taskQueue = requiredVariable(EnvironmentVariable.taskQueue);

export const handler = createHandler({
  readBacklog: () => withConnection((connection) => taskQueueBacklog(connection, namespace, taskQueue)),
  publish: ({ count, ageSeconds }) => {
    // The metric's own dimensions and no others: CloudWatch takes each set of dimensions for another metric.
    const metrics = new Metrics({ namespace: backlogMetric.namespace, singleMetric: false });
    metrics.clearDefaultDimensions();
    metrics.setDefaultDimensions(backlogDimensions(namespace, taskQueue));
    metrics.addMetric(backlogMetric.count, MetricUnit.Count, count);
    metrics.addMetric(backlogMetric.ageSeconds, MetricUnit.Seconds, ageSeconds);
    metrics.publishStoredMetrics();
  },
});
