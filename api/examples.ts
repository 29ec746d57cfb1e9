import type { Problem } from '../functions/http/problem';
import type { FailureKind } from './failures';
import type { BatchStopResult } from '../operations/batch/engine';
import type { BatchResource, BatchItemsPage } from '../operations/batch/follow';
import type { BatchPreview, BatchStarted } from '../operations/batch/start';
import type { CancelResult } from '../operations/cancel';
import type { WorkflowDescriptionResult } from '../operations/describe';
import type { OperationResource, OperationsPage } from '../operations/find-operations';
import type { ResetResult, ResetPreview } from '../operations/reset/reset';
import type { ResetPoints } from '../operations/reset-points';
import type { TerminateResult } from '../operations/terminate';

/* The answers that docs/openapi.json shows: one order, on one afternoon. */

const namespace = 'prod.a1b2c';
const workflowId = 'order-1234';
export const runId = '0199b5a2-7c1e-7b7d-9c1f-2a4f8f6f3d10';
const newRunId = '0199b5b0-1d4a-7e52-8a0b-6f1c9d2e7b44';
const actor = { id: 'arn:aws:iam::111122223333:user/ann' };
const startTime = '2026-01-31T12:00:00.000Z';
const closeTime = '2026-01-31T12:20:07.250Z';
const requestedAt = '2026-01-31T12:20:05.120Z';
const webUi = (run: string) =>
  `https://cloud.temporal.io/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${run}/history`;
const run = { namespace, workflowId, runId, startTime, links: { webUi: webUi(runId) } };
const operationId = 'op-3f9a51c2b7d84e60a1f2c3d4e5f60718';
const batchOperationId = 'op-77b0c9d1e2f3405162738495a6b7c8d9';

const chargeCard = {
  activityId: '2',
  activityType: 'chargeCard',
  state: 'Started',
  attempt: 3,
  scheduledTime: '2026-01-31T12:00:02.000Z',
  lastStartedTime: '2026-01-31T12:19:58.000Z',
  heartbeatTimeoutSeconds: 0,
  startToCloseTimeoutSeconds: 600,
  lastFailure: 'card declined',
} as const;

export const workflow: WorkflowDescriptionResult = {
  ...run,
  firstExecutionRunId: runId,
  workflowType: 'order',
  taskQueue: 'orders',
  status: 'Running',
  cancelRequested: false,
  historyLength: 14,
  historySizeBytes: 3120,
  pendingActivities: [chargeCard],
  pendingChildren: [],
};

export const resetPoints: ResetPoints = {
  namespace,
  workflowId,
  runId,
  resetPoints: [
    { eventId: 10, time: '2026-01-31T12:00:02.000Z', label: 'before chargeCard (activity, attempt 3 pending)' },
    { eventId: 4, time: '2026-01-31T12:00:00.300Z', label: 'first workflow task, before reserveStock (activity)' },
  ],
};

export const cancelled: CancelResult = {
  ...run,
  operationId,
  outcome: 'requested',
  status: 'Canceled',
  closeTime,
  waitedSeconds: 2.1,
};

export const cancelledButStuck: CancelResult = {
  ...run,
  operationId,
  outcome: 'requested',
  status: 'Running',
  waitedSeconds: 10,
  stuck: [
    {
      kind: 'noPoller',
      taskQueue: 'orders',
      explanation:
        'No worker polls task queue "orders". The workflow hears of the cancellation once one does; terminating it does not need a worker.',
    },
  ],
};

export const terminated: TerminateResult = {
  ...run,
  operationId,
  outcome: 'terminated',
  status: 'Terminated',
  closeTime,
};

export const reset: ResetResult = {
  operationId,
  outcome: 'reset',
  namespace,
  workflowId,
  runId,
  newRunId,
  eventId: 10,
  why: 'Event 10 completed the workflow task that scheduled activity chargeCard (id 2).',
  terminatedRunId: runId,
  orphanedChildren: [],
  newRun: { status: 'Completed', progress: 'completed', waitedSeconds: 3.4 },
  links: { webUi: webUi(newRunId) },
};

const none = { total: 0, newest: [] };

export const resetPreview: ResetPreview = {
  outcome: 'preview',
  namespace,
  workflowId,
  runId,
  eventId: 10,
  why: 'Event 10 completed the workflow task that scheduled activity chargeCard (id 2).',
  discarded: {
    events: 5,
    activities: {
      total: 1,
      newest: [{ activityId: '2', activityType: 'chargeCard', eventId: 11, state: 'pending' }],
    },
    timers: none,
    children: none,
    signals: { total: 1, newest: [{ name: 'approve', eventId: 12, fate: 'reapplied' }] },
    updates: none,
    nexusOperations: none,
    cancelRequests: 0,
  },
  pendingActivities: [chargeCard],
  orphanedChildren: [],
  terminatesRunId: runId,
  links: { webUi: webUi(runId) },
};

export const operation: OperationResource = {
  operationId,
  namespace,
  workflowId,
  verb: 'cancel',
  actor,
  reason: 'withdrawn',
  request: { workflowId, reason: 'withdrawn', waitSeconds: 10 },
  state: 'completed',
  requestedAt,
  attempt: 1,
  runId,
  completedAt: '2026-01-31T12:20:05.180Z',
  outcome: 'requested',
  answer: cancelled,
  settled: { status: 'Canceled', closeTime },
};

export const operations: OperationsPage = { namespace, workflowId, operations: [operation] };

export const batchStarted: BatchStarted = {
  operationId: batchOperationId,
  outcome: 'started',
  state: 'running',
  engine: 'worker',
  namespace,
  matched: 412,
  workerPolling: true,
  links: {},
};

export const batchPreview: BatchPreview = {
  outcome: 'preview',
  engine: 'worker',
  namespace,
  matched: 412,
  tooMany: false,
  sample: [{ workflowId, runId, reset: resetPreview }],
};

export const batch: BatchResource = {
  operationId: batchOperationId,
  namespace,
  state: 'running',
  engine: 'worker',
  action: 'reset',
  reason: 'bad deploy',
  actor,
  requestedAt,
  matched: 412,
  done: 130,
  outcomes: { reset: 128 },
  failed: { 'not-a-reset-point': 2 },
  skipped: 0,
  ratePerSecond: 19.7,
  secondsLeft: 15,
};

export const batchItems: BatchItemsPage = {
  operationId: batchOperationId,
  items: [
    {
      operationId,
      namespace,
      workflowId,
      verb: 'reset',
      actor,
      reason: 'bad deploy',
      request: { workflowId, reason: 'bad deploy', target: { beforeFailure: 'last' } },
      state: 'completed',
      requestedAt,
      attempt: 1,
      runId,
      completedAt: '2026-01-31T12:20:05.310Z',
      outcome: 'reset',
      answer: reset,
      batchOperationId,
    },
  ],
};

export const batchCancelled: BatchStopResult = {
  operationId,
  outcome: 'requested',
  namespace,
  workflowId: `rewind-batch-${batchOperationId}`,
  runId: newRunId,
  status: 'Running',
  startTime: requestedAt,
  links: {},
};

type ProblemExample = Pick<Problem, 'detail' | 'errors' | 'resetPoints'>;
const refused = (field: string, value: unknown, allowed: string) => ({ errors: [{ field, value, allowed }] });

/** What is in a problem beside its type, title and status. */
export const problems: Record<FailureKind, ProblemExample> = {
  'invalid-request': {
    detail: 'waitSeconds is 30: it must be a number of seconds from 0 to 25',
    ...refused('waitSeconds', 30, 'a number of seconds from 0 to 25'),
  },
  'payload-too-large': { detail: 'The body has 70000 bytes; at most 65536 are allowed.' },
  'namespace-not-configured': {
    detail: 'Rewind does not serve a namespace "prod".',
    ...refused('namespace', 'prod', 'one of: prod.a1b2c, staging.a1b2c'),
  },
  'workflow-not-found': {
    detail: 'Namespace prod.a1b2c has no workflow "order-1".',
    ...refused('workflowId', 'order-1', 'the id of a workflow that exists or whose retention has not ended'),
  },
  'run-not-found': {
    detail: `Workflow "order-1234" has no run ${newRunId}.`,
    ...refused(
      'runId',
      newRunId,
      `a run of this workflow that its namespace still retains; its latest run is ${runId}`,
    ),
  },
  'not-a-reset-point': {
    detail: `Workflow "order-1234", run ${runId}, cannot be reset to event 5: no workflow task ended there.`,
    ...refused('target.eventId', 5, 'the eventId of one of resetPoints'),
    resetPoints: resetPoints.resetPoints,
  },
  conflict: {
    detail: `Run ${runId} of workflow "order-1234" belongs to another chain of runs. Nothing was done.`,
    ...refused('firstExecutionRunId', newRunId, `the first run of the chain meant; that of the run found is ${runId}`),
  },
  'idempotency-key-reused': {
    detail: `This idempotency key belongs to another request: operation ${operationId}, cancel of workflow "order-1234". Nothing was done.`,
    errors: [
      {
        field: 'Idempotency-Key',
        allowed: 'a new key for every new request, the same key only for the same request',
      },
    ],
  },
  'operation-in-progress': {
    detail: `Operation ${operationId} was begun under this key and has not ended yet. Nothing was done this time.`,
  },
  'too-many-matches': {
    detail: '4120 workflows match, more than maxWorkflows allows. Nothing was done.',
    ...refused('maxWorkflows', 1000, 'at least 4120, or a narrower query'),
  },
  'unsupported-by-engine': {
    detail: `Batch operation ${batchOperationId} was carried out by Temporal's own batch engine, which tells nothing of single workflows. Nothing was done.`,
    ...refused('operationId', batchOperationId, 'a batch operation with "engine": "worker"'),
  },
  'operation-not-found': {
    detail: 'Namespace prod.a1b2c has no operation "op-1".',
    ...refused('operationId', 'op-1', 'an operationId of this namespace that the ledger still keeps'),
  },
  'ledger-unavailable': {
    detail: 'The operation ledger does not answer. Nothing was done without it; try again.',
  },
  throttled: {
    detail: 'Temporal is limiting calls to this namespace at the moment. Nothing was done; try again later.',
  },
  'temporal-unavailable': { detail: 'Temporal cannot be reached at the moment.' },
  'temporal-timeout': { detail: 'Temporal did not answer in time.' },
  configuration: {
    detail:
      'Rewind is not configured to reach this namespace. Its operator finds the cause in the function log under this request id.',
  },
  internal: {
    detail: 'Something unexpected happened. The operator finds it in the function log under this request id.',
  },
};

export const requestId = 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef';
