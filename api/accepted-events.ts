import * as z from 'zod/mini';
import { cancelRequest } from './cancel';
import { namespace } from './fields';

/* The events that Rewind accepts; docs/events/cancellation-requested.schema.json is made from the schema. */

/** Detail type of the events that request a cancellation of Rewind itself. */
export const CANCELLATION_REQUESTED = 'Workflow Cancellation Requested';

/** Their detail: the body of `POST …/workflows/cancel`, and the namespace that is in the path there. */
export const cancellationRequestedDetail = z.strictObject({
  /** Raised when the meaning of a field changes. */
  version: z.optional(z.literal('1', '"1", or left out')),
  namespace,
  ...cancelRequest.shape,
});
