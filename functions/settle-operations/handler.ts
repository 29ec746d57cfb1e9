import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { certificateFigures, unsettledFigures } from '../../operations/figures';
import type { Figure } from '../../operations/figures';
import { settleDueOperations } from '../../operations/settle';
import { silent } from '../../operations/telemetry';
import type { SettleDependencies } from '../../operations/settle';

/** Time kept for what is under way when the function's own runs out, in milliseconds. */
const TIME_TO_FINISH_MS = 10_000;

export interface SettleOperationsDependencies extends SettleDependencies {
  logger: Pick<Logger, 'info'>;
  count: (figures: Figure[]) => void;
  /** Names of the namespaces that are served. */
  served: string[];
  /** When a namespace's client certificate ends; nothing for an API key. */
  certificateExpiry: (namespace: string) => Promise<Date | undefined>;
}

/** Runs on a schedule (lib/rewind-control.ts). */
export function createHandler(dependencies: SettleOperationsDependencies) {
  const { logger, count, served, certificateExpiry, ledger, telemetry = silent } = dependencies;
  return async (_: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> => {
    const until = Date.now() + context.getRemainingTimeInMillis() - TIME_TO_FINISH_MS;
    await telemetry.within('settle operations', async () => {
      const looked = await settleDueOperations(dependencies, until);
      if (looked > 0) logger.info('operations settled or looked at', { looked });
      count(await unsettledFigures(ledger, served, Date.now()));
      // Here, and not where a connection is made: a certificate ends although nobody calls.
      count(await certificateFigures(served, certificateExpiry, Date.now()));
    });
  };
}
