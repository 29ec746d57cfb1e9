import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { cancellationRequestedDetail } from '../../api/accepted-events';
import { startBatchRequest } from '../../api/batch-operations';
import { cancelRequest } from '../../api/cancel';
import type { CancelRequest } from '../../api/cancel';
import { failures, OperationFailure } from '../../api/failures';
import { batch } from '../../operations/batch/start';
import { cancel } from '../../operations/cancel';
import { executeOperation } from '../../operations/execute-operation';
import type { Namespace } from '../../operations/temporal/namespaces';
import { noopTelemetry } from '../../operations/telemetry';
import { fillQuery, fillTemplate } from '../../operations/trigger';
import type { TriggeredEvent, TriggeringEvent } from '../../operations/trigger';
import type { OperationDependencies } from '../../operations/verb';
import { validate } from '../validation';

export interface CancelOnEventDependencies extends OperationDependencies {
  namespaces: { find(name: string): Namespace };
  logger: Pick<Logger, 'info' | 'warn'>;
  /** Sends an event that can never succeed to the dead-letter queue, with the reason. */
  reject: (triggered: TriggeredEvent, reason: string) => Promise<void>;
}

/** Failures that mean there is nothing to cancel: for an event that is success. */
const nothingToCancel = new Set(['workflow-not-found', 'run-not-found', 'conflict']);

/**
 * Cancels the workflow that an event is about. EventBridge delivers at least once; the event's id is the idempotency
 * key. What can never succeed goes to the dead-letter queue at once. Any other failure is thrown, so that Lambda retries
 * and then dead-letters the event.
 */
export function createHandler(
  dependencies: CancelOnEventDependencies,
): (triggered: TriggeredEvent, context: Pick<Context, 'awsRequestId'>) => Promise<void> {
  const { namespaces, logger, telemetry = noopTelemetry, reject } = dependencies;

  async function execute({ trigger, event }: TriggeredEvent, requestId: string): Promise<string> {
    const asked = {
      requestId,
      actor: { id: `event:${event.source}/${event.id}` },
      idempotencyKey: ['event', trigger.name, event.source, event.id].join('\n'),
    };
    if ('query' in trigger) {
      const { namespace, engine, ratePerSecond, maxWorkflows } = trigger;
      const { dryRun: _, ...request } = validate(startBatchRequest, {
        action: 'cancel',
        engine,
        query: fillQuery(trigger.query, event),
        reason: fillTemplate(trigger.reason, event),
        ratePerSecond,
        maxWorkflows,
      });
      const found = namespaces.find(namespace);
      const operation = { ...asked, request, webUiUrl: found.webUiUrl };
      return (await executeOperation(dependencies, await found.connect(), batch, operation)).answer.outcome;
    }

    const { namespace, ...request } = requestOf(trigger, event);
    const found = namespaces.find(namespace);
    const operation = { ...asked, request, webUiUrl: found.webUiUrl };
    return (await executeOperation(dependencies, await found.connect(), cancel, operation)).answer.outcome;
  }

  async function handle(triggered: TriggeredEvent, requestId: string): Promise<void> {
    const about = { trigger: triggered.trigger.name, source: triggered.event.source, eventId: triggered.event.id };
    try {
      logger.info('event handled', { ...about, outcome: await execute(triggered, requestId) });
    } catch (error) {
      if (error instanceof OperationFailure && nothingToCancel.has(error.kind)) {
        logger.info('event handled', { ...about, outcome: error.kind });
      } else if (isBadInput(error)) {
        logger.warn('event rejected', { ...about, reason: error.message });
        await reject(triggered, error.message);
      } else {
        throw error;
      }
    }
  }

  return (triggered, { awsRequestId }) =>
    telemetry.withSpan(`event ${triggered.trigger.name}`, () => handle(triggered, awsRequestId));
}

function requestOf(trigger: TriggeredEvent['trigger'], event: TriggeringEvent): CancelRequest & { namespace: string } {
  if (!('workflowId' in trigger)) {
    // The function does not wait: an event has no response.
    const {
      version: _version,
      waitSeconds: _waitSeconds,
      ...request
    } = validate(cancellationRequestedDetail, event.detail);
    return request;
  }
  const { namespace, workflowId, reason } = trigger;
  const filled = { workflowId: fillTemplate(workflowId, event), reason: fillTemplate(reason, event) };
  return { namespace, ...validate(cancelRequest, filled) };
}

function isBadInput(error: unknown): error is OperationFailure {
  return error instanceof OperationFailure && failures[error.kind].retry === 'never';
}
