import * as z from 'zod/mini';
import { closeTime, operationId as exampleOperationId, run } from './example-values';
import { firstExecutionRunId, reason, runId, workflowId } from './fields';
import { changeRoute, failuresOfRunChanges, ONCE, response } from './route';
import { runSummary } from './run-summary';
import { described, named, operationId, optionalText } from './schema';
import type { Output } from './schema';

export const terminateRequest = z.strictObject({ workflowId, runId, firstExecutionRunId, reason });
export type TerminateRequest = z.output<typeof terminateRequest>;

export const terminateResult = named('TerminateResult', () =>
  z.object({
    operationId: operationId(),
    outcome: described(
      z.enum(['terminated', 'alreadyClosed']),
      '`alreadyClosed`: the run was already closed, with `status`.',
    ),
    ...runSummary(),
    successorRunId: optionalText('The run that continues the closed run. This request did not terminate it.'),
  }),
);
export type TerminateResult = Output<typeof terminateResult>;

const terminated: TerminateResult = {
  ...run,
  operationId: exampleOperationId,
  outcome: 'terminated',
  status: 'Terminated',
  closeTime,
};

export const terminateWorkflow = changeRoute({
  path: 'workflows/terminate',
  function: 'terminate',
  access: 'terminator',
  tag: 'workflows',
  summary: 'Terminate a workflow',
  description: `Closes the workflow immediately. Its code does not run again and cannot clean up. ${ONCE}`,
  request: terminateRequest,
  requests: { terminate: { workflowId: 'order-1234', reason: 'runaway retries' } },
  responses: {
    200: response({
      description: 'The workflow was terminated, or was already closed.',
      schema: terminateResult,
      examples: { terminated },
    }),
  },
  failures: failuresOfRunChanges,
  verb: 'terminate',
  events: { terminated: 'Workflow Terminated' },
});
