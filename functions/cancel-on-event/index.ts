import { Namespaces } from '../../operations/temporal/namespaces';
import { deadLetterQueue } from '../../runtime/dead-letter-queue';
import { configuredNamespaces, EnvironmentVariable, requiredVariable } from '../../runtime/environment';
import { deployedLedger } from '../../runtime/dynamodb-ledger';
import { logger, logUnrecorded } from '../../runtime/logger';
import { secretsManagerReader } from '../../runtime/secrets-manager';
import { functionTelemetry } from '../../runtime/telemetry';
import { createHandler } from './handler';

const telemetry = functionTelemetry(logger);

export const handler = createHandler({
  namespaces: new Namespaces(configuredNamespaces(), secretsManagerReader(undefined, telemetry), telemetry),
  ledger: deployedLedger(telemetry),
  telemetry,
  logger,
  onUnrecorded: logUnrecorded,
  taskQueue: requiredVariable(EnvironmentVariable.taskQueue),
  reject: deadLetterQueue(),
});
