import * as z from 'zod/mini';
import {
  batchActions,
  batchEngine,
  batchEngines,
  batchOperation,
  batchStates,
  batchStarted,
  batchStopResult,
  batchSuspension,
  limitations,
} from './batch-operation';
import type {
  BatchAction,
  BatchEngineName,
  RollbackPlan,
  BatchOperation,
  BatchStarted,
  BatchStopResult,
  BatchSuspension,
} from './batch-operation';
import { batchWorkflowId } from './batch-workflow-id';
import {
  actor as exampleActor,
  batchOperationId,
  namespace,
  newRunId,
  operationId as exampleOperationId,
  requestedAt,
  runId as exampleRunId,
  workflowId as exampleWorkflowId,
} from './example-values';
import type { FailureKind } from './failures';
import { integerIn, numberIn, pageSize, pageToken, quoted, reason, workflowIdsIn } from './fields';
import { getOperationRequest, operation } from './operations';
import { until } from './pause';
import { previewExample as resetPreviewExample, resetExample, resetOptions, resetPreview, target } from './reset';
import type { Role } from './roles';
import { changeRoute, ONCE, previewRoute, readRoute, response } from './route';
import { count, described, named, nextPageToken, operationId } from './schema';
import type { Output } from './schema';
import { anyOverrideAllowed, resetOverrideAllowed, resetOverrideIn } from './versioning-override';

const DEFAULT_RATE = 20;
export const MIN_RATE = 0.01;
const MAX_RATE = 200;
const DEFAULT_MAX_WORKFLOWS = 1_000;
const MAX_WORKFLOWS = 100_000;

const MAX_LISTED = 10_000;

const MAX_EXCLUDED = 100;
const MAX_FOLLOW_SECONDS = 600;
/** A canary has to fit into the first page that the worker processes. */
const MAX_CANARY = 100;

const allowed = {
  engine: 'one of "worker", "server" (Temporal\'s batch engine); "worker" when left out',
  action: `one of ${quoted(batchActions)}`,
  query: 'a visibility query, without null characters; exactly one of "query" and "workflows"',
  workflows: `a list of 1 to ${MAX_LISTED} workflow ids; exactly one of "query" and "workflows"`,
  target: 'where to reset to: required with "reset", left out otherwise',
  versioningOverride: `with "reset", ${resetOverrideAllowed}; required with "updateOptions": ${anyOverrideAllowed}; left out otherwise`,
  ratePerSecond: `a number from ${MIN_RATE} to ${MAX_RATE}; ${DEFAULT_RATE} when left out`,
  maxWorkflows: `a whole number from 1 to ${MAX_WORKFLOWS}; ${DEFAULT_MAX_WORKFLOWS} when left out`,
  dryRun: 'true or false',
  exclude: `a list of 1 to ${MAX_EXCLUDED} workflow ids that are not changed; with "query", ids without double quotes, backslashes and control characters that neither begin nor end with '`,
  expectMatched: `a whole number from 0 to ${MAX_WORKFLOWS}, such as "matched" of a preview; if another number of runs matches, nothing is done`,
  followSeconds: `with "reset" and "engine": "worker", a number of seconds from 1 to ${MAX_FOLLOW_SECONDS} for which each new run is followed`,
  canary: 'with "engine": "worker", an object with count, waitSeconds and maxFailureRate',
  canaryCount: `a whole number from 1 to ${MAX_CANARY}: how many workflows are processed first`,
  canaryWaitSeconds: `a number of seconds from 0 to ${MAX_FOLLOW_SECONDS} for which these are followed before the others are processed`,
  canaryMaxFailureRate: 'a number from 0 to 1: the share of these that may fail; 0 when left out',
  stopAtFailureRate:
    'with "engine": "worker", a number above 0 and up to 1: the batch operation stops when this share of the workflows has failed, after at least 10 workflows',
};

/** Checks that a query can be sent. Only Temporal can check its syntax. */
const isText = (query: string) => query.trim() !== '' && query.isWellFormed() && !query.includes('\0');

const canary = z.strictObject(
  {
    count: integerIn(allowed.canaryCount, 1, MAX_CANARY),
    waitSeconds: numberIn(allowed.canaryWaitSeconds, 0, MAX_FOLLOW_SECONDS),
    maxFailureRate: z._default(numberIn(allowed.canaryMaxFailureRate, 0, 1), 0),
  },
  allowed.canary,
);

const expectMatched = z.optional(integerIn(allowed.expectMatched, 0, MAX_WORKFLOWS));

/** Fields that limit failures of a batch operation and follow the new runs of its resets. */
const safeguards = {
  expectMatched,
  followSeconds: z.optional(numberIn(allowed.followSeconds, 1, MAX_FOLLOW_SECONDS)),
  canary: z.optional(canary),
  stopAtFailureRate: z.optional(
    z.number(allowed.stopAtFailureRate).check(z.gt(0, allowed.stopAtFailureRate), z.lte(1, allowed.stopAtFailureRate)),
  ),
};

/** Fields that only some actions have. */
const actionsWith = {
  target: ['reset'],
  excludeReapply: ['reset'],
  versioningOverride: ['reset', 'updateOptions'],
  orphanedChildren: ['reset'],
  followSeconds: ['reset'],
  until: ['pause'],
} as const satisfies Record<string, readonly BatchAction[]>;
type ActionField = keyof typeof actionsWith;
const actionFields = Object.keys(actionsWith) as ActionField[];

/** The required field of an action. */
const required: Partial<Record<BatchAction, ActionField>> = { reset: 'target', updateOptions: 'versioningOverride' };

const takes = (action: BatchAction, field: ActionField) =>
  (actionsWith[field] as readonly BatchAction[]).includes(action);
const exceptWith = (field: ActionField) =>
  `left out, except with ${actionsWith[field].map((action) => `"${action}"`).join(' or ')}`;

export const startFields = {
  action: z.enum(batchActions, allowed.action),
  engine: z._default(z.enum(batchEngines, allowed.engine), 'worker'),
  query: z.optional(
    z.string(allowed.query).check(z.refine(isText, allowed.query), z.meta({ pattern: '^[^\\0]*[^\\s\\0][^\\0]*$' })),
  ),
  workflows: z.optional(workflowIdsIn(allowed.workflows, MAX_LISTED)),
  exclude: z.optional(workflowIdsIn(allowed.exclude, MAX_EXCLUDED)),
  reason,
  target: z.optional(target),
  ...resetOptions,
  versioningOverride: z.optional(resetOverrideIn(['autoUpgrade', 'none'], allowed.versioningOverride)),
  until,
  ...safeguards,
  ratePerSecond: z._default(numberIn(allowed.ratePerSecond, MIN_RATE, MAX_RATE), DEFAULT_RATE),
  maxWorkflows: z._default(integerIn(allowed.maxWorkflows, 1, MAX_WORKFLOWS), DEFAULT_MAX_WORKFLOWS),
  dryRun: z.optional(z.boolean(allowed.dryRun)),
};

const eitherQueryOrWorkflows = z.refine<{ query?: string | undefined; workflows?: string[] | undefined }>(
  ({ query, workflows }) => (query === undefined) !== (workflows === undefined),
  { path: ['query'], error: allowed.query },
);
const documentedEither = { oneOf: [{ required: ['query'] }, { required: ['workflows'] }] };

export const startBatchRequest = z.strictObject(startFields).check(
  eitherQueryOrWorkflows,
  z.refine(({ action, target: given }) => action !== 'reset' || given !== undefined, {
    path: ['target'],
    error: allowed.target,
  }),
  z.refine(({ action, versioningOverride: given }) => isOverrideOf(action, given), {
    path: ['versioningOverride'],
    error: allowed.versioningOverride,
  }),
  ...actionFields.map((field) =>
    z.refine<{ action: BatchAction } & Partial<Record<ActionField, unknown>>>(
      (request) => takes(request.action, field) || request[field] === undefined,
      { path: [field], error: exceptWith(field) },
    ),
  ),
  z.meta({ ...documentedEither, ...documentedByAction() }),
);

/** Returns whether a versioning override is valid for an action. */
function isOverrideOf(action: BatchAction, override: unknown): boolean {
  if (action === 'reset') return override !== 'none';
  if (action !== 'updateOptions') return true;
  return override !== undefined && !(typeof override === 'object' && override !== null && 'oneTime' in override);
}

/** Returns the rules for fields that depend on the action as JSON Schema: nested `if`, `then` and `else`, one level per action. */
function documentedByAction(): object {
  const overrides: Partial<Record<BatchAction, object>> = {
    reset: { not: { const: 'none' } },
    updateOptions: { anyOf: [{ type: 'string' }, { required: ['pinned'] }] },
  };
  const rules = (action: BatchAction) => {
    const field = required[action];
    const others = actionFields.filter((one) => !takes(action, one)).map((one) => [one, false] as const);
    const override = overrides[action];
    return {
      ...(field && { required: [field] }),
      properties: { ...Object.fromEntries(others), ...(override && { versioningOverride: override }) },
      unevaluatedProperties: true,
    };
  };
  return batchActions.reduceRight<object>(
    (otherwise, action) => ({
      if: { properties: { action: { const: action } }, unevaluatedProperties: true },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: rules(action),
      else: otherwise,
    }),
    {},
  );
}

/** A request for a batch operation, as the ledger stores it. `engine` is `worker` when absent. */
export type BatchRequest = Omit<z.output<typeof startBatchRequest>, 'engine'> & {
  engine?: BatchEngineName;
  /** Replaces `workflows` when the list is stored separately from the request. */
  workflowCount?: number;
  /** Replaces `query` and `workflows` in a retry: id of the batch operation whose workflows are repeated. */
  retryOf?: string;
  /** In a rollback: the plan from which the query is made. */
  rollback?: RollbackPlan;
  /** With `retryOf`: the outcome of the workflows that are repeated. `failed` when absent. */
  retryOutcome?: RetryOutcome;
};

/** Request that changes the batch operation in the path. */
const changeBatchRequest = z.strictObject({ reason });

/** Outcomes of the workflows that a retry can select. */
const retryOutcomes = ['failed', 'failedAgain', 'stuck', 'notBegun'] as const;
export type RetryOutcome = (typeof retryOutcomes)[number];

const retryAllowed = {
  outcome: `one of ${quoted(retryOutcomes)}; "failed" when left out`,
  target: 'where to reset to; the target of the batch operation when left out',
};

const retryBatchRequest = z.strictObject({
  reason,
  outcome: z.optional(z.enum(retryOutcomes, retryAllowed.outcome)),
  target: z.optional(target),
  expectMatched,
});

const itemOutcomes = ['succeeded', ...retryOutcomes, 'wentOn', 'completed', 'stillRunning'] as const;
export type ItemOutcome = (typeof itemOutcomes)[number];

const listBatchItemsRequest = z.strictObject({
  outcome: z.optional(z.enum(itemOutcomes, `one of ${itemOutcomes.join(', ')}; all when left out`)),
  pageSize,
  pageToken,
});

export const batchPreview = named('BatchPreview', () =>
  z.object({
    outcome: z.literal('preview'),
    engine: batchEngine(),
    namespace: z.string(),
    matched: count(),
    tooMany: described(
      z.boolean(),
      'True if more runs match than `maxWorkflows` allows, so that the batch operation would be rejected.',
    ),
    sample: described(
      z.array(
        z.object({
          workflowId: z.string(),
          runId: z.optional(z.string()),
          reset: z.optional(resetPreview()),
          refused: z.optional(z.string()),
        }),
      ),
      'Some of the runs that match, each with a preview if the action is a reset.',
    ),
    reexecutedActivities: z.optional(
      described(
        z.record(z.string(), count()),
        'For a reset: the activities in `discarded` of the sample that the new runs execute again, by type.',
      ),
    ),
    limitations: limitations(),
  }),
);
export type BatchPreview = Output<typeof batchPreview>;

const batchItems = named('BatchItems', () =>
  z.object({
    operationId: operationId(),
    items: described(z.array(operation()), 'Each workflow’s operation, newest first.'),
    notBegun: z.optional(
      described(
        z.array(z.object({ workflowId: z.string(), runId: z.optional(z.string()) })),
        'With `outcome=notBegun`, in place of `items`: the workflows without an operation so far, in the order in which they were listed.',
      ),
    ),
    nextPageToken: nextPageToken(),
  }),
);
export type BatchItemsPage = Output<typeof batchItems>;

const batchOperationsPage = named('BatchOperations', () =>
  z.object({
    namespace: z.string(),
    batchOperations: described(z.array(batchOperation()), 'Newest first.'),
    nextPageToken: nextPageToken(),
  }),
);
export type BatchOperationsPage = Output<typeof batchOperationsPage>;

export const startedExample: BatchStarted = {
  operationId: batchOperationId,
  outcome: 'started',
  state: 'running',
  engine: 'worker',
  namespace,
  matched: 412,
  workerPolling: true,
  links: {},
};

export const previewExample: BatchPreview = {
  outcome: 'preview',
  engine: 'worker',
  namespace,
  matched: 412,
  tooMany: false,
  sample: [{ workflowId: exampleWorkflowId, runId: exampleRunId, reset: resetPreviewExample }],
};

const running: BatchOperation = {
  operationId: batchOperationId,
  namespace,
  state: 'running',
  engine: 'worker',
  action: 'reset',
  query: "WorkflowType = 'order' AND ExecutionStatus = 'Failed'",
  reason: 'bad deploy',
  actor: exampleActor,
  requestedAt,
  matched: 412,
  done: 130,
  outcomes: { reset: 128 },
  failed: { 'not-a-reset-point': 2 },
  skipped: 0,
  ratePerSecond: 19.7,
  secondsLeft: 15,
};

const stopRequested: BatchStopResult = {
  operationId: exampleOperationId,
  outcome: 'requested',
  namespace,
  workflowId: batchWorkflowId(batchOperationId),
  runId: newRunId,
  status: 'Running',
  startTime: requestedAt,
  links: {},
};

const items: BatchItemsPage = {
  operationId: batchOperationId,
  items: [
    {
      operationId: exampleOperationId,
      namespace,
      workflowId: exampleWorkflowId,
      verb: 'reset',
      actor: exampleActor,
      reason: 'bad deploy',
      request: { workflowId: exampleWorkflowId, reason: 'bad deploy', target: { beforeFailure: 'last' } },
      state: 'completed',
      requestedAt,
      attempt: 1,
      runId: exampleRunId,
      completedAt: '2026-01-31T12:20:05.310Z',
      outcome: 'reset',
      answer: resetExample,
      batchOperationId,
    },
  ],
};

export const startBatchOperation = changeRoute({
  path: 'batch-operations',
  function: 'start-batch-operation',
  access: 'batchOperator',
  tag: 'batch operations',
  summary: 'Change many workflows',
  description: `Either all workflows that match a visibility query, or the listed ones. ${ONCE}`,
  request: startBatchRequest,
  requests: {
    'reset all that failed': {
      action: 'reset',
      query: "WorkflowType = 'order' AND ExecutionStatus = 'Failed'",
      target: { beforeFailure: 'last' },
      reason: 'bad deploy',
      ratePerSecond: 20,
      maxWorkflows: 1000,
    },
    'cancel some': { action: 'cancel', workflows: ['order-1234', 'order-1235'], reason: 'withdrawn' },
    'pause all of a type until 18:00': {
      action: 'pause',
      query: "WorkflowType = 'order'",
      until: '2026-01-31T18:00:00Z',
      reason: 'payment service is down',
    },
    'move all of a type': {
      action: 'updateOptions',
      query: "WorkflowType = 'order'",
      versioningOverride: 'autoUpgrade',
      reason: 'the fixed version is deployed',
    },
  },
  responses: {
    200: response({
      description: 'With `dryRun`: what the batch operation would do. Nothing was changed.',
      schema: batchPreview,
      examples: { preview: previewExample },
    }),
    202: response({
      description: 'The batch operation was started. `Location` is the URL of its progress.',
      schema: batchStarted,
      examples: { started: startedExample },
      location: (result) => `batch-operations/${result.operationId}`,
    }),
  },
  failures: ['too-many-matches', 'batch-workflow', 'system-workflow', 'conflict', 'pause-unsupported'],
  verb: 'batch',
  events: {},
});

/** Fields of a preview. There is no `action`, because each action has its own route. */
const previewFields = {
  engine: startFields.engine,
  query: startFields.query,
  workflows: startFields.workflows,
  exclude: startFields.exclude,
  maxWorkflows: startFields.maxWorkflows,
};

const batchPreviewRequest = z.strictObject(previewFields).check(eitherQueryOrWorkflows, z.meta(documentedEither));
const batchResetPreviewRequest = z
  .strictObject({ ...previewFields, target, ...resetOptions })
  .check(eitherQueryOrWorkflows, z.meta(documentedEither));

const preview = {
  function: 'preview-batch-operation',
  tag: 'batch operations',
  description: 'Nothing is changed. A preview requires the role of the action, not the role `batchOperator`.',
  responses: {
    200: response({
      description:
        'The number of runs that match and a sample of them, with a preview of each if the action is a reset.',
      schema: batchPreview,
      examples: { preview: previewExample },
    }),
  },
  failures: ['batch-workflow', 'system-workflow'],
  reads: ['temporal'],
} as const;

/** Defines the preview of an action other than a reset. */
const previewOf = (action: string, access: Role, summary: string, failures: readonly FailureKind[] = []) =>
  previewRoute({
    ...preview,
    path: `batch-previews/${action}`,
    access,
    summary,
    request: batchPreviewRequest,
    requests: { 'all orders of a customer': { query: "CustomerId = '7'" } },
    failures: [...preview.failures, ...failures],
  });

export const previewBatchCancellation = previewOf('cancel', 'canceller', 'Preview the cancellation of many workflows');
export const previewBatchTermination = previewOf(
  'terminate',
  'terminator',
  'Preview the termination of many workflows',
);
export const previewBatchPause = previewOf('pause', 'pauser', 'Preview the pause of many workflows', [
  'pause-unsupported',
]);
export const previewBatchUnpause = previewOf('unpause', 'pauser', 'Preview the unpausing of many workflows', [
  'pause-unsupported',
]);
export const previewBatchUpdateOptions = previewOf(
  'update-options',
  'resetter',
  'Preview the move of many workflows to another worker version',
);

export const previewBatchReset = previewRoute({
  ...preview,
  path: 'batch-previews/reset',
  access: 'resetter',
  summary: 'Preview the reset of many workflows',
  request: batchResetPreviewRequest,
  requests: {
    'all that failed': {
      query: "WorkflowType = 'order' AND ExecutionStatus = 'Failed'",
      target: { beforeFailure: 'last' },
    },
  },
});

const stateAllowed = `one of ${batchStates.join(', ')}; all when left out`;

export const listBatchOperations = readRoute({
  path: 'batch-operations',
  function: 'list-batch-operations',
  access: 'reader',
  tag: 'batch operations',
  summary: 'List batch operations',
  request: z.strictObject({ state: z.optional(z.enum(batchStates, stateAllowed)), pageSize, pageToken }),
  requests: { running: { state: 'running' } },
  responses: {
    200: response({
      description: 'The batch operations in the ledger, newest first. Their progress is at most a minute old.',
      schema: batchOperationsPage,
      examples: { running: { namespace, batchOperations: [running] } },
    }),
  },
  failures: [],
  reads: ['ledger'],
});

export const getBatchOperation = readRoute({
  path: 'batch-operations/{operationId}',
  function: 'get-batch-operation',
  access: 'reader',
  tag: 'batch operations',
  summary: 'Show the progress of a batch operation',
  request: getOperationRequest,
  requests: {},
  responses: {
    200: response({
      description: 'Its state, the number of workflows by outcome and by kind of failure, and the remaining time.',
      schema: batchOperation,
      examples: { running },
    }),
  },
  failures: ['operation-not-found'],
  reads: ['temporal', 'ledger'],
});

export const listBatchItems = readRoute({
  path: 'batch-operations/{operationId}/items',
  function: 'list-batch-items',
  access: 'reader',
  tag: 'batch operations',
  summary: 'List the operations of a batch operation on its workflows',
  request: listBatchItemsRequest,
  requests: { failed: { outcome: 'failed', pageSize: 100 } },
  responses: {
    200: response({
      description: 'The operation on each workflow, with its result or failure.',
      schema: batchItems,
      examples: { 'one that was reset': items },
    }),
  },
  failures: ['operation-not-found', 'unsupported-by-engine'],
  reads: ['temporal', 'ledger'],
});

export const cancelBatchOperation = changeRoute({
  path: 'batch-operations/{operationId}/cancel',
  function: 'cancel-batch-operation',
  access: 'batchOperator',
  tag: 'batch operations',
  summary: 'Stop a batch operation once the operations in flight have ended',
  description: ONCE,
  request: changeBatchRequest,
  requests: { stop: { reason: 'enough' } },
  responses: {
    202: response({
      description: 'A stop is requested, or the batch operation had already ended.',
      schema: batchStopResult,
      examples: { 'stop requested': stopRequested },
    }),
  },
  failures: ['operation-not-found', 'workflow-not-found'],
});

const suspended: BatchSuspension = {
  operationId: exampleOperationId,
  outcome: 'suspended',
  namespace,
  batchOperationId,
  state: 'suspended',
  matched: 412,
  done: 130,
};

export const suspendBatchOperation = changeRoute({
  path: 'batch-operations/{operationId}/suspend',
  function: 'suspend-batch-operation',
  access: 'batchOperator',
  tag: 'batch operations',
  summary: 'Suspend a batch operation once the operations in flight have ended',
  description: `It does not process any other workflow until it is resumed. ${ONCE}`,
  request: changeBatchRequest,
  requests: { suspend: { reason: 'the card service is slow' } },
  responses: {
    200: response({
      description: 'The batch operation is suspended, or had already ended.',
      schema: batchSuspension,
      examples: { suspended },
    }),
  },
  failures: ['operation-not-found', 'unsupported-by-engine', 'conflict'],
  reads: ['temporal', 'ledger'],
  verb: 'suspend',
  events: {},
});

export const resumeBatchOperation = changeRoute({
  path: 'batch-operations/{operationId}/resume',
  function: 'resume-batch-operation',
  access: 'batchOperator',
  tag: 'batch operations',
  summary: 'Resume a suspended batch operation',
  description: ONCE,
  request: changeBatchRequest,
  requests: { resume: { reason: 'the card service is back' } },
  responses: {
    200: response({
      description: 'The batch operation continues, was not suspended, or had already ended.',
      schema: batchSuspension,
      examples: { resumed: { ...suspended, outcome: 'resumed', state: 'running' } },
    }),
  },
  failures: ['operation-not-found', 'unsupported-by-engine', 'conflict'],
  reads: ['temporal', 'ledger'],
  verb: 'resume',
  events: {},
});

export const retryBatchOperation = changeRoute({
  path: 'batch-operations/{operationId}/retry',
  function: 'retry-batch-operation',
  access: 'batchOperator',
  tag: 'batch operations',
  summary: 'Repeat a batch operation for the workflows that failed',
  description: `Starts a new batch operation for the failed workflows, or for those with another \`outcome\`. ${ONCE}`,
  request: retryBatchRequest,
  requests: {
    'try again': { reason: 'the card service is back' },
    'reset new runs that failed again, with another target': {
      reason: 'second attempt',
      outcome: 'failedAgain',
      target: { beforeActivity: { type: 'chargeCard' } },
    },
  },
  responses: {
    202: response({
      description: 'The new batch operation was started. `Location` is the URL of its progress.',
      schema: batchStarted,
      examples: { started: startedExample },
      location: (result) => `../${result.operationId}`,
    }),
  },
  failures: ['operation-not-found', 'conflict', 'unsupported-by-engine', 'pause-unsupported'],
  reads: ['temporal', 'ledger'],
});
