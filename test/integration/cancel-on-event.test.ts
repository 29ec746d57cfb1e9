import { randomUUID } from 'node:crypto';
import type { SQSRecord } from 'aws-lambda';
import { createHandler } from '../../functions/cancel-on-event/handler';
import { OperationFailure } from '../../api/failures';
import { BATCH_LEDGER_ID } from '../../operations/batch/batch';
import type { Ledger } from '../../operations/ledger/ledger';
import { CANCELLATION_REQUESTS } from '../../operations/trigger';
import type { QueuedEvent, Trigger, Triggers } from '../../operations/trigger';
import { eventually } from '../support/eventually';
import { withCall } from '../support/with-call';
import { createLedger } from '../support/ledger-table';
import { completeWorkflow, testConnection, namespace, ScriptedWorkflow } from '../support/scripted-workflow';
import { RecordedLog } from '../support/recorded-log';

const withdrawn: Trigger = {
  namespace,
  workflowId: 'order-<$.detail.orderId>',
  reason: 'withdrawn: <$.detail.because>',
};

const customerDeleted: Trigger = {
  namespace,
  query: 'WorkflowType = <$.detail.customer>',
  reason: 'customer deleted',
  engine: 'worker',
  ratePerSecond: 20,
  maxWorkflows: 1,
};

const webUiOf = (...path: string[]) => `https://ui.example/namespaces/${[namespace, ...path].join('/')}`;

const eventAbout = (detail: object, id: string = randomUUID()) => ({
  id,
  source: 'com.example.orders',
  'detail-type': 'OrderWithdrawn',
  detail,
});

const HOUR = 3_600_000;

/** A message of the queue, as Lambda passes it on. */
function message(body: QueuedEvent | string, { ageMs = 0, attempt = 1 } = {}): SQSRecord {
  return {
    messageId: randomUUID(),
    receiptHandle: randomUUID(),
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: String(attempt),
      SentTimestamp: String(Date.now() - ageMs),
      SenderId: 'AIDAIENQZJOLO23YVJ4VO',
      ApproximateFirstReceiveTimestamp: String(Date.now()),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:events',
    awsRegion: 'us-east-1',
  };
}

describe('an event', () => {
  const connection = testConnection();
  let ledger: Ledger;
  beforeAll(async () => {
    ledger = await createLedger();
  });

  async function order() {
    const orderId = randomUUID();
    const workflow = await ScriptedWorkflow.start(connection, { workflowId: `order-${orderId}` });
    return { orderId, workflow };
  }

  interface Given {
    through?: Ledger;
    triggers?: Triggers;
    connect?: () => Promise<ScriptedWorkflow['client']>;
  }

  /** The function, with the real parts behind it, but for the queue. */
  function cancelOnEvent({ client }: ScriptedWorkflow, { through = ledger, triggers, connect }: Given = {}) {
    const rejected: { body: string; reason: string }[] = [];
    const delayed = new Map<string, number>();
    const ages: number[] = [];
    const find = (name: string) => {
      if (name !== namespace) throw new OperationFailure('namespace-not-configured', `no namespace ${name}`);
      return { name, webUiUrl: 'https://ui.example', connect: connect ?? (async () => client) };
    };
    const cancel = createHandler({
      namespaces: { find },
      triggers: triggers ?? { 'order-withdrawn': withdrawn },
      ledger: through,
      onRecordFailure: () => {},
      logger: new RecordedLog(),
      taskQueue: `batch-${randomUUID()}`,
      retrySeconds: 24 * 3600,
      reject: async (body, reason) => void rejected.push({ body, reason }),
      delay: async (receiptHandle, seconds) => void delayed.set(receiptHandle, seconds),
      reportAge: (seconds) => void ages.push(seconds),
    });
    const handler = (...messages: SQSRecord[]) => cancel({ Records: messages }, { awsRequestId: 'invocation-1' });
    return { handler, rejected, delayed, ages };
  }

  const nothingLeft = { batchItemFailures: [] };

  const operationsOn = async ({ workflowId }: ScriptedWorkflow) =>
    (await ledger.search(namespace, { workflowId }, { size: 100 })).operations;

  test('of another service cancels the workflow that its template names', async () => {
    const { orderId, workflow } = await order();
    const event = eventAbout({ orderId, because: 'no stock' }, 'event-1');

    expect(await cancelOnEvent(workflow).handler(message({ trigger: 'order-withdrawn', event }))).toEqual(nothingLeft);

    expect(await operationsOn(workflow)).toMatchObject([
      { answer: { links: { webUi: webUiOf('workflows', workflow.workflowId, workflow.runId, 'history') } } },
    ]);
    expect(await workflow.cancelRequests()).toEqual([
      expect.objectContaining({
        cause: expect.stringMatching(/^withdrawn: no stock \[rewind op-\w+ by event:com\.example\.orders\/event-1\]$/),
        identity: 'event:com.example.orders/event-1',
      }),
    ]);
  });

  test('delivered 200 times, two batches of 10 at once, leaves one record and one cancel request', async () => {
    const { orderId, workflow } = await order();
    const { handler } = cancelOnEvent(workflow);
    const event = eventAbout({ orderId, because: 'storm' });
    const batch = () => Array.from({ length: 10 }, () => message({ trigger: 'order-withdrawn', event }));

    const left: unknown[] = [];
    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all([handler(...batch()), handler(...batch())]);
      left.push(...answers.flatMap(({ batchItemFailures }) => batchItemFailures));
    }

    expect(left).toEqual([]);
    expect(await workflow.cancelRequests()).toHaveLength(1);
    expect(await operationsOn(workflow)).toMatchObject([{ state: 'completed', outcome: 'requested', attempt: 1 }]);
  });

  test('that carries the request itself is a cancellation as over HTTP', async () => {
    const { workflow } = await order();
    const { workflowId, runId } = workflow;
    const event = {
      ...eventAbout({ namespace, workflowId, runId, reason: 'as asked' }),
      'detail-type': 'Workflow Cancellation Requested',
    };

    await cancelOnEvent(workflow).handler(message({ trigger: CANCELLATION_REQUESTS, event }));

    expect((await workflow.cancelRequests())[0]?.cause).toMatch(/^as asked \[rewind /);
  });

  test.each<[what: string, prepare: (workflow: ScriptedWorkflow) => Promise<void>, otherId: string | null]>([
    ['a workflow that is not there', async () => {}, randomUUID()],
    ['a workflow that has closed', (workflow) => workflow.completeTask(completeWorkflow), null],
  ])('about %s is handled: there is nothing to cancel', async (_what, prepare, otherId) => {
    const { orderId, workflow } = await order();
    await prepare(workflow);
    const { handler, rejected } = cancelOnEvent(workflow);
    const event = eventAbout({ orderId: otherId ?? orderId, because: 'late' });

    expect(await handler(message({ trigger: 'order-withdrawn', event }))).toEqual(nothingLeft);

    expect(rejected).toEqual([]);
    expect(await workflow.cancelRequests()).toHaveLength(0);
  });

  test.each(['worker', 'server'] as const)('with a query starts a batch operation on the engine %s', async (engine) => {
    const { workflow } = await order();
    const { client } = workflow;
    const type = `customer-${randomUUID()}`;
    await ScriptedWorkflow.start(connection, { type });
    await eventually(async () => (await client.countWorkflows(`WorkflowType = '${type}'`)) === 1);
    const triggers = { 'customer-deleted': { ...customerDeleted, engine } };
    const { handler, rejected } = cancelOnEvent(workflow, { triggers });

    await handler(message({ trigger: 'customer-deleted', event: eventAbout({ customer: type }, `deleted-${type}`) }));

    const started = await ledger.search(namespace, { workflowId: BATCH_LEDGER_ID }, { size: 1 });
    expect(started.operations).toMatchObject([
      {
        verb: 'batch',
        outcome: 'started',
        actor: { id: `event:com.example.orders/deleted-${type}` },
        request: { action: 'cancel', engine, query: `WorkflowType = '${type}'` },
      },
    ]);
    const [{ operationId, answer } = { operationId: '' }] = started.operations;
    const place =
      engine === 'server' ? ['batch-operations', operationId] : ['workflows', `rewind-batch-${operationId}`];
    expect(answer).toMatchObject({ links: { webUi: expect.stringContaining(webUiOf(...place)) } });
    expect(rejected).toEqual([]);
    await handler(message({ trigger: 'customer-deleted', event: eventAbout({ customer: "x' OR 'y" }) }));
    expect(rejected).toMatchObject([{ reason: expect.stringContaining('cannot be part of a query') }]);
  });

  const bad: [what: string, body: QueuedEvent | string, reason: RegExp][] = [
    ['lacks the id', { trigger: 'order-withdrawn', event: eventAbout({ because: 'x' }) }, /\$\.detail\.orderId/],
    [
      'has an id that is too long',
      { trigger: 'order-withdrawn', event: eventAbout({ orderId: 'x'.repeat(1001), because: 'x' }) },
      /workflowId/,
    ],
    [
      'names a namespace that is not configured',
      { trigger: 'elsewhere', event: eventAbout({ orderId: '1', because: 'x' }) },
      /no namespace elsewhere/,
    ],
    ['belongs to a trigger that was removed', { trigger: 'gone', event: eventAbout({}) }, /no trigger "gone" any more/],
    ['belongs to a trigger with an inherited name', { trigger: 'toString', event: eventAbout({}) }, /no trigger/],
    [
      'asks with an unknown field',
      {
        trigger: CANCELLATION_REQUESTS,
        event: eventAbout({ namespace, workflowId: 'w', reason: 'r', force: true }),
      },
      /force/,
    ],
    [
      'would fill the reason of a batch with too much',
      { trigger: 'long-reason', event: eventAbout({ customer: 'c', because: 'x'.repeat(1001) }) },
      /reason is/,
    ],
    [
      'asks with no request at all',
      { trigger: CANCELLATION_REQUESTS, event: eventAbout(['x']) },
      /must be a JSON object/,
    ],
    ['is no JSON', 'hello', /not an event/],
    ['is no object', 'null', /not an event/],
    ['has no trigger', JSON.stringify({ event: eventAbout({}) }), /not an event/],
  ];
  test.each(bad)('that %s is rejected at once, with the reason', async (_what, body, reason) => {
    const { workflow } = await order();
    const { handler, rejected, delayed } = cancelOnEvent(workflow, {
      triggers: {
        'order-withdrawn': withdrawn,
        elsewhere: { ...withdrawn, namespace: 'elsewhere' },
        'long-reason': { ...customerDeleted, reason: '<$.detail.because>' },
      },
    });
    const sent = message(body);

    expect(await handler(sent)).toEqual(nothingLeft);

    expect(rejected).toEqual([{ body: sent.body, reason: expect.stringMatching(reason) }]);
    expect(delayed.size).toBe(0);
  });

  describe('that can succeed later', () => {
    const down = () =>
      withCall(ledger, 'createIfAbsent', () => Promise.reject(new OperationFailure('ledger-unavailable', 'down')));
    const event = () => eventAbout({ orderId: randomUUID(), because: 'x' });
    const queued = (): QueuedEvent => ({ trigger: 'order-withdrawn', event: event() });

    test('comes again after a delay that grows, beside others that succeed', async () => {
      const { orderId, workflow } = await order();
      const failing = withCall(ledger, 'createIfAbsent', async (record) => {
        if (record.workflowId !== workflow.workflowId) throw new OperationFailure('ledger-unavailable', 'down');
        return ledger.createIfAbsent(record);
      });
      const { handler, rejected, delayed } = cancelOnEvent(workflow, { through: failing });
      const attempts = [1, 2, 5, 30].map((attempt) => message(queued(), { attempt }));
      const succeeds = message({ trigger: 'order-withdrawn', event: eventAbout({ orderId, because: 'x' }) });

      const { batchItemFailures } = await handler(succeeds, ...attempts);

      expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(
        attempts.map(({ messageId }) => messageId),
      );
      expect(rejected).toEqual([]);
      expect(await workflow.cancelRequests()).toHaveLength(1);
      const delays = attempts.map(({ receiptHandle }) => delayed.get(receiptHandle)!);
      for (const [index, base] of [2, 4, 32, 300].entries()) {
        expect(delays[index]).toBeGreaterThanOrEqual(base);
        expect(delays[index]).toBeLessThanOrEqual(Math.ceil(base * 1.5));
      }
    });

    test('is rejected when it is older than events are kept trying', async () => {
      const { workflow } = await order();
      const { handler, rejected, ages } = cancelOnEvent(workflow, { through: down() });

      const fresh = await handler(message(queued(), { ageMs: 23 * HOUR }));
      const old = await handler(message(queued(), { ageMs: 25 * HOUR }));

      expect(fresh.batchItemFailures).toHaveLength(1);
      expect(old).toEqual(nothingLeft);
      expect(rejected).toMatchObject([{ reason: expect.stringMatching(/^Tried for 90000 s: down/) }]);
      expect(ages.map((seconds) => Math.round(seconds / 3600))).toEqual([23, 25]);
    });

    test('leaves a namespace alone that has just throttled, and its other events wait', async () => {
      const { workflow } = await order();
      let calls = 0;
      const connect = async () => {
        calls += 1;
        throw new OperationFailure('throttled', 'Temporal throttles', { retryAfterSeconds: 30 });
      };
      const { handler, delayed } = cancelOnEvent(workflow, { connect });
      const [first, second] = [message(queued()), message(queued())];

      await handler(first);
      const { batchItemFailures } = await handler(second);

      expect(calls).toBe(1);
      expect(batchItemFailures).toEqual([{ itemIdentifier: second.messageId }]);
      for (const { receiptHandle } of [first, second]) expect(delayed.get(receiptHandle)).toBeGreaterThanOrEqual(29);
    });

    test('comes again also when neither the delay nor the rejection reaches the queue', async () => {
      const { workflow } = await order();
      const cancel = createHandler({
        namespaces: { find: () => ({ name: namespace, connect: async () => workflow.client }) },
        triggers: { 'order-withdrawn': withdrawn },
        ledger: down(),
        onRecordFailure: () => {},
        logger: new RecordedLog(),
        taskQueue: 'none',
        retrySeconds: 60,
        reject: () => Promise.reject(new Error('SQS is down')),
        delay: () => Promise.reject(new Error('SQS is down')),
        reportAge: () => {},
      });
      const messages = [message(queued()), message('no event')];

      const { batchItemFailures } = await cancel({ Records: messages }, { awsRequestId: 'invocation-1' });

      expect(batchItemFailures).toHaveLength(2);
    });
  });
});
