import { eventBus } from '../../runtime/event-bus';
import { createHandler } from './handler';

export const handler = createHandler({ publish: eventBus() });
