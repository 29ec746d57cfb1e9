import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { configuredTriggers, EnvironmentVariable, requiredNumber, requiredVariable } from '../../aws/environment';
import { deadLetterQueue, delayMessage } from '../../aws/event-queue';
import { deployedLedger } from '../../aws/dynamodb-ledger';
import { DynamoDbRejectedEvents } from '../../aws/dynamodb-rejected-events';
import { logger, logRecordFailure } from '../../aws/logger';
import { deployedNamespaces } from '../../aws/deployed-namespaces';
import { rewindMetrics } from '../../aws/metrics';
import { functionTelemetry } from '../../aws/telemetry';
import { metricsOf, publish } from '../../aws/write-metrics';
import { createHandler } from './handler';

const telemetry = functionTelemetry(logger);
const ledger = deployedLedger(telemetry);
const metrics = metricsOf({});

export const handler = createHandler({
  namespaces: deployedNamespaces(telemetry, { readsHistory: true }),
  triggers: configuredTriggers(),
  ledger,
  telemetry,
  logger,
  onRecordFailure: logRecordFailure,
  taskQueue: requiredVariable(EnvironmentVariable.taskQueue),
  retrySeconds: requiredNumber(EnvironmentVariable.eventRetrySeconds),
  rejectedEvents: new DynamoDbRejectedEvents(ledger, requiredNumber(EnvironmentVariable.rejectedEventRetentionDays)),
  deadLetter: deadLetterQueue(),
  delay: delayMessage(),
  count: ({ ages, rejected }) => {
    for (const age of ages) metrics.addMetric(rewindMetrics.eventAge, MetricUnit.Seconds, age);
    if (rejected > 0) metrics.addMetric(rewindMetrics.eventsRejected, MetricUnit.Count, rejected);
    publish(metrics);
  },
});
