import type { OperationContext } from '../ledger/attribution';
import { cancelWorkflow } from '../cancel';
import { OperationFailure } from '../../api/failures';
import { isOpen } from '../temporal/enums';
import { describeExecution } from '../temporal/executions';
import type { DescribedExecution } from '../temporal/executions';
import type { NamespaceClient } from '../temporal/namespace-client';
import { epochMilliseconds } from '../temporal/time';
import { webUiLink } from '../web-ui';
import { BATCH_WORKFLOW_TYPE, noProgress } from './batch';
import type { BatchInput, BatchState } from './batch';
import type { BatchEngine, StartedBatch } from './engine';

/** A worker that has not polled for longer than this is taken to be gone, in milliseconds: a long poll lasts a minute. */
const POLL_AGE_MS = 70_000;

/** Rewind's worker: a workflow that deals with each of the workflows, and writes each down. It tells the ledger how far it is. */
export function workerEngine(client: NamespaceClient, taskQueue = ''): BatchEngine {
  const workflowId = (operationId: string) => `rewind-batch-${operationId}`;

  async function started(
    { operationId, webUiUrl }: OperationContext,
    runId: string,
    queue: string,
  ): Promise<StartedBatch> {
    const workerPolling = await isPolled(client, queue);
    return {
      workerPolling,
      ...(!workerPolling && {
        explanation: `No worker polls task queue "${queue}": the batch operation begins once one does. Where none is deployed, "engine": "server" has Temporal's own batch engine do it, and says what is limitations.`,
      }),
      links: webUiLink(webUiUrl, client.namespace, workflowId(operationId), runId),
    };
  }

  async function findWorkflow(operationId: string): Promise<DescribedExecution | undefined> {
    try {
      return await describeExecution(client, { workflowId: workflowId(operationId) });
    } catch (error) {
      if (error instanceof OperationFailure && error.kind === 'workflow-not-found') return undefined;
      throw error;
    }
  }

  return {
    workflowId,

    limitations: () => undefined,

    async start(context, request, matched) {
      const { operationId, actor, requestId } = context;
      const input: BatchInput = { operationId, actor, requestId, request, matched, progress: noProgress };
      const runId = await client.startWorkflow({
        workflowId: workflowId(operationId),
        type: BATCH_WORKFLOW_TYPE,
        taskQueue,
        input,
        identity: actor.id,
      });
      return started(context, runId, taskQueue);
    },

    async find(context) {
      const found = await findWorkflow(context.operationId);
      if (!found) return undefined;
      const queue = found.description.executionConfig?.taskQueue?.name ?? taskQueue;
      return started(context, found.runId, queue);
    },

    /** A worker tells when it has ended; a batch workflow that was terminated from outside tells nothing. */
    async progress({ operationId }, known) {
      if (known.state !== 'running') return known;
      const status = (await findWorkflow(operationId))?.status;
      const running = status === undefined || isOpen(status) || status === 'ContinuedAsNew';
      return { ...known, state: running ? 'running' : ('failed' satisfies BatchState) };
    },

    stop(dependencies, { operationId }, _known, asked) {
      const request = { workflowId: workflowId(operationId), reason: asked.reason };
      const { workflowId: of } = request;
      return cancelWorkflow(dependencies, client, { ...asked, workflowId: of, verb: 'cancel', request });
    },
  };
}

async function isPolled(client: NamespaceClient, taskQueue: string): Promise<boolean> {
  const lastPoll = epochMilliseconds(await client.lastWorkflowPoll(taskQueue));
  return lastPoll !== undefined && Date.now() - lastPoll < POLL_AGE_MS;
}
