import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { EnvironmentVariable, requiredVariable } from './environment';

/** Keeps the attribute within SQS's size limit. */
const MAX_REASON_CHARACTERS = 1000;

/** SQS accepts only the characters of XML 1.0. */
const refusedBySqs = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Writes refused characters as JSON escapes, which does not change the value of JSON text. */
const escaped = (text: string) =>
  text.replaceAll(refusedBySqs, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * Sends an event that cannot succeed to the function's dead-letter queue, with the reason as the attribute `ErrorMessage`: the
 * same form as Lambda's own after the last retry.
 */
export function deadLetterQueue(
  client = new SQSClient({}),
  queueUrl = requiredVariable(EnvironmentVariable.deadLetterQueueUrl),
): (event: object, reason: string) => Promise<void> {
  return async (event, reason) => {
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: escaped(JSON.stringify(event)),
        MessageAttributes: {
          ErrorCode: { DataType: 'String', StringValue: 'invalid-request' },
          ErrorMessage: { DataType: 'String', StringValue: escaped(reason).slice(0, MAX_REASON_CHARACTERS) },
        },
      }),
    );
  };
}
