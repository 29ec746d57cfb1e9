import type { OperationContext } from '../attribution';
import { OperationFailure } from '../failures';
import { performOnce } from '../once';
import type { Deed, Done, OnceDependencies, Performed, RequestedOperation } from '../once';
import { previewReset } from '../reset';
import type { ResetPreview } from '../reset';
import { TemporalRejection } from '../temporal/errors';
import { describeExecution } from '../temporal/executions';
import type { NamespaceClient } from '../temporal/namespace-client';
import { epochMilliseconds } from '../temporal/time';
import { webUiLink } from '../web-ui';
import { BATCH_WORKFLOW_TYPE, batchWorkflowId, effectiveQuery, noProgress } from './batch';
import type { BatchInput, BatchItem, BatchRequest } from './batch';

export interface BatchStarted {
  operationId: string;
  outcome: 'started' | 'nothingMatched';
  state: 'running' | 'completed';
  namespace: string;
  /** Runs that matched; of each workflow the latest one is dealt with. */
  matched: number;
  /** False when no worker polls: the batch operation waits for one. */
  workerPolling?: boolean;
  explanation?: string;
  links: { webUi?: string };
}

/** What a batch operation would do. Nothing is changed, and nothing recorded. */
export interface BatchPreview {
  outcome: 'preview';
  namespace: string;
  matched: number;
  /** Whether it would be refused for matching more than `maxWorkflows`. */
  tooMany: boolean;
  /** Some of what matched, with what a reset would do to each. */
  sample: { workflowId: string; runId?: string; reset?: ResetPreview; refused?: string }[];
}

/** How many of the matches a preview looks at: a reset's preview reads each one's history. */
const SAMPLE_SIZE = 5;

/** A worker that has not polled for longer than this is taken to be gone, in milliseconds: a long poll lasts a minute. */
const POLL_AGE_MS = 70_000;

/**
 * Begins a batch operation: a workflow on the worker that deals with each of the workflows.
 *
 * @param taskQueue what the worker polls
 * @throws {OperationFailure} `invalid-request` for a query that Temporal does not understand, `too-many-matches`, or as
 *   `performOnce`
 */
export async function startBatch(
  dependencies: OnceDependencies,
  client: NamespaceClient,
  operation: RequestedOperation<BatchRequest>,
  taskQueue: string,
): Promise<Performed<BatchStarted>> {
  return performOnce(dependencies, operation, batchDeed(client, operation.request, taskQueue));
}

export function batchDeed(client: NamespaceClient, request: BatchRequest, taskQueue: string): Deed<BatchStarted> {
  function done(
    { operationId, webUiUrl }: OperationContext,
    matched: number,
    started?: { runId: string; workerPolling: boolean },
  ): Done<BatchStarted> {
    const { namespace } = client;
    const outcome = started ? 'started' : 'nothingMatched';
    const state = started ? 'running' : 'completed';
    const links = started ? webUiLink(webUiUrl, namespace, batchWorkflowId(operationId), started.runId) : {};
    const answer: BatchStarted = { operationId, outcome, state, namespace, matched, links };
    if (started) answer.workerPolling = started.workerPolling;
    if (started && !started.workerPolling) {
      answer.explanation = `No worker polls task queue "${taskQueue}": the batch operation begins once one does.`;
    }
    return { outcome, answer };
  }

  return {
    async plan(context) {
      const matched = await countMatches(client, request);
      if (matched > request.maxWorkflows) throw tooMany(matched, request.maxWorkflows);
      if (matched === 0) return { nothingToDo: done(context, 0) };
      const { operationId, actor } = context;
      const input: BatchInput = { operationId, actor, request, matched, progress: noProgress };
      return {
        // The id that history will show: there is no run yet.
        runId: batchWorkflowId(operationId),
        async act() {
          const workflowId = batchWorkflowId(operationId);
          const [runId, workerPolling] = await Promise.all([
            client.startWorkflow({ workflowId, type: BATCH_WORKFLOW_TYPE, taskQueue, input, identity: actor.id }),
            isPolled(client, taskQueue),
          ]);
          return done(context, matched, { runId, workerPolling });
        },
      };
    },

    async findOut(context) {
      const workflowId = batchWorkflowId(context.operationId);
      try {
        const { runId } = await describeExecution(client, { workflowId });
        const matched = await countMatches(client, request);
        return done(context, matched, { runId, workerPolling: await isPolled(client, taskQueue) });
      } catch (error) {
        if (error instanceof OperationFailure && error.kind === 'workflow-not-found') return undefined;
        throw error;
      }
    },
  };
}

/** @throws {OperationFailure} `invalid-request` for a query that Temporal does not understand */
export async function previewBatch(client: NamespaceClient, request: BatchRequest): Promise<BatchPreview> {
  const matched = await countMatches(client, request);
  const items = await firstMatches(client, request);
  const sample = await Promise.all(items.map((item) => previewItem(client, request, item)));
  return { outcome: 'preview', namespace: client.namespace, matched, tooMany: matched > request.maxWorkflows, sample };
}

async function previewItem(client: NamespaceClient, { action, reason, target }: BatchRequest, item: BatchItem) {
  if (action !== 'reset' || !target) return item;
  try {
    return { ...item, reset: await previewReset(client, { ...item, reason, target }) };
  } catch (error) {
    if (error instanceof OperationFailure) return { ...item, refused: error.message };
    throw error;
  }
}

async function firstMatches(client: NamespaceClient, request: BatchRequest): Promise<BatchItem[]> {
  const { workflows } = request;
  if (workflows) return workflows.slice(0, SAMPLE_SIZE).map((workflowId) => ({ workflowId }));
  return (await client.listWorkflows(effectiveQuery(request), SAMPLE_SIZE)).executions;
}

/**
 * Temporal's batch engine takes a query with a misspelt attribute and matches nothing; counting first refuses it.
 */
async function countMatches(client: NamespaceClient, request: BatchRequest): Promise<number> {
  if (request.workflows) return new Set(request.workflows).size;
  try {
    return await client.countWorkflows(effectiveQuery(request));
  } catch (error) {
    if (!(error instanceof TemporalRejection && error.invalid)) throw error;
    throw new OperationFailure(
      'invalid-request',
      `Temporal does not understand the query: ${error.details}`,
      {
        field: 'query',
        value: request.query,
        allowed: "a visibility query such as: WorkflowType = 'order' AND BuildIds = 'bad'",
      },
      { cause: error },
    );
  }
}

async function isPolled(client: NamespaceClient, taskQueue: string): Promise<boolean> {
  const lastPoll = epochMilliseconds(await client.lastWorkflowPoll(taskQueue));
  return lastPoll !== undefined && Date.now() - lastPoll < POLL_AGE_MS;
}

function tooMany(matched: number, maxWorkflows: number): OperationFailure {
  return new OperationFailure(
    'too-many-matches',
    `${matched} workflows match, more than maxWorkflows allows. Nothing was done.`,
    { field: 'maxWorkflows', value: maxWorkflows, allowed: `at least ${matched}, or a narrower query` },
  );
}
