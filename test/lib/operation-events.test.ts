import { marshall } from '@aws-sdk/util-dynamodb';
import { Template } from 'aws-cdk-lib/assertions';
import { recordOf } from '../../aws/ledger-table';
import { metricsFor } from '../../operations/metrics';
import { eventsOf } from '../../operations/operation-events';
import { eventRuler, describeWithEventRuler } from '../support/event-ruler';
import { controlStack } from '../support/stacks';

const template = Template.fromStack(controlStack());
const patterns = Object.values(template.findResources('AWS::Lambda::EventSourceMapping')).flatMap((mapping) => {
  const { FilterCriteria: criteria } = mapping['Properties'] as { FilterCriteria?: { Filters: { Pattern: string }[] } };
  // The queue of events has a mapping too, without filters.
  return criteria?.Filters.map(({ Pattern: pattern }) => JSON.parse(pattern) as object) ?? [];
});

const started = {
  operationId: 'op-1',
  namespace: 'orders',
  workflowId: 'order-1',
  verb: 'cancel',
  actor: { id: 'ann' },
  state: 'started',
  requestedAt: '2026-01-01T00:00:00.000Z',
  attempt: 1,
};
const requested = { ...started, state: 'completed', outcome: 'requested', answer: '{"runId":"run-1"}' };
const batch = (done: number) => ({
  ...requested,
  verb: 'batch',
  outcome: 'started',
  batch: JSON.stringify({ state: 'running', matched: 9, progress: { done, outcomes: {}, failed: {}, skipped: 0 } }),
});

type Change = [what: string, before: object | undefined, after: object];
const invoking: Change[] = [
  ['it completes', started, requested],
  ['it is refused', started, { ...started, state: 'refused', outcome: 'workflow-not-found' }],
  ['it fails', started, { ...started, state: 'failed', outcome: 'throttled' }],
  ['its outcome is unknown', started, { ...started, state: 'unknown', outcome: 'temporal-timeout' }],
  ['its unknown outcome is found', { ...started, state: 'unknown' }, requested],
  ['its cancellation is settled', requested, { ...requested, settled: { status: 'Canceled' } }],
];
const ignored: Change[] = [
  ['it is recorded', undefined, started],
  ['its run is recorded', started, { ...started, runId: 'run-1' }],
  ['another attempt takes it over', { ...started, state: 'failed' }, { ...started, attempt: 2 }],
  ['it is checked again later', requested, { ...requested, dueAt: '2026-01-01T00:01:00.000Z' }],
  ['its batch progresses', batch(1), batch(2)],
];
const recordsOf = ([, before, after]: Change) => [before && marshall(before), marshall(after)] as const;
const resultsOf = (change: Change) => {
  const [old, now] = recordsOf(change);
  return [...eventsOf(old && recordOf(old), recordOf(now)), ...metricsFor(old && recordOf(old), recordOf(now))];
};

test.each(invoking)('there is an event or a metric to write when %s', (...change) => {
  expect(resultsOf(change)).not.toEqual([]);
});

test.each(ignored)('there is nothing to write when %s', (...change) => {
  expect(resultsOf(change)).toEqual([]);
});

describeWithEventRuler('Lambda’s filter, on Event Ruler', () => {
  test('invokes the publisher for exactly the changes with something to write', async () => {
    const changes = [...invoking, ...ignored];
    const events = changes.map((change) => {
      const [old, now] = recordsOf(change);
      return { dynamodb: { OldImage: old, NewImage: now } };
    });
    const verdicts = await eventRuler(patterns.map((pattern) => ({ pattern, events })));
    const invokes = (at: number) => verdicts.some((verdict) => 'matches' in verdict && verdict.matches[at]);
    const invoked = changes.flatMap(([what], at) => (invokes(at) ? [what] : []));
    expect(invoked).toEqual(invoking.map(([what]) => what));
  });
});
