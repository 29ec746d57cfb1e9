import { markedReason } from './attribution';
import type { OperationContext } from './attribution';
import { isOpen } from './temporal/enums';
import type { WorkflowStatus } from './temporal/enums';
import { TemporalRejection } from './temporal/errors';
import { describeExecution } from './temporal/executions';
import type { NamespaceClient, WorkflowExecution } from './temporal/namespace-client';
import { webUiLink } from './web-ui';

export interface TerminateRequest extends WorkflowExecution {
  reason: string;
}

export interface TerminateAnswer {
  operationId: string;
  /** `alreadyClosed`: the workflow had ended, in `status`, before this request could end it. */
  outcome: 'terminated' | 'alreadyClosed';
  namespace: string;
  workflowId: string;
  runId: string;
  status: WorkflowStatus;
  links: { webUi?: string };
}

/** Ends a workflow at once, without telling its code. */
export async function terminateWorkflow(
  client: NamespaceClient,
  request: TerminateRequest,
  { operationId, actor, webUiUrl }: OperationContext,
): Promise<TerminateAnswer> {
  const { workflowId, runId, status } = await describeExecution(client, request);
  const answer = (outcome: TerminateAnswer['outcome'], now: WorkflowStatus): TerminateAnswer => ({
    operationId,
    outcome,
    namespace: client.namespace,
    workflowId,
    runId,
    status: now,
    links: webUiLink(webUiUrl, client.namespace, workflowId, runId),
  });

  if (!isOpen(status)) return answer('alreadyClosed', status);
  try {
    await client.terminate(
      { workflowId, runId },
      { reason: markedReason(request.reason, operationId, actor), identity: actor.id, requestId: operationId },
    );
  } catch (error) {
    // It closed between the description and the call: the server says NotFound "already completed".
    if (!(error instanceof TemporalRejection && error.notFound)) throw error;
    const closed = await describeExecution(client, { workflowId, runId });
    if (isOpen(closed.status)) throw error;
    return answer('alreadyClosed', closed.status);
  }
  return answer('terminated', 'Terminated');
}
