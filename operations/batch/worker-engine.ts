import type { BatchRequest } from '../../api/batch-operations';
import { batchWorkflowId } from '../../api/batch-workflow-id';
import { executeOperation } from '../execute-operation';
import { isFailure } from '../../api/failures';
import { pendingActivities } from '../pending-activities';
import { isOpen } from '../temporal/enums';
import { ignoreFailure } from '../temporal/errors';
import { describeExecution } from '../temporal/executions';
import type { DescribedExecution } from '../temporal/executions';
import type { NamespaceClient } from '../temporal/namespace-client';
import { explainStuck } from '../stuck';
import { latestPoll } from '../stuck/pollers';
import { epochMilliseconds } from '../temporal/time';
import type { Call } from '../verb';
import { webUiLink } from '../web-ui';
import { BATCH_WORKFLOW_TYPE, noProgress } from './batch';
import type { BatchInput } from './batch';
import type { BatchEngine, StartedBatch } from './engine';
import { WORKFLOW_GONE, whyClosed } from './closed';
import { listedIds, withoutList } from './selection';
import { stopBatchWorkflow } from './stop';

/** Maximum age of the last poll, in milliseconds. A long poll lasts a minute. */
const POLL_AGE_MS = 70_000;

/** Returns the engine on Rewind's worker: a workflow that executes an operation for each item and records its progress. */
export function workerEngine(client: NamespaceClient): BatchEngine {
  async function started(
    { operationId, webUiUrl, request }: Call<BatchRequest>,
    runId: string,
    queue: string,
  ): Promise<StartedBatch> {
    // The batch operation is started, so a failure to read the pollers is ignored.
    const workerPolling = await isPolled(client, queue).catch(ignoreFailure);
    return {
      workerPolling,
      limitations: limitationsOf(request),
      ...(workerPolling === false && {
        explanation: `No worker polls task queue "${queue}": the batch operation starts once one does. Without a deployed worker, use "engine": "server", Temporal's own batch engine. Its answer lists its limitations.`,
      }),
      links: webUiLink(webUiUrl, client.namespace, batchWorkflowId(operationId), runId),
      unsettled: true,
    };
  }

  async function findWorkflow(operationId: string): Promise<DescribedExecution | undefined> {
    try {
      return await describeExecution(client, { workflowId: batchWorkflowId(operationId) });
    } catch (error) {
      if (isFailure(error, 'workflow-not-found')) return undefined;
      throw error;
    }
  }

  return {
    workflowId: batchWorkflowId,

    limitations: limitationsOf,

    async start(call, matched) {
      const { operationId, actor, requestId, request, askedAt, taskQueue = '' } = call;
      const input: BatchInput = {
        operationId,
        actor,
        requestId,
        request: withoutList(request),
        askedAt,
        listedAt: listedIds(request) ? new Date().toISOString() : undefined,
        matched,
        progress: noProgress,
      };
      const start = { type: BATCH_WORKFLOW_TYPE, taskQueue, input, identity: actor.id };
      const runId = await client.startWorkflow(batchWorkflowId(operationId), start);
      return started(call, runId, taskQueue);
    },

    async find(call) {
      const found = await findWorkflow(call.operationId);
      if (!found) return undefined;
      const queue = found.description.executionConfig?.taskQueue?.name ?? '';
      return started(call, found.runId, queue);
    },

    /** Checks the batch workflow, which records its own end, but not if it was terminated or deleted. */
    async progress({ operationId, state }, known) {
      const workflow = await findWorkflow(operationId);
      if (!workflow) return state === 'completed' ? { ...known, state: 'failed', failure: WORKFLOW_GONE } : known;
      if (workflow.status === 'ContinuedAsNew') return known;
      if (isOpen(workflow.status)) {
        // The progress is returned even if the causes cannot be read.
        const stuck = (await explainStuck(client, workflow, 'none').catch(ignoreFailure))?.map(({ kind }) => kind);
        const lastFailure = lastFailureOf(workflow);
        if (lastFailure === undefined) return stuck === undefined ? known : { ...known, stuck };
        return { ...known, stuck: [...(stuck ?? []), 'activityFailing'], lastFailure };
      }
      return { ...known, state: 'failed', failure: await whyClosed(client, workflow) };
    },

    stop(dependencies, { operationId }, _known, operation) {
      const request = { workflowId: batchWorkflowId(operationId), reason: operation.request.reason };
      return executeOperation(dependencies, client, stopBatchWorkflow, { ...operation, request });
    },
  };
}

function limitationsOf({ action }: BatchRequest): string[] | undefined {
  if (action !== 'pause') return undefined;
  return ['A pause stops neither running activities and their retries, nor timers, nor timeouts.'];
}

/** Attempts after which an activity counts as failing. Most temporary failures end before that. */
const FAILING_ATTEMPTS = 3;

/** Returns the last failure of the batch workflow's activity, if its attempts keep failing. */
function lastFailureOf(workflow: DescribedExecution): string | undefined {
  return pendingActivities(workflow).find(({ attempt, state }) => attempt >= FAILING_ATTEMPTS && state !== 'Started')
    ?.lastFailure;
}

async function isPolled(client: NamespaceClient, taskQueue: string): Promise<boolean> {
  const { pollers } = await client.describeTaskQueue(taskQueue, 'workflow');
  const lastPoll = epochMilliseconds(latestPoll(pollers));
  return lastPoll !== undefined && Date.now() - lastPoll < POLL_AGE_MS;
}
