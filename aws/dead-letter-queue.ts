import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { EnvironmentVariable, requiredVariable } from './environment';

/** SQS allows message attributes a size; a reason says enough in this many characters. */
const MAX_REASON_CHARACTERS = 1000;

/** What SQS refuses in a message: it takes the characters of XML 1.0. */
const refusedBySqs = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** With the refused characters written as JSON escapes, which JSON text stays the same with. */
const escaped = (text: string) =>
  text.replaceAll(refusedBySqs, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * Sends what can never succeed to the function's own dead-letter queue, with the reason as the attribute
 * `ErrorMessage`: where Lambda puts it too, with the same body, when its retries are used up.
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
