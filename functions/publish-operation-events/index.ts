import { eventBus } from '../../runtime/event-bus';
import { writeFigures } from '../../runtime/write-figures';
import { createHandler } from './handler';

export const handler = createHandler({ publish: eventBus(), count: writeFigures });
