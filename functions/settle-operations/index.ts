import { deployedLedger } from '../../runtime/dynamodb-ledger';
import { logger, logUnrecorded } from '../../runtime/logger';
import { deployedNamespaces } from '../../runtime/namespaces';
import { functionTelemetry } from '../../runtime/telemetry';
import { writeFigures } from '../../runtime/write-figures';
import { createHandler } from './handler';

const telemetry = functionTelemetry(logger);
const namespaces = deployedNamespaces(telemetry);

export const handler = createHandler({
  namespaces,
  ledger: deployedLedger(telemetry),
  telemetry,
  logger,
  count: writeFigures,
  served: namespaces.names,
  certificateExpiry: (name) => namespaces.certificateExpiry(name),
  onUnrecorded: logUnrecorded,
  onUnsettled: ({ operationId }, error) =>
    logger.warn('an operation could not be settled this time', { operationId, error: error as Error }),
});
