import * as z from 'zod/mini';
import { closeTime, operationId as exampleOperationId, run, runId as exampleRunId } from './example-values';
import { firstExecutionRunId, reason, runId, waitSeconds, workflowId } from './fields';
import { changeRoute, failuresOfRunChanges, ONCE, response } from './route';
import { runSummary } from './run-summary';
import { described, named, operationId, optionalText } from './schema';
import type { Output } from './schema';
import { stuck } from './stuck';

export const cancelRequest = z.strictObject({ workflowId, runId, firstExecutionRunId, reason, waitSeconds });
export type CancelRequest = z.output<typeof cancelRequest>;

export const cancelResult = named('CancelResult', () =>
  z.object({
    operationId: operationId(),
    outcome: described(
      z.enum(['requested', 'alreadyRequested', 'alreadyClosed']),
      '`requested`: the cancellation is in the workflow’s history, and the workflow’s code decides when and how it closes. ' +
        '`alreadyRequested`: a cancellation was requested before; the server keeps the first request only. `alreadyClosed`: the run was already closed, with `status`.',
    ),
    ...runSummary(),
    successorRunId: optionalText('The run that continues the closed run. This request did not cancel it.'),
    waitedSeconds: z.optional(described(z.number(), 'With `waitSeconds`: how many seconds the request waited.')),
    stuck: z.optional(
      described(
        z.array(stuck()),
        'With `waitSeconds`, if the run is still open: why it does not close. Empty if no reason is found.',
      ),
    ),
  }),
);
export type CancelResult = Output<typeof cancelResult>;

export const cancelled: CancelResult = {
  ...run,
  operationId: exampleOperationId,
  outcome: 'requested',
  status: 'Canceled',
  closeTime,
  waitedSeconds: 2.1,
};

const stuckAfterWaiting: CancelResult = {
  ...run,
  operationId: exampleOperationId,
  outcome: 'requested',
  status: 'Running',
  waitedSeconds: 10,
  stuck: [
    {
      kind: 'noPoller',
      taskQueue: 'orders',
      explanation:
        'No worker polls task queue "orders". The workflow receives the cancellation once one polls; terminating it does not need a worker.',
    },
  ],
};

export const cancelWorkflow = changeRoute({
  path: 'workflows/cancel',
  function: 'cancel',
  access: 'canceller',
  tag: 'workflows',
  summary: 'Request the cancellation of a workflow',
  description: `The workflow’s code decides how it handles the cancellation, so the workflow may stay open. ${ONCE}`,
  request: cancelRequest,
  requests: {
    'request, and wait for the workflow to close': { workflowId: 'order-1234', reason: 'withdrawn', waitSeconds: 10 },
    'this chain of runs only': { workflowId: 'order-1234', firstExecutionRunId: exampleRunId, reason: 'withdrawn' },
  },
  responses: {
    200: response({
      description: 'The cancellation is requested, or the workflow was already closed.',
      schema: cancelResult,
      examples: { 'requested, and closed': cancelled, 'requested, and stuck': stuckAfterWaiting },
    }),
  },
  failures: [...failuresOfRunChanges, 'too-many-waiting'],
  verb: 'cancel',
  events: {
    requested: 'Workflow Cancellation Requested',
    alreadyRequested: 'Workflow Cancellation Requested',
    alreadyClosed: 'Workflow Cancellation Settled',
    settled: 'Workflow Cancellation Settled',
  },
});
