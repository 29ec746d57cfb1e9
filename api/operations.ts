import type * as z from 'zod/mini';
import { cancelRequest } from '../functions/cancel/request';
import { changeBatchRequest } from '../functions/cancel-batch-operation/request';
import { describeRequest } from '../functions/describe/request';
import { getOperationRequest } from '../functions/get-operation/request';
import type { FailureKind } from './failures';
import { listBatchItemsRequest } from '../functions/list-batch-items/request';
import { listOperationsRequest } from '../functions/list-operations/request';
import { resetRequest } from '../functions/reset/request';
import { resetPointsRequest } from '../functions/reset-points/request';
import { startBatchRequest } from '../functions/start-batch-operation/request';
import { terminateRequest } from '../functions/terminate/request';
import * as answers from './answers';
import * as example from './examples';
import type { routes } from './routes';

export interface DocumentedAnswer {
  description: string;
  schema: z.core.$ZodType;
  examples: Record<string, object>;
  /** Whether it has a `Location` header. */
  location?: boolean;
}

export interface DocumentedOperation {
  tag: 'workflows' | 'operations' | 'batch operations';
  summary: string;
  description?: string;
  /** Of the query string of a GET, of the body of a POST. */
  request: z.ZodMiniType;
  /** By a name that says what each is for. Bodies of a POST, query strings of a GET. */
  requests: Record<string, object>;
  /** By status. */
  answers: Record<number, DocumentedAnswer>;
  /** What the function can answer beside, other than what every function can ({@link always}). */
  problems: readonly FailureKind[];
}

/** Of every operation: `temporal-timeout` also when it is the ledger that does not answer in time. */
const always = ['invalid-request', 'namespace-not-configured', 'internal', 'temporal-timeout'] as const;
const ofTemporal = ['throttled', 'temporal-unavailable', 'configuration'] as const;
const ofLedger = ['ledger-unavailable'] as const;
const ofWorkflow = ['workflow-not-found', 'run-not-found'] as const;
const ofOperation = ['operation-not-found'] as const;
/** Of what is done once under a key, with the reason in a body. */
const ofChange = [
  ...always,
  'payload-too-large',
  ...ofLedger,
  ...ofTemporal,
  'idempotency-key-reused',
  'operation-in-progress',
] as const;

const once = 'Done once under an `Idempotency-Key`; the same request under the same key gets the first answer again.';

/** What docs/openapi.json says of each route, beside the route itself (routes.ts). */
export const operations: Record<keyof typeof routes, DocumentedOperation> = {
  describeWorkflow: {
    tag: 'workflows',
    summary: 'Describe a workflow',
    request: describeRequest,
    requests: { 'the latest run': { workflowId: 'order-1234' } },
    answers: {
      200: {
        description: 'Status, whether a cancellation was asked for, and pending work.',
        schema: answers.workflowAnswer,
        examples: { 'a workflow at work': example.workflow },
      },
    },
    problems: [...always, ...ofTemporal, ...ofWorkflow],
  },
  listResetPoints: {
    tag: 'workflows',
    summary: 'List where a run can be reset to',
    request: resetPointsRequest,
    requests: { 'the first page': { workflowId: 'order-1234', pageSize: 20 } },
    answers: {
      200: {
        description: 'The reset points, newest first. The server accepts every one of them.',
        schema: answers.resetPointsAnswer,
        examples: { 'two points': example.resetPoints },
      },
    },
    problems: [...always, ...ofTemporal, ...ofWorkflow],
  },
  cancelWorkflow: {
    tag: 'workflows',
    summary: 'Ask a workflow to cancel',
    description: `Asking is not ending: the workflow’s code decides how it takes a cancellation. ${once}`,
    request: cancelRequest,
    requests: {
      'ask, and wait for it to end': { workflowId: 'order-1234', reason: 'withdrawn', waitSeconds: 10 },
      'this chain of runs only': {
        workflowId: 'order-1234',
        firstExecutionRunId: example.runId,
        reason: 'withdrawn',
      },
    },
    answers: {
      200: {
        description: 'What was done: it was asked, had been asked before, or had ended.',
        schema: answers.cancelAnswer,
        examples: {
          'asked, and ended': example.cancelled,
          'asked, and cannot hear': example.cancelledButStuck,
        },
      },
    },
    problems: [...ofChange, ...ofWorkflow, 'conflict'],
  },
  terminateWorkflow: {
    tag: 'workflows',
    summary: 'Terminate a workflow',
    description: `Ends it at once, without telling its code. ${once}`,
    request: terminateRequest,
    requests: { terminate: { workflowId: 'order-1234', reason: 'runs amok' } },
    answers: {
      200: {
        description: 'It was terminated, or had ended.',
        schema: answers.terminateAnswer,
        examples: { terminated: example.terminated },
      },
    },
    problems: [...ofChange, ...ofWorkflow, 'conflict'],
  },
  resetWorkflow: {
    tag: 'workflows',
    summary: 'Reset a workflow to a point in its history',
    description: `Starts a new run that goes on from there. ${once}`,
    request: resetRequest,
    requests: {
      'to before what failed, and follow the new run': {
        workflowId: 'order-1234',
        reason: 'bad deploy',
        target: { beforeFailure: 'last' },
        waitSeconds: 20,
      },
      'look what it would do': {
        workflowId: 'order-1234',
        reason: 'bad deploy',
        target: { beforeActivity: { type: 'chargeCard', occurrence: 'last' } },
        dryRun: true,
      },
    },
    answers: {
      200: {
        description: 'With `dryRun`: what the reset would do. Nothing was changed.',
        schema: answers.resetPreview,
        examples: { preview: example.resetPreview },
      },
      201: {
        description: 'The workflow was reset; `Location` describes the new run.',
        schema: answers.resetAnswer,
        examples: { 'reset, and completed': example.reset },
        location: true,
      },
    },
    problems: [...ofChange, ...ofWorkflow, 'conflict', 'not-a-reset-point'],
  },
  listOperations: {
    tag: 'operations',
    summary: 'List what Rewind did to a workflow',
    request: listOperationsRequest,
    requests: { 'the first page': { workflowId: 'order-1234', pageSize: 20 } },
    answers: {
      200: {
        description: 'The operations on the workflow, newest first.',
        schema: answers.operationsAnswer,
        examples: { 'a cancellation': example.operations },
      },
    },
    problems: [...always, ...ofLedger],
  },
  getOperation: {
    tag: 'operations',
    summary: 'Show an operation',
    request: getOperationRequest,
    requests: {},
    answers: {
      200: {
        description: 'Who did what, when and why, and what came of it.',
        schema: answers.operationAnswer,
        examples: { 'a cancellation': example.operation },
      },
    },
    problems: [...always, ...ofLedger, ...ofOperation],
  },
  startBatchOperation: {
    tag: 'batch operations',
    summary: 'Do the same to many workflows',
    description: `Either to all that a visibility query matches, or to those named. ${once}`,
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
    },
    answers: {
      200: {
        description: 'With `dryRun`: what it would do. Nothing was changed.',
        schema: answers.batchPreview,
        examples: { preview: example.batchPreview },
      },
      202: {
        description: 'It has begun; `Location` shows how far it is.',
        schema: answers.batchStarted,
        examples: { begun: example.batchStarted },
        location: true,
      },
    },
    problems: [...ofChange, 'too-many-matches'],
  },
  getBatchOperation: {
    tag: 'batch operations',
    summary: 'Show how far a batch operation is',
    request: getOperationRequest,
    requests: {},
    answers: {
      200: {
        description: 'Its state, what was done by outcome, what failed by kind, and the time left.',
        schema: answers.batchAnswer,
        examples: { running: example.batch },
      },
    },
    problems: [...always, ...ofTemporal, ...ofLedger, ...ofOperation],
  },
  listBatchItems: {
    tag: 'batch operations',
    summary: 'List what a batch operation did to each workflow',
    request: listBatchItemsRequest,
    requests: { 'those that failed': { outcome: 'failed', pageSize: 100 } },
    answers: {
      200: {
        description: 'The operation on each workflow, with its answer or its failure.',
        schema: answers.batchItemsAnswer,
        examples: { 'one that was reset': example.batchItems },
      },
    },
    problems: [...always, ...ofLedger, ...ofOperation, 'unsupported-by-engine'],
  },
  cancelBatchOperation: {
    tag: 'batch operations',
    summary: 'Stop a batch operation after what it has in hand',
    description: once,
    request: changeBatchRequest,
    requests: { stop: { reason: 'enough' } },
    answers: {
      202: {
        description: 'It was asked to stop, had been asked before, or had ended.',
        schema: answers.batchStopAnswer,
        examples: { 'asked to stop': example.batchCancelled },
      },
    },
    problems: [...ofChange, ...ofOperation, 'workflow-not-found'],
  },
  retryBatchOperation: {
    tag: 'batch operations',
    summary: 'Take what failed in a batch operation again',
    description: `It is a batch operation of its own. ${once}`,
    request: changeBatchRequest,
    requests: { 'try again': { reason: 'the card service is back' } },
    answers: {
      202: {
        description: 'It has begun; `Location` shows how far it is.',
        schema: answers.batchStarted,
        examples: { begun: example.batchStarted },
        location: true,
      },
    },
    problems: [...ofChange, ...ofOperation, 'conflict', 'unsupported-by-engine'],
  },
};
