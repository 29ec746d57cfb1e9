import { OperationFailure } from '../../../api/failures';
import { verbs } from '../../../operations/index';
import { unsettledMetrics } from '../../../operations/metrics';
import { InMemoryLedger } from '../../support/in-memory-ledger';
import { reconcileOperations } from '../../../operations/ledger/reconcile';
import type { NamespaceClient } from '../../../operations/temporal/namespace-client';
import { RateLimit } from '../../../operations/temporal/rate-limit';
import { collect } from '../../support/collect';

const MINUTE = 60_000;

describe('reconciliation of several namespaces, one of which is unreachable', () => {
  /** Operations that were interrupted before they recorded a run, so reconciliation makes no call to Temporal. */
  async function withDueOperations(count: number): Promise<InMemoryLedger> {
    const ledger = new InMemoryLedger();
    const due = new Date(Date.now() - 15 * MINUTE).toISOString();
    for (const namespace of ['down', 'up']) {
      for (let index = 0; index < count; index += 1) {
        await ledger.createIfAbsent({
          operationId: `op-${namespace}-${index}`,
          namespace,
          workflowId: `order-${index}`,
          verb: 'cancel',
          actor: { id: 'arn:aws:iam::111122223333:user/ann' },
          reason: 'withdrawn',
          request: {},
          fingerprint: '',
          state: 'started',
          requestedAt: due,
          attempt: 1,
          owner: 'o',
          leaseUntil: 0,
          version: 1,
          nextCheckAt: due,
        });
      }
    }
    return ledger;
  }

  test('settles the operations of the reachable ones; the others stay due and are counted as overdue', async () => {
    const ledger = await withDueOperations(200);
    const failures: unknown[] = [];
    const looked = await reconcileOperations(
      {
        ledger,
        verbs,
        namespaces: {
          find: (name) => ({
            name,
            connect: async () => {
              if (name === 'up') return {} as NamespaceClient;
              throw new OperationFailure('temporal-unavailable', 'down');
            },
          }),
        },
        onRecordFailure: (_, error) => failures.push(error),
        onReconcileFailure: (_, error) => failures.push(error),
      },
      [{ namespace: 'down' }, { namespace: 'up' }],
      Date.now() + MINUTE,
    );

    expect(await collect(ledger.due('up', new Date()))).toEqual([]);
    expect(await collect(ledger.due('down', new Date()))).toHaveLength(200);
    // Only the calls that had started before the first failure.
    expect(failures.length).toBeLessThan(50);
    expect(looked).toBe(200 + failures.length);
    const overdue = (await unsettledMetrics(ledger, ['down', 'up'], Date.now())).filter(
      ({ name }) => name === 'OverdueOperations',
    );
    expect(overdue.map(({ value }) => value)).toEqual([200, 0]);
  });
});

test('a rate limit starts calls evenly, no faster than its rate', async () => {
  const limit = new RateLimit(200);
  const start = performance.now();
  await Promise.all(Array.from({ length: 41 }, () => limit.take()));
  const seconds = (performance.now() - start) / 1000;
  // The first begins at once.
  expect(40 / seconds).toBeLessThan(205);
});
