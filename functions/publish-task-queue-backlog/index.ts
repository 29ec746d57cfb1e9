import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { openConnection } from '../../operations/temporal/connection';
import { backlogDimensions, backlogMetric } from '../../runtime/backlog-metric';
import {
  configuredNamespaces,
  EnvironmentError,
  EnvironmentVariable,
  requiredVariable,
} from '../../runtime/environment';
import { secretsManagerReader } from '../../runtime/secrets-manager';
import { taskQueueBacklog } from './backlog';
import { createHandler } from './handler';

const namespace = requiredVariable(EnvironmentVariable.workerNamespace);
const taskQueue = requiredVariable(EnvironmentVariable.taskQueue);
const namespaceConnection = configuredNamespaces().get(namespace);
if (!namespaceConnection) throw new EnvironmentError(`${EnvironmentVariable.namespaces} has no "${namespace}"`);
const readSecret = secretsManagerReader();

export const handler = createHandler({
  // A connection for each call: after a minute in the freezer an old one may be dead without knowing it.
  readBacklog: async () => {
    const { connection } = await openConnection(namespaceConnection, readSecret);
    try {
      return await taskQueueBacklog(connection, namespace, taskQueue);
    } finally {
      await connection.close();
    }
  },
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
