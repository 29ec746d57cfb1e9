import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { certificateMetrics, unsettledMetrics } from '../../operations/metrics';
import type { MetricDatum } from '../../operations/metrics';
import { reconcileOperations } from '../../operations/ledger/reconcile';
import { noopTelemetry } from '../../operations/telemetry';
import type { ReconcileDependencies, ReconciledNamespace } from '../../operations/ledger/reconcile';

/** Time kept for what is under way when the function's own runs out, in milliseconds. */
const TIME_TO_FINISH_MS = 10_000;

export interface ReconcileOperationsDependencies extends ReconcileDependencies {
  logger: Pick<Logger, 'info'>;
  count: (data: MetricDatum[]) => void;
  /** Names of the namespaces that are served. */
  served: string[];
  /** When a namespace's client certificate ends; nothing for an API key. */
  certificateExpiry: (namespace: string) => Promise<Date | undefined>;
}

/** What a schedule passes: the namespaces of this invocation. All that are served when absent. */
export interface ReconcileEvent {
  namespaces?: ReconciledNamespace[];
}

/** Runs on a schedule (lib/rewind-control.ts). */
export function createHandler(dependencies: ReconcileOperationsDependencies) {
  const { logger, count, served, certificateExpiry, ledger, telemetry = noopTelemetry } = dependencies;
  return async (
    { namespaces: asked }: ReconcileEvent,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<void> => {
    const until = Date.now() + context.getRemainingTimeInMillis() - TIME_TO_FINISH_MS;
    await telemetry.withSpan('settle operations', async () => {
      const namespaces = asked ?? served.map((namespace) => ({ namespace }));
      const names = namespaces.map(({ namespace }) => namespace);
      const looked = await reconcileOperations(dependencies, namespaces, until);
      if (looked > 0) logger.info('operations settled or looked at', { looked });
      count(await unsettledMetrics(ledger, names, Date.now()));
      // On a schedule, and not where a connection is made: a certificate also ends without calls.
      count(await certificateMetrics(names, certificateExpiry, Date.now()));
    });
  };
}
