import type { OperationRecord } from '../../operations/ledger/ledger';
import { started } from '../support/operation-record';
import { eventsOf } from '../../operations/operation-events';

const completed = (outcome: string, answer: object = { runId: 'r1' }): OperationRecord => ({
  ...started,
  state: 'completed',
  outcome,
  answer,
  completedAt: '2026-01-01T00:00:01.000Z',
});
const settled = { ...completed('requested'), settled: { status: 'Canceled' } };

test.each<[what: string, before: OperationRecord | undefined, after: OperationRecord, types: string[]]>([
  ['a new operation', undefined, started, []],
  ['a requested cancellation', started, completed('requested'), ['Workflow Cancellation Requested']],
  ['a repeated cancellation request', started, completed('alreadyRequested'), ['Workflow Cancellation Requested']],
  ['nothing to cancel', started, completed('alreadyClosed'), ['Workflow Cancellation Settled']],
  ['a settled cancellation', completed('requested'), settled, ['Workflow Cancellation Settled']],
  ['both in one change', started, settled, ['Workflow Cancellation Requested', 'Workflow Cancellation Settled']],
  ['another check', settled, { ...settled, attempt: 1 }, []],
  [
    'a termination',
    { ...started, verb: 'terminate' },
    { ...completed('terminated'), verb: 'terminate' },
    ['Workflow Terminated'],
  ],
  ['nothing to terminate', { ...started, verb: 'terminate' }, { ...completed('alreadyClosed'), verb: 'terminate' }, []],
  ['a reset', { ...started, verb: 'reset' }, { ...completed('reset'), verb: 'reset' }, ['Workflow Reset']],
  ['a refused operation', started, { ...started, state: 'refused', outcome: 'workflow-not-found' }, []],
])('%s', (_what, before, after, types) => {
  expect(eventsOf(before, after).map(({ type }) => type)).toEqual(types);
});

test('an event of a batch item names its batch operation', () => {
  const [event] = eventsOf(started, { ...completed('requested'), batchOperationId: 'op-77' });
  expect(event?.detail.batchOperationId).toBe('op-77');
  const [ofRequest] = eventsOf(started, completed('requested'));
  expect(ofRequest?.detail.batchOperationId).toBeUndefined();
});

test('an event contains caller, action, run and reason', () => {
  expect(eventsOf(started, settled)[1]?.detail).toEqual({
    version: '1',
    operationId: 'op-1',
    namespace: 'orders',
    workflowId: 'order-1',
    runId: 'r1',
    actor: { id: 'arn:aws:iam::111122223333:user/ann' },
    reason: 'withdrawn',
    outcome: 'requested',
    status: 'Canceled',
    requestedAt: '2026-01-01T00:00:00.000Z',
    completedAt: '2026-01-01T00:00:01.000Z',
  });
});
