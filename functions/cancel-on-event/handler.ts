import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { failures, OperationFailure } from '../../api/failures';
import { executeTriggered } from './execute-triggered';
import type { TriggerDependencies } from './execute-triggered';
import { noopTelemetry } from '../../operations/telemetry';
import type { QueuedEvent } from '../../operations/trigger';
import { retryDelaySeconds } from './retry-delay';
import { ThrottledNamespaces } from './throttled-namespaces';

export interface CancelOnEventDependencies extends TriggerDependencies {
  logger: Pick<Logger, 'info' | 'warn'>;
  /** How long an event is tried again that can succeed later, in seconds. */
  retrySeconds: number;
  /** Puts an event that has failed for good into the dead-letter queue, with the reason. */
  reject: (message: string, reason: string) => Promise<void>;
  /** Makes a message visible again in so many seconds. */
  delay: (receiptHandle: string, seconds: number) => Promise<void>;
  /** Takes the age of an event at each attempt, in seconds. */
  reportAge: (seconds: number) => void;
}

/** Failures that mean there is nothing to cancel: for an event that is success. */
const nothingToCancel = new Set(['workflow-not-found', 'run-not-found', 'conflict']);

/**
 * Cancels the workflows that events are about. The queue delivers at least once; the event's id is the idempotency key. An
 * event that can never succeed is rejected at once. Any other failure makes the message visible again after a delay that
 * grows with each attempt, until the event is too old. Where Temporal throttles a namespace, its other events wait too.
 */
export function createHandler(
  dependencies: CancelOnEventDependencies,
): (batch: SQSEvent, context: Pick<Context, 'awsRequestId'>) => Promise<SQSBatchResponse> {
  const { logger, retrySeconds, reject, delay, reportAge, telemetry = noopTelemetry } = dependencies;
  const throttled = new ThrottledNamespaces();

  /** Whether the message is done with. */
  async function handle(message: SQSRecord, requestId: string): Promise<boolean> {
    const queued = parse(message.body);
    if (!queued) return rejected(message, 'The message is not an event with the name of its trigger.');
    const about = { trigger: queued.trigger, source: queued.event.source, eventId: queued.event.id };
    try {
      const outcome = await executeTriggered(dependencies, throttled, queued, requestId);
      logger.info('event handled', { ...about, outcome });
      return true;
    } catch (error) {
      const { kind, reason, retryAfterSeconds } = failureOf(error);
      if (nothingToCancel.has(kind)) {
        logger.info('event handled', { ...about, outcome: kind });
        return true;
      }
      const age = ageOf(message);
      if (failures[kind].retry !== 'never' && age < retrySeconds) {
        logger.warn('event will be tried again', { ...about, kind, reason });
        await delay(message.receiptHandle, retryDelaySeconds(attemptOf(message), retryAfterSeconds));
        return false;
      }
      logger.warn('event rejected', { ...about, kind, reason });
      return rejected(message, age < retrySeconds ? reason : `Tried for ${Math.round(age)} s: ${reason}`);
    } finally {
      reportAge(ageOf(message));
    }
  }

  async function rejected({ body }: SQSRecord, reason: string): Promise<true> {
    await reject(body, reason);
    return true;
  }

  async function isDone(message: SQSRecord, requestId: string): Promise<boolean> {
    try {
      return await telemetry.withSpan('event', () => handle(message, requestId));
    } catch (error) {
      // The queue could not be reached: the message comes again when its visibility timeout ends.
      logger.warn('event could not be rejected or delayed', { error: error as Error });
      return false;
    }
  }

  return async ({ Records: messages }, { awsRequestId }) => {
    const done = await Promise.all(messages.map((message) => isDone(message, awsRequestId)));
    const left = messages.filter((_, index) => !done[index]);
    return { batchItemFailures: left.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

function parse(body: string): QueuedEvent | undefined {
  try {
    const { trigger, event } = JSON.parse(body) as Partial<QueuedEvent>;
    return typeof trigger === 'string' && typeof event?.id === 'string' ? { trigger, event } : undefined;
  } catch {
    return undefined;
  }
}

/** Errors that are no `OperationFailure` are faults of this program, and mended by a deployment. */
function failureOf(error: unknown): { kind: keyof typeof failures; reason: string; retryAfterSeconds?: number } {
  if (!(error instanceof OperationFailure)) return { kind: 'internal', reason: 'The function failed: see its log.' };
  return { kind: error.kind, reason: error.message, retryAfterSeconds: error.details.retryAfterSeconds };
}

const ageOf = ({ attributes }: SQSRecord): number => Math.max(0, Date.now() - Number(attributes.SentTimestamp)) / 1000;

const attemptOf = ({ attributes }: SQSRecord): number => Number(attributes.ApproximateReceiveCount);
