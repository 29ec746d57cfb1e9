import * as z from 'zod/mini';
import { batchWorkflowId } from './batch-workflow-id';
import { batchOperationId, newRunId, operationId, runId } from './example-values';
import type { FailureKind } from './failures';
import { resetPoint, resetPointsExample } from './reset-point';
import { described, named, text } from './schema';
import type { Output } from './schema';

/** An error response, as RFC 9457 `application/problem+json`. docs/problems.md explains each type. */
export const problem = named('Problem', () =>
  z.object({
    type: text('Stable: match on it, not on `title` or `detail`.'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    requestId: text('API Gateway’s request id, which is in the logs.'),
    errors: z.optional(
      described(
        z.array(z.object({ field: z.string(), value: z.optional(z.unknown()), allowed: z.string() })),
        'The invalid fields, each with its value and a description of the valid values.',
      ),
    ),
    resetPoints: z.optional(
      described(z.array(resetPoint()), 'With `not-a-reset-point`: the newest reset points of the run.'),
    ),
  }),
);
export type Problem = Output<typeof problem>;

/** An error response of API Gateway itself, see gateway-problems.ts. It has no `status` if the type has several. */
export const gatewayProblem = named('GatewayProblem', () =>
  z.partial(z.omit(problem(), { errors: true, resetPoints: true }), { status: true }),
);

type ProblemExample = Pick<Problem, 'detail' | 'errors' | 'resetPoints'>;
const invalid = (field: string, value: unknown, allowed: string) => ({ errors: [{ field, value, allowed }] });

/** The fields of an example problem other than its type, title and status. */
export const problemExamples: Record<FailureKind, ProblemExample> = {
  'invalid-request': {
    detail: 'waitSeconds is 30: it must be a number of seconds from 0 to 25',
    ...invalid('waitSeconds', 30, 'a number of seconds from 0 to 25'),
  },
  'payload-too-large': { detail: 'The body has 70000 bytes; at most 65536 are allowed.' },
  'namespace-not-configured': {
    detail: 'Rewind does not serve a namespace "prod".',
    ...invalid('namespace', 'prod', 'one of: prod.a1b2c, staging.a1b2c'),
  },
  'workflow-not-found': {
    detail: 'Namespace prod.a1b2c has no workflow "order-1".',
    ...invalid('workflowId', 'order-1', 'the id of a workflow that exists or whose retention has not ended'),
  },
  'run-not-found': {
    detail: `Workflow "order-1234" has no run ${newRunId}.`,
    ...invalid(
      'runId',
      newRunId,
      `a run of this workflow that its namespace still retains; its latest run is ${runId}`,
    ),
  },
  'pause-unsupported': {
    detail:
      'Namespace prod.a1b2c cannot pause workflows: its server is older than 1.30, or `frontend.WorkflowPauseEnabled` is off. Nothing was done.',
  },
  'activity-not-found': {
    detail: `Workflow "order-1234", run ${runId}, has no pending activity of the id "7". Nothing was done.`,
    ...invalid('activityId', '7', 'one that is pending: "2" (chargeCard)'),
  },
  'not-a-reset-point': {
    detail: `Workflow "order-1234", run ${runId}, cannot be reset to event 5: no workflow task ended there.`,
    ...invalid('target.eventId', 5, 'the eventId of one of resetPoints'),
    resetPoints: resetPointsExample,
  },
  conflict: {
    detail: `Run ${runId} of workflow "order-1234" belongs to another chain of runs. Nothing was done.`,
    ...invalid('firstExecutionRunId', newRunId, `the ID of the chain's first run, which is ${runId} for the run found`),
  },
  'batch-workflow': {
    detail: `Workflow "${batchWorkflowId(batchOperationId)}" executes batch operation ${batchOperationId}. Nothing was done.`,
    ...invalid(
      'workflowId',
      batchWorkflowId(batchOperationId),
      `a workflow of your own. To stop the batch operation: POST batch-operations/${batchOperationId}/cancel`,
    ),
  },
  'system-workflow': {
    detail: 'Workflow "temporal-sys-scheduler:nightly" executes schedule "nightly". Nothing was done.',
    ...invalid(
      'workflowId',
      'temporal-sys-scheduler:nightly',
      'a workflow of your own. The command `temporal schedule` changes what this one executes',
    ),
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
    detail: `Operation ${operationId} was started under this key and has not ended yet. Nothing was done this time.`,
  },
  'too-many-matches': {
    detail: '4120 workflows match, more than maxWorkflows allows. Nothing was done.',
    ...invalid('maxWorkflows', 1000, 'at least 4120, or a narrower query'),
  },
  'unsupported-by-engine': {
    detail: `Batch operation ${batchOperationId} was executed by Temporal's own batch engine, which reports nothing about single workflows. Nothing was done.`,
    ...invalid('operationId', batchOperationId, 'a batch operation with "engine": "worker"'),
  },
  'operation-not-found': {
    detail: 'Namespace prod.a1b2c has no operation "op-1".',
    ...invalid('operationId', 'op-1', 'an operationId of this namespace that the ledger still keeps'),
  },
  'ledger-unavailable': {
    detail: 'The operation ledger does not respond. Nothing was done. Try again.',
  },
  'queue-unavailable': {
    detail: 'The event queue does not respond. Some events may have been redriven; repeat the request for the others.',
  },
  'too-many-waiting': {
    detail: 'Too many requests wait for a workflow. Nothing was done; try again later, or without waitSeconds.',
  },
  throttled: {
    detail: 'Temporal is limiting calls to this namespace at the moment. Nothing was done; try again later.',
  },
  'temporal-unavailable': { detail: 'Temporal cannot be reached at the moment.' },
  'temporal-timeout': { detail: 'Temporal did not respond in time.' },
  configuration: {
    detail: 'Rewind is not configured to reach this namespace. The function log has the cause under this request id.',
  },
  'outcome-unknown': {
    detail: `It is not known whether operation ${operationId} changed workflow "order-1234": Temporal has deleted the history of run ${runId}.`,
    ...invalid('workflowId', 'order-1234', 'a new request under another idempotency key'),
  },
  'response-too-large': {
    detail: 'The response has 7300000 bytes, and Lambda allows 6291456 at most. Request a smaller page with pageSize.',
  },
  internal: {
    detail: 'An unexpected error occurred. The function log has it under this request id.',
  },
};
