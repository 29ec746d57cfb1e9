import { configurationOf } from '../../operations/temporal/namespaces';
import { deployedLedger } from '../../aws/dynamodb-ledger';
import { configuredNamespaces } from '../../aws/environment';
import { logger, logRecordFailure } from '../../aws/logger';
import { deployedNamespaces } from '../../aws/deployed-namespaces';
import { functionTelemetry } from '../../aws/telemetry';
import type { ChangeFunctionDependencies } from './change-function';
import type { HttpFunctionDependencies } from './http-function';
import type { LedgerFunctionDependencies } from './ledger-function';

const telemetry = functionTelemetry(logger);

/** What a deployed HTTP function works with, made once per container. */
export function httpDependencies(): HttpFunctionDependencies {
  return { namespaces: deployedNamespaces(telemetry), logger, telemetry };
}

/** What a deployed HTTP function that only reads the ledger works with: no credentials of any namespace. */
export function ledgerDependencies(): LedgerFunctionDependencies {
  const configured = configuredNamespaces();
  return {
    namespaces: {
      find(name) {
        configurationOf(configured, name);
        return { name };
      },
    },
    logger,
    telemetry,
    ledger: deployedLedger(telemetry),
  };
}

/** What a deployed HTTP function that changes workflows works with. */
export function changeDependencies(): ChangeFunctionDependencies {
  return {
    ...httpDependencies(),
    ledger: deployedLedger(telemetry),
    onRecordFailure: logRecordFailure,
  };
}
