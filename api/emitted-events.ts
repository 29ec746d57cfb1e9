import * as z from 'zod/mini';
import { verbRoutes } from '.';

/* The events that Rewind emits; docs/events/operation-event.schema.json is made from the schema. */

/** The `source` of all events that Rewind emits. No trigger may accept it. */
export const EVENT_SOURCE = 'rewind';

/** Raised when a field changes its meaning or is removed; new fields may come at any time. */
export const EVENT_VERSION = '1';

/** Types of the events that Rewind emits. */
export const operationEventTypes = [...new Set(verbRoutes.flatMap(({ events }) => Object.values(events)))];

const time = z.iso.datetime();

/** The detail of an event that Rewind emits. */
export const operationEventDetail = z.object({
  version: z.literal(EVENT_VERSION),
  operationId: z.string(),
  /** Of an operation that a batch operation started on one of its workflows. */
  batchOperationId: z.optional(z.string()),
  namespace: z.string(),
  workflowId: z.string(),
  runId: z.string(),
  /** With `Workflow Reset`. */
  newRunId: z.optional(z.string()),
  actor: z.object({ id: z.string() }),
  reason: z.string(),
  outcome: z.string(),
  /** Of the run: with `Workflow Cancellation Settled` the status it closed in. */
  status: z.optional(z.string()),
  requestedAt: time,
  completedAt: time,
});
export type OperationEventDetail = z.output<typeof operationEventDetail>;
