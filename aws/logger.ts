import { Logger } from '@aws-lambda-powertools/logger';
import type { OperationRecord } from '../operations/ledger/ledger';
import { serviceName } from './metrics';

/** The structured log of this process; its level is POWERTOOLS_LOG_LEVEL. */
export const logger = new Logger({ serviceName });

/** What is done when the ledger could not be told how an operation ended; reconcile-operations finds out later. */
export function logRecordFailure({ operationId, verb, workflowId }: OperationRecord, error: unknown): void {
  const about = { operationId, verb, workflowId, error: error as Error };
  logger.error('the ledger could not be told how an operation ended', about);
}
