import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { certificateMetrics, unsettledMetrics } from '../../operations/metrics';
import type { MetricDatum } from '../../operations/metrics';
import { reconcileOperations } from '../../operations/ledger/reconcile';
import { noopTelemetry } from '../../operations/telemetry';
import type { ReconcileDependencies, ReconciledNamespace } from '../../operations/ledger/reconcile';

/** Time before the function's timeout in which no new operation is checked, in milliseconds. */
const TIME_TO_FINISH_MS = 10_000;

export interface ReconcileOperationsDependencies extends ReconcileDependencies {
  logger: Pick<Logger, 'info'>;
  count: (data: MetricDatum[]) => void;
  /** Names of all configured namespaces. */
  served: string[];
  /** Returns when a namespace's client certificate expires; `undefined` for an API key. */
  certificateExpiry: (namespace: string) => Promise<Date | undefined>;
}

/** Input from the schedule: the namespaces of this invocation. All configured namespaces when absent. */
export interface ReconcileEvent {
  namespaces?: ReconciledNamespace[];
}

/** Creates the handler that reconciles operations, on the schedule in lib/rewind-control.ts. */
export function createHandler(dependencies: ReconcileOperationsDependencies) {
  const { logger, count, served, certificateExpiry, ledger, telemetry = noopTelemetry } = dependencies;
  return async (
    { namespaces: scheduled }: ReconcileEvent,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<void> => {
    const until = Date.now() + context.getRemainingTimeInMillis() - TIME_TO_FINISH_MS;
    await telemetry.withSpan('reconcile operations', async () => {
      const namespaces = scheduled ?? served.map((namespace) => ({ namespace }));
      const names = namespaces.map(({ namespace }) => namespace);
      const checked = await reconcileOperations(dependencies, namespaces, until);
      if (checked > 0) logger.info('operations checked', { checked });
      count(await unsettledMetrics(ledger, names, Date.now()));
      // On the schedule instead of for each connection, because a certificate also expires without connections.
      count(await certificateMetrics(names, certificateExpiry, Date.now()));
    });
  };
}
