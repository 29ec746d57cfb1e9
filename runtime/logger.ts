import { Logger } from '@aws-lambda-powertools/logger';

/** The structured log of this process; its level is POWERTOOLS_LOG_LEVEL. */
export const logger = new Logger({ serviceName: 'rewind' });
