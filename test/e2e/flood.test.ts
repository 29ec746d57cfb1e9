import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { eventually } from '../support/eventually';
import { MAX_WAITING } from '../support/local-limits';
import { localStack } from '../support/local-stack';

const WAIT_SECONDS = 10;

describe('a flood of requests that wait', () => {
  const { details, api, client } = localStack();
  const { awsEndpointUrl: endpoint, region, credentials } = details;
  const aws = { endpoint, region, credentials: { ...credentials } };

  async function startIdle(workflowId = `flooded-${randomUUID()}`): Promise<string> {
    await client.workflow.start('idle', { workflowId, taskQueue: `idle-${randomUUID()}` });
    return workflowId;
  }

  test('keeps neither a cancellation that does not wait nor an event from running', async () => {
    const waited = await startIdle();
    const others = await Promise.all(Array.from({ length: 5 }, () => startIdle()));
    const orderId = randomUUID();
    const ofEvent = await startIdle(`order-${orderId}`);
    const flood: ReturnType<typeof api.post>[] = [];
    for (let sent = 0; sent < 3 * MAX_WAITING; sent += 1) {
      flood.push(api.post('workflows/cancel', { workflowId: waited, reason: 'flood', waitSeconds: WAIT_SECONDS }));
      await pause(150);
    }
    const entry = {
      EventBusName: details.eventBusName,
      Source: details.eventSource,
      DetailType: 'OrderWithdrawn',
      Detail: JSON.stringify({ orderId, because: 'flood' }),
    };
    await new EventBridgeClient(aws).send(new PutEventsCommand({ Entries: [entry] }));

    let settled = 0;
    for (const answer of flood) void answer.finally(() => (settled += 1));
    for (const workflowId of others) {
      expect(await api.cancel({ workflowId, reason: 'urgent' })).toMatchObject({ status: 200 });
    }
    await eventually(
      async () => (await api.operations(ofEvent)).body.operations[0]?.state === 'completed',
      'the event',
    );
    expect(settled).toBeLessThan(flood.length);

    const answers = await Promise.all(flood);
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThanOrEqual(MAX_WAITING);
    expect(answers.filter(({ status }) => status !== 200 && status !== 429)).toEqual([]);
    for (const { headers, body } of refused) {
      expect(body).toMatchObject({ type: 'urn:rewind:problem:too-many-waiting' });
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
  });
});
