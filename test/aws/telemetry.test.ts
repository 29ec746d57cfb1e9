import { ProcessTelemetry } from '../../aws/telemetry';
import { captureMetrics } from '../support/emf';
import { RecordedLog } from '../support/recorded-log';

/** The values that are written of calls that end so, by metric. */
async function writtenOf(...calls: [callee: 'ledger' | 'temporal', name: string, failure?: string][]) {
  const metrics = captureMetrics();
  const telemetry = new ProcessTelemetry({ logger: new RecordedLog(), publishesByItself: true });
  try {
    await telemetry.withSpan('test', async () => {
      for (const [callee, name, failure] of calls) {
        telemetry.startCall(callee, name, callee === 'temporal' ? 'orders' : undefined)(failure);
      }
    });
    return Object.assign({}, ...metrics.written().map(({ values }) => values)) as Record<string, number[]>;
  } finally {
    metrics.stop();
  }
}

const method = 'DescribeWorkflowExecution';
const one = [expect.any(Number)];

test.each<[what: string, failure: string | undefined, values: object]>([
  ['answered', undefined, { TemporalLatency: one }],
  ['refused for what it asks', 'NOT_FOUND', { TemporalLatency: one }],
  ['throttled', 'RESOURCE_EXHAUSTED', { TemporalLatency: one, TemporalThrottled: [1] }],
  ['not answered', 'UNAVAILABLE', { TemporalLatency: one, TemporalErrors: [1] }],
  ['not answered in time', 'DEADLINE_EXCEEDED', { TemporalLatency: one, TemporalErrors: [1] }],
  ['refused for its credentials', 'PERMISSION_DENIED', { TemporalLatency: one, TemporalErrors: [1] }],
])('records a call to Temporal that is %s', async (_what, failure, values) => {
  expect(await writtenOf(['temporal', method, failure])).toEqual(values);
});

test('records neither a failure nor a latency for a long poll that times out', async () => {
  expect(await writtenOf(['temporal', 'GetWorkflowExecutionHistory', 'DEADLINE_EXCEEDED'])).toEqual({});
});

test('records a call that the ledger fails', async () => {
  const failure = 'ProvisionedThroughputExceededException';
  expect(await writtenOf(['ledger', 'PutItem', failure])).toEqual({ LedgerLatency: one, LedgerErrors: [1] });
});

test('counts concurrent calls separately', async () => {
  const { TemporalLatency: latencies } = await writtenOf(['temporal', method], ['temporal', method]);
  expect(latencies).toHaveLength(2);
});

describe('a cold start', () => {
  afterEach(() => {
    delete process.env['AWS_LAMBDA_INITIALIZATION_TYPE'];
  });

  test.each([
    ['on-demand', [1]],
    ['provisioned-concurrency', undefined],
  ])('of an %s process writes the ColdStart values %j', async (type, expected) => {
    process.env['AWS_LAMBDA_INITIALIZATION_TYPE'] = type;
    expect((await writtenOf())['ColdStart']).toEqual(expected);
  });
});
