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
import { pageSize, pageToken, reason, workflowId } from './fields';
import { getOperationRequest, operation } from './operations';
import { until } from './pause';
import { previewExample as resetPreviewExample, resetExample, resetOptions, resetPreview, target } from './reset';
import { changeRoute, ONCE, previewRoute, readRoute, response } from './route';
import { count, described, named, nextPageToken, operationId } from './schema';
import type { Output } from './schema';
import { anyOverrideAllowed, resetOverrideAllowed, resetOverrideIn } from './versioning-override';

const DEFAULT_RATE = 20;
export const MIN_RATE = 0.01;
const MAX_RATE = 200;
const DEFAULT_MAX_WORKFLOWS = 1_000;
const MAX_WORKFLOWS = 100_000;
/** What one request can carry: API Gateway takes 10 MB. */
const MAX_LISTED = 10_000;

const MAX_EXCLUDED = 100;
const MAX_FOLLOW_SECONDS = 600;
/** A canary is within the first page that a worker processes. */
const MAX_CANARY = 100;

const allowed = {
  engine: 'one of "worker", "server" (Temporal\'s own batch engine); "worker" when left out',
  action: `one of ${batchActions.map((action) => `"${action}"`).join(', ')}`,
  query: 'a visibility query, without null characters; exactly one of "query" and "workflows"',
  workflows: `a list of 1 to ${MAX_LISTED} workflow ids; exactly one of "query" and "workflows"`,
  target: 'where to reset to: required with "reset", left out otherwise',
  versioningOverride: `with "reset", ${resetOverrideAllowed}; required with "updateOptions": ${anyOverrideAllowed}; left out otherwise`,
  ratePerSecond: `a number from ${MIN_RATE} to ${MAX_RATE}; ${DEFAULT_RATE} when left out`,
  maxWorkflows: `a whole number from 1 to ${MAX_WORKFLOWS}; ${DEFAULT_MAX_WORKFLOWS} when left out`,
  dryRun: 'true or false',
  exclude: `a list of 1 to ${MAX_EXCLUDED} workflow ids that are left as they are`,
  expectMatched: `how many have to match, as a preview counted them, from 0 to ${MAX_WORKFLOWS}; otherwise nothing is done`,
  followSeconds: `with "reset" and "engine": "worker", for how many seconds each new run is followed, from 1 to ${MAX_FOLLOW_SECONDS}`,
  canary: 'with "engine": "worker", an object with count, waitSeconds and maxFailureRate',
  canaryCount: `how many are done first, a whole number from 1 to ${MAX_CANARY}`,
  canaryWaitSeconds: `for how many seconds they are followed before the others, from 0 to ${MAX_FOLLOW_SECONDS}`,
  canaryMaxFailureRate: 'the share of them that may fail, from 0 to 1; 0 when left out',
  stopAtFailureRate:
    'with "engine": "worker", a number above 0 and up to 1: it stops once such a share of those done has failed, of 10 at least',
};

/** Valid UTF-8; only Temporal can check that it is a query. */
const isText = (query: string) => query.trim() !== '' && query.isWellFormed() && !query.includes('\0');

const seconds = (text: string, least: number) =>
  z.number(text).check(z.gte(least, text), z.lte(MAX_FOLLOW_SECONDS, text));
const rate = (text: string) => z.number(text).check(z.gte(0, text), z.lte(1, text));

const canary = z.strictObject(
  {
    count: z.int(allowed.canaryCount).check(z.gte(1, allowed.canaryCount), z.lte(MAX_CANARY, allowed.canaryCount)),
    waitSeconds: seconds(allowed.canaryWaitSeconds, 0),
    maxFailureRate: z._default(rate(allowed.canaryMaxFailureRate), 0),
  },
  allowed.canary,
);

const expectMatched = z.optional(
  z.int(allowed.expectMatched).check(z.gte(0, allowed.expectMatched), z.lte(MAX_WORKFLOWS, allowed.expectMatched)),
);

/** How a batch operation protects itself, and what it does after its resets. */
const course = {
  expectMatched,
  followSeconds: z.optional(seconds(allowed.followSeconds, 1)),
  canary: z.optional(canary),
  stopAtFailureRate: z.optional(
    z.number(allowed.stopAtFailureRate).check(z.gt(0, allowed.stopAtFailureRate), z.lte(1, allowed.stopAtFailureRate)),
  ),
};

/** Fields that only some actions take. */
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

/** Fields that an action needs. */
const required: Partial<Record<BatchAction, ActionField>> = { reset: 'target', updateOptions: 'versioningOverride' };

const takes = (action: BatchAction, field: ActionField) =>
  (actionsWith[field] as readonly BatchAction[]).includes(action);
const exceptWith = (field: ActionField) =>
  `left out, except with ${actionsWith[field].map((action) => `"${action}"`).join(' or ')}`;

export const startFields = {
  action: z.enum(batchActions, allowed.action),
  engine: z._default(z.enum(batchEngines, allowed.engine), 'worker'),
  query: z.optional(
    z.string(allowed.query).check(z.refine(isText, allowed.query), z.meta({ pattern: '^[^\\0]*\\S[^\\0]*$' })),
  ),
  workflows: z.optional(
    z
      .array(workflowId, allowed.workflows)
      .check(z.minLength(1, allowed.workflows), z.maxLength(MAX_LISTED, allowed.workflows)),
  ),
  exclude: z.optional(
    z
      .array(workflowId, allowed.exclude)
      .check(z.minLength(1, allowed.exclude), z.maxLength(MAX_EXCLUDED, allowed.exclude)),
  ),
  reason,
  target: z.optional(target),
  ...resetOptions,
  versioningOverride: z.optional(resetOverrideIn(['autoUpgrade', 'none'], allowed.versioningOverride)),
  until,
  ...course,
  ratePerSecond: z._default(
    z
      .number(allowed.ratePerSecond)
      .check(z.gte(MIN_RATE, allowed.ratePerSecond), z.lte(MAX_RATE, allowed.ratePerSecond)),
    DEFAULT_RATE,
  ),
  maxWorkflows: z._default(
    z.int(allowed.maxWorkflows).check(z.gte(1, allowed.maxWorkflows), z.lte(MAX_WORKFLOWS, allowed.maxWorkflows)),
    DEFAULT_MAX_WORKFLOWS,
  ),
  dryRun: z.optional(z.boolean(allowed.dryRun)),
};

export const startBatchRequest = z.strictObject(startFields).check(
  z.refine(({ query, workflows }) => (query === undefined) !== (workflows === undefined), {
    path: ['query'],
    error: allowed.query,
  }),
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
  z.meta({ oneOf: [{ required: ['query'] }, { required: ['workflows'] }], ...documentedByAction() }),
);

/** Whether an action that takes an override takes this one. */
function isOverrideOf(action: BatchAction, override: unknown): boolean {
  if (action === 'reset') return override !== 'none';
  if (action !== 'updateOptions') return true;
  return override !== undefined && !(typeof override === 'object' && override !== null && 'oneTime' in override);
}

/** The same as JSON Schema: a condition for each action, the next one in its `else`. */
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

/** What is to be done to many workflows. Recorded requests may lack an engine: then it is `worker`. */
export type BatchRequest = Omit<z.output<typeof startBatchRequest>, 'engine'> & {
  engine?: BatchEngineName;
  /** In place of `workflows`, where the list is stored apart from the request. */
  workflowCount?: number;
  /** In place of `query` and `workflows`: the batch operation some of whose workflows these are. */
  retryOf?: string;
  /** Of a rollback: its query is made from this. */
  rollback?: RollbackPlan;
  /** With `retryOf`: which of its workflows; those that failed when absent. */
  retryOutcome?: RetryOutcome;
};

/** Of what changes a batch operation, which the path names. */
const changeBatchRequest = z.strictObject({ reason });

/** Which workflows of a batch operation are repeated. */
const retryOutcomes = ['failed', 'failedAgain', 'stuck', 'notBegun'] as const;
export type RetryOutcome = (typeof retryOutcomes)[number];

const retryAllowed = {
  outcome: `one of ${retryOutcomes.map((outcome) => `"${outcome}"`).join(', ')}; "failed" when left out`,
  target: 'another place to reset to, or left out for that of the batch operation',
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
  outcome: z.optional(z.enum(itemOutcomes, `one of ${itemOutcomes.join(', ')}, or left out for all`)),
  pageSize,
  pageToken,
});

export const batchPreview = named('BatchPreview', () =>
  z.object({
    outcome: z.literal('preview'),
    engine: batchEngine(),
    namespace: z.string(),
    matched: count(),
    tooMany: described(z.boolean(), 'Whether it would be refused for matching more than `maxWorkflows`.'),
    sample: described(
      z.array(
        z.object({
          workflowId: z.string(),
          runId: z.optional(z.string()),
          reset: z.optional(resetPreview()),
          refused: z.optional(z.string()),
        }),
      ),
      'Some of what matched, with what a reset would do to each.',
    ),
    reexecutedActivities: z.optional(
      described(
        z.record(z.string(), count()),
        'Of a reset: what the new runs of the sample execute again, by activity type, as far as each preview lists it.',
      ),
    ),
    limitations: limitations(),
  }),
);
export type BatchPreview = Output<typeof batchPreview>;

export const batchItems = named('BatchItems', () =>
  z.object({
    operationId: operationId(),
    items: described(z.array(operation()), 'Each workflow’s operation, newest first.'),
    notBegun: z.optional(
      described(
        z.array(z.object({ workflowId: z.string(), runId: z.optional(z.string()) })),
        'In place of `items` with `outcome=notBegun`: what has no operation yet, in the order of the listing.',
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
  workflowId: `rewind-batch-${batchOperationId}`,
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
  description: `Either all that a visibility query matches, or those named. ${ONCE}`,
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
    'pause all of a type until then': {
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
      description: 'With `dryRun`: what it would do. Nothing was changed.',
      schema: batchPreview,
      examples: { preview: previewExample },
    }),
    202: response({
      description: 'It was started; `Location` shows its progress.',
      schema: batchStarted,
      examples: { started: startedExample },
      location: (result) => `batch-operations/${result.operationId}`,
    }),
  },
  failures: ['too-many-matches', 'batch-workflow', 'conflict', 'pause-unsupported'],
  verb: 'batch',
  events: {},
});

/** What a preview reads of a request for a batch operation; the route says which action it is. */
const previewFields = {
  engine: startFields.engine,
  query: startFields.query,
  workflows: startFields.workflows,
  exclude: startFields.exclude,
  maxWorkflows: startFields.maxWorkflows,
};

const eitherQueryOrWorkflows = [
  z.refine<{ query?: string | undefined; workflows?: string[] | undefined }>(
    ({ query, workflows }) => (query === undefined) !== (workflows === undefined),
    { path: ['query'], error: allowed.query },
  ),
  z.meta({ oneOf: [{ required: ['query'] }, { required: ['workflows'] }] }),
];

const batchPreviewRequest = z.strictObject(previewFields).check(...eitherQueryOrWorkflows);
const batchResetPreviewRequest = z
  .strictObject({ ...previewFields, target, ...resetOptions })
  .check(...eitherQueryOrWorkflows);

const previewOf = {
  function: 'preview-batch-operation',
  tag: 'batch operations',
  description: 'Nothing is changed. It takes the role of the action, not that of a batch operation.',
  responses: {
    200: response({
      description: 'How many match, and some of them, with what a reset would do to each.',
      schema: batchPreview,
      examples: { preview: previewExample },
    }),
  },
  failures: [],
  reads: ['temporal'],
} as const;

const someOrders = { 'all orders of a customer': { query: "CustomerId = '7'" } };

export const previewBatchCancellation = previewRoute({
  ...previewOf,
  path: 'batch-previews/cancel',
  access: 'canceller',
  summary: 'Preview the cancellation of many workflows',
  request: batchPreviewRequest,
  requests: someOrders,
});

export const previewBatchTermination = previewRoute({
  ...previewOf,
  path: 'batch-previews/terminate',
  access: 'terminator',
  summary: 'Preview the termination of many workflows',
  request: batchPreviewRequest,
  requests: someOrders,
});

export const previewBatchReset = previewRoute({
  ...previewOf,
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

export const previewBatchPause = previewRoute({
  ...previewOf,
  path: 'batch-previews/pause',
  access: 'pauser',
  summary: 'Preview the pause of many workflows',
  request: batchPreviewRequest,
  requests: someOrders,
  failures: ['pause-unsupported'],
});

export const previewBatchUnpause = previewRoute({
  ...previewOf,
  path: 'batch-previews/unpause',
  access: 'pauser',
  summary: 'Preview the unpausing of many workflows',
  request: batchPreviewRequest,
  requests: someOrders,
  failures: ['pause-unsupported'],
});

export const previewBatchUpdateOptions = previewRoute({
  ...previewOf,
  path: 'batch-previews/update-options',
  access: 'resetter',
  summary: 'Preview the move of many workflows to another worker version',
  request: batchPreviewRequest,
  requests: someOrders,
});

const stateAllowed = `one of ${batchStates.join(', ')}, or left out for all`;

export const listBatchOperations = readRoute({
  path: 'batch-operations',
  function: 'list-batch-operations',
  access: 'reader',
  tag: 'batch operations',
  summary: 'List batch operations',
  request: z.strictObject({ state: z.optional(z.enum(batchStates, stateAllowed)), pageSize, pageToken }),
  requests: { 'those that run': { state: 'running' } },
  responses: {
    200: response({
      description: 'By the ledger, newest first. The progress is what was recorded last, at most a minute ago.',
      schema: batchOperationsPage,
      examples: { 'one that runs': { namespace, batchOperations: [running] } },
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
      description: 'Its state, what was done by outcome, what failed by kind, and the time left.',
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
  summary: 'List the operation of a batch on each workflow',
  request: listBatchItemsRequest,
  requests: { 'those that failed': { outcome: 'failed', pageSize: 100 } },
  responses: {
    200: response({
      description: 'The operation on each workflow, with its result or its failure.',
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
  summary: 'Stop a batch operation after what is in flight',
  description: ONCE,
  request: changeBatchRequest,
  requests: { stop: { reason: 'enough' } },
  responses: {
    202: response({
      description: 'The stop was requested now or before, or it had ended.',
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
  summary: 'Suspend a batch operation after what is in flight',
  description: `It begins no workflow until it is resumed. ${ONCE}`,
  request: changeBatchRequest,
  requests: { suspend: { reason: 'the card service is slow' } },
  responses: {
    200: response({
      description: 'It is suspended now or was before, or it had ended.',
      schema: batchSuspension,
      examples: { suspended },
    }),
  },
  failures: ['operation-not-found', 'unsupported-by-engine'],
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
      description: 'It continues, or was not suspended, or it had ended.',
      schema: batchSuspension,
      examples: { resumed: { ...suspended, outcome: 'resumed', state: 'running' } },
    }),
  },
  failures: ['operation-not-found', 'unsupported-by-engine'],
  reads: ['temporal', 'ledger'],
  verb: 'resume',
  events: {},
});

export const retryBatchOperation = changeRoute({
  path: 'batch-operations/{operationId}/retry',
  function: 'retry-batch-operation',
  access: 'batchOperator',
  tag: 'batch operations',
  summary: 'Repeat what failed in a batch operation',
  description: `Or what it left undone. It is a batch operation of its own. ${ONCE}`,
  request: retryBatchRequest,
  requests: {
    'try again': { reason: 'the card service is back' },
    'reset elsewhere what failed again': {
      reason: 'the second repair',
      outcome: 'failedAgain',
      target: { beforeActivity: { type: 'chargeCard' } },
    },
  },
  responses: {
    202: response({
      description: 'It was started; `Location` shows its progress.',
      schema: batchStarted,
      examples: { started: startedExample },
      location: (result) => `../${result.operationId}`,
    }),
  },
  failures: ['operation-not-found', 'conflict', 'unsupported-by-engine', 'pause-unsupported'],
  reads: ['temporal', 'ledger'],
});
