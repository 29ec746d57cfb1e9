import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { OperationFailure } from '../api/failures';
import type { QueuedEvent } from '../operations/trigger';
import { EnvironmentVariable, requiredVariable } from './environment';

/** Keeps the message attribute within SQS's size limit. */
const MAX_REASON_CHARACTERS = 1000;

/** SQS accepts only the characters of XML 1.0. */
const invalidInSqs = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Replaces these characters by JSON escapes. The value of a JSON text stays the same. */
const escaped = (text: string) =>
  text.replaceAll(invalidInSqs, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Returns a function that sends a message to the dead-letter queue, with the reason in the message attribute `ErrorMessage`. */
export function deadLetterQueue(
  client = new SQSClient({}),
  queueUrl = requiredVariable(EnvironmentVariable.deadLetterQueueUrl),
): (body: string, reason: string) => Promise<void> {
  return async (body, reason) => {
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: escaped(body),
        MessageAttributes: {
          ErrorMessage: { DataType: 'String', StringValue: escaped(reason.slice(0, MAX_REASON_CHARACTERS)) },
        },
      }),
    );
  };
}

/**
 * Returns a function that sends an event to the event queue.
 * @returns a function that throws an `OperationFailure` `queue-unavailable` when SQS fails
 */
export function eventQueue(
  client = new SQSClient({}),
  queueUrl = requiredVariable(EnvironmentVariable.eventQueueUrl),
): (queued: QueuedEvent) => Promise<void> {
  return async (queued) => {
    try {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: escaped(JSON.stringify(queued)) }));
    } catch (error) {
      throw new OperationFailure(
        'queue-unavailable',
        'The event queue does not respond. Some events may have been redriven; repeat the request for the others.',
        { retryAfterSeconds: 5, operatorDetail: `SQS failed: ${(error as Error).name}: ${(error as Error).message}` },
        { cause: error },
      );
    }
  };
}

/** Returns a function that sets the visibility timeout of a message in the event queue, at most 43,200 s. */
export function delayMessage(
  client = new SQSClient({}),
  queueUrl = requiredVariable(EnvironmentVariable.eventQueueUrl),
): (receiptHandle: string, seconds: number) => Promise<void> {
  return async (receiptHandle, seconds) => {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  };
}
