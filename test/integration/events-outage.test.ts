import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Message } from '@aws-sdk/client-sqs';
import { status } from '@grpc/grpc-js';
import { Connection } from '@temporalio/client';
import type { SQSRecord } from 'aws-lambda';
import { DynamoDbRejectedEvents } from '../../aws/dynamodb-rejected-events';
import { deadLetterQueue, delayMessage, eventQueue } from '../../aws/event-queue';
import { createHandler } from '../../functions/cancel-on-event/handler';
import type { CancelOnEventDependencies } from '../../functions/cancel-on-event/handler';
import { redrive } from '../../operations/rejected-events/redrive';
import { callsOver } from '../support/calls-over';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import { apiName, rpcs } from '../../operations/temporal/rpcs';
import type { QueuedEvent } from '../../operations/trigger';
import { withHangingCall } from '../support/hanging-ledger';
import { eventually } from '../support/eventually';
import { GrpcProxy } from '../support/grpc-proxy';
import { createLedger } from '../support/ledger-table';
import { ann } from '../support/rewind';
import { RecordedLog } from '../support/recorded-log';
import { connectToTestServer, namespace, ScriptedWorkflow } from '../support/scripted-workflow';

/*
 * A small version of test/load/events.ts on a real queue, ledger and server; a loop replaces Lambda's event source mapping.
 * Temporal is unavailable, then throttles, and functions stop in the middle.
 */

const ORDERS = 40;
const DUPLICATES = 5;
const INVALID = 4;

/** Short, so that SQS redelivers the messages of stopped functions during the test. */
const VISIBILITY_SECONDS = 5;

const stopPolling = new AbortController();
let pollers: Promise<void>[] = [];
let cleanUp = async (): Promise<void> => {};
afterAll(() => cleanUp());

test('events cancel each workflow once despite an outage, and events without the id are rejected and can be redriven', async () => {
  const connection = connectToTestServer();
  const { proxy, address } = await GrpcProxy.start();
  const proxied = Connection.lazy({ address, interceptors: [] });
  const ledger = await createLedger();
  const rejectedEvents = new DynamoDbRejectedEvents(ledger, 1);
  const sqs = new SQSClient({});
  const create = async (name: string) => {
    const command = new CreateQueueCommand({
      QueueName: `${name}-${randomUUID()}`,
      Attributes: { VisibilityTimeout: String(VISIBILITY_SECONDS) },
    });
    return (await sqs.send(command)).QueueUrl ?? '';
  };
  const [queue, deadLetters] = [await create('events'), await create('dead-letters')];
  const messagesIn = async (url: string) => {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const read = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...names] });
    const { Attributes: counts = {} } = await sqs.send(read);
    return names.reduce((sum, name) => sum + Number(counts[name] ?? 0), 0);
  };

  let workflowId = 'order-<$.detail.orderId>';
  const dependencies = (): CancelOnEventDependencies => ({
    namespaces: {
      find: (name) => ({ name, connect: async () => new NamespaceClient(namespace, callsOver(proxied)) }),
    },
    triggers: { withdrawn: { namespace, workflowId, reason: 'withdrawn' } },
    ledger,
    onRecordFailure: () => {},
    leaseMs: 2_000,
    logger: new RecordedLog(),
    retrySeconds: 3600,
    rejectedEvents,
    deadLetter: deadLetterQueue(sqs, deadLetters),
    delay: (receiptHandle, seconds) => delayMessage(sqs, queue)(receiptHandle, Math.min(seconds, 2)),
    count: () => {},
  });
  cleanUp = async () => {
    stopPolling.abort();
    await Promise.allSettled(pollers);
    await proxied.close();
    proxy.stop();
    await connection.close();
  };
  let stopped = 0;
  let invocations = 0;
  async function poll(): Promise<void> {
    while (!stopPolling.signal.aborted) {
      const receive = new ReceiveMessageCommand({
        QueueUrl: queue,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['All'],
      });
      const { Messages: messages = [] } = await sqs.send(receive);
      if (messages.length === 0) continue;
      invocations += 1;
      const stops = invocations % 6 === 0;
      const hanging = withHangingCall(ledger, 'complete');
      const given = stops ? { ...dependencies(), ledger: hanging.ledger } : dependencies();
      const answer = createHandler(given)({ Records: messages.map(recordOf) }, { awsRequestId: `${invocations}` });
      if (stops) {
        // SQS redelivers its messages.
        stopped += 1;
        await Promise.race([answer, hanging.hung]);
        continue;
      }
      const failed = new Set((await answer).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      const done = messages.filter(({ MessageId: id = '' }) => !failed.has(id));
      for (const { ReceiptHandle } of done) {
        // SQS refuses this if the visibility timeout has ended; the redelivered event then changes nothing.
        await sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle })).catch(() => {});
      }
    }
  }

  const ids = Array.from({ length: ORDERS + INVALID }, () => randomUUID());
  const workflows = await Promise.all(
    ids.map((id) => ScriptedWorkflow.start(connection, { workflowId: `order-${id}` })),
  );
  const [orders, invalid] = [ids.slice(0, ORDERS), ids.slice(ORDERS)];
  const details = [
    ...orders.map((orderId) => ({ orderId })),
    ...invalid.map((order) => ({ order })),
    ...orders.slice(0, DUPLICATES).map((orderId) => ({ orderId })),
  ];
  const queued = details.map((detail): QueuedEvent => ({
    trigger: 'withdrawn',
    event: { id: randomUUID(), source: 'shop', 'detail-type': 'OrderWithdrawn', detail },
  }));
  // Three events are delivered twice.
  const bodies = [...queued, ...queued.slice(0, 3)].map((each, index) => ({
    Id: String(index),
    MessageBody: JSON.stringify(each),
  }));
  const setFault = (code: status) => {
    for (const rpc of rpcs) proxy.faults.set(apiName(rpc), { reachesServer: false, code });
  };
  setFault(status.UNAVAILABLE);
  for (let from = 0; from < bodies.length; from += 10) {
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: queue, Entries: bodies.slice(from, from + 10) }));
  }
  pollers = [poll(), poll()];
  await eventually(() => proxy.count('DescribeWorkflowExecution') > ORDERS, 'attempts while Temporal is unavailable');
  setFault(status.RESOURCE_EXHAUSTED);
  const before = proxy.count('DescribeWorkflowExecution');
  await eventually(() => proxy.count('DescribeWorkflowExecution') > before, 'an attempt while Temporal throttles');
  proxy.faults.clear();

  const rejected = async (group: 'rejected' | 'handled') =>
    (await rejectedEvents.list(namespace, { group }, { size: 100 })).rejectedEvents;
  await eventually(async () => (await messagesIn(queue)) === 0, 'the queue to be empty', 120_000);
  expect(stopped).toBeGreaterThan(0);
  expect(await rejected('rejected')).toHaveLength(INVALID);
  expect(await messagesIn(deadLetters)).toBe(0);

  workflowId = 'order-<$.detail.order>';
  const caller = { actor: ann, deadline: Date.now() + 29_000 };
  const send = eventQueue(sqs, queue);
  const answer = await redrive({ rejectedEvents, ledger, send }, namespace, { all: true, reason: 'fixed' }, caller);
  expect(answer).toMatchObject({ redriven: INVALID, more: false });
  await eventually(async () => (await rejected('handled')).length === INVALID, 'the redriven events', 40_000);
  const requests = await Promise.all(workflows.map((workflow) => workflow.cancelRequests()));
  expect(requests.map(({ length }) => length)).toEqual(workflows.map(() => 1));
}, 300_000);

/** A message as Lambda's event source mapping passes it. */
function recordOf({ MessageId = '', ReceiptHandle = '', Body = '', Attributes = {} }: Message): SQSRecord {
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes as unknown as SQSRecord['attributes'],
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: '',
  };
}
