import { deadLetterQueue } from '../../aws/dead-letter-queue';
import { EnvironmentVariable, requiredVariable } from '../../aws/environment';
import { deployedLedger } from '../../aws/dynamodb-ledger';
import { logger, logRecordFailure } from '../../aws/logger';
import { deployedNamespaces } from '../../aws/deployed-namespaces';
import { functionTelemetry } from '../../aws/telemetry';
import { createHandler } from './handler';

const telemetry = functionTelemetry(logger);

export const handler = createHandler({
  namespaces: deployedNamespaces(telemetry),
  ledger: deployedLedger(telemetry),
  telemetry,
  logger,
  onRecordFailure: logRecordFailure,
  taskQueue: requiredVariable(EnvironmentVariable.taskQueue),
  reject: deadLetterQueue(),
});
