import { eventBus } from '../../aws/event-bus';
import { logger } from '../../aws/logger';
import { writeMetrics } from '../../aws/write-metrics';
import { createHandler } from './handler';

export const handler = createHandler({ publish: eventBus(), count: writeMetrics, logger });
