import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually';
import { localStack } from '../support/local-stack';

/* Workflows of a real worker in a namespace that requires a certificate, through the deployed stack. */

describe('the deployed stack', () => {
  const { details, api, client, idle } = localStack();
  const operator = () => `arn:aws:iam::${details.accountId}:user/rewind-operator`;

  async function startOrder() {
    const orderId = `e2e-${randomUUID()}`;
    const workflowId = `order-${orderId}`;
    await client.workflow.start('cancellableOrder', { workflowId, taskQueue: details.taskQueue, args: [{ orderId }] });
    await eventually(async () => {
      const { body } = await api.describe(workflowId);
      return body.pendingActivities[0]?.lastHeartbeatTime;
    }, 'the first heartbeat');
    return workflowId;
  }

  const history = async (workflowId: string, runId?: string) =>
    (await client.workflow.getHandle(workflowId, runId).fetchHistory()).events ?? [];

  test('cancels an order: the worker cleans up; history and ledger record reason and caller', async () => {
    const workflowId = await startOrder();

    const { status, body } = await api.cancel({ workflowId, reason: 'withdrawn', waitSeconds: 25 });

    expect({ status, body }).toMatchObject({ status: 200, body: { outcome: 'requested', status: 'Canceled' } });
    const requested = (await history(workflowId)).flatMap(
      (e) => e.workflowExecutionCancelRequestedEventAttributes ?? [],
    );
    expect(requested).toMatchObject([
      { cause: `withdrawn [rewind ${body.operationId} by ${operator()}]`, identity: operator() },
    ]);
    expect((await api.operations(workflowId)).body.operations).toMatchObject([
      {
        operationId: body.operationId,
        verb: 'cancel',
        reason: 'withdrawn',
        actor: { id: operator() },
        settled: { status: 'Canceled' },
      },
    ]);
    expect((await api.operation(body.operationId)).body).toMatchObject({ state: 'completed', answer: body });
  });

  test('resets an order to before its card is charged, and the new run completes', async () => {
    const orderId = `e2e-${randomUUID()}`;
    const workflowId = `order-${orderId}`;
    const handle = await client.workflow.start('repairableOrder', {
      workflowId,
      taskQueue: details.taskQueue,
      args: [{ orderId, paymentDelaySeconds: 0 }],
    });
    await handle.result();
    const { body: listed } = await api.resetPoints(workflowId);
    const { eventId } = listed.resetPoints[1]!;

    const { status, headers, body } = await api.reset({
      workflowId,
      target: { eventId },
      reason: 'bad deploy',
    });

    expect({ status, body }).toMatchObject({
      status: 201,
      body: { workflowId, runId: handle.firstExecutionRunId, eventId },
    });
    expect(body.links.webUi).toContain(body.newRunId);
    const location = new URL(
      headers['location'] ?? '',
      `${details.apiUrl}/namespaces/${details.namespace}/workflows/reset`,
    );
    expect(location.searchParams.get('runId')).toBe(body.newRunId);
    expect(await client.workflow.getHandle(workflowId, body.newRunId).result()).toMatchObject({ orderId });
    const marks = (await history(workflowId, body.newRunId)).flatMap((e) => e.workflowTaskFailedEventAttributes ?? []);
    expect(marks[0]?.failure?.message).toBe(`bad deploy [rewind ${body.operationId} by ${operator()}]`);
  });

  test('terminates a workflow that no worker serves', async () => {
    const { workflowId } = await idle();

    const { status, body } = await api.terminate({ workflowId, reason: 'runs amok' });

    expect({ status, body }).toMatchObject({ status: 200, body: { outcome: 'terminated', status: 'Terminated' } });
  });

  test.each(['a/b', '50%', 'a?b#c', 'zwölf 12', 'x'.repeat(1000)])(
    'accepts any character in a workflow id: %#',
    async (id) => {
      const workflowId = id.length === 1000 ? `${randomUUID()}${id}`.slice(0, 1000) : id;
      await idle(workflowId);

      expect((await api.describe(workflowId)).body).toMatchObject({ workflowId, status: 'Running' });
      const cancelled = await api.cancel({ workflowId, reason: 'odd id' });
      expect(cancelled.body).toMatchObject({ outcome: 'requested', workflowId });
      expect((await api.operations(workflowId)).body.operations).toHaveLength(1);
      await api.terminate({ workflowId, reason: 'end of test' });
    },
  );

  test.each(['a/b', 'zwölf 12%?#'])('resets a workflow with any character in its id: %#', async (id) => {
    const orderId = `${id}${randomUUID()}`;
    const args = [{ orderId, paymentDelaySeconds: 0 }];
    const handle = await client.workflow.start('repairableOrder', {
      workflowId: orderId,
      taskQueue: details.taskQueue,
      args,
    });
    await handle.result();
    const points = await api.resetPoints(orderId);
    const target = { eventId: points.body.resetPoints[0]!.eventId };

    const { status, body } = await api.reset({ workflowId: orderId, target, reason: 'odd id' });

    expect({ status, body }).toMatchObject({ status: 201, body: { workflowId: orderId } });
  });

  test('returns the first response, byte for byte, to a repeated request with the same key', async () => {
    const { workflowId } = await idle();
    const key = randomUUID();
    const body = { workflowId, reason: 'once' };

    const answers = await Promise.all(Array.from({ length: 5 }, () => api.cancel(body, key)));
    const another = await api.cancel({ ...body, reason: 'twice' }, key);

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(4);
    expect(another).toMatchObject({ status: 422, body: { type: 'urn:rewind:problem:idempotency-key-reused' } });
    expect((await api.operations(workflowId)).body.operations).toHaveLength(1);
  });
});
