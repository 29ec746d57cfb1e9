import { marshall } from '@aws-sdk/util-dynamodb';
import { Template } from 'aws-cdk-lib/assertions';
import { recordOf } from '../../aws/dynamodb-ledger';
import { parseConfig } from '../../lib/config';
import { ControlStack } from '../../lib/control-stack';
import { metricsFor } from '../../operations/metrics';
import { eventsOf } from '../../operations/operation-events';
import { unbundledApp } from '../support/unbundled-app';

const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rewind-AbCdEf';
const config = parseConfig({ namespaces: { orders: { address: 'temporal.example:7233', secretArn } } });
const template = Template.fromStack(new ControlStack(unbundledApp(), 'Control', { config }));
const patterns = Object.values(template.findResources('AWS::Lambda::EventSourceMapping')).flatMap((mapping) => {
  const { FilterCriteria: criteria } = mapping['Properties'] as { FilterCriteria?: { Filters: { Pattern: string }[] } };
  // The queue of events has a mapping too, without filters.
  return criteria?.Filters.map(({ Pattern: pattern }) => JSON.parse(pattern) as object) ?? [];
});

/** Lambda's event filtering, as far as the patterns use it: values, `anything-but`, `exists: true`. */
function matches(pattern: unknown, value: unknown): boolean {
  if (!Array.isArray(pattern)) {
    return Object.entries(pattern as object).every(([name, inner]) =>
      matches(inner, (value as Record<string, unknown> | undefined)?.[name]),
    );
  }
  return pattern.some((rule: unknown) => {
    if (typeof rule !== 'object' || rule === null) return rule === value;
    if ('anything-but' in rule) return value !== undefined && !(rule['anything-but'] as unknown[]).includes(value);
    return 'exists' in rule && rule.exists === true && value !== undefined;
  });
}

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
  ['its unknown outcome is found out', { ...started, state: 'unknown' }, requested],
  ['its cancellation is settled', requested, { ...requested, settled: { status: 'Canceled' } }],
];
const ignored: Change[] = [
  ['it is recorded', undefined, started],
  ['its run is recorded', started, { ...started, runId: 'run-1' }],
  ['it is taken over', { ...started, state: 'failed' }, { ...started, attempt: 2 }],
  ['it is checked again later', requested, { ...requested, dueAt: '2026-01-01T00:01:00.000Z' }],
  ['its batch progresses', batch(1), batch(2)],
];
const ofChange = ([, before, after]: Change) => {
  const [old, now] = [before && marshall(before), marshall(after)];
  return {
    invokes: patterns.some((pattern) => matches(pattern, { dynamodb: { OldImage: old, NewImage: now } })),
    results: [...eventsOf(old && recordOf(old), recordOf(now)), ...metricsFor(old && recordOf(old), recordOf(now))],
  };
};

test.each(invoking)('the publisher is invoked when %s, and has something to publish or count', (...change) => {
  const { invokes, results } = ofChange(change);
  expect(invokes).toBe(true);
  expect(results).not.toEqual([]);
});

test.each(ignored)('the publisher is not invoked when %s, and would have nothing to publish or count', (...change) => {
  expect(ofChange(change)).toEqual({ invokes: false, results: [] });
});
