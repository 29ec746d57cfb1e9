import { configuredTriggers, EnvironmentVariable, requiredVariable } from '../../aws/environment';
import { deployedLedger } from '../../aws/dynamodb-ledger';
import { deployedNamespaces } from '../../aws/deployed-namespaces';
import { logger, logRecordFailure } from '../../aws/logger';
import { functionTelemetry } from '../../aws/telemetry';
import { executeTriggered } from '../../functions/cancel-on-event/execute-triggered';
import { ThrottledNamespaces } from '../../functions/cancel-on-event/throttled-namespaces';
import type { QueuedEvent } from '../../operations/trigger';

/* The function of events without a queue before it, as it once was: EventBridge invokes it with the event. */

const telemetry = functionTelemetry(logger);
const dependencies = {
  namespaces: deployedNamespaces(telemetry),
  triggers: configuredTriggers(),
  ledger: deployedLedger(telemetry),
  telemetry,
  logger,
  onRecordFailure: logRecordFailure,
  taskQueue: requiredVariable(EnvironmentVariable.taskQueue),
};
const throttled = new ThrottledNamespaces();

export async function handler(event: QueuedEvent, { awsRequestId }: { awsRequestId: string }): Promise<object> {
  return telemetry.withSpan('event', async () => {
    const outcome = await executeTriggered(dependencies, throttled, event, awsRequestId);
    logger.info('event handled', { trigger: event.trigger, eventId: event.event.id, outcome });
    return { statusCode: 200, body: outcome };
  });
}
