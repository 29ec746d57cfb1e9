import type { Logger } from '@temporalio/worker';
import type { Telemetry } from '../operations/telemetry';
import type { ReadSecret } from '../operations/temporal/connection';
import { Namespaces } from '../operations/temporal/namespaces';
import { deployedLedger } from '../aws/dynamodb-ledger';
import { EnvironmentVariable } from '../aws/environment';
import type { BatchDependencies } from './activities/batch';
import type { WorkerSettings } from './settings';

/**
 * Creates the dependencies of batch operations: the control stack's ledger, and a client for the worker's namespace that is
 * separate from the connection for polls. Returns undefined when the environment names no ledger.
 */
export function batchDependencies(
  { namespace, connection }: WorkerSettings,
  readSecret: ReadSecret,
  log: Logger,
  telemetry: Telemetry,
): BatchDependencies | undefined {
  if (!process.env[EnvironmentVariable.ledgerTable]) return undefined;
  const namespaces = new Namespaces(new Map([[namespace, connection]]), readSecret, {
    startCall: (method, to) => telemetry.startCall('temporal', method, to),
  });
  return {
    connect: () => namespaces.find(namespace).connect(),
    webUiUrl: namespaces.find(namespace).webUiUrl,
    ledger: deployedLedger(telemetry),
    telemetry,
    onRecordFailure: ({ operationId, workflowId }, error) =>
      log.error('The result of an operation could not be recorded', { operationId, workflowId, error }),
  };
}
