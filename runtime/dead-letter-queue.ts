import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { EnvironmentVariable, requiredVariable } from './environment';

/** SQS allows message attributes a size; a reason says enough in this many characters. */
const MAX_REASON_CHARACTERS = 1000;

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
        MessageBody: JSON.stringify(event),
        MessageAttributes: {
          ErrorCode: { DataType: 'String', StringValue: 'invalid-request' },
          ErrorMessage: { DataType: 'String', StringValue: reason.slice(0, MAX_REASON_CHARACTERS) },
        },
      }),
    );
  };
}
