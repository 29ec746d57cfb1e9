import * as z from 'zod/mini';
import { reason, runId, workflowId } from '../request-fields';

const eventIdAllowed = 'the eventId, an integer, of one of the points that GET …/workflows/reset-points lists';

export const resetRequest = z.strictObject({
  workflowId,
  runId,
  reason,
  target: z.strictObject({ eventId: z.int(eventIdAllowed) }, 'an object such as {"eventId": 12}'),
});
