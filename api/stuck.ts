import * as z from 'zod/mini';
import { count, described, named, optionalTime } from './schema';
import type { Output } from './schema';

const seconds = () => described(z.number(), '0 when not set.');

/** Why an open run does not proceed. */
export const stuck = named('Stuck', () =>
  z.discriminatedUnion('kind', [
    z.object({
      kind: described(z.literal('noPoller'), 'No worker polls the workflow’s task queue.'),
      explanation: z.string(),
      taskQueue: z.string(),
      lastPollTime: optionalTime(),
    }),
    z.object({
      kind: described(z.literal('workflowTaskFailing'), 'The workflow’s code fails at each attempt.'),
      explanation: z.string(),
      attempt: count(),
      failure: z.optional(z.string()),
    }),
    z.object({
      kind: described(
        z.literal('activityNotHeartbeating'),
        'An activity without heartbeats may not be told of the cancellation.',
      ),
      explanation: z.string(),
      activityId: z.string(),
      activityType: z.string(),
      startToCloseTimeoutSeconds: seconds(),
      scheduleToCloseTimeoutSeconds: seconds(),
    }),
  ]),
);
export type Stuck = Output<typeof stuck>;
export const stuckKinds = [
  'noPoller',
  'workflowTaskFailing',
  'activityNotHeartbeating',
] as const satisfies Stuck['kind'][];
