import * as z from 'zod/mini';
import {
  parentClosePolicies,
  pendingActivityStates,
  pendingNexusOperationStates,
  pendingWorkflowTaskStates,
  versioningBehaviors,
} from './enums';
import { closeTime, newRunId, run, runId as exampleRunId } from './example-values';
import { runId, workflowId } from './fields';
import { readRoute, response } from './route';
import { runSummary } from './run-summary';
import { count, described, named, optionalText, optionalTime, text } from './schema';
import type { Output } from './schema';
import { stuck } from './stuck';

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
    heartbeatTimeoutSeconds: described(z.number(), '0 if none is set. A cancellation may then not reach the activity.'),
    startToCloseTimeoutSeconds: z.number(),
    nextAttemptTime: z.optional(described(z.iso.datetime(), 'When the next attempt is due, during a back-off.')),
    lastFailure: z.optional(z.string()),
  }),
);
export type PendingActivity = Output<typeof pendingActivity>;

const pendingNexusOperation = named('PendingNexusOperation', () =>
  z.object({
    endpoint: z.string(),
    service: z.string(),
    operation: z.string(),
    state: z.enum(pendingNexusOperationStates),
    attempt: described(count(), 'Attempts to start the operation.'),
    scheduledTime: optionalTime(),
    nextAttemptTime: z.optional(described(z.iso.datetime(), 'When the next attempt is due, during a back-off.')),
    scheduleToCloseTimeoutSeconds: described(z.number(), '0 if none is set.'),
    lastFailure: z.optional(z.string()),
    blockedReason: z.optional(z.string()),
  }),
);

/** Why a run closed as `Failed`, `TimedOut` or `Terminated`. */
const workflowFailure = named('WorkflowFailure', () =>
  z.object({
    message: text('Message of the innermost cause, or the reason of a termination; at most 2,000 characters.'),
    type: text(
      'Type of the innermost cause: the error’s class in the worker’s language, or `Timeout`, `Canceled`, `Terminated`, `Server`.',
    ),
    identity: optionalText('Who terminated the run.'),
    activity: z.optional(
      described(
        z.object({ activityId: z.string(), activityType: z.string() }),
        'The activity that the failure came from.',
      ),
    ),
    child: z.optional(
      described(
        z.object({ workflowId: z.string(), runId: z.string(), workflowType: z.string() }),
        'The child workflow that the failure came from.',
      ),
    ),
    nexusOperation: z.optional(
      described(
        z.object({ endpoint: z.string(), service: z.string(), operation: z.string() }),
        'The Nexus operation that the failure came from.',
      ),
    ),
  }),
);
export type WorkflowFailure = Output<typeof workflowFailure>;

/** How a run was started from an earlier run. */
const relations = ['continuedAsNew', 'cron', 'retry', 'reset'] as const;
const neighbour = named('NeighbouringRun', () =>
  z.object({
    runId: z.string(),
    relation: described(z.enum(relations), 'How the later run was started from the earlier one.'),
  }),
);
export type NeighbouringRun = Output<typeof neighbour>;

/** Why the first workflow task of a run is delayed. */
const backoffCauses = ['startDelay', 'cron', 'retry', 'continuedAsNew'] as const;

const deploymentVersion = () => z.object({ deploymentName: z.string(), buildId: z.string() });

/** Who paused a run, when and why. */
export const pauseInfo = () =>
  z.object({ pausedBy: z.optional(z.string()), pausedTime: optionalTime(), reason: z.optional(z.string()) });
export type PauseInfo = z.output<ReturnType<typeof pauseInfo>>;

/** A workflow run with everything that a caller needs to decide on a change. */
const workflow = named('Workflow', () =>
  z.object({
    ...runSummary(),
    firstExecutionRunId: text(
      'First run of the workflow execution chain. Send it with a change, so that no other chain with this workflow id is changed.',
    ),
    workflowType: z.string(),
    taskQueue: z.string(),
    cancelRequested: described(
      z.boolean(),
      'A cancellation was requested; the workflow’s code may not have received it yet.',
    ),
    historyLength: count(),
    historySizeBytes: count(),
    stuck: z.optional(described(z.array(stuck()), 'Why an open run does not proceed. Empty if no reason is found.')),
    failure: z.optional(described(workflowFailure(), 'Why a closed run failed, timed out or was terminated.')),
    paused: z.optional(described(pauseInfo(), 'Present while the run is paused.')),
    predecessor: z.optional(
      described(
        neighbour(),
        'The previous run of the chain; if a reset started this run, the run in which its history started.',
      ),
    ),
    successor: z.optional(described(neighbour(), 'The run that continues this one, once it has closed.')),
    timeouts: described(
      z.object({
        executionSeconds: z.number(),
        runSeconds: z.number(),
        workflowTaskSeconds: z.number(),
        executionExpirationTime: optionalTime(),
        runExpirationTime: optionalTime(),
      }),
      '0 if none is set. `executionExpirationTime` applies to the chain, `runExpirationTime` to this run.',
    ),
    cronSchedule: z.optional(z.string()),
    scheduleId: optionalText('The schedule that started the workflow.'),
    backoff: z.optional(
      described(
        z.object({ until: z.iso.datetime(), cause: z.enum(backoffCauses) }),
        'Present until the first workflow task of the run is due.',
      ),
    ),
    versioning: z.optional(
      described(
        z.object({
          behavior: z.enum(versioningBehaviors),
          deploymentVersion: z.optional(
            described(deploymentVersion(), 'Deployment version of the worker that completed the last workflow task.'),
          ),
          pinnedTo: z.optional(
            described(
              deploymentVersion(),
              'The version that the run is pinned to, by its versioning behavior or by an override. Only its workers get tasks of the run.',
            ),
          ),
        }),
        'Present if the run’s workers have a deployment version, or if the run has a versioning override.',
      ),
    ),
    parent: z.optional(z.object({ workflowId: z.string(), runId: z.string() })),
    pendingActivities: z.array(pendingActivity()),
    pendingNexusOperations: z.array(pendingNexusOperation()),
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
        attempt: described(count(), '2 or more if the task has failed or timed out before.'),
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
  stuck: [],
  timeouts: {
    executionSeconds: 0,
    runSeconds: 86_400,
    workflowTaskSeconds: 10,
    runExpirationTime: '2026-02-01T12:00:00.000Z',
  },
  pendingActivities: [chargeCard],
  pendingNexusOperations: [],
  pendingChildren: [],
};

const failed: Workflow = {
  ...running,
  status: 'Failed',
  closeTime,
  stuck: undefined,
  failure: {
    message: 'card declined',
    type: 'CardDeclined',
    activity: { activityId: '2', activityType: 'chargeCard' },
  },
  successor: { runId: newRunId, relation: 'reset' },
  pendingActivities: [],
};

export const describeWorkflow = readRoute({
  path: 'workflows/describe',
  function: 'describe',
  access: 'reader',
  tag: 'workflows',
  summary: 'Describe a workflow, and why it is stuck or has failed',
  request: describeRequest,
  requests: { 'the latest run': { workflowId: 'order-1234' } },
  responses: {
    200: response({
      description:
        'Status, pending work, why an open run is stuck, why a closed run failed, and the previous and next run.',
      schema: workflow,
      examples: { 'a running workflow': running, 'a failed workflow that was reset': failed },
    }),
  },
  failures: ['workflow-not-found', 'run-not-found'],
  reads: ['temporal'],
});
