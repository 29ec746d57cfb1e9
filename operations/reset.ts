import { markedReason } from './attribution';
import type { OperationContext } from './attribution';
import { OperationFailure } from './failures';
import { newestResetPoints } from './reset-points';
import { TemporalRejection } from './temporal/errors';
import { describeExecution } from './temporal/executions';
import type { NamespaceClient, WorkflowExecution } from './temporal/namespace-client';
import { webUiLink } from './web-ui';

export interface ResetRequest extends WorkflowExecution {
  reason: string;
  target: { eventId: number };
}

export interface ResetAnswer {
  operationId: string;
  namespace: string;
  workflowId: string;
  /** The run that was reset. */
  runId: string;
  /** The run that goes on from the reset point. */
  newRunId: string;
  /** Events before this one were kept. */
  eventId: number;
  links: { webUi?: string };
}

/**
 * Starts a new run that goes on from just before `target.eventId`; a run still open is terminated by the server.
 *
 * @throws {OperationFailure} `not-a-reset-point` with the newest points that the server accepts
 */
export async function resetWorkflow(
  client: NamespaceClient,
  request: ResetRequest,
  { operationId, actor, webUiUrl }: OperationContext,
): Promise<ResetAnswer> {
  const { workflowId, runId } = await describeExecution(client, request);
  const { eventId } = request.target;
  let newRunId: string;
  try {
    newRunId = await client.reset({ workflowId, runId }, eventId, {
      reason: markedReason(request.reason, operationId, actor),
      identity: actor.id,
      requestId: operationId,
    });
  } catch (error) {
    if (!(error instanceof TemporalRejection && error.invalid)) throw error;
    throw new OperationFailure(
      'not-a-reset-point',
      `Event ${eventId} of workflow ${JSON.stringify(workflowId)}, run ${runId}, is not one it can be reset to.`,
      {
        field: 'target.eventId',
        value: eventId,
        allowed: 'the eventId of one of resetPoints',
        resetPoints: await newestResetPoints(client, { workflowId, runId }),
        operatorDetail: error.details,
      },
      { cause: error },
    );
  }
  return {
    operationId,
    namespace: client.namespace,
    workflowId,
    runId,
    newRunId,
    eventId,
    links: webUiLink(webUiUrl, client.namespace, workflowId, newRunId),
  };
}
