import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { configuredTriggers, EnvironmentVariable, requiredNumber, requiredVariable } from '../../aws/environment';
import { deadLetterQueue, delayMessage } from '../../aws/event-queue';
import { deployedLedger } from '../../aws/dynamodb-ledger';
import { logger, logRecordFailure } from '../../aws/logger';
import { deployedNamespaces } from '../../aws/deployed-namespaces';
import { rewindMetrics } from '../../aws/metrics';
import { functionTelemetry } from '../../aws/telemetry';
import { metricsOf, publish } from '../../aws/write-metrics';
import { createHandler } from './handler';

const telemetry = functionTelemetry(logger);
const metrics = metricsOf({});

export const handler = createHandler({
  namespaces: deployedNamespaces(telemetry),
  triggers: configuredTriggers(),
  ledger: deployedLedger(telemetry),
  telemetry,
  logger,
  onRecordFailure: logRecordFailure,
  taskQueue: requiredVariable(EnvironmentVariable.taskQueue),
  retrySeconds: requiredNumber(EnvironmentVariable.eventRetrySeconds),
  reject: deadLetterQueue(),
  delay: delayMessage(),
  reportAge: (seconds) => {
    metrics.addMetric(rewindMetrics.eventAge, MetricUnit.Seconds, seconds);
    publish(metrics);
  },
});
