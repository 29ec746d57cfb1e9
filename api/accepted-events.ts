import * as z from 'zod/mini';
import { cancelRequest } from './cancel';
import { namespace } from './fields';

/* The events that Rewind accepts. docs/events/cancellation-requested.schema.json is generated from the schema. */

/** Detail type of an event that requests a cancellation directly, without a configured trigger. */
export const CANCELLATION_REQUESTED = 'Workflow Cancellation Requested';

/** Detail of such an event: the body of `POST …/workflows/cancel`, and the namespace. */
export const cancellationRequestedDetail = z.strictObject({
  /** Increased when the meaning of a field changes. */
  version: z.optional(z.literal('1', '"1", or left out')),
  namespace,
  ...cancelRequest.shape,
});
