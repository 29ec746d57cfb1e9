import { Logger } from '@aws-lambda-powertools/logger';
import type { OperationRecord } from '../operations/ledger/ledger';
import { serviceName } from './metrics';

/** The structured logger of this process. POWERTOOLS_LOG_LEVEL sets its level. */
export const logger = new Logger({ serviceName });

/** Logs that an operation's result could not be recorded. The function reconcile-operations looks it up later. */
export function logRecordFailure({ operationId, verb, workflowId }: OperationRecord, error: unknown): void {
  const about = { operationId, verb, workflowId, error: error as Error };
  logger.error('the result of an operation could not be recorded', about);
}
