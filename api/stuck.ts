import * as z from 'zod/mini';
import { workflowStatus } from './run-summary';
import { count, described, named, optionalText, optionalTime } from './schema';
import type { Output } from './schema';

/** Reasons why an open run does not proceed. */
export const stuckKinds = [
  'noPoller',
  'workflowTaskFailing',
  'workflowPaused',
  'activityPaused',
  'noActivityPoller',
  'activityNotHeartbeating',
  'childStuck',
  'childResultMissing',
] as const;

/** Reasons why a batch operation does not proceed. `activityFailing`: an activity of Rewind's worker fails and is retried. */
export const batchStuckKinds = [...stuckKinds, 'activityFailing'] as const;
export type BatchStuckKind = (typeof batchStuckKinds)[number];

const seconds = () => described(z.number(), '0 if none is set.');
const kind = <Kind extends (typeof stuckKinds)[number]>(name: Kind, description: string) =>
  described(z.literal(name), description);
const explanation = () => z.string();

const activity = () => ({ activityId: z.string(), activityType: z.string() });
const childWorkflow = () => ({ workflowId: z.string(), runId: z.string(), workflowType: z.string() });
const poll = () => ({
  taskQueue: z.string(),
  lastPollTime: optionalTime(),
});
const pause = () => ({
  pausedBy: optionalText('Identity of the client or rule that paused it.'),
  pausedTime: optionalTime(),
  reason: z.optional(z.string()),
});

/** Why an open run does not proceed. */
export const stuck = named('Stuck', () =>
  z.discriminatedUnion('kind', [
    z.object({
      kind: kind('noPoller', 'No worker that can process the workflow’s task polls its task queue.'),
      explanation: explanation(),
      ...poll(),
      deploymentVersion: z.optional(
        described(
          z.object({ deploymentName: z.string(), buildId: z.string() }),
          'The version that the run is pinned to. Only workers of this version can process the task.',
        ),
      ),
    }),
    z.object({
      kind: kind('workflowTaskFailing', 'The workflow task fails or times out at each attempt.'),
      explanation: explanation(),
      attempt: count(),
      failure: z.optional(z.string()),
    }),
    z.object({ kind: kind('workflowPaused', 'The workflow is paused.'), explanation: explanation(), ...pause() }),
    z.object({
      kind: kind('activityPaused', 'An activity is paused: the current attempt continues, and no other starts.'),
      explanation: explanation(),
      ...activity(),
      ...pause(),
    }),
    z.object({
      kind: kind('noActivityPoller', 'No worker that can process the activity polls its task queue.'),
      explanation: explanation(),
      ...activity(),
      ...poll(),
    }),
    z.object({
      kind: kind(
        'activityNotHeartbeating',
        'An activity has no heartbeat timeout, so the cancellation may not reach it.',
      ),
      explanation: explanation(),
      ...activity(),
      startToCloseTimeoutSeconds: seconds(),
      scheduleToCloseTimeoutSeconds: seconds(),
    }),
    z.object({
      kind: kind('childStuck', 'A child workflow does not proceed.'),
      explanation: explanation(),
      ...childWorkflow(),
      childKinds: described(z.array(z.enum(stuckKinds)), 'Why the child does not proceed.'),
    }),
    z.object({
      kind: kind('childResultMissing', 'A child workflow has closed, and the run has not received its result.'),
      explanation: explanation(),
      ...childWorkflow(),
      status: workflowStatus(),
      closeTime: optionalTime(),
    }),
  ]),
);
export type Stuck = Output<typeof stuck>;
