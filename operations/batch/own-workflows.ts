import { OperationFailure } from '../../api/failures';
import { describeExecution, isNotFound } from '../temporal/executions';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { ChangeRequest, Plan, Verb } from '../verb';
import { BATCH_WORKFLOW_ID_PREFIX, BATCH_WORKFLOW_TYPE } from './batch';

/*
 * Recognizes the workflows that execute batch operations, on Rewind's worker and on Temporal's own batch engine. A job of the
 * latter has the operation ID as its workflow ID, and the type `temporal-sys-batch-workflow-protobuf` (1.29.1 and 1.31.2).
 * Both ID and type have to match, because a user's workflow may have one of them.
 */
const JOB_ID_PREFIX = 'op-';
const JOB_TYPE_PREFIX = 'temporal-sys-batch-workflow';

/** Visibility condition that excludes workflows that execute batch operations. */
export const EXCEPT_OWN_WORKFLOWS =
  `(WorkflowType != '${BATCH_WORKFLOW_TYPE}' OR WorkflowId NOT STARTS_WITH '${BATCH_WORKFLOW_ID_PREFIX}${JOB_ID_PREFIX}') AND ` +
  `(WorkflowType NOT STARTS_WITH '${JOB_TYPE_PREFIX}' OR WorkflowId NOT STARTS_WITH '${JOB_ID_PREFIX}')`;

/**
 * Wraps a verb so that it refuses workflows that execute batch operations. Permission to cancel or reset a workflow does not
 * include permission to stop, resume or repeat a batch operation.
 */
export function exceptOwnWorkflows<Request extends ChangeRequest, Answer extends object, P extends Plan>(
  verb: Verb<Request, Answer, P>,
): Verb<Request, Answer, P> {
  return {
    ...verb,
    async plan(call, targetRunId) {
      await refuseOwnWorkflow(call.client, call.request);
      return verb.plan(call, targetRunId);
    },
  };
}

/** @throws {OperationFailure} `batch-workflow` */
export async function refuseOwnWorkflow(
  client: NamespaceClient,
  { workflowId = '', runId }: { workflowId?: string; runId?: string },
): Promise<void> {
  const operationId = operationOf(workflowId);
  if (operationId === undefined) return;
  const type = await typeOfWorkflow(client, { workflowId, runId });
  if (!isOwnWorkflow(workflowId, type)) return;
  throw new OperationFailure(
    'batch-workflow',
    `Workflow ${JSON.stringify(workflowId)} executes batch operation ${operationId}. Nothing was done.`,
    {
      field: 'workflowId',
      value: workflowId,
      allowed: `a workflow of your own. To stop the batch operation: POST batch-operations/${operationId}/cancel; to repeat what failed in it: POST batch-operations/${operationId}/retry`,
    },
  );
}

/** Whether a workflow with this ID and type executes a batch operation. */
export function isOwnWorkflow(workflowId: string, type: string): boolean {
  const operationId = operationOf(workflowId);
  if (operationId === undefined) return false;
  return workflowId === operationId ? type.startsWith(JOB_TYPE_PREFIX) : type === BATCH_WORKFLOW_TYPE;
}

/** Returns the ID of the batch operation that a workflow with this ID may execute. */
function operationOf(workflowId: string): string | undefined {
  const id = workflowId.startsWith(BATCH_WORKFLOW_ID_PREFIX)
    ? workflowId.slice(BATCH_WORKFLOW_ID_PREFIX.length)
    : workflowId;
  return id.startsWith(JOB_ID_PREFIX) ? id : undefined;
}

/** @returns an empty string for a workflow that does not exist, which the verb reports */
async function typeOfWorkflow(
  client: NamespaceClient,
  execution: { workflowId: string; runId?: string },
): Promise<string> {
  try {
    const { description } = await describeExecution(client, execution);
    return description.workflowExecutionInfo?.type?.name ?? '';
  } catch (error) {
    if (isNotFound(error)) return '';
    throw error;
  }
}
