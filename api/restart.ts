import * as z from 'zod/mini';
import { newRunId, newRunLinks, operationId as exampleOperationId, run } from './example-values';
import { reason, runId, runIdIn, workflowId } from './fields';
import { changeRoute, failuresOfRunChanges, ONCE, response } from './route';
import { described, links, named, operationId, optionalText, text } from './schema';
import type { Output } from './schema';

/** Temporal's policies, with its API's names. `rejectDuplicate` is left out, because it would prevent every restart. */
const reusePolicies = ['allowDuplicateFailedOnly', 'allowDuplicate'] as const;
export type ReusePolicy = (typeof reusePolicies)[number];

const allowed = {
  terminateRunId: 'the UUID of the live run that may be terminated; none when left out',
  workflowIdReusePolicy:
    '"allowDuplicate" to restart even a workflow that completed, or "allowDuplicateFailedOnly"; "allowDuplicateFailedOnly" when left out',
};

const restartRequest = z.strictObject({
  workflowId,
  runId,
  terminateRunId: runIdIn(allowed.terminateRunId),
  workflowIdReusePolicy: z.optional(z.enum(reusePolicies, allowed.workflowIdReusePolicy)),
  reason,
});
export type RestartRequest = z.output<typeof restartRequest>;

export const restartResult = named('RestartResult', () =>
  z.object({
    operationId: operationId(),
    outcome: described(
      z.enum(['restarted', 'terminatedOnly']),
      '`terminatedOnly`: the run in `terminateRunId` was terminated, but no new run was started, because another request started one or because this request was interrupted.',
    ),
    namespace: z.string(),
    workflowId: z.string(),
    runId: text('The run whose start was repeated; with `terminatedOnly`, the terminated run.'),
    newRunId: optionalText('The run that was started.'),
    terminatedRunId: optionalText('The live run that was terminated before.'),
    currentRunId: optionalText('With `terminatedOnly`: the run that another request started in the meantime.'),
    links: links(),
  }),
);
export type RestartResult = Output<typeof restartResult>;

const { namespace, workflowId: exampleWorkflowId, runId: exampleRunId } = run;

export const restartWorkflow = changeRoute({
  path: 'workflows/restart',
  function: 'restart',
  access: 'resetter',
  tag: 'workflows',
  summary: 'Start a closed workflow again',
  description:
    'Starts a new run with the type, task queue, input, memo, search attributes, timeouts, retry policy and cron schedule of a closed run. ' +
    `Use it for a workflow that a reset cannot repair. ${ONCE}`,
  request: restartRequest,
  requests: {
    restart: { workflowId: 'order-1234', reason: 'was started with a wrong deployment' },
    'while it runs': { workflowId: 'order-1234', terminateRunId: exampleRunId, reason: 'cannot be repaired' },
  },
  responses: {
    200: response({
      description: 'A new run was started.',
      schema: restartResult,
      examples: {
        restarted: {
          namespace,
          workflowId: exampleWorkflowId,
          runId: exampleRunId,
          operationId: exampleOperationId,
          outcome: 'restarted',
          newRunId,
          links: newRunLinks,
        },
      },
    }),
  },
  failures: failuresOfRunChanges,
  verb: 'restart',
  events: { restarted: 'Workflow Restarted', terminatedOnly: 'Workflow Terminated' },
});
