import { randomUUID } from 'node:crypto';
import type { SQSRecord } from 'aws-lambda';
import { UNKNOWN_NAMESPACE } from '../../api/route';
import { createHandler } from '../../functions/cancel-on-event/handler';
import type { EventMetrics } from '../../functions/cancel-on-event/handler';
import { OperationFailure } from '../../api/failures';
import { BATCH_LEDGER_ID } from '../../operations/batch/batch';
import type { Ledger } from '../../operations/ledger/ledger';
import { InMemoryRejectedEvents } from '../support/in-memory-rejected-events';
import { redrive } from '../../operations/rejected-events/redrive';
import type { RejectedEventGroup } from '../../operations/rejected-events/rejected-events';
import { CANCELLATION_REQUESTS } from '../../operations/trigger';
import type { QueuedEvent, Trigger, Triggers } from '../../operations/trigger';
import { eventually } from '../support/eventually';
import { withCall } from '../support/with-call';
import { withHangingCall } from '../support/hanging-ledger';
import { testLedger } from '../support/ledger-table';
import {
  completeWorkflow,
  continueAsNew,
  testConnection,
  namespace,
  ScriptedWorkflow,
} from '../support/scripted-workflow';
import { ann, Rewind } from '../support/rewind';
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
  action: 'cancel',
  engine: 'worker',
  ratePerSecond: 20,
  maxWorkflows: 1,
};

const webUiOf = (...path: string[]) => `https://ui.example/namespaces/${[namespace, ...path].join('/')}`;

const eventWith = (detail: object, id: string = randomUUID()) => ({
  id,
  source: 'com.example.orders',
  'detail-type': 'OrderWithdrawn',
  detail,
});

const HOUR = 3_600_000;

/** A message of the queue, as Lambda passes it to the function. */
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
  const ledger = testLedger();

  async function order() {
    const orderId = randomUUID();
    const workflow = await ScriptedWorkflow.start(connection, { workflowId: `order-${orderId}` });
    return { orderId, workflow };
  }

  interface Options {
    ledgerUsed?: Ledger;
    triggers?: Triggers;
    connect?: () => Promise<ScriptedWorkflow['client']>;
    rejectedEvents?: InMemoryRejectedEvents;
  }

  /** The function on a real server and ledger, with an in-memory queue and rejected events. */
  function cancelOnEvent(
    { client }: ScriptedWorkflow,
    { ledgerUsed = ledger, triggers, connect, rejectedEvents = new InMemoryRejectedEvents() }: Options = {},
  ) {
    const deadLetters: { body: string; reason: string }[] = [];
    const delayed = new Map<string, number>();
    const metrics: EventMetrics[] = [];
    const logger = new RecordedLog();
    const find = (name: string) => {
      if (name !== namespace) throw new OperationFailure('namespace-not-configured', `no namespace ${name}`);
      return { name, webUiUrl: 'https://ui.example', connect: connect ?? (async () => client) };
    };
    const cancel = createHandler({
      namespaces: { find },
      triggers: triggers ?? { 'order-withdrawn': withdrawn },
      ledger: ledgerUsed,
      onRecordFailure: () => {},
      logger,
      taskQueue: `batch-${randomUUID()}`,
      retrySeconds: 24 * 3600,
      rejectedEvents,
      deadLetter: async (body, reason) => void deadLetters.push({ body, reason }),
      delay: async (receiptHandle, seconds) => void delayed.set(receiptHandle, seconds),
      count: (counted) => void metrics.push(counted),
    });
    const rejected = async (group: RejectedEventGroup = 'rejected', of = namespace) =>
      (await rejectedEvents.list(of, { group }, { size: 100 })).rejectedEvents;
    const handler = (...messages: SQSRecord[]) => cancel({ Records: messages }, { awsRequestId: 'invocation-1' });
    return { handler, rejected, rejectedEvents, deadLetters, delayed, metrics, logger };
  }

  const noFailures = { batchItemFailures: [] };

  const operationsOn = (workflow: ScriptedWorkflow) => new Rewind(ledger).operationsOn(workflow);

  test('of another service cancels the workflow that the template of its trigger names', async () => {
    const { orderId, workflow } = await order();
    const event = eventWith({ orderId, because: 'no stock' }, 'event-1');

    expect(await cancelOnEvent(workflow).handler(message({ trigger: 'order-withdrawn', event }))).toEqual(noFailures);

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

  test('delivered 200 times, in concurrent batches, leaves one record and one cancel request', async () => {
    const { orderId, workflow } = await order();
    const { handler } = cancelOnEvent(workflow);
    const event = eventWith({ orderId, because: 'storm' });
    const batch = () => Array.from({ length: 10 }, () => message({ trigger: 'order-withdrawn', event }));

    const failures: unknown[] = [];
    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all([handler(...batch()), handler(...batch())]);
      failures.push(...answers.flatMap(({ batchItemFailures }) => batchItemFailures));
    }

    expect(failures).toEqual([]);
    expect(await workflow.cancelRequests()).toHaveLength(1);
    expect(await operationsOn(workflow)).toMatchObject([{ state: 'completed', outcome: 'requested', attempt: 1 }]);
  });

  describe('that arrives late', () => {
    const MINUTE = 60_000;
    const late = { ageMs: 10 * MINUTE };
    /** Events that are ten minutes or more older than the workflow that they name. */
    const cases: [
      how: string,
      queued: Pick<QueuedEvent, 'arrivedAt' | 'ingestedAt'>,
      envelope: object,
      options: { ageMs?: number },
    ][] = [
      ['waited in the queue', {}, {}, late],
      ['reached the queue late', { ingestedAt: new Date(Date.now() - 10 * MINUTE).toISOString() }, {}, {}],
      ['was redriven', { arrivedAt: new Date(Date.now() - 10 * MINUTE).toISOString() }, {}, {}],
      ['was replayed from an archive', {}, { time: '2026-01-31T12:00:00Z', 'replay-name': 'after the outage' }, {}],
    ];
    test.each(cases)(
      'because it %s cancels no workflow that was started since',
      async (_how, queued, envelope, options) => {
        const { orderId, workflow } = await order();
        const event = { ...eventWith({ orderId, because: 'no stock' }), ...envelope };
        const { handler, rejected } = cancelOnEvent(workflow);

        expect(await handler(message({ trigger: 'order-withdrawn', event, ...queued }, options))).toEqual(noFailures);

        expect(await workflow.cancelRequests()).toEqual([]);
        expect(await rejected()).toEqual([]);
        const explanation = expect.stringMatching(
          /was started at .* after the request was made at .*means an earlier workflow/,
        );
        expect(await operationsOn(workflow)).toMatchObject([{ failure: { kind: 'conflict', message: explanation } }]);
      },
    );

    test.each<[what: string, queued: Pick<QueuedEvent, 'ingestedAt'>, envelope: object]>([
      ['without a time from EventBridge', { ingestedAt: '' }, {}],
      ['that EventBridge received at an invalid time', { ingestedAt: 'soon' }, {}],
      ['that EventBridge received in the future', { ingestedAt: '2126-01-31T12:00:00Z' }, {}],
      [
        'that is replayed and whose sender gave it a future time',
        {},
        { time: '2126-01-31T12:00:00Z', 'replay-name': 'r' },
      ],
    ])('%s has arrived when it reached the queue', async (_what, queued, envelope) => {
      const { orderId, workflow } = await order();
      const event = { ...eventWith({ orderId, because: 'no stock' }), ...envelope };

      await cancelOnEvent(workflow).handler(message({ trigger: 'order-withdrawn', event, ...queued }));

      const [operation] = await operationsOn(workflow);
      expect(operation).toMatchObject({ outcome: 'requested', askedAt: expect.any(String) });
      expect(Math.abs(Date.parse(operation?.askedAt ?? '') - Date.now())).toBeLessThan(MINUTE);
    });

    test('cancels the chain of runs that it names, also in a run that continued as new since', async () => {
      const { orderId, workflow } = await order();
      const { startTime } = (await workflow.describe()).workflowExecutionInfo ?? {};
      const startedAt = Number(startTime?.seconds) * 1000 + Number(startTime?.nanos) / 1e6;
      const event = eventWith({ orderId, because: 'no stock' });
      // Clocks may differ by a minute: the first run started within that minute, the second after it.
      const arrivedAt = new Date(startedAt - MINUTE + 1000).toISOString();
      await eventually(async () => Date.now() > startedAt + 1500, 'the minute to be over');
      await workflow.completeTask(continueAsNew);

      await cancelOnEvent(workflow).handler(message({ trigger: 'order-withdrawn', event, arrivedAt }));

      const [operation] = await operationsOn(workflow);
      expect(operation).toMatchObject({ outcome: 'requested' });
      expect(operation?.runId).not.toBe(workflow.runId);
    });

    test('keeps its arrival time when it is rejected and redriven', async () => {
      const { orderId, workflow } = await order();
      const event = eventWith({ orderId, because: 'no stock' });
      const { handler, rejected, rejectedEvents } = cancelOnEvent(workflow, { triggers: {} });
      await handler(message({ trigger: 'order-withdrawn', event }, late));
      const [record] = await rejected('rejected', UNKNOWN_NAMESPACE);
      const sent: QueuedEvent[] = [];
      const dependencies = { rejectedEvents, ledger, send: async (queued: QueuedEvent) => void sent.push(queued) };
      const caller = { actor: ann, deadline: Date.now() + 10_000 };
      await redrive(dependencies, UNKNOWN_NAMESPACE, { reason: 'fixed', all: true }, caller);

      for (const queued of sent) await cancelOnEvent(workflow).handler(message(queued));

      expect(sent).toMatchObject([{ redrive: 1, arrivedAt: record?.arrivedAt }]);
      expect(await workflow.cancelRequests()).toEqual([]);
    });
  });

  test('that contains the request itself cancels like the HTTP route', async () => {
    const { workflow } = await order();
    const { workflowId, runId } = workflow;
    const event = {
      ...eventWith({ namespace, workflowId, runId, reason: 'as asked' }),
      'detail-type': 'Workflow Cancellation Requested',
    };

    await cancelOnEvent(workflow).handler(message({ trigger: CANCELLATION_REQUESTS, event }));

    expect((await workflow.cancelRequests())[0]?.cause).toMatch(/^as asked \[rewind /);
  });

  test.each<[what: string, prepare: (workflow: ScriptedWorkflow) => Promise<void>, otherId: string | null]>([
    ['a workflow that does not exist', async () => {}, randomUUID()],
    ['a workflow that has closed', (workflow) => workflow.completeTask(completeWorkflow), null],
  ])('for %s is handled without a cancellation', async (_what, prepare, otherId) => {
    const { orderId, workflow } = await order();
    await prepare(workflow);
    const { handler, rejected } = cancelOnEvent(workflow);
    const event = eventWith({ orderId: otherId ?? orderId, because: 'late' });

    expect(await handler(message({ trigger: 'order-withdrawn', event }))).toEqual(noFailures);

    expect(await rejected()).toEqual([]);
    expect(await workflow.cancelRequests()).toHaveLength(0);
  });

  test.each([
    ['worker', 'cancel'],
    ['server', 'cancel'],
    ['worker', 'terminate'],
  ] as const)(
    'for a trigger with a query starts a batch operation on engine %s with action %s',
    async (engine, action) => {
      const { workflow } = await order();
      const { client } = workflow;
      const type = `customer-${randomUUID()}`;
      await ScriptedWorkflow.start(connection, { type });
      await eventually(async () => (await client.countWorkflows(`WorkflowType = '${type}'`)) === 1);
      const triggers = { 'customer-deleted': { ...customerDeleted, engine, action } };
      const { handler, rejected } = cancelOnEvent(workflow, { triggers });

      await handler(message({ trigger: 'customer-deleted', event: eventWith({ customer: type }, `deleted-${type}`) }));

      const search = { workflowId: BATCH_LEDGER_ID, actor: `deleted-${type}` };
      const started = await ledger.search(namespace, search, { size: 2 });
      expect(started.operations).toMatchObject([
        {
          verb: 'batch',
          outcome: 'started',
          actor: { id: `event:com.example.orders/deleted-${type}` },
          request: { action, engine, query: `WorkflowType = '${type}'` },
        },
      ]);
      const [{ operationId, answer } = { operationId: '' }] = started.operations;
      const place =
        engine === 'server' ? ['batch-operations', operationId] : ['workflows', `rewind-batch-${operationId}`];
      expect(answer).toMatchObject({ links: { webUi: expect.stringContaining(webUiOf(...place)) } });
      expect(await rejected()).toEqual([]);
      await handler(message({ trigger: 'customer-deleted', event: eventWith({ customer: "x' OR 'y" }) }));
      expect(await rejected()).toMatchObject([{ reason: expect.stringContaining('cannot be part of a query') }]);
    },
  );

  const bad: [what: string, body: QueuedEvent, reason: RegExp, of?: string][] = [
    ['lacks the id', { trigger: 'order-withdrawn', event: eventWith({ because: 'x' }) }, /\$\.detail\.orderId/],
    [
      'has an id that is too long',
      { trigger: 'order-withdrawn', event: eventWith({ orderId: 'x'.repeat(1001), because: 'x' }) },
      /workflowId/,
    ],
    [
      'names a namespace that is not configured',
      { trigger: 'elsewhere', event: eventWith({ orderId: '1', because: 'x' }) },
      /no namespace elsewhere/,
      UNKNOWN_NAMESPACE,
    ],
    [
      'belongs to a trigger that was removed',
      { trigger: 'gone', event: eventWith({}) },
      /trigger "gone" is not configured any more/,
      UNKNOWN_NAMESPACE,
    ],
    [
      'belongs to a trigger with an inherited name',
      { trigger: 'toString', event: eventWith({}) },
      /is not configured any more/,
      UNKNOWN_NAMESPACE,
    ],
    [
      'requests with an unknown field',
      {
        trigger: CANCELLATION_REQUESTS,
        event: eventWith({ namespace, workflowId: 'w', reason: 'r', force: true }),
      },
      /force/,
    ],
    [
      'makes the reason of a batch operation too long',
      { trigger: 'long-reason', event: eventWith({ customer: 'c', because: 'x'.repeat(1001) }) },
      /reason is/,
    ],
    [
      'contains no request',
      { trigger: CANCELLATION_REQUESTS, event: eventWith(['x']) },
      /must be a JSON object/,
      UNKNOWN_NAMESPACE,
    ],
    [
      'requests a namespace that is not configured',
      { trigger: CANCELLATION_REQUESTS, event: eventWith({ namespace: 'elsewhere', workflowId: 'w', reason: 'r' }) },
      /no namespace elsewhere/,
      UNKNOWN_NAMESPACE,
    ],
  ];
  test.each(bad)('that %s is rejected immediately, with the reason', async (_what, body, reason, of = namespace) => {
    const { workflow } = await order();
    const { handler, rejected, deadLetters, delayed, metrics } = cancelOnEvent(workflow, {
      triggers: {
        'order-withdrawn': withdrawn,
        elsewhere: { ...withdrawn, namespace: 'elsewhere' },
        'long-reason': { ...customerDeleted, reason: '<$.detail.because>' },
      },
    });
    const sent = message(body);

    expect(await handler(sent)).toEqual(noFailures);

    expect(await rejected('rejected', of)).toMatchObject([
      {
        trigger: body.trigger,
        eventId: body.event.id,
        source: body.event.source,
        reason: expect.stringMatching(reason),
        redrives: 0,
      },
    ]);
    expect(deadLetters).toEqual([]);
    expect(delayed.size).toBe(0);
    expect(metrics).toMatchObject([{ rejected: 1 }]);
  });

  test.each<[what: string, trigger: string, detail: (secret: string) => object, field: string]>([
    [
      'a workflow id that is not a string',
      CANCELLATION_REQUESTS,
      (secret) => ({ namespace, workflowId: { secret }, reason: 'r' }),
      'workflowId',
    ],
    [
      'an invalid run id',
      CANCELLATION_REQUESTS,
      (runId) => ({ namespace, workflowId: 'w', runId, reason: 'r' }),
      'runId',
    ],
    [
      'an unknown field',
      CANCELLATION_REQUESTS,
      (secret) => ({ namespace, workflowId: 'w', reason: 'r', secret }),
      'secret',
    ],
    ['too long a reason', 'order-withdrawn', (secret) => ({ orderId: '1', because: secret.repeat(100) }), 'reason'],
    ['no usable value', 'order-withdrawn', (secret) => ({ orderId: { secret }, because: 'r' }), 'orderId'],
    ['a value that no query accepts', 'query', (secret) => ({ customer: `${secret}'` }), 'customer'],
    ['a value that Temporal refuses', 'time', (secret) => ({ customer: secret }), 'query'],
  ])('with %s is rejected without its values in the record and the log', async (_what, trigger, detail, field) => {
    const { workflow } = await order();
    const time: Trigger = { ...customerDeleted, query: 'StartTime > <$.detail.customer>' };
    const triggers = { 'order-withdrawn': withdrawn, query: customerDeleted, time };
    const { handler, rejected, logger } = cancelOnEvent(workflow, { triggers });
    const secret = 'jane@example.com';

    await handler(message({ trigger, event: eventWith(detail(secret)) }));

    const [record] = await rejected();
    expect(record?.reason).toContain(field);
    expect(logger.texts.join('')).toContain('event rejected');
    for (const text of [JSON.stringify(record), ...logger.texts]) expect(text).not.toContain(secret);
  });

  const changed = { 'order-withdrawn': { namespace, workflowId: 'order-<$.detail.newId>', reason: 'changed' } };

  test('that waits is executed by its changed trigger, although the earlier one was attempted', async () => {
    const [{ orderId, workflow }, { orderId: newId, workflow: other }] = [await order(), await order()];
    const body = { trigger: 'order-withdrawn', event: eventWith({ orderId, newId, because: 'no stock' }) };
    const isDown = () => Promise.reject(new OperationFailure('temporal-unavailable', 'Temporal is down.'));
    const down = cancelOnEvent(workflow, { connect: async () => withCall(workflow.client, 'describe', isDown) });
    expect((await down.handler(message(body))).batchItemFailures).toHaveLength(1);
    const { handler, rejected } = cancelOnEvent(workflow, { triggers: changed });

    expect(await handler(message(body))).toEqual(noFailures);
    expect(await handler(message(body))).toEqual(noFailures);

    expect(await rejected()).toEqual([]);
    expect(await workflow.cancelRequests()).toEqual([]);
    expect(await other.cancelRequests()).toMatchObject([{ cause: expect.stringContaining('changed') }]);
  });

  test('that was handled is neither executed nor rejected when it is delivered again after its trigger has changed', async () => {
    const [{ orderId, workflow }, { orderId: newId, workflow: other }] = [await order(), await order()];
    const body = { trigger: 'order-withdrawn', event: eventWith({ orderId, newId, because: 'no stock' }) };
    expect(await cancelOnEvent(workflow).handler(message(body))).toEqual(noFailures);
    const { handler, rejected } = cancelOnEvent(workflow, { triggers: changed });

    expect(await handler(message(body))).toEqual(noFailures);

    expect(await rejected()).toEqual([]);
    expect(await workflow.cancelRequests()).toHaveLength(1);
    expect(await other.cancelRequests()).toEqual([]);
  });

  test('is not executed by its changed trigger while the operation of the earlier one has not ended', async () => {
    const [{ orderId, workflow }, { orderId: newId, workflow: other }] = [await order(), await order()];
    const body = { trigger: 'order-withdrawn', event: eventWith({ orderId, newId, because: 'no stock' }) };
    const hanging = withHangingCall(ledger, 'recordTargetRun');
    void cancelOnEvent(workflow, { ledgerUsed: hanging.ledger }).handler(message(body));
    await hanging.hung;
    const { handler, logger } = cancelOnEvent(workflow, { triggers: changed });

    expect((await handler(message(body))).batchItemFailures).toHaveLength(1);

    expect(logger.texts.join('')).toContain('operation-in-progress');
    expect(await other.cancelRequests()).toEqual([]);
  });

  test('redriven in the previous namespace of its trigger is rejected in the current one', async () => {
    const { orderId, workflow } = await order();
    const { handler, rejected, rejectedEvents } = cancelOnEvent(workflow);
    const queued = { trigger: 'order-withdrawn', event: eventWith({ orderId, because: 'no stock' }) };
    await rejectedEvents.reject({
      queued,
      namespace: 'before',
      kind: 'internal',
      reason: 'r',
      rejectedAt: new Date().toISOString(),
    });
    const redriveIn = async (of: string) => {
      const sent: QueuedEvent[] = [];
      const dependencies = { rejectedEvents, ledger, send: async (each: QueuedEvent) => void sent.push(each) };
      const caller = { actor: ann, deadline: Date.now() + 10_000 };
      const { redriven } = await redrive(dependencies, of, { reason: 'fixed', all: true }, caller);
      for (const each of sent) await handler(message(each));
      return redriven;
    };

    expect(await redriveIn('before')).toBe(1);
    expect(await workflow.cancelRequests()).toEqual([]);
    expect(await rejected('rejected', 'before')).toEqual([]);
    expect(await rejected()).toMatchObject([
      { reason: expect.stringContaining('redrive the event there'), redrives: 1 },
    ]);

    expect(await redriveIn(namespace)).toBe(1);
    expect(await workflow.cancelRequests()).toHaveLength(1);
    expect(await rejected('handled')).toHaveLength(1);
  });

  test.each<[what: string, body: string]>([
    ['is not JSON', 'hello'],
    ['is not an object', 'null'],
    ['has no trigger', JSON.stringify({ event: eventWith({}) })],
  ])('that %s is invalid, and is sent to the dead-letter queue', async (_what, body) => {
    const { workflow } = await order();
    const { handler, deadLetters } = cancelOnEvent(workflow);

    expect(await handler(message(body))).toEqual(noFailures);

    expect(deadLetters).toEqual([{ body, reason: expect.stringMatching(/not an event/) }]);
  });

  // Event Ruler matches a pattern with each of the values, and JSON parsing returns the last.
  test.each<[where: string, twice: (orderId: string) => string]>([
    ['its detail', (orderId) => `"detail":{"orderId":"1","because":"x","orderId":"${orderId}"}`],
    ['its envelope', (orderId) => `"detail":{},"detail":{"orderId":"${orderId}","because":"x"}`],
  ])('with a duplicate field in %s is sent to the dead-letter queue', async (_where, twice) => {
    const { orderId, workflow } = await order();
    const { handler, deadLetters, rejected } = cancelOnEvent(workflow);
    const event = `{"id":"${randomUUID()}","source":"com.example.orders","detail-type":"OrderWithdrawn",${twice(orderId)}}`;
    const body = `{"trigger":"order-withdrawn","event":${event}}`;

    expect(await handler(message(body))).toEqual(noFailures);

    expect(deadLetters).toEqual([{ body, reason: expect.stringMatching(/duplicate field "(orderId|detail)"/) }]);
    expect(await rejected()).toEqual([]);
    expect(await workflow.cancelRequests()).toEqual([]);
  });

  test('with a number that JSON.parse changes to that of another workflow is rejected, also after a redrive', async () => {
    const number = 2 ** 52 + Math.floor(Math.random() * 2 ** 50);
    const workflow = await ScriptedWorkflow.start(connection, { workflowId: `order-${number}` });
    const { handler, deadLetters, rejected, rejectedEvents } = cancelOnEvent(workflow);
    const detail = `"detail":{"orderId":${number}.4,"because":"x"}`;
    const event = `{"id":"${randomUUID()}","source":"com.example.orders","detail-type":"OrderWithdrawn",${detail}}`;

    expect(await handler(message(`{"trigger":"order-withdrawn","event":${event}}`))).toEqual(noFailures);
    expect(await rejected()).toMatchObject([{ kind: 'invalid-request', redrives: 0 }]);
    const send = async (queued: QueuedEvent) => void (await handler(message(queued)));
    const caller = { actor: ann, deadline: Date.now() + 29_000 };
    await redrive({ rejectedEvents, ledger, send }, namespace, { all: true, reason: 'again' }, caller);

    expect(await rejected()).toMatchObject([{ kind: 'invalid-request', redrives: 1 }]);
    expect(deadLetters).toEqual([]);
    expect(await workflow.cancelRequests()).toEqual([]);
  });

  test('that is nested so deeply that it cannot be recorded is sent to the dead-letter queue', async () => {
    const { workflow } = await order();
    const { handler, deadLetters } = cancelOnEvent(workflow);
    const detail = '['.repeat(30_000) + ']'.repeat(30_000);
    const body = `{"trigger":"gone","event":{"id":"event-1","source":"shop","detail-type":"x","detail":${detail}}}`;

    expect(await handler(message(body))).toEqual(noFailures);

    expect(deadLetters).toEqual([{ body, reason: expect.stringMatching(/nested more than 1000 deep/) }]);
  });

  test('that is moved back from the dead-letter queue cancels no workflow that was started since', async () => {
    const { orderId, workflow } = await order();
    const before = cancelOnEvent(workflow, { triggers: {} });
    before.rejectedEvents.reject = () => Promise.reject(new OperationFailure('internal', 'too large'));
    const event = eventWith({ orderId, because: 'no stock' });
    await before.handler(message({ trigger: 'order-withdrawn', event }, { ageMs: 600_000 }));
    const { handler } = cancelOnEvent(workflow);

    for (const { body } of before.deadLetters) await handler(message(body));

    expect(before.deadLetters).toHaveLength(1);
    expect(await workflow.cancelRequests()).toEqual([]);
    expect(await operationsOn(workflow)).toMatchObject([{ failure: { kind: 'conflict' } }]);
  });

  test('that the ledger refuses is sent to the dead-letter queue', async () => {
    const { workflow } = await order();
    const { handler, rejectedEvents, deadLetters } = cancelOnEvent(workflow);
    rejectedEvents.reject = () => Promise.reject(new OperationFailure('internal', 'too large'));

    expect(await handler(message({ trigger: 'gone', event: eventWith({}) }))).toEqual(noFailures);

    expect(deadLetters).toMatchObject([{ reason: expect.stringMatching(/is not configured any more/) }]);
  });

  test('that was delivered nearly a thousand times is rejected without another attempt', async () => {
    const { orderId, workflow } = await order();
    const { handler, rejected } = cancelOnEvent(workflow);
    const event = eventWith({ orderId, because: 'x' });

    expect(await handler(message({ trigger: 'order-withdrawn', event }, { attempt: 990 }))).toEqual(noFailures);

    expect(await rejected()).toMatchObject([{ kind: 'internal', reason: expect.stringMatching(/990 deliveries/) }]);
    expect(await operationsOn(workflow)).toEqual([]);
  });

  test('redriven is rejected again until its trigger is fixed, and then succeeds', async () => {
    const { orderId, workflow } = await order();
    const second = await ScriptedWorkflow.start(connection);
    const both = `WorkflowId IN ('${workflow.workflowId}', '${second.workflowId}')`;
    await eventually(async () => (await workflow.client.countWorkflows(both)) === 2);
    const narrow = { fixed: { ...customerDeleted, query: `${both} AND WorkflowId != <$.detail.orderId>` } };
    const wide = { fixed: { ...narrow.fixed, maxWorkflows: 2 } };
    const event = eventWith({ orderId });
    const before = cancelOnEvent(workflow, { triggers: narrow });
    await before.handler(message({ trigger: 'fixed', event }));
    const [first] = await before.rejected();
    expect(first).toMatchObject({ kind: 'too-many-matches', redrives: 0 });

    const redriveOnce = async () => {
      const sent: QueuedEvent[] = [];
      const send = async (queued: QueuedEvent) => void sent.push(queued);
      const { rejectedEvents } = before;
      const request = { all: true as const, reason: 'fixed' };
      const caller = { actor: ann, deadline: Date.now() + 29_000 };
      await redrive({ rejectedEvents, ledger, send }, namespace, request, caller);
      return sent;
    };
    for (const queued of await redriveOnce()) await before.handler(message(queued));
    expect(await before.rejected()).toMatchObject([{ kind: 'too-many-matches', redrives: 1, state: 'rejected' }]);

    const [queued] = await redriveOnce();
    const after = cancelOnEvent(workflow, { triggers: wide, rejectedEvents: before.rejectedEvents });
    await after.handler(message(queued!), message(queued!));

    expect(await before.rejected('handled')).toMatchObject([{ redrives: 2, outcome: 'started' }]);
  });

  describe('that can succeed later', () => {
    const down = () =>
      withCall(ledger, 'createIfAbsent', () => Promise.reject(new OperationFailure('ledger-unavailable', 'down')));
    const event = () => eventWith({ orderId: randomUUID(), because: 'x' });
    const queued = (): QueuedEvent => ({ trigger: 'order-withdrawn', event: event() });

    test('is delivered again after a growing delay, while others of its batch succeed', async () => {
      const { orderId, workflow } = await order();
      const failing = withCall(ledger, 'createIfAbsent', async (record) => {
        if (record.workflowId !== workflow.workflowId) throw new OperationFailure('ledger-unavailable', 'down');
        return ledger.createIfAbsent(record);
      });
      const { handler, rejected, delayed } = cancelOnEvent(workflow, { ledgerUsed: failing });
      const attempts = [1, 2, 5, 30].map((attempt) => message(queued(), { attempt }));
      const succeeds = message({ trigger: 'order-withdrawn', event: eventWith({ orderId, because: 'x' }) });

      const { batchItemFailures } = await handler(succeeds, ...attempts);

      expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(
        attempts.map(({ messageId }) => messageId),
      );
      expect(await rejected()).toEqual([]);
      expect(await workflow.cancelRequests()).toHaveLength(1);
      const delays = attempts.map(({ receiptHandle }) => delayed.get(receiptHandle)!);
      for (const [index, base] of [2, 4, 32, 300].entries()) {
        expect(delays[index]).toBeGreaterThanOrEqual(base);
        expect(delays[index]).toBeLessThanOrEqual(Math.ceil(base * 1.5));
      }
    });

    test('is rejected once it is older than retrySeconds', async () => {
      const { workflow } = await order();
      const { handler, rejected, metrics } = cancelOnEvent(workflow, { ledgerUsed: down() });

      const fresh = await handler(message(queued(), { ageMs: 23 * HOUR }));
      const old = await handler(message(queued(), { ageMs: 25 * HOUR }));

      expect(fresh.batchItemFailures).toHaveLength(1);
      expect(old).toEqual(noFailures);
      expect(await rejected()).toMatchObject([
        { kind: 'ledger-unavailable', reason: expect.stringMatching(/^Tried for 9000\d s: down/) },
      ]);
      expect(metrics.flatMap(({ ages }) => ages.map((seconds) => Math.round(seconds / 3600)))).toEqual([23, 25]);
    });

    test('is delayed without a call if its namespace has just throttled', async () => {
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

    test('is delivered again if both its delay and its rejection fail', async () => {
      const { workflow } = await order();
      const cancel = createHandler({
        namespaces: { find: () => ({ name: namespace, connect: async () => workflow.client }) },
        triggers: { 'order-withdrawn': withdrawn },
        ledger: down(),
        onRecordFailure: () => {},
        logger: new RecordedLog(),
        taskQueue: 'none',
        retrySeconds: 60,
        rejectedEvents: {
          reject: () => Promise.reject(new OperationFailure('ledger-unavailable', 'down')),
          handled: async () => {},
        },
        deadLetter: () => Promise.reject(new Error('SQS is down')),
        delay: () => Promise.reject(new Error('SQS is down')),
        count: () => {},
      });
      const messages = [message(queued()), message('no event'), message({ ...queued(), trigger: 'gone' })];

      const { batchItemFailures } = await cancel({ Records: messages }, { awsRequestId: 'invocation-1' });

      expect(batchItemFailures).toHaveLength(3);
    });
  });
});
