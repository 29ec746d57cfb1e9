import { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';
import type { Logger, LogLevel, LogMetadata } from '@temporalio/worker';

/**
 * Adapts the functions' logger to the SDK's logger interface, so that the worker's log lines have the same JSON format. Errors
 * in the metadata are logged with their stack.
 */
export function createLog(logger = new PowertoolsLogger({ serviceName: 'rewind-worker' })): Logger {
  const at = {
    TRACE: (message: string, meta: LogMetadata = {}) => logger.trace(message, meta),
    DEBUG: (message: string, meta: LogMetadata = {}) => logger.debug(message, meta),
    INFO: (message: string, meta: LogMetadata = {}) => logger.info(message, meta),
    WARN: (message: string, meta: LogMetadata = {}) => logger.warn(message, meta),
    ERROR: (message: string, meta: LogMetadata = {}) => logger.error(message, meta),
  } satisfies Record<LogLevel, unknown>;
  return {
    log: (level, message, meta) => at[level](message, meta),
    trace: at.TRACE,
    debug: at.DEBUG,
    info: at.INFO,
    warn: at.WARN,
    error: at.ERROR,
  };
}
