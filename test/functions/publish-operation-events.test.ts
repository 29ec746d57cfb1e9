import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { createHandler } from '../../functions/publish-operation-events/handler';
import { RejectedEventError } from '../../aws/event-bus';
import { writeMetrics } from '../../aws/write-metrics';
import type { OperationEvent } from '../../operations/operation-events';
import { captureMetrics } from '../support/emf';

const record = {
  operationId: 'op-1',
  namespace: 'orders',
  workflowId: 'order-1',
  verb: 'cancel',
  actor: { id: 'ann' },
};
const started = { ...record, state: 'started', requestedAt: '2026-01-01T00:00:00.000Z' };
const requested = {
  ...started,
  state: 'completed',
  outcome: 'requested',
  reason: 'withdrawn',
  answer: JSON.stringify({ runId: 'run-1' }),
};

function change(sequenceNumber: string, before: object | undefined, after: object | undefined): DynamoDBRecord {
  const image = (item: object) => marshall(item) as NonNullable<DynamoDBRecord['dynamodb']>['NewImage'];
  return {
    dynamodb: {
      SequenceNumber: sequenceNumber,
      OldImage: before && image(before),
      NewImage: after && image(after),
    },
  };
}

const published: OperationEvent[][] = [];
const written: ReturnType<ReturnType<typeof captureMetrics>['written']> = [];
beforeEach(() => {
  published.length = 0;
  written.length = 0;
});

/** Calls the function; `published` and `written` have the events and metrics. */
async function handle(records: DynamoDBRecord[], publish = async (_events: OperationEvent[]) => {}) {
  const metrics = captureMetrics();
  const handler = createHandler({
    publish: async (events) => {
      published.push(events);
      await publish(events);
    },
    count: writeMetrics,
    logger: { warn: () => {} },
  });
  try {
    return await handler({ Records: records });
  } finally {
    written.push(...metrics.written());
    metrics.stop();
  }
}

const completedItems = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const operationId = `op-${index}`;
    return change(String(index), { ...started, operationId }, { ...requested, operationId });
  });

beforeAll(() => {
  process.env['REWIND_STACK'] = 'RewindControl-test';
});
afterAll(() => {
  delete process.env['REWIND_STACK'];
});

test('counts operations when they end, with the dimension of their stack', async () => {
  await handle([
    change('1', undefined, started),
    change('2', started, requested),
    change('3', requested, { ...requested, settled: { status: 'Canceled' } }),
    change('4', requested, undefined),
  ]);

  expect(written).toEqual([
    {
      namespace: 'Rewind',
      dimensions: {
        stack: 'RewindControl-test',
        namespace: 'orders',
        verb: 'cancel',
        state: 'completed',
        outcome: 'requested',
      },
      values: { Operations: [1] },
    },
    {
      namespace: 'Rewind',
      dimensions: { stack: 'RewindControl-test', namespace: 'orders', status: 'Canceled' },
      values: { CancellationsSettled: [1] },
    },
  ]);
});

test('publishes the events of all changes together, in order', async () => {
  expect(await handle(completedItems(25))).toEqual({ batchItemFailures: [] });
  expect(published.map((events) => events.map(({ detail }) => detail.operationId))).toEqual([
    Array.from({ length: 25 }, (_, index) => `op-${index}`),
  ]);
});

test('Lambda continues with the first change whose event was rejected; only the changes before it are counted', async () => {
  const response = await handle([change('begun', undefined, started), ...completedItems(25)], () =>
    Promise.reject(new RejectedEventError(12, 'throttled')),
  );

  expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: '12' }] });
  expect(written.map(({ values }) => values)).toEqual([{ Operations: Array.from({ length: 12 }, () => 1) }]);
});

test('any other error fails the whole batch, and nothing is counted', async () => {
  await expect(handle(completedItems(2), () => Promise.reject(new Error('a defect')))).rejects.toThrow('a defect');
  expect(written).toEqual([]);
});

test('ignores locks in the ledger', async () => {
  const lock = { operationId: 'lock-1', holder: 'op-1', leaseUntil: 1, expiresAt: 1 };

  expect(await handle([change('1', undefined, lock), change('2', lock, lock)])).toEqual({ batchItemFailures: [] });
  expect(published.flat()).toEqual([]);
  expect(written).toEqual([]);
});
