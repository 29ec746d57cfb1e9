import * as z from 'zod/mini';
import { parentClosePolicies, pendingActivityStates, pendingWorkflowTaskStates } from './enums';
import { run, runId as exampleRunId } from './example-values';
import { runId, workflowId } from './fields';
import { readRoute, response } from './route';
import { runSummary } from './run-summary';
import { count, described, named, optionalTime, text } from './schema';
import type { Output } from './schema';

const describeRequest = z.strictObject({ workflowId, runId });

export const pendingActivity = named('PendingActivity', () =>
  z.object({
    activityId: z.string(),
    activityType: z.string(),
    state: z.enum(pendingActivityStates),
    attempt: count(),
    scheduledTime: optionalTime(),
    lastStartedTime: optionalTime(),
    lastHeartbeatTime: optionalTime(),
    heartbeatTimeoutSeconds: described(
      z.number(),
      '0: none is set, so this activity may not be told of a cancellation.',
    ),
    startToCloseTimeoutSeconds: z.number(),
    lastFailure: z.optional(z.string()),
  }),
);
export type PendingActivity = Output<typeof pendingActivity>;

/** What a person or service needs to see of a workflow before a change. */
export const workflow = named('Workflow', () =>
  z.object({
    ...runSummary(),
    firstExecutionRunId: text('First run of the chain: send it to act on this chain of runs and on no successor.'),
    workflowType: z.string(),
    taskQueue: z.string(),
    cancelRequested: described(
      z.boolean(),
      'A cancellation was requested; the workflow’s code may not have received it yet.',
    ),
    historyLength: count(),
    historySizeBytes: count(),
    parent: z.optional(z.object({ workflowId: z.string(), runId: z.string() })),
    pendingActivities: z.array(pendingActivity()),
    pendingChildren: z.array(
      z.object({
        workflowId: z.string(),
        runId: z.string(),
        workflowType: z.string(),
        parentClosePolicy: z.enum(parentClosePolicies),
      }),
    ),
    pendingWorkflowTask: z.optional(
      z.object({
        state: z.enum(pendingWorkflowTaskStates),
        attempt: described(count(), 'From 2 on the task has failed or timed out before.'),
        scheduledTime: optionalTime(),
        startedTime: optionalTime(),
      }),
    ),
  }),
);
export type Workflow = Output<typeof workflow>;

export const chargeCard: PendingActivity = {
  activityId: '2',
  activityType: 'chargeCard',
  state: 'Started',
  attempt: 3,
  scheduledTime: '2026-01-31T12:00:02.000Z',
  lastStartedTime: '2026-01-31T12:19:58.000Z',
  heartbeatTimeoutSeconds: 0,
  startToCloseTimeoutSeconds: 600,
  lastFailure: 'card declined',
};

const running: Workflow = {
  ...run,
  firstExecutionRunId: exampleRunId,
  workflowType: 'order',
  taskQueue: 'orders',
  status: 'Running',
  cancelRequested: false,
  historyLength: 14,
  historySizeBytes: 3120,
  pendingActivities: [chargeCard],
  pendingChildren: [],
};

export const describeWorkflow = readRoute({
  path: 'workflows/describe',
  function: 'describe',
  access: 'reader',
  tag: 'workflows',
  summary: 'Describe a workflow',
  request: describeRequest,
  requests: { 'the latest run': { workflowId: 'order-1234' } },
  responses: {
    200: response({
      description: 'Status, whether a cancellation was requested, and pending work.',
      schema: workflow,
      examples: { 'a running workflow': running },
    }),
  },
  failures: ['workflow-not-found', 'run-not-found'],
  reads: ['temporal'],
});
