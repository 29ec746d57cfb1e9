import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { createHandler } from '../../functions/publish-operation-events/handler';
import { writeMetrics } from '../../aws/write-metrics';
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
      ...(before && { OldImage: image(before) }),
      ...(after && { NewImage: image(after) }),
    },
  };
}

/** What is written while the function handles these changes. */
async function handle(records: DynamoDBRecord[], publish = async () => {}) {
  const metrics = captureMetrics();
  try {
    const answer = await createHandler({ publish, count: writeMetrics })({ Records: records });
    return { answer, written: metrics.written() };
  } finally {
    metrics.stop();
  }
}

test('operations are counted as they end, in Rewind’s namespace of CloudWatch', async () => {
  const { written } = await handle([
    change('1', undefined, started),
    change('2', started, requested),
    change('3', requested, { ...requested, settled: { status: 'Canceled' } }),
    change('4', requested, undefined),
  ]);

  expect(written).toEqual([
    {
      namespace: 'Rewind',
      dimensions: { namespace: 'orders', verb: 'cancel', state: 'completed', outcome: 'requested' },
      values: { Operations: [1] },
    },
    {
      namespace: 'Rewind',
      dimensions: { namespace: 'orders', status: 'Canceled' },
      values: { CancellationsSettled: [1] },
    },
  ]);
});

test('what could not be told comes again, and is counted then', async () => {
  const { answer, written } = await handle([change('1', started, requested)], () => Promise.reject(new Error('down')));

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
  expect(written).toEqual([]);
});
