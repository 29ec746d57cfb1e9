import { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';
import type { Logger, LogLevel, LogMetadata } from '@temporalio/worker';

/**
 * Adapts the functions' logger to the SDK's logger interface, so that the worker's log lines have the same JSON format. Errors
 * in the metadata are logged with their stack.
 */
export function createLog(): Logger {
  const logger = new PowertoolsLogger({ serviceName: 'rewind-worker' });
  const at =
    (level: Lowercase<LogLevel>) =>
    (message: string, meta: LogMetadata = {}) =>
      logger[level](message, meta);
  return {
    log: (level, message, meta) => at(level.toLowerCase() as Lowercase<LogLevel>)(message, meta),
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  };
}
