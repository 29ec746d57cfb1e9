import type { OperationRecord } from '../../operations/ledger/ledger';

/** A record of a cancellation in the state `started`. */
export const started: OperationRecord = {
  operationId: 'op-1',
  namespace: 'orders',
  workflowId: 'order-1',
  verb: 'cancel',
  actor: { id: 'arn:aws:iam::111122223333:user/ann' },
  reason: 'withdrawn',
  request: {},
  fingerprint: 'f',
  owner: 'o',
  state: 'started',
  requestedAt: '2026-01-01T00:00:00.000Z',
  attempt: 1,
  version: 1,
  leaseUntil: 0,
};
