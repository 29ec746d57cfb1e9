import * as z from 'zod/mini';
import { pauseActivityResult, resetActivityResult, unpauseActivityResult } from './activities';
import {
  batchProgress,
  batchRunState,
  newRunProgress,
  batchStarted,
  batchStopResult,
  batchSuspension,
} from './batch-operation';
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
import { instant, isRange, nameIn, pageSize, pageToken, quoted, TIME, workflowId } from './fields';
import { pauseResult, unpauseResult } from './pause';
import { resetPoint } from './reset-point';
import { resetResult } from './reset';
import { restartResult } from './restart';
import { readRoute, response } from './route';
import { actor, count, described, named, nextPageToken, operationId, optionalText, optionalTime, time } from './schema';
import type { Output } from './schema';
import { batchStuckKinds } from './stuck';
import { terminateResult } from './terminate';
import { updateOptionsResult } from './update-options';
import { verbNames } from './verbs';

/** The longest time range in a search without a workflow id, in days. */
const MAX_RANGE_DAYS = 31;
export const DEFAULT_RANGE_DAYS = 7;
const DAY_MS = 86_400_000;

/** Maximum length of the ARN or name of an actor. The ARN of a role session has about 200 characters. */
const MAX_ACTOR_CHARACTERS = 1_000;

const states = ['started', 'completed', 'refused', 'failed', 'unknown'] as const;

const allowed = {
  actor: `the ARN of a caller, the name of its user or role session, or the id of an event: 1 to ${MAX_ACTOR_CHARACTERS} characters`,
  verb: `one of ${quoted(verbNames)}`,
  state: `one of ${quoted(states)}`,
  since: `${TIME}; without workflowId at most ${MAX_RANGE_DAYS} days before until, and ${DEFAULT_RANGE_DAYS} when left out`,
  until: `${TIME}, not before since; now when left out`,
  batchOperationId: 'the operationId of a batch operation',
};

const listOperationsRequest = z
  .strictObject({
    workflowId: z.optional(workflowId),
    actor: z.optional(nameIn(allowed.actor, MAX_ACTOR_CHARACTERS)),
    verb: z.optional(z.enum(verbNames, allowed.verb)),
    state: z.optional(z.enum(states, allowed.state)),
    since: instant(allowed.since),
    until: instant(allowed.until),
    batchOperationId: z.optional(nameIn(allowed.batchOperationId, MAX_ACTOR_CHARACTERS)),
    pageSize,
    pageToken,
  })
  .check(
    z.refine(isRange, { path: ['until'], error: allowed.until }),
    z.refine(
      ({ workflowId: id, since, until }) =>
        id !== undefined ||
        since === undefined ||
        // An invalid time gives NaN, and passes here: its own field reports it.
        !((until === undefined ? Date.now() : Date.parse(until)) - Date.parse(since) > MAX_RANGE_DAYS * DAY_MS),
      { path: ['since'], error: allowed.since },
    ),
  );
export type ListOperationsRequest = z.output<typeof listOperationsRequest>;

/** Empty: the operation is in the path. */
export const getOperationRequest = z.strictObject({});

/** An operation in a response: its record in the ledger without internal fields. */
export const operation = named('Operation', () =>
  z.object({
    operationId: operationId(),
    namespace: z.string(),
    workflowId: z.string(),
    verb: described(
      z.string(),
      `The requested change: ${verbNames.map((verb) => `\`${verb}\``).join(', ')}. \`suspend\` and \`resume\` apply to a batch operation.`,
    ),
    actor: actor(),
    reason: z.string(),
    requestId: optionalText('API Gateway’s id of the first request, which is in the logs.'),
    request: described(
      z.record(z.string(), z.unknown()),
      'The validated request. A batch operation has `workflowCount` in place of `workflows`; a retry has `retryOf`, the id of the batch operation that it repeats.',
    ),
    state: described(
      z.enum(states),
      '`started`: recorded, not yet finished. `completed`: executed, or there was nothing to do. ' +
        '`refused`: nothing was done, and a retry fails the same way. `failed`: nothing was done; the same request ' +
        'with the same key tries again. `unknown`: Temporal did not respond; the same request with the same key first looks up what happened.',
    ),
    requestedAt: time(),
    attempt: count(),
    runId: optionalText('The run that the operation changes.'),
    completedAt: optionalTime(),
    outcome: optionalText('The `outcome` of the result, or the kind of failure.'),
    answer: z.optional(
      described(
        z.union([
          cancelResult(),
          terminateResult(),
          resetResult(),
          pauseResult(),
          unpauseResult(),
          restartResult(),
          updateOptionsResult(),
          resetActivityResult(),
          pauseActivityResult(),
          unpauseActivityResult(),
          batchStarted(),
          batchStopResult(),
          batchSuspension(),
        ]),
        'The result, as in the first response.',
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
    nextCheckAt: z.optional(
      described(z.iso.datetime(), 'When Rewind checks the operation next, because its final outcome is not known yet.'),
    ),
    settled: z.optional(
      described(
        z.object({ status: z.string(), closeTime: optionalTime() }),
        'How the workflow closed after a requested cancellation.',
      ),
    ),
    stuck: z.optional(
      described(
        z.array(z.enum(batchStuckKinds)),
        'Why the workflow did not close after a cancellation, or the batch operation did not proceed, at the last check.',
      ),
    ),
    batchOperationId: optionalText('The batch operation that this operation is an item of.'),
    progress: z.optional(
      described(
        z.enum(newRunProgress),
        'For an item of a batch operation with `followSeconds`: the progress of the new run.',
      ),
    ),
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
    stopRequestedAt: z.optional(described(z.iso.datetime(), 'With the verb `batch`: when a stop was requested.')),
    suspendedAt: z.optional(described(z.iso.datetime(), 'With the verb `batch`: when it was suspended.')),
  }),
);
export type Operation = Output<typeof operation>;

const operationsPage = named('Operations', () =>
  z.object({
    namespace: z.string(),
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
  summary: 'Search the ledger',
  description:
    'Returns the operations that match all parameters. Without `workflowId` and `since`, the range is the last 7 days.',
  request: listOperationsRequest,
  requests: {
    'the first page of a workflow': { workflowId: 'order-1234', pageSize: 20 },
    'what a person did on a day': { actor: 'ann', since: '2026-01-31T00:00:00Z', until: '2026-01-31T23:59:59Z' },
    'what an event caused': { actor: '6a7e8feb-b491-4cf7-a9f1-bf3703467718' },
  },
  responses: {
    200: response({
      description: 'The operations that match, newest first.',
      schema: operationsPage,
      examples: { 'a cancellation': { namespace, operations: [cancellation] } },
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
      description: 'The operation: who requested it, when and why, and its result.',
      schema: operation,
      examples: { 'a cancellation': cancellation },
    }),
  },
  failures: ['operation-not-found'],
  reads: ['ledger'],
});
