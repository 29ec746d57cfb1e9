import { markedReason } from './attribution';
import type { OperationContext } from './attribution';
import { isOpen } from './temporal/enums';
import type { WorkflowStatus } from './temporal/enums';
import { describeExecution } from './temporal/executions';
import type { NamespaceClient, WorkflowExecution } from './temporal/namespace-client';
import { webUiLink } from './web-ui';

export interface CancelRequest extends WorkflowExecution {
  reason: string;
}

export interface CancelAnswer {
  operationId: string;
  /**
   * `requested`: the workflow has been asked, and decides for itself when and how it ends.
   * `alreadyRequested`: somebody had asked before; the server keeps the first request only, so this reason is not in
   * its history. `alreadyClosed`: there was nothing to cancel.
   */
  outcome: 'requested' | 'alreadyRequested' | 'alreadyClosed';
  namespace: string;
  workflowId: string;
  runId: string;
  /** As described just before the request. */
  status: WorkflowStatus;
  links: { webUi?: string };
}

/**
 * Asks a workflow to cancel.
 *
 * The server answers OK to a cancellation of a closed workflow and of one that was asked before (observed on 1.29.1
 * and 1.31.2), so the truth takes a description first.
 */
export async function cancelWorkflow(
  client: NamespaceClient,
  request: CancelRequest,
  { operationId, actor, webUiUrl }: OperationContext,
): Promise<CancelAnswer> {
  const { workflowId, runId, status, cancelRequested } = await describeExecution(client, request);
  const answer = (outcome: CancelAnswer['outcome']): CancelAnswer => ({
    operationId,
    outcome,
    namespace: client.namespace,
    workflowId,
    runId,
    status,
    links: webUiLink(webUiUrl, client.namespace, workflowId, runId),
  });

  if (!isOpen(status)) return answer('alreadyClosed');
  if (cancelRequested) return answer('alreadyRequested');
  await client.requestCancel(
    { workflowId, runId },
    { reason: markedReason(request.reason, operationId, actor), identity: actor.id, requestId: operationId },
  );
  return answer('requested');
}
