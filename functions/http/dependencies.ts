import { deployedNamespaces } from '../../aws/deployed-namespaces';
import { deployedLedger } from '../../aws/dynamodb-ledger';
import { configuredNamespaces, EnvironmentVariable, requiredVariable } from '../../aws/environment';
import { logger, logRecordFailure } from '../../aws/logger';
import { functionTelemetry } from '../../aws/telemetry';
import type { Ledger } from '../../operations/ledger/ledger';
import { configurationOf } from '../../operations/temporal/namespaces';
import type { ChangeDependencies } from './change-handler';
import type { HttpDependencies } from './http-handler';

/** What a function is given that only reads the ledger. It needs no more of a namespace than its name. */
export type LedgerDependencies = HttpDependencies<{ name: string }> & { ledger: Ledger };

const telemetry = functionTelemetry(logger);

/** For a deployed function that reads Temporal. */
export function temporalDependencies(): HttpDependencies {
  return { namespaces: deployedNamespaces(telemetry), logger, telemetry };
}

/** For a deployed function that reads the ledger, without the credentials of any namespace. */
export function ledgerDependencies(): LedgerDependencies {
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

/** For a deployed function that changes workflows. */
export function changeDependencies(): ChangeDependencies {
  return {
    ...temporalDependencies(),
    ledger: deployedLedger(telemetry),
    onRecordFailure: logRecordFailure,
    taskQueue: requiredVariable(EnvironmentVariable.taskQueue),
  };
}
