import { randomUUID } from 'node:crypto';
import { createHandler as createListBatches } from '../../functions/list-batch-operations/handler';
import { createHandler as createListOperations } from '../../functions/list-operations/handler';
import { createHandler as createListRejectedEvents } from '../../functions/list-rejected-events/handler';
import { BATCH_LEDGER_ID } from '../../operations/batch/batch';
import { InMemoryLedger } from '../support/in-memory-ledger';
import type { OperationRecord } from '../../operations/ledger/ledger';
import { InMemoryRejectedEvents } from '../support/in-memory-rejected-events';
import { OperationFailure } from '../../api/failures';
import { apiGatewayEvent, lambdaContext } from '../support/api-gateway-event';
import { RecordedLog } from '../support/recorded-log';

const DAY = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString();

describe('the ledger over HTTP', () => {
  let ledger: InMemoryLedger;
  beforeEach(() => {
    ledger = new InMemoryLedger();
  });
  const dependencies = () => ({
    ledger,
    rejectedEvents: new InMemoryRejectedEvents(),
    logger: new RecordedLog(),
    namespaces: {
      find(name: string) {
        if (name === 'orders' || name === 'billing') return { name };
        throw new OperationFailure('namespace-not-configured', 'no such namespace');
      },
    },
  });

  async function record(fields: Partial<OperationRecord>): Promise<void> {
    await ledger.createIfAbsent({
      operationId: `op-${randomUUID()}`,
      namespace: 'orders',
      workflowId: 'order-1',
      verb: 'cancel',
      actor: { id: 'arn:aws:sts::111122223333:assumed-role/OnCall/ann' },
      reason: 'withdrawn',
      request: { action: 'cancel', reason: 'withdrawn' },
      fingerprint: '',
      state: 'completed',
      requestedAt: ago(1),
      attempt: 1,
      owner: 'o',
      leaseUntil: 0,
      version: 1,
      ...fields,
    });
  }

  async function ask(create: typeof createListOperations, query: Record<string, string>, namespace = 'orders') {
    const { statusCode, body } = await create(dependencies())(
      apiGatewayEvent('GET', { namespace, query }),
      lambdaContext,
    );
    return { statusCode, body: JSON.parse(body) as { operations: OperationRecord[]; nextPageToken?: string } & object };
  }
  const reasons = async (query: Record<string, string>, namespace?: string) => {
    const { statusCode, body } = await ask(createListOperations, query, namespace);
    expect(statusCode).toBe(200);
    return body.operations.map(({ reason }) => reason);
  };

  test('finds the operations of a person on a day, and those of an event', async () => {
    const event = { id: 'event:shop/6a7e8feb-b491-4cf7-a9f1-bf3703467718' };
    await record({ reason: 'before', requestedAt: ago(3) });
    await record({ reason: 'that day', requestedAt: ago(2) });
    await record({ reason: 'by another', requestedAt: ago(2), actor: { id: 'arn:aws:iam::1:user/bea' } });
    await record({ reason: 'by an event', requestedAt: ago(5), actor: event });

    expect(await reasons({ actor: 'ann', since: ago(2.5), until: ago(1.5) })).toEqual(['that day']);
    expect(await reasons({ actor: '6a7e8feb-b491-4cf7-a9f1-bf3703467718' })).toEqual(['by an event']);
    expect(await reasons({ actor: event.id })).toEqual(['by an event']);
  });

  test('without a workflow id searches the last 7 days, or the 7 before `until`; with one, all', async () => {
    for (const days of [1, 6, 8, 40]) await record({ reason: String(days), requestedAt: ago(days) });
    expect(await reasons({})).toEqual(['1', '6']);
    expect(await reasons({ until: ago(7.5) })).toEqual(['8']);
    expect(await reasons({ since: ago(30) })).toEqual(['1', '6', '8']);
    expect(await reasons({ workflowId: 'order-1' })).toEqual(['1', '6', '8', '40']);
    expect(await reasons({ workflowId: 'order-1', since: ago(50), state: 'completed', verb: 'cancel' })).toHaveLength(
      4,
    );
  });

  test('times compare as strings at both ends of what RFC 3339 can express', async () => {
    await record({ reason: 'now' });
    const [first, last] = ['0000-01-01T00:00:00+23:59', '9999-12-31T23:59:59.999999-23:59'];
    const asked = jest.spyOn(ledger, 'search');
    const lists = [createListOperations, createListRejectedEvents as typeof createListOperations];
    for (const list of lists) expect(await ask(list, { until: first })).toMatchObject({ statusCode: 200 });
    expect(await ask(lists[1]!, { since: ago(2), until: last })).toMatchObject({ statusCode: 200 });
    expect(await reasons({ workflowId: 'order-1', since: first, until: last })).toEqual(['now']);
    expect(await reasons({ workflowId: 'order-1', since: last })).toEqual([]);
    expect(await reasons({ workflowId: 'order-1', until: first })).toEqual([]);
    const times = asked.mock.calls.flatMap(([, { since = '', until = '' }]) => [since, until]);
    expect(times.filter((time) => !/^(\d{4}-\d\d-\d\dT[\d:.]+Z)?$/.test(time))).toEqual([]);
  });

  test('finds nothing of another namespace', async () => {
    const batchOperationId = 'op-1';
    await record({ batchOperationId });
    const queries: Record<string, string>[] = [{}, { batchOperationId }, { actor: 'ann' }, { workflowId: 'order-1' }];
    for (const query of queries) {
      expect(await reasons(query, 'billing')).toEqual([]);
    }
  });

  test.each<[string, Record<string, string>, string]>([
    ['a range over 31 days without a workflow id', { since: ago(32) }, 'since'],
    ['such a range long ago', { since: '2025-01-01T00:00:00Z', until: '2025-02-02T00:00:00Z' }, 'since'],
    ['`since` after `until`', { since: ago(1), until: ago(2) }, 'until'],
    ['an unknown verb', { verb: 'delete' }, 'verb'],
    ['an unknown state', { state: 'running' }, 'state'],
    ['a time that is none', { since: 'yesterday' }, 'since'],
    ['a time without an offset', { until: '2026-01-31T12:00:00' }, 'until'],
    ['an empty actor', { actor: '' }, 'actor'],
    ['an unknown field', { user: 'ann' }, 'user'],
    ['a token of no list', { pageToken: 'x' }, 'pageToken'],
  ])('refuses %s, and names the field', async (_what, query, field) => {
    const { statusCode, body } = await ask(createListOperations, query);
    expect(statusCode).toBe(400);
    expect(body).toMatchObject({ errors: [expect.objectContaining({ field, allowed: expect.any(String) })] });
  });

  test('refuses rejected events since a time after `until`: DynamoDB does not look for them', async () => {
    const range = { since: ago(1), until: ago(2) };
    const { statusCode, body } = await ask(createListRejectedEvents as typeof createListOperations, range);
    expect([statusCode, body]).toMatchObject([400, { errors: [{ field: 'until' }] }]);
  });

  test('refuses the token of another search or namespace', async () => {
    for (const reason of ['1', '2']) {
      await record({ reason });
      await record({ reason, namespace: 'billing' });
    }
    const pageToken = (await ask(createListOperations, { pageSize: '1' })).body.nextPageToken ?? '';
    expect(await reasons({ pageSize: '1', pageToken })).toHaveLength(1);
    for (const [query, namespace] of [[{}, 'billing'] as const, [{ actor: 'ann' }, 'orders'] as const]) {
      const { statusCode, body } = await ask(createListOperations, { ...query, pageToken }, namespace);
      expect([statusCode, body]).toMatchObject([400, { errors: [{ field: 'pageToken' }] }]);
    }
  });

  test('lists batch operations by state, newest first', async () => {
    const batch = { verb: 'batch' as const, workflowId: BATCH_LEDGER_ID };
    const progress = { done: 2, outcomes: { requested: 1 }, failed: { conflict: 1 }, skipped: 0 };
    for (const [index, state] of (['running', 'completed', 'running', 'failed'] as const).entries()) {
      await record({
        ...batch,
        request: { action: 'cancel', reason: `${index}` },
        requestedAt: ago(9 - index),
        batch: { state, matched: 3, progress },
      });
    }
    await record({ ...batch, namespace: 'billing' });
    await record({});
    const listed = async (query: Record<string, string>) => {
      const { body } = await ask(createListBatches, query);
      return body as unknown as { batchOperations: { reason: string; state: string }[]; nextPageToken?: string };
    };

    expect((await listed({})).batchOperations.map(({ reason }) => reason)).toEqual(['3', '2', '1', '0']);
    const first = await listed({ state: 'running', pageSize: '1' });
    expect(first.batchOperations).toMatchObject([
      { reason: '2', state: 'running', matched: 3, done: 2, action: 'cancel' },
    ]);
    const { nextPageToken: pageToken = '' } = first;
    expect((await listed({ state: 'running', pageSize: '1', pageToken })).batchOperations).toMatchObject([
      { reason: '0' },
    ]);
    expect(await listed({ state: 'failed', pageToken })).toMatchObject({ errors: [{ field: 'pageToken' }] });
    expect(await listed({ state: 'stopped' })).toMatchObject({ errors: [{ field: 'state' }] });
  });
});
