import * as z from 'zod/mini';
import { verbRoutes } from '.';

/* The events that Rewind emits. docs/events/operation-event.schema.json is generated from the schema. */

/** The `source` of all events that Rewind emits. Triggers must not accept it, to avoid loops. */
export const EVENT_SOURCE = 'rewind';

/** Increased when a field changes its meaning or is removed. New fields may be added at any time. */
export const EVENT_VERSION = '1';

/** Detail types of the events that Rewind emits. */
export const operationEventTypes = [...new Set(verbRoutes.flatMap(({ events }) => Object.values(events)))];

const time = z.iso.datetime();

/** The detail of an event that Rewind emits. */
export const operationEventDetail = z.object({
  version: z.literal(EVENT_VERSION),
  operationId: z.string(),
  /** The batch operation that this operation is an item of. */
  batchOperationId: z.optional(z.string()),
  namespace: z.string(),
  workflowId: z.string(),
  runId: z.string(),
  /** With `Workflow Reset`. */
  newRunId: z.optional(z.string()),
  actor: z.object({ id: z.string() }),
  reason: z.string(),
  outcome: z.string(),
  /** Status of the run. With `Workflow Cancellation Settled`, the status in which it closed. */
  status: z.optional(z.string()),
  requestedAt: time,
  completedAt: time,
});
export type OperationEventDetail = z.output<typeof operationEventDetail>;
