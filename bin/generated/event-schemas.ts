import * as z from 'zod/mini';
import { CANCELLATION_REQUESTED, cancellationRequestedDetail } from '../../api/accepted-events';
import { EVENT_SOURCE, operationEventDetail, operationEventTypes } from '../../api/emitted-events';

/** JSON Schemas of the events that Rewind accepts and emits, by file name. */
export const eventSchemas = {
  'cancellation-requested.schema.json': {
    title: `Detail of an event "${CANCELLATION_REQUESTED}" that requests a cancellation from Rewind`,
    ...z.toJSONSchema(cancellationRequestedDetail, { io: 'input' }),
  },
  'operation-event.schema.json': {
    title: `Detail of the events that Rewind emits (source "${EVENT_SOURCE}"): ${operationEventTypes.join(', ')}`,
    ...z.toJSONSchema(operationEventDetail),
  },
};
