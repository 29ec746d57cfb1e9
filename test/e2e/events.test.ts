import { randomUUID } from 'node:crypto';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { eventually } from '../support/eventually';
import { localStack } from '../support/local-stack';

describe('events on the bus', () => {
  const { details, api, client, idle, putEvent } = localStack();
  const { awsEndpointUrl: endpoint, region, credentials } = details;
  const events = new EventBridgeClient({ endpoint, region, credentials: { ...credentials } });
  const sqs = new SQSClient({ endpoint, region, credentials: { ...credentials } });

  const put = (detailType: string, detail: object, source = details.eventSource) =>
    putEvent(source, detailType, detail);

  async function startOrder() {
    const orderId = randomUUID();
    return { orderId, ...(await idle(`order-${orderId}`)) };
  }

  const operationOn = (workflowId: string) =>
    eventually(async () => {
      const [operation] = (await api.operations(workflowId)).body.operations;
      return operation?.state === 'completed' ? operation : undefined;
    }, `an operation on ${workflowId}`);

  test('the event of another service cancels the workflow, without code', async () => {
    const { orderId, workflowId } = await startOrder();

    const eventId = await put('OrderWithdrawn', { orderId, because: 'no stock' });

    expect(await operationOn(workflowId)).toMatchObject({
      outcome: 'requested',
      reason: 'order withdrawn: no stock',
      actor: { id: `event:${details.eventSource}/${eventId}` },
    });
    const { events: history = [] } = await client.workflow.getHandle(workflowId).fetchHistory();
    const asked = history?.flatMap((event) => event.workflowExecutionCancelRequestedEventAttributes ?? []);
    expect(asked).toMatchObject([
      { cause: expect.stringContaining('no stock'), identity: `event:${details.eventSource}/${eventId}` },
    ]);
  });

  test('an event with a cancellation request cancels the workflow; other sources are ignored', async () => {
    const { workflowId } = await startOrder();
    const request = { namespace: details.namespace, workflowId, reason: 'asked by event' };
    await put('Workflow Cancellation Requested', { ...request, reason: 'not allowed' }, 'com.example.stranger');
    await put('Workflow Cancellation Requested', { ...request, reason: 'not allowed' }, 'rewind');

    await put('Workflow Cancellation Requested', request);

    expect(await operationOn(workflowId)).toMatchObject({ reason: 'asked by event' });
    expect((await api.operations(workflowId)).body.operations).toHaveLength(1);
  });

  test('lists an invalid event with its reason; a redrive fails again and records that', async () => {
    const marker = randomUUID();
    const eventId = await put('OrderWithdrawn', { because: marker });
    const listed = (redrives: number) =>
      eventually(async () => {
        const { body } = await api.rejectedEvents({ trigger: 'local-order-withdrawn', state: 'rejected' });
        return body.rejectedEvents.find((event) => event.eventId === eventId && event.redrives === redrives);
      }, 'the rejected event');

    const rejected = await listed(0);

    expect(rejected).toMatchObject({
      source: details.eventSource,
      reason: expect.stringContaining('$.detail.orderId'),
    });
    expect(JSON.stringify(rejected)).not.toContain(marker);
    const ids = { rejectedEventIds: [rejected.rejectedEventId] };
    expect((await api.redrive({ ...ids, dryRun: true })).body).toMatchObject({
      sample: [{ eventId, event: { detail: { because: marker } } }],
    });
    expect(await api.redrive(ids)).toMatchObject({ status: 202, body: { redriven: 1, skipped: [] } });
    expect(await listed(1)).toMatchObject({ lastRedrive: { actor: { id: expect.stringContaining('arn:aws:iam') } } });
  });

  test('90 events in one burst, some bad and some about the same workflow, cancel each workflow once', async () => {
    const orders = await Promise.all(Array.from({ length: 60 }, startOrder));
    const bad = randomUUID();
    const withdrawals = [...orders, ...orders.slice(0, 20)].map(({ orderId }) => ({ orderId, because: 'burst' }));

    await Promise.all(withdrawals.map((detail) => put('OrderWithdrawn', detail)));
    await Promise.all(Array.from({ length: 10 }, () => put('OrderWithdrawn', { because: bad })));

    for (const { workflowId } of orders) {
      expect(await operationOn(workflowId)).toMatchObject({ outcome: expect.stringMatching(/^(r|alreadyR)equested$/) });
      const { events: history } = await client.workflow.getHandle(workflowId).fetchHistory();
      expect(history?.filter((event) => event.workflowExecutionCancelRequestedEventAttributes)).toHaveLength(1);
    }
  });

  test('publishes the operation as an event', async () => {
    const name = `rewind-events-${randomUUID()}`;
    const { QueueUrl: url } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    const attributes = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }));
    const bus = { EventBusName: details.eventBusName };
    await events.send(new PutRuleCommand({ ...bus, Name: name, EventPattern: JSON.stringify({ source: ['rewind'] }) }));
    const target = { Id: 'queue', Arn: attributes.Attributes?.['QueueArn'] };
    await events.send(new PutTargetsCommand({ ...bus, Rule: name, Targets: [target] }));
    const { workflowId } = await startOrder();

    const { body } = await api.terminate({ workflowId, reason: 'published' });

    const published = await eventually(async () => {
      const { Messages: messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }),
      );
      return messages
        .map(({ Body: text }) => JSON.parse(text ?? ''))
        .find(({ detail }) => detail.workflowId === workflowId);
    }, 'the event');
    expect(published).toMatchObject({
      source: 'rewind',
      'detail-type': 'Workflow Terminated',
      detail: {
        version: '1',
        operationId: body.operationId,
        reason: 'published',
        outcome: 'terminated',
        status: 'Terminated',
      },
    });
  });
});
