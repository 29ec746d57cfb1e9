import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually';
import { localStack } from '../support/local-stack';

describe('batch operations through the deployed stack', () => {
  const { api, idle, visible } = localStack();

  async function startIdle(count: number): Promise<{ type: string; query: string }> {
    const type = `idle-${randomUUID()}`;
    await Promise.all(Array.from({ length: count }, (_, index) => idle(`${type}/${index}`, type)));
    const query = `WorkflowType = '${type}'`;
    await visible(query, count);
    return { type, query };
  }

  const ended = (operationId: string) =>
    eventually(async () => {
      const { body } = await api.batch(operationId);
      return body.state !== 'running' && body;
    }, `batch operation ${operationId} to end`);

  test('cancels all matching workflows: 202, progress, an item for every workflow', async () => {
    const { type, query } = await startIdle(5);
    const request = { action: 'cancel' as const, query, reason: 'bad deploy' };
    const preview = await api.previewBatch(request);
    expect(preview).toMatchObject({ status: 200, body: { outcome: 'preview', matched: 5, tooMany: false } });

    const begun = await api.startBatch(request);

    expect(begun).toMatchObject({ status: 202, body: { state: 'running', matched: 5, workerPolling: true } });
    const { operationId } = begun.body;
    expect(begun.headers['location']).toBe(`batch-operations/${operationId}`);
    const end = await ended(operationId);
    expect(end).toMatchObject({ state: 'completed', done: 5, outcomes: { requested: 5 } });
    expect(end.failed).toEqual({});
    const items = await api.batchItems(operationId, { pageSize: 3 });
    expect(items.body.items).toHaveLength(3);
    const rest = await api.batchItems(operationId, { pageToken: items.body.nextPageToken });
    const listed = [...items.body.items, ...rest.body.items];
    // Items run concurrently, so their order varies.
    expect(listed.map(({ workflowId }) => workflowId).toSorted()).toEqual(
      [0, 1, 2, 3, 4].map((index) => `${type}/${index}`),
    );
    const times = listed.map(({ requestedAt }) => requestedAt);
    expect(times).toEqual(times.toSorted().toReversed());
    expect((await api.batchItems(operationId, { outcome: 'failed' })).body.items).toEqual([]);
    expect((await api.retryBatch(operationId, 'again')).status).toBe(409);
  });

  test('stops a running batch operation', async () => {
    const { query } = await startIdle(20);
    // So slow that it has not ended however busy the machine is.
    const begun = await api.startBatch({ action: 'cancel', query, reason: 'slowly', ratePerSecond: 0.05 });
    const { operationId } = begun.body;

    const cancelled = await api.cancelBatch(operationId, 'enough');

    expect(cancelled).toMatchObject({ status: 202, body: { outcome: 'requested' } });
    const { state, done } = await ended(operationId);
    expect(state).toBe('cancelled');
    expect(done).toBeLessThan(20);
  });

  test("with Temporal's batch engine: reports the limitations and keeps no items", async () => {
    const { query } = await startIdle(2);
    const begun = await api.startBatch({
      action: 'cancel',
      engine: 'server',
      query,
      reason: 'bad deploy',
    });
    expect(begun).toMatchObject({
      status: 202,
      body: {
        engine: 'server',
        matched: 2,
        limitations: expect.arrayContaining([expect.stringContaining('histories contain neither the reason')]),
      },
    });
    const { operationId } = begun.body;

    expect(await ended(operationId)).toMatchObject({ state: 'completed', done: 2, outcomes: { succeeded: 2 } });
    expect(await api.batchItems(operationId)).toMatchObject({
      status: 409,
      body: { type: 'urn:rewind:problem:unsupported-by-engine' },
    });
    const stopped = await api.cancelBatch(operationId, 'too late');
    expect(stopped).toMatchObject({ status: 202, body: { outcome: 'alreadyClosed', done: 2 } });
  });

  test.each<[what: string, body: object, field: string]>([
    ['an unknown engine', { action: 'cancel', engine: 'mine', query: 'x', reason: 'r' }, 'engine'],
    ['no action', { query: 'x', reason: 'r' }, 'action'],
    ['neither query nor workflows', { action: 'cancel', reason: 'r' }, 'query'],
    ['both', { action: 'cancel', reason: 'r', query: 'x', workflows: ['w'] }, 'query'],
    ['a reset without target', { action: 'reset', reason: 'r', workflows: ['w'] }, 'target'],
    ['a misspelt attribute', { action: 'cancel', reason: 'r', query: "WorkflowTyp = 'x'" }, 'query'],
    ['too high a rate', { action: 'cancel', reason: 'r', query: 'x', ratePerSecond: 1000 }, 'ratePerSecond'],
  ])('refuses %s', async (_what, body, field) => {
    const answer = await api.post('batch-operations', body);
    expect(answer).toMatchObject({ status: 400, body: { type: 'urn:rewind:problem:invalid-request' } });
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ field }));
  });
});
