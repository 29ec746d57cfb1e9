import { Namespaces } from '../../operations/temporal/namespaces';
import { deadLetterQueue } from '../../runtime/dead-letter-queue';
import { configuredNamespaces, EnvironmentVariable, requiredVariable } from '../../runtime/environment';
import { deployedLedger } from '../../runtime/dynamodb-ledger';
import { logger, logUnrecorded } from '../../runtime/logger';
import { secretsManagerReader } from '../../runtime/secrets-manager';
import { createHandler } from './handler';

export const handler = createHandler({
  namespaces: new Namespaces(configuredNamespaces(), secretsManagerReader()),
  ledger: deployedLedger(),
  logger,
  onUnrecorded: logUnrecorded,
  taskQueue: requiredVariable(EnvironmentVariable.taskQueue),
  reject: deadLetterQueue(),
});
