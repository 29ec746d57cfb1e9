import { eventBus } from '../../aws/event-bus';
import { writeMetrics } from '../../aws/write-metrics';
import { createHandler } from './handler';

export const handler = createHandler({ publish: eventBus(), count: writeMetrics });
