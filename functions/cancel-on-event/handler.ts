import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { failures, OperationFailure } from '../../api/failures';
import type { FailureKind } from '../../api/failures';
import type { RejectedEvents } from '../../operations/rejected-events/rejected-events';
import { parseKeepingDigits } from '../json-digits';
import { structureOf } from '../json-structure';
import { executeTriggered, namespaceOf } from './execute-triggered';
import type { TriggerDependencies } from './execute-triggered';
import { noopTelemetry } from '../../operations/telemetry';
import type { QueuedEvent, TriggeringEvent } from '../../operations/trigger';
import { retryDelaySeconds } from './retry-delay';
import { ThrottledNamespaces } from './throttled-namespaces';

/** Metrics of a batch of events. */
export interface EventMetrics {
  /** Age of each event at this attempt, in seconds. */
  ages: number[];
  /** Number of rejected events. */
  rejected: number;
}

export interface CancelOnEventDependencies extends TriggerDependencies {
  logger: Pick<Logger, 'info' | 'warn'>;
  /** How long a retryable event is retried, in seconds. */
  retrySeconds: number;
  rejectedEvents: Pick<RejectedEvents, 'reject' | 'handled'>;
  /** Sends a message that cannot be recorded as a rejected event to the dead-letter queue. */
  deadLetter: (message: string, reason: string) => Promise<void>;
  /** Sets the visibility timeout of a message, in seconds. */
  delay: (receiptHandle: string, seconds: number) => Promise<void>;
  count: (metrics: EventMetrics) => void;
}

/** Failures that mean that there is nothing to cancel, which is success for an event. */
const nothingToCancel = new Set(['workflow-not-found', 'run-not-found', 'conflict']);

/**
 * An event is rejected after this number of deliveries, before SQS moves the message to the dead-letter queue after 1,000
 * (lib/constructs/event-triggers.ts).
 */
const MAX_DELIVERIES = 990;

/**
 * Creates the handler that executes the operations of events in the queue. SQS delivers at least once, so the idempotency key
 * is derived from the event's id. An event whose failure is final is rejected. Otherwise it is retried with exponential
 * back-off until `retrySeconds`. While Temporal throttles a namespace, no other event of the namespace is attempted.
 */
export function createHandler(
  dependencies: CancelOnEventDependencies,
): (batch: SQSEvent, context: Pick<Context, 'awsRequestId'>) => Promise<SQSBatchResponse> {
  const { logger, retrySeconds, rejectedEvents, deadLetter, delay, count, telemetry = noopTelemetry } = dependencies;
  const throttled = new ThrottledNamespaces();

  /** Processes a message. Only with the result `retry` does it stay in the queue. */
  async function handle(message: SQSRecord, requestId: string): Promise<'handled' | 'rejected' | 'retry'> {
    const parsed = parse(message.body);
    if (typeof parsed === 'string') {
      await deadLetter(message.body, parsed);
      return 'rejected';
    }
    const { ingestedAt, ...arrived } = parsed;
    const queued = { ...arrived, arrivedAt: parsed.arrivedAt ?? arrivalOf(message, parsed.event, ingestedAt) };
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
      logger.warn('event will be retried', { ...about, kind, reason });
      await delay(message.receiptHandle, retryDelaySeconds(attemptOf(message), retryAfterSeconds));
      return 'retry';
    }
    logger.warn('event rejected', { ...about, kind, reason });
    await record(queued, kind, age < retrySeconds ? reason : `Tried for ${Math.round(age)} s: ${reason}`);
    return 'rejected';
  }

  async function outcomeOf(queued: QueuedEvent, message: SQSRecord, requestId: string): Promise<string | Failed> {
    if (attemptOf(message) >= MAX_DELIVERIES) {
      return {
        kind: 'internal',
        reason: `The function did not process the event in ${MAX_DELIVERIES} deliveries: see its log.`,
      };
    }
    try {
      return await executeTriggered(dependencies, throttled, queued, requestId);
    } catch (error) {
      const failed = failureOf(error);
      return nothingToCancel.has(failed.kind) ? failed.kind : failed;
    }
  }

  async function record(queued: QueuedEvent, kind: FailureKind, reason: string): Promise<void> {
    const namespace = namespaceOf(dependencies, queued);
    try {
      await rejectedEvents.reject({ queued, namespace, kind, reason, rejectedAt: new Date().toISOString() });
    } catch (error) {
      // The ledger rejects the record, for example because the event is too large for an item.
      if (failureOf(error).kind !== 'internal') throw error;
      // With the time of its arrival, because SQS gives a message a new one when it is moved back to the queue.
      await deadLetter(JSON.stringify(queued), reason);
    }
  }

  async function outcomeFor(message: SQSRecord, requestId: string): Promise<'handled' | 'rejected' | 'retry'> {
    try {
      return await telemetry.withSpan('event', () => handle(message, requestId));
    } catch (error) {
      // The queue or the ledger is unavailable: SQS delivers the message again after its visibility timeout.
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

/** Maximum nesting depth of a message. `JSON.stringify` overflows the stack at a few thousand. */
const MAX_DEPTH = 1000;

/** @returns why the message cannot be processed, if it cannot */
function parse(body: string): QueuedEvent | string {
  const notAnEvent = 'The message is not an event with the name of a trigger.';
  try {
    const message = parseKeepingDigits(body) as Partial<QueuedEvent>;
    const { trigger, event, ingestedAt, redrive, redrivenIn, arrivedAt } = message;
    if (typeof trigger !== 'string' || typeof event?.id !== 'string') return notAnEvent;
    const { depth, repeated } = structureOf(body);
    if (depth > MAX_DEPTH) return `The event is nested more than ${MAX_DEPTH} deep.`;
    if (repeated !== undefined) return duplicateField(repeated);
    return { trigger, event, ingestedAt, redrive, redrivenIn, arrivedAt };
  } catch {
    return notAnEvent;
  }
}

/** A rule's pattern matches either value (Event Ruler 2.1.0), and the trigger would use the last. */
const duplicateField = (name: string) =>
  `The event has the duplicate field ${JSON.stringify(name)}: it is unclear which value is meant.`;

/**
 * Returns when an event arrived: when EventBridge received it, because EventBridge retries for a day while the queue does not
 * accept it. For an event that EventBridge replays from an archive, that is the time of the original event.
 */
function arrivalOf({ attributes }: SQSRecord, event: TriggeringEvent, ingestedAt = ''): string {
  const isReplayed = event['replay-name'] !== undefined;
  // The sender can choose the time of an event, also one in the future.
  const earlier = [Date.parse(ingestedAt), isReplayed ? Date.parse(event.time ?? '') : NaN];
  const queued = Number(attributes.SentTimestamp);
  return new Date(Math.min(queued, ...earlier.filter((time) => !Number.isNaN(time)))).toISOString();
}

interface Failed {
  kind: FailureKind;
  reason: string;
  retryAfterSeconds?: number | undefined;
}

/** An error that is not an `OperationFailure` is a defect of Rewind. A deployment can fix it, so the event is retried. */
function failureOf(error: unknown): Failed {
  if (!(error instanceof OperationFailure)) return { kind: 'internal', reason: 'The function failed: see its log.' };
  return { kind: error.kind, reason: error.message, retryAfterSeconds: error.details.retryAfterSeconds };
}

const ageOf = ({ attributes }: SQSRecord): number => Math.max(0, Date.now() - Number(attributes.SentTimestamp)) / 1000;

const attemptOf = ({ attributes }: SQSRecord): number => Number(attributes.ApproximateReceiveCount);
