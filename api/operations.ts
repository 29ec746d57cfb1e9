import * as z from 'zod/mini';
import { batchProgress, batchRunState, batchStarted, batchStopResult } from './batch-operation';
import { cancelled, cancelResult } from './cancel';
import {
  actor as exampleActor,
  closeTime,
  namespace,
  operationId as exampleOperationId,
  requestedAt,
  runId,
  workflowId as exampleWorkflowId,
} from './example-values';
import { failureKinds } from './failures';
import { pageSize, pageToken, workflowId } from './fields';
import { resetPoint } from './reset-point';
import { resetResult } from './reset';
import { readRoute, response } from './route';
import { actor, count, described, named, nextPageToken, operationId, optionalText, optionalTime, time } from './schema';
import type { Output } from './schema';
import { stuckKinds } from './stuck';
import { terminateResult } from './terminate';

const listOperationsRequest = z.strictObject({ workflowId, pageSize, pageToken });

/** The operation is named in the path; there is nothing else to say. */
export const getOperationRequest = z.strictObject({});

/** An operation as responses show it: the ledger's record without what only the ledger needs. */
export const operation = named('Operation', () =>
  z.object({
    operationId: operationId(),
    namespace: z.string(),
    workflowId: z.string(),
    verb: described(z.string(), 'What was asked for: `cancel`, `terminate`, `reset`, `batch`.'),
    actor: actor(),
    reason: z.string(),
    requestId: optionalText('Of the first request: find it by this id in the logs.'),
    request: described(
      z.record(z.string(), z.unknown()),
      'The request as its schema accepted it; with `workflowCount` in place of `workflows`, and `retryOf` where it repeats what failed in a batch operation.',
    ),
    state: described(
      z.enum(['started', 'completed', 'refused', 'failed', 'unknown']),
      '`started`: written before the operation is executed. `completed`: it was executed, or there was nothing to do. ' +
        '`refused`: nothing was done, and asking again changes nothing. `failed`: nothing was done; the same request ' +
        'under the same key tries again. `unknown`: Temporal did not respond; the same request first looks up what happened.',
    ),
    requestedAt: time(),
    attempt: count(),
    runId: optionalText('The run it is executed on.'),
    completedAt: optionalTime(),
    outcome: optionalText('The result’s `outcome`, or the kind of failure.'),
    answer: z.optional(
      described(
        z.union([cancelResult(), terminateResult(), resetResult(), batchStarted(), batchStopResult()]),
        'The first result.',
      ),
    ),
    failure: z.optional(
      z.object({
        kind: z.enum(failureKinds),
        message: z.string(),
        details: z.object({
          field: z.optional(z.string()),
          value: z.optional(z.unknown()),
          allowed: z.optional(z.string()),
          resetPoints: z.optional(z.array(resetPoint())),
          retryAfterSeconds: z.optional(z.number()),
        }),
      }),
    ),
    nextCheckAt: z.optional(described(z.iso.datetime(), 'When Rewind checks next what is not known yet.')),
    settled: z.optional(
      described(
        z.object({ status: z.string(), closeTime: optionalTime() }),
        'How the workflow closed after a cancellation was requested.',
      ),
    ),
    stuck: z.optional(
      described(
        z.array(z.enum(stuckKinds)),
        'After a cancellation: what kept the workflow from closing when it was checked last.',
      ),
    ),
    batchOperationId: optionalText('The batch operation that this one is an item of.'),
    batch: z.optional(
      described(
        z.object({
          state: batchRunState(),
          matched: count(),
          progress: z.object(batchProgress()),
          failure: optionalText('With the state `failed`: why.'),
        }),
        'With the verb `batch`: its progress.',
      ),
    ),
    stopRequestedAt: z.optional(described(z.iso.datetime(), 'With the verb `batch`: when it was asked to stop.')),
  }),
);
export type Operation = Output<typeof operation>;

export const operationsPage = named('Operations', () =>
  z.object({
    namespace: z.string(),
    workflowId: z.string(),
    operations: described(z.array(operation()), 'Newest first.'),
    nextPageToken: nextPageToken(),
  }),
);
export type OperationsPage = Output<typeof operationsPage>;

const cancellation: Operation = {
  operationId: exampleOperationId,
  namespace,
  workflowId: exampleWorkflowId,
  verb: 'cancel',
  actor: exampleActor,
  reason: 'withdrawn',
  request: { workflowId: exampleWorkflowId, reason: 'withdrawn', waitSeconds: 10 },
  state: 'completed',
  requestedAt,
  attempt: 1,
  runId,
  completedAt: '2026-01-31T12:20:05.180Z',
  outcome: 'requested',
  answer: cancelled,
  settled: { status: 'Canceled', closeTime },
};

export const listOperations = readRoute({
  path: 'operations',
  function: 'list-operations',
  access: 'reader',
  tag: 'operations',
  summary: 'List the operations on a workflow',
  request: listOperationsRequest,
  requests: { 'the first page': { workflowId: 'order-1234', pageSize: 20 } },
  responses: {
    200: response({
      description: 'The operations on the workflow, newest first.',
      schema: operationsPage,
      examples: { 'a cancellation': { namespace, workflowId: exampleWorkflowId, operations: [cancellation] } },
    }),
  },
  failures: [],
  reads: ['ledger'],
});

export const getOperation = readRoute({
  path: 'operations/{operationId}',
  function: 'get-operation',
  access: 'reader',
  tag: 'operations',
  summary: 'Show an operation',
  request: getOperationRequest,
  requests: {},
  responses: {
    200: response({
      description: 'Who asked for what, when and why, and its result.',
      schema: operation,
      examples: { 'a cancellation': cancellation },
    }),
  },
  failures: ['operation-not-found'],
  reads: ['ledger'],
});
