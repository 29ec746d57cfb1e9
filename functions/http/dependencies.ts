import { deployedNamespaces } from '../../aws/deployed-namespaces';
import { deployedLedger } from '../../aws/dynamodb-ledger';
import { configuredNamespaces, EnvironmentVariable, requiredNumber, requiredVariable } from '../../aws/environment';
import { DynamoDbRejectedEvents } from '../../aws/dynamodb-rejected-events';
import { logger, logRecordFailure } from '../../aws/logger';
import { functionTelemetry } from '../../aws/telemetry';
import { UNKNOWN_NAMESPACE } from '../../api/route';
import type { Ledger } from '../../operations/ledger/ledger';
import type { RejectedEvents } from '../../operations/rejected-events/rejected-events';
import { configurationOf } from '../../operations/temporal/namespaces';
import type { ChangeDependencies } from './change-handler';
import type { HttpDependencies } from './http-handler';

/** Dependencies of a function that reads the ledger but not Temporal. */
export type LedgerDependencies = HttpDependencies<{ name: string }> & { ledger: Ledger };

/** Dependencies of a function that reads or redrives rejected events. */
export type RejectedEventDependencies = LedgerDependencies & { rejectedEvents: RejectedEvents };

const telemetry = functionTelemetry(logger);

/** Returns the dependencies of a deployed function that reads Temporal. */
export function temporalDependencies(options: Parameters<typeof deployedNamespaces>[1] = {}): HttpDependencies {
  return { namespaces: deployedNamespaces(telemetry, options), logger, telemetry };
}

/** Returns the dependencies of a deployed function that reads Temporal and the ledger. */
export function readDependencies(): HttpDependencies & { ledger: Ledger } {
  return { ...temporalDependencies(), ledger: deployedLedger(telemetry) };
}

/** Returns the dependencies of a deployed function that reads or redrives rejected events. */
export function rejectedEventDependencies(): RejectedEventDependencies {
  const ledger = deployedLedger(telemetry);
  return { ...ledgerDependencies(ledger), rejectedEvents: new DynamoDbRejectedEvents(ledger) };
}

/** Returns the dependencies of a deployed function that reads the ledger. It needs no credentials of a namespace. */
export function ledgerDependencies(ledger = deployedLedger(telemetry)): LedgerDependencies {
  const configured = configuredNamespaces();
  return {
    namespaces: {
      find(name) {
        if (name !== UNKNOWN_NAMESPACE) configurationOf(configured, name);
        return { name };
      },
    },
    logger,
    telemetry,
    ledger,
  };
}

/** Returns the dependencies of a deployed function that changes workflows. */
export function changeDependencies(): ChangeDependencies {
  return {
    ...temporalDependencies({ readsHistory: true }),
    ledger: deployedLedger(telemetry),
    onRecordFailure: logRecordFailure,
    taskQueue: requiredVariable(EnvironmentVariable.taskQueue),
    maxWaiting: requiredNumber(EnvironmentVariable.maxWaiting),
  };
}
