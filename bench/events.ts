import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Message } from '@aws-sdk/client-sqs';
import { EnvironmentVariable } from '../aws/environment';
import type { QueuedEvent, Triggers } from '../operations/trigger';
import { interleaved, ratio, summary } from './benchmark';
import type { Figure } from './benchmark';
import type { Parts } from './cold';
import { NAMESPACE } from './floor/temporal';
import type { FunctionAssets } from './function-assets';
import { RuntimeProcess } from './runtime-process';

const WARM_UP = 10;
const ROUNDS = 60;

const TRIGGER = 'withdrawn';
const triggers: Triggers = {
  [TRIGGER]: { namespace: NAMESPACE, workflowId: '<$.detail.workflowId>', reason: TRIGGER },
};

/**
 * From an event to the cancellation in the workflow's history: put into a queue and passed on as Lambda's event source mapping
 * does, against the same event passed to a function without a queue before it. Warm, in processes of their own. What the
 * functions call is a round trip away; the queue is not, because on AWS neither its sender nor its reader is the function.
 */
export async function eventFigures(
  node: string,
  { deployed, directEvent }: FunctionAssets,
  { environment, workflows }: Parts,
): Promise<Figure[]> {
  const sqs = new SQSClient({});
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: randomUUID() }));
  const configured = {
    ...environment,
    [EnvironmentVariable.triggers]: JSON.stringify(triggers),
    [EnvironmentVariable.eventQueueUrl]: QueueUrl ?? '',
  };
  const direct = await RuntimeProcess.start(node, directEvent, configured);
  const behindQueue = await RuntimeProcess.start(node, deployed['cancel-on-event'] ?? '', configured);

  async function throughQueue(queued: QueuedEvent): Promise<void> {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(queued) }));
    const receive = new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'] });
    const { Messages: [message] = [] } = await sqs.send(receive);
    if (!message) throw new Error('the queue has not delivered the event');
    await behindQueue.next({ Records: [recordOf(message)] });
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
  }

  const untilCancelled = (deliver: (queued: QueuedEvent) => Promise<unknown>) => async () => {
    const workflowId = await workflows.start();
    const event = { id: randomUUID(), source: 'bench', 'detail-type': 'Withdrawn', detail: { workflowId } };
    const start = Date.now();
    await deliver({ trigger: TRIGGER, event });
    return (await workflows.cancelRequestedAt(workflowId)) - start;
  };
  try {
    const samples = await interleaved(WARM_UP + ROUNDS, {
      direct: untilCancelled((queued) => direct.next(queued)),
      queue: untilCancelled(throughQueue),
    });
    const [directMs, queueMs] = [samples.direct.slice(WARM_UP), samples.queue.slice(WARM_UP)];
    return [
      { name: 'deployed event, direct', unit: 'ms', ...summary(directMs) },
      {
        name: 'deployed event, through the queue',
        unit: 'ratio',
        ...ratio(queueMs, directMs),
        atMost: 1.5,
        note: 'to the cancellation in the history; direct is 1',
      },
    ];
  } finally {
    sqs.destroy();
    await Promise.all([direct.stop(), behindQueue.stop()]);
  }
}

/** A message as the event source mapping passes it on. */
function recordOf({ MessageId, ReceiptHandle, Body, Attributes }: Message): object {
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes,
    messageAttributes: {},
  };
}
