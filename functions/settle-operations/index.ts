import { Namespaces } from '../../operations/temporal/namespaces';
import { deployedLedger } from '../../runtime/dynamodb-ledger';
import { configuredNamespaces } from '../../runtime/environment';
import { logger, logUnrecorded } from '../../runtime/logger';
import { secretsManagerReader } from '../../runtime/secrets-manager';
import { functionTelemetry } from '../../runtime/telemetry';
import { writeFigures } from '../../runtime/write-figures';
import { createHandler } from './handler';

const telemetry = functionTelemetry(logger);
const namespaces = configuredNamespaces();

export const handler = createHandler({
  namespaces: new Namespaces(namespaces, secretsManagerReader(undefined, telemetry), telemetry),
  ledger: deployedLedger(telemetry),
  telemetry,
  logger,
  count: writeFigures,
  served: [...namespaces.keys()],
  onUnrecorded: logUnrecorded,
  onUnsettled: ({ operationId }, error) =>
    logger.warn('an operation could not be settled this time', { operationId, error: error as Error }),
});
