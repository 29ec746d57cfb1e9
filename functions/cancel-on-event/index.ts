import { deadLetterQueue } from '../../runtime/dead-letter-queue';
import { EnvironmentVariable, requiredVariable } from '../../runtime/environment';
import { deployedLedger } from '../../runtime/dynamodb-ledger';
import { logger, logUnrecorded } from '../../runtime/logger';
import { deployedNamespaces } from '../../runtime/namespaces';
import { functionTelemetry } from '../../runtime/telemetry';
import { createHandler } from './handler';

const telemetry = functionTelemetry(logger);

export const handler = createHandler({
  namespaces: deployedNamespaces(telemetry),
  ledger: deployedLedger(telemetry),
  telemetry,
  logger,
  onUnrecorded: logUnrecorded,
  taskQueue: requiredVariable(EnvironmentVariable.taskQueue),
  reject: deadLetterQueue(),
});
