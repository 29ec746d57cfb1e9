import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { settleDueOperations } from '../../operations/settle';
import { silent } from '../../operations/telemetry';
import type { SettleDependencies } from '../../operations/settle';

/** Time kept for what is under way when the function's own runs out, in milliseconds. */
const TIME_TO_FINISH_MS = 10_000;

/** Runs on a schedule (lib/control-stack.ts). */
export function createHandler(dependencies: SettleDependencies & { logger: Pick<Logger, 'info'> }) {
  const { logger, telemetry = silent } = dependencies;
  return async (_: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> => {
    const until = Date.now() + context.getRemainingTimeInMillis() - TIME_TO_FINISH_MS;
    const looked = await telemetry.within('settle operations', () => settleDueOperations(dependencies, until));
    if (looked > 0) logger.info('operations settled or looked at', { looked });
  };
}
