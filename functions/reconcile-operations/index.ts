import { deployedLedger } from '../../aws/dynamodb-ledger';
import { logger, logRecordFailure } from '../../aws/logger';
import { deployedNamespaces } from '../../aws/deployed-namespaces';
import { functionTelemetry } from '../../aws/telemetry';
import { writeMetrics } from '../../aws/write-metrics';
import { verbs } from '../../operations/index';
import { createHandler } from './handler';

const telemetry = functionTelemetry(logger);
const namespaces = deployedNamespaces(telemetry);

export const handler = createHandler({
  namespaces,
  verbs,
  ledger: deployedLedger(telemetry),
  telemetry,
  logger,
  count: writeMetrics,
  served: namespaces.names,
  certificateExpiry: (name) => namespaces.certificateExpiry(name),
  onRecordFailure: logRecordFailure,
  onReconcileFailure: ({ operationId }, error) =>
    logger.warn('an operation could not be reconciled', { operationId, error: error as Error }),
});
