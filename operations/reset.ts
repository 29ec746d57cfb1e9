import { bearsMark, markedReason } from './attribution';
import type { OperationContext } from './attribution';
import { OperationFailure } from './failures';
import { performOnce } from './once';
import type { Deed, Done, OnceDependencies, Performed, RequestedOperation } from './once';
import { newestResetPoints } from './reset-points';
import { TemporalRejection } from './temporal/errors';
import { describeExecution } from './temporal/executions';
import { findRecentEvent } from './temporal/history';
import type { NamespaceClient, WorkflowExecution } from './temporal/namespace-client';
import { webUiLink } from './web-ui';

export interface ResetRequest extends WorkflowExecution {
  reason: string;
  target: { eventId: number };
}

export interface ResetAnswer {
  operationId: string;
  outcome: 'reset';
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
 * @throws {OperationFailure} `not-a-reset-point` with the newest points that the server accepts, or as `performOnce`
 */
export function resetWorkflow(
  dependencies: OnceDependencies,
  client: NamespaceClient,
  operation: RequestedOperation<ResetRequest>,
): Promise<Performed<ResetAnswer>> {
  return performOnce(dependencies, operation, resetDeed(client, operation.request));
}

export function resetDeed(
  client: NamespaceClient,
  { workflowId, target: { eventId }, ...request }: ResetRequest,
): Deed<ResetAnswer> {
  function done({ operationId, webUiUrl }: OperationContext, runId: string, newRunId: string): Done<ResetAnswer> {
    const { namespace } = client;
    const links = webUiLink(webUiUrl, namespace, workflowId, newRunId);
    return {
      outcome: 'reset',
      answer: { operationId, outcome: 'reset', namespace, workflowId, runId, newRunId, eventId, links },
    };
  }

  return {
    async plan(context, pinnedRunId) {
      const { runId } = await describeExecution(client, { workflowId, runId: pinnedRunId ?? request.runId });
      return {
        runId,
        async act() {
          try {
            const newRunId = await client.reset({ workflowId, runId }, eventId, {
              reason: markedReason(request.reason, context),
              identity: context.actor.id,
              requestId: context.operationId,
            });
            return done(context, runId, newRunId);
          } catch (error) {
            if (!(error instanceof TemporalRejection && error.invalid)) throw error;
            throw await notAResetPoint(client, { workflowId, runId }, eventId, error);
          }
        },
      };
    },

    /** The new run names the operation in the event that marks where it was reset. */
    async findOut(context, runId, since) {
      const { description } = await describeExecution(client, { workflowId, runId });
      const current = await describeExecution(client, { workflowId });
      for (const newRunId of new Set([description.workflowExtendedInfo?.resetRunId, current.runId])) {
        if (!newRunId || newRunId === runId) continue;
        const marked = await findRecentEvent(client, { workflowId, runId: newRunId }, since, (event) =>
          bearsMark(event.workflowTaskFailedEventAttributes?.failure?.message, context.operationId),
        );
        if (marked) return done(context, runId, newRunId);
      }
      return undefined;
    },
  };
}

async function notAResetPoint(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  eventId: number,
  rejection: TemporalRejection,
): Promise<OperationFailure> {
  return new OperationFailure(
    'not-a-reset-point',
    `Workflow ${JSON.stringify(execution.workflowId)}, run ${execution.runId}, cannot be reset to event ${eventId}.`,
    {
      field: 'target.eventId',
      value: eventId,
      allowed: 'the eventId of one of resetPoints',
      resetPoints: await newestResetPoints(client, execution),
      operatorDetail: rejection.details,
    },
    { cause: rejection },
  );
}
