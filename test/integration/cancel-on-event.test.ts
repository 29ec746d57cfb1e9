import { randomUUID } from 'node:crypto';
import { createHandler } from '../../functions/cancel-on-event/handler';
import type { TriggeredEvent } from '../../operations/trigger';
import { OperationFailure } from '../../api/failures';
import { BATCH_LEDGER_ID } from '../../operations/batch/batch';
import type { Ledger } from '../../operations/ledger/ledger';
import { eventually } from '../support/eventually';
import { withCall } from '../support/with-call';
import { createLedger } from '../support/ledger-table';
import { completeWorkflow, testConnection, namespace, ScriptedWorkflow } from '../support/scripted-workflow';
import { RecordedLog } from '../support/recorded-log';

const trigger = {
  name: 'order-withdrawn',
  namespace,
  workflowId: 'order-<$.detail.orderId>',
  reason: 'withdrawn: <$.detail.because>',
};

const webUiOf = (...path: string[]) => `https://ui.example/namespaces/${[namespace, ...path].join('/')}`;

const eventAbout = (detail: object, id: string = randomUUID()) => ({
  id,
  source: 'com.example.orders',
  'detail-type': 'OrderWithdrawn',
  detail,
});

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

  /** The function, with the real parts behind it. */
  function cancelOnEvent({ client }: ScriptedWorkflow, through: Ledger = ledger) {
    const rejected: { event: TriggeredEvent; reason: string }[] = [];
    const find = (name: string) => {
      if (name !== namespace) throw new OperationFailure('namespace-not-configured', `no namespace ${name}`);
      return { name, webUiUrl: 'https://ui.example', connect: async () => client };
    };
    const cancel = createHandler({
      namespaces: { find },
      ledger: through,
      onRecordFailure: () => {},
      logger: new RecordedLog(),
      taskQueue: `batch-${randomUUID()}`,
      reject: async (event, reason) => void rejected.push({ event, reason }),
    });
    const handler = (triggered: TriggeredEvent) => cancel(triggered, { awsRequestId: 'invocation-1' });
    return { handler, rejected };
  }

  const operationsOn = async ({ workflowId }: ScriptedWorkflow) =>
    (await ledger.list(namespace, workflowId, { size: 100 })).operations;

  test("of somebody else's service cancels the workflow that its template names", async () => {
    const { orderId, workflow } = await order();
    const event = eventAbout({ orderId, because: 'no stock' }, 'event-1');

    await cancelOnEvent(workflow).handler({ trigger, event });

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

  test('delivered 200 times, 20 at a time, leaves one record and one cancel request', async () => {
    const { orderId, workflow } = await order();
    const { handler } = cancelOnEvent(workflow);
    const delivery = { trigger, event: eventAbout({ orderId, because: 'storm' }) };
    let left = 200;
    const deliver = async () => {
      while (left-- > 0) await handler(delivery);
    };

    await Promise.all(Array.from({ length: 20 }, deliver));

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

    await cancelOnEvent(workflow).handler({ trigger: { name: 'cancellation-requests' }, event });

    expect((await workflow.cancelRequests())[0]?.cause).toMatch(/^as asked \[rewind /);
  });

  test.each<[what: string, prepare: (workflow: ScriptedWorkflow) => Promise<void>, otherId: string | null]>([
    ['a workflow that is not there', async () => {}, randomUUID()],
    ['a workflow that has closed', (workflow) => workflow.completeTask(completeWorkflow), null],
  ])('about %s is handled: there is nothing to cancel', async (_what, prepare, otherId) => {
    const { orderId, workflow } = await order();
    await prepare(workflow);
    const { handler, rejected } = cancelOnEvent(workflow);

    await handler({ trigger, event: eventAbout({ orderId: otherId ?? orderId, because: 'late' }) });

    expect(rejected).toEqual([]);
    expect(await workflow.cancelRequests()).toHaveLength(0);
  });

  test.each(['worker', 'server'] as const)('with a query begins a batch operation on the engine %s', async (engine) => {
    const { workflow } = await order();
    const { client } = workflow;
    const type = `customer-${randomUUID()}`;
    await ScriptedWorkflow.start(connection, { type });
    const query = 'WorkflowType = <$.detail.customer>';
    await eventually(async () => (await client.countWorkflows(`WorkflowType = '${type}'`)) === 1);
    const byQuery = {
      name: 'customer-deleted',
      namespace,
      query,
      engine,
      reason: 'customer deleted',
      ratePerSecond: 20,
    };
    const { handler, rejected } = cancelOnEvent(workflow);

    await handler({
      trigger: { ...byQuery, maxWorkflows: 1 },
      event: eventAbout({ customer: type }, `deleted-${type}`),
    });

    const begun = await ledger.list(namespace, BATCH_LEDGER_ID, { size: 1 });
    expect(begun.operations).toMatchObject([
      {
        verb: 'batch',
        outcome: 'started',
        actor: { id: `event:com.example.orders/deleted-${type}` },
        request: { action: 'cancel', engine, query: `WorkflowType = '${type}'` },
      },
    ]);
    const [{ operationId, answer } = { operationId: '' }] = begun.operations;
    const path = {
      server: webUiOf('batch-operations', operationId),
      worker: webUiOf('workflows', `rewind-batch-${operationId}`),
    }[engine];
    expect(answer).toMatchObject({
      links: { webUi: expect.stringMatching(new RegExp(`^${path}(/[0-9a-f-]{36}/history)?$`)) },
    });
    expect(rejected).toEqual([]);
    await handler({ trigger: { ...byQuery, maxWorkflows: 1 }, event: eventAbout({ customer: "x' OR 'y" }) });
    expect(rejected).toMatchObject([{ reason: expect.stringContaining('cannot be part of a query') }]);
  });

  const bad: [what: string, TriggeredEvent, reason: RegExp][] = [
    ['lacks the id', { trigger, event: eventAbout({ because: 'x' }) }, /\$\.detail\.orderId/],
    [
      'has an id that is too long',
      { trigger, event: eventAbout({ orderId: 'x'.repeat(1001), because: 'x' }) },
      /workflowId/,
    ],
    [
      'names a namespace that is not configured',
      { trigger: { ...trigger, namespace: 'elsewhere' }, event: eventAbout({ orderId: '1', because: 'x' }) },
      /elsewhere/,
    ],
    [
      'asks with an unknown field',
      { trigger: { name: 'r' }, event: eventAbout({ namespace, workflowId: 'w', reason: 'r', force: true }) },
      /force/,
    ],
    [
      'would fill the reason of a batch with too much',
      {
        trigger: {
          name: 'customer-deleted',
          namespace,
          query: 'WorkflowType = <$.detail.customer>',
          reason: '<$.detail.because>',
          ratePerSecond: 20,
          maxWorkflows: 1,
        },
        event: eventAbout({ customer: 'c', because: 'x'.repeat(1001) }),
      },
      /reason is/,
    ],
    ['asks with no request at all', { trigger: { name: 'r' }, event: eventAbout(['x']) }, /must be a JSON object/],
  ];
  test.each(bad)('that %s is dead-lettered at once, with the reason', async (_what, triggered, reason) => {
    const { workflow } = await order();
    const { handler, rejected } = cancelOnEvent(workflow);

    await handler(triggered);

    expect(rejected).toEqual([{ event: triggered, reason: expect.stringMatching(reason) }]);
  });

  test('that may succeed later is thrown, for Lambda to try again', async () => {
    const { orderId, workflow } = await order();
    const down = withCall(ledger, 'createIfAbsent', () =>
      Promise.reject(new OperationFailure('ledger-unavailable', 'down')),
    );
    const { handler, rejected } = cancelOnEvent(workflow, down);

    await expect(handler({ trigger, event: eventAbout({ orderId, because: 'x' }) })).rejects.toThrow('down');

    expect(rejected).toEqual([]);
  });
});
