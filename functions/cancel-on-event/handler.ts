import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { failures, OperationFailure } from '../../api/failures';
import type { FailureKind } from '../../api/failures';
import type { RejectedEvents } from '../../operations/rejected-events/rejected-events';
import { executeTriggered, namespaceOf } from './execute-triggered';
import type { TriggerDependencies } from './execute-triggered';
import { noopTelemetry } from '../../operations/telemetry';
import type { QueuedEvent, TriggeringEvent } from '../../operations/trigger';
import { withoutUndefined } from '../../operations/without-undefined';
import { retryDelaySeconds } from './retry-delay';
import { ThrottledNamespaces } from './throttled-namespaces';

/** What a batch of events adds to the metrics. */
export interface EventFigures {
  /** Age of each event at this attempt, in seconds. */
  ages: number[];
  /** How many were rejected. */
  rejected: number;
}

export interface CancelOnEventDependencies extends TriggerDependencies {
  logger: Pick<Logger, 'info' | 'warn'>;
  /** How long an event is tried again that can succeed later, in seconds. */
  retrySeconds: number;
  rejectedEvents: Pick<RejectedEvents, 'reject' | 'handled'>;
  /** Puts what cannot be recorded as a rejected event into the dead-letter queue, with the reason. */
  deadLetter: (message: string, reason: string) => Promise<void>;
  /** Makes a message visible again in so many seconds. */
  delay: (receiptHandle: string, seconds: number) => Promise<void>;
  count: (figures: EventFigures) => void;
}

/** Failures that mean there is nothing to cancel: for an event that is success. */
const nothingToCancel = new Set(['workflow-not-found', 'run-not-found', 'conflict']);

/** The queue gives a message up after 1,000 deliveries (lib/constructs/event-triggers.ts). It is recorded before that. */
const MAX_DELIVERIES = 990;

/**
 * Cancels the workflows that events are about. The queue delivers at least once; the event's id is the idempotency key. An
 * event that can never succeed is rejected at once. Any other failure makes the message visible again after a delay that
 * grows with each attempt, until the event is too old. Where Temporal throttles a namespace, its other events wait too.
 */
export function createHandler(
  dependencies: CancelOnEventDependencies,
): (batch: SQSEvent, context: Pick<Context, 'awsRequestId'>) => Promise<SQSBatchResponse> {
  const { logger, retrySeconds, rejectedEvents, deadLetter, delay, count, telemetry = noopTelemetry } = dependencies;
  const throttled = new ThrottledNamespaces();

  /** @returns what becomes of the message: only one to `retry` stays in the queue */
  async function handle(message: SQSRecord, requestId: string): Promise<'handled' | 'rejected' | 'retry'> {
    const parsed = parse(message.body);
    if (!parsed) {
      await deadLetter(message.body, 'The message is not an event with the name of its trigger.');
      return 'rejected';
    }
    const queued = { ...parsed, arrivedAt: parsed.arrivedAt ?? arrivalOf(message, parsed.event) };
    const about = { trigger: queued.trigger, source: queued.event.source, eventId: queued.event.id };
    const outcome = await outcomeOf(queued, message, requestId);
    if (typeof outcome === 'string') {
      logger.info('event handled', { ...about, outcome });
      if (queued.redrive !== undefined) await rejectedEvents.handled(queued, outcome);
      return 'handled';
    }
    const { kind, reason, retryAfterSeconds } = outcome;
    const age = ageOf(message);
    if (failures[kind].retry !== 'never' && age < retrySeconds && attemptOf(message) < MAX_DELIVERIES) {
      logger.warn('event will be tried again', { ...about, kind, reason });
      await delay(message.receiptHandle, retryDelaySeconds(attemptOf(message), retryAfterSeconds));
      return 'retry';
    }
    logger.warn('event rejected', { ...about, kind, reason });
    await record(queued, message.body, kind, age < retrySeconds ? reason : `Tried for ${Math.round(age)} s: ${reason}`);
    return 'rejected';
  }

  async function outcomeOf(queued: QueuedEvent, message: SQSRecord, requestId: string): Promise<string | Failed> {
    if (attemptOf(message) >= MAX_DELIVERIES) {
      return {
        kind: 'internal',
        reason: `The function has not handled it in ${MAX_DELIVERIES} deliveries: see its log.`,
      };
    }
    try {
      return await executeTriggered(dependencies, throttled, queued, requestId);
    } catch (error) {
      const failed = failureOf(error);
      return nothingToCancel.has(failed.kind) ? failed.kind : failed;
    }
  }

  async function record(queued: QueuedEvent, body: string, kind: FailureKind, reason: string): Promise<void> {
    const namespace = namespaceOf(dependencies, queued);
    try {
      await rejectedEvents.reject({ queued, namespace, kind, reason, rejectedAt: new Date().toISOString() });
    } catch (error) {
      // The ledger cannot take it at all, such as an event that is larger than EventBridge delivers.
      if (failureOf(error).kind !== 'internal') throw error;
      await deadLetter(body, reason);
    }
  }

  async function outcomeFor(message: SQSRecord, requestId: string): Promise<'handled' | 'rejected' | 'retry'> {
    try {
      return await telemetry.withSpan('event', () => handle(message, requestId));
    } catch (error) {
      // The queue or the ledger could not be reached: the message comes again when its visibility timeout ends.
      logger.warn('event could not be rejected or delayed', { error: error as Error });
      return 'retry';
    }
  }

  return async ({ Records: messages }, { awsRequestId }) =>
    telemetry.withSpan('events', async () => {
      const outcomes = await Promise.all(messages.map((message) => outcomeFor(message, awsRequestId)));
      count({ ages: messages.map(ageOf), rejected: outcomes.filter((outcome) => outcome === 'rejected').length });
      const left = messages.filter((_, index) => outcomes[index] === 'retry');
      return { batchItemFailures: left.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
}

function parse(body: string): QueuedEvent | undefined {
  try {
    const { trigger, event, redrive, arrivedAt } = JSON.parse(body) as Partial<QueuedEvent>;
    if (typeof trigger !== 'string' || typeof event?.id !== 'string') return undefined;
    return { trigger, event, ...withoutUndefined({ redrive, arrivedAt }) };
  } catch {
    return undefined;
  }
}

/** When an event arrived. One that EventBridge sends again from an archive arrived when it was sent the first time. */
function arrivalOf({ attributes }: SQSRecord, event: TriggeringEvent): string {
  const isReplayed = event['replay-name'] !== undefined;
  if (isReplayed && event.time !== undefined) return event.time;
  return new Date(Number(attributes.SentTimestamp)).toISOString();
}

interface Failed {
  kind: FailureKind;
  reason: string;
  retryAfterSeconds?: number | undefined;
}

/** Errors that are no `OperationFailure` are faults of this program, and mended by a deployment. */
function failureOf(error: unknown): Failed {
  if (!(error instanceof OperationFailure)) return { kind: 'internal', reason: 'The function failed: see its log.' };
  return { kind: error.kind, reason: error.message, retryAfterSeconds: error.details.retryAfterSeconds };
}

const ageOf = ({ attributes }: SQSRecord): number => Math.max(0, Date.now() - Number(attributes.SentTimestamp)) / 1000;

const attemptOf = ({ attributes }: SQSRecord): number => Number(attributes.ApproximateReceiveCount);
