import * as z from 'zod/mini';
import { workflowStatuses } from './enums';
import { links, named, optionalTime } from './schema';

export const workflowStatus = named('WorkflowStatus', () => z.enum(workflowStatuses));

/** Fields that identify a run, with its status, in responses. */
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
