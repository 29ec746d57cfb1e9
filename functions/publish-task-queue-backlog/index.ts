import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { backlogDimensions, backlogMetric } from '../../aws/backlog-metric';
import { EnvironmentVariable, requiredVariable } from '../../aws/environment';
import { workerNamespace } from '../../aws/worker-namespace';
import { metricsOf, publish } from '../../aws/write-metrics';
import { taskQueueBacklog } from './backlog';
import { createHandler } from './handler';

const { namespace, withConnection } = workerNamespace();
const taskQueue = requiredVariable(EnvironmentVariable.taskQueue);

export const handler = createHandler({
  readBacklog: () => withConnection((connection) => taskQueueBacklog(connection, namespace, taskQueue)),
  publish: ({ count, ageSeconds }) => {
    const metrics = metricsOf(backlogDimensions(namespace, taskQueue), backlogMetric.namespace);
    metrics.addMetric(backlogMetric.count, MetricUnit.Count, count);
    metrics.addMetric(backlogMetric.ageSeconds, MetricUnit.Seconds, ageSeconds);
    publish(metrics);
  },
});
