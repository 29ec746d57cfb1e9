import * as z from 'zod/mini';
import { workflowStatuses } from './enums';
import { links, named, optionalTime } from './schema';

export const workflowStatus = named('WorkflowStatus', () => z.enum(workflowStatuses));

/** The run an operation is about, as its response shows it. */
export const runSummary = () => ({
  namespace: z.string(),
  workflowId: z.string(),
  runId: z.string(),
  status: workflowStatus(),
  startTime: optionalTime(),
  closeTime: optionalTime(),
  links: links(),
});
export type RunSummary = z.output<z.ZodMiniObject<ReturnType<typeof runSummary>>>;
