import { randomUUID } from 'node:crypto';
import { OperationFailure } from '../../api/failures';
import type { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { verbs } from '../../operations';
import { RESUME_SIGNAL } from '../../operations/batch/batch';
import { cancelBatch } from '../../operations/batch/follow';
import { changeSuspension } from '../../operations/batch/suspend';
import { reconcile } from '../../operations/ledger/reconcile';
import type { Ledger } from '../../operations/ledger/ledger';
import { eventsNewestFirst } from '../../operations/temporal/history';
import type { NamespaceClient } from '../../operations/temporal/namespace-client';
import { BatchTestWorker } from '../support/batch-test-worker';
import { collect } from '../support/collect';
import { createLedger } from '../support/ledger-table';
import { ann } from '../support/rewind';
import { namespace } from '../support/scripted-workflow';
import { withCall } from '../support/with-call';

/* Changes of a batch operation that consist of several steps, of which a later one fails or the response of one is lost. */

interface Parts {
  ledger?: Ledger;
  client?: NamespaceClient;
  now?: () => number;
}

const throttled = () => Promise.reject(new OperationFailure('throttled', 'Nothing was done; try again later.'));
const down = () => Promise.reject(new OperationFailure('ledger-unavailable', 'Nothing was done. Try again.'));

describe('a batch operation, while Temporal or the ledger fails,', () => {
  let ledger: DynamoDbLedger;
  let worker: BatchTestWorker;
  let client: NamespaceClient;

  beforeAll(async () => {
    ledger = await createLedger();
    worker = await BatchTestWorker.create(ledger);
    ({ client } = worker);
  });
  afterAll(() => worker.close());

  /** A batch operation without a worker, and its changes, each under one key. */
  async function started() {
    const operationId = await worker.startBatch({ workflows: ['missing-1', 'missing-2', 'missing-3'] });
    const workflowId = `rewind-batch-${operationId}`;
    const key = randomUUID();
    const dependenciesWith = ({ ledger: used = ledger, now }: Parts) => ({ ...worker.dependencies, ledger: used, now });
    const operation = (verb: string) => ({
      actor: ann,
      request: { reason: 'slow service' },
      idempotencyKey: verb + key,
    });
    return {
      change: async (verb: 'suspend' | 'resume', parts: Parts = {}, keyPrefix: string = verb) => {
        const { client: used = client } = parts;
        const changed = changeSuspension(verb, dependenciesWith(parts), used, operationId, operation(keyPrefix));
        return (await changed).answer;
      },
      stop: async (parts: Parts = {}) => {
        const { client: used = client } = parts;
        return (await cancelBatch(dependenciesWith(parts), used, operationId, operation('stop'))).answer;
      },
      record: () => ledger.find(operationId),
      /** Reconciles the only operation with this verb after the time in which Temporal may execute its requests. */
      reconciled: async (verb: 'cancel') => {
        const { operations } = await ledger.search(namespace, { workflowId, verb }, { size: 1 });
        const now = () => Date.now() + 10 * 60_000;
        await reconcile({ ...worker.dependencies, verbs, now }, client, operations[0]!);
      },
      isCancelRequested: async () =>
        (await client.describe({ workflowId })).workflowExtendedInfo?.cancelRequested ?? false,
      terminate: () =>
        client.terminate({ workflowId, runId: '' }, { identity: 'test', temporalRequestId: key, reason: 'test' }),
      operation: async (verb: 'suspend' | 'resume' | 'cancel') => {
        const { operations } = await ledger.search(namespace, { workflowId, verb }, { size: 2 });
        expect(operations).toHaveLength(1);
        return operations[0]!;
      },
      signals: async () => {
        const { workflowExecutionInfo } = await client.describe({ workflowId });
        const run = { workflowId, runId: workflowExecutionInfo?.execution?.runId ?? '' };
        const events = await collect(eventsNewestFirst(client, run, 20));
        return events.filter(
          ({ event }) => event.workflowExecutionSignaledEventAttributes?.signalName === RESUME_SIGNAL,
        );
      },
    };
  }

  const losing = (name: 'setBatchSuspended' | 'requestBatchStop', used: Ledger = ledger) =>
    withCall(used, name, async (...args: [never, never, never]) => {
      await ledger[name](...args);
      return down();
    });

  /** Loses the response, and does not respond from then on. */
  const silentFrom = (name: 'setBatchSuspended' | 'requestBatchStop'): Ledger => {
    let isDown = false;
    const failing = withCall(ledger, name, async (...args: [never, never, never]) => {
      await ledger[name](...args);
      isDown = true;
      return down();
    });
    return withCall(failing, 'find', (id) => (isDown ? down() : ledger.find(id)));
  };

  test('is reported as suspended, although Temporal throttles the read after that', async () => {
    const { change, record } = await started();
    const describe = async (...call: Parameters<NamespaceClient['describe']>) =>
      (await record())?.suspendedAt === undefined ? client.describe(...call) : throttled();

    const answer = await change('suspend', { client: withCall(client, 'describe', describe) });

    expect(answer).toMatchObject({ outcome: 'suspended', state: 'suspended', matched: 3, done: 0 });
  });

  test('is reported as suspended, although the response of the ledger was lost', async () => {
    const { change, operation } = await started();

    expect(await change('suspend', { ledger: losing('setBatchSuspended') })).toMatchObject({ outcome: 'suspended' });

    expect(await operation('suspend')).toMatchObject({ state: 'completed', outcome: 'suspended' });
  });

  test('may be suspended, if the ledger does not respond after that either: the same request says so', async () => {
    const { change, operation } = await started();
    await expect(change('suspend', { ledger: silentFrom('setBatchSuspended') })).rejects.toMatchObject({
      kind: 'temporal-timeout',
      message: expect.stringMatching(/may have been suspended.*Idempotency-Key/),
    });

    expect(await operation('suspend')).toMatchObject({ state: 'unknown' });
    expect(await change('suspend')).toMatchObject({ outcome: 'suspended', state: 'suspended' });
  });

  test('is reported as resumed, although the response of the ledger was lost, and its workflow is signalled', async () => {
    const { change, signals } = await started();
    await change('suspend');

    expect(await change('resume', { ledger: losing('setBatchSuspended') })).toMatchObject({ outcome: 'resumed' });

    expect(await signals()).toHaveLength(1);
  });

  test.each<[how: string, again: (batch: Awaited<ReturnType<typeof started>>) => Promise<unknown>]>([
    ['the same request signals it', ({ change }) => change('resume')],
    [
      'reconciliation signals it',
      async ({ operation }) => reconcile({ ...worker.dependencies, verbs }, client, await operation('resume')),
    ],
  ])('is reported as resumed without a signal, if Temporal throttles the signal: %s', async (_how, again) => {
    const batch = await started();
    const { change, record, operation, signals } = batch;
    await change('suspend');

    await expect(change('resume', { client: withCall(client, 'signal', throttled) })).rejects.toMatchObject({
      kind: 'temporal-unavailable',
      message: expect.stringMatching(/is resumed.*not be signalled/),
    });
    expect((await record())?.suspendedAt).toBeUndefined();
    expect(await operation('resume')).toMatchObject({ state: 'unknown' });
    expect(await signals()).toEqual([]);

    await again(batch);
    expect(await operation('resume')).toMatchObject({ state: 'completed', outcome: 'resumed' });
    expect(await signals()).toHaveLength(1);
  });

  test.each([
    ['suspended', 'suspend', 'resume', false],
    ['resumed', 'resume', 'suspend', true],
  ] as const)(
    'may be %s, and another request reverses that: the same request neither does it again nor denies it',
    async (outcome, verb, reverse, isSuspended) => {
      const { change, record, operation } = await started();
      if (verb === 'resume') await change('suspend');
      const silent = silentFrom('setBatchSuspended');
      await expect(change(verb, { ledger: silent })).rejects.toMatchObject({ kind: 'temporal-timeout' });
      await change(reverse, {}, 'another');

      expect(await change(verb)).toMatchObject({ outcome, state: isSuspended ? 'suspended' : 'running' });

      expect((await record())?.suspendedAt !== undefined).toBe(isSuspended);
      expect(await operation(verb)).toMatchObject({ state: 'completed', outcome });
    },
  );

  test.each([
    ['suspended', 'suspend', 'resume'],
    ['resumed', 'resume', 'suspend'],
  ] as const)(
    'is not %s, and other requests do that and reverse it: the same request is refused, because it is older',
    async (_outcome, verb, reverse) => {
      const { change, record } = await started();
      if (verb === 'resume') await change('suspend', {}, 'first');
      const failing = withCall(ledger, 'setBatchSuspended', down);
      await expect(change(verb, { ledger: failing })).rejects.toMatchObject({ kind: 'temporal-timeout' });
      await change(verb, {}, 'another');
      await change(reverse, {}, 'last');
      const before = await record();

      // The ledger executes the failed write no more.
      await expect(change(verb, { now: () => Date.now() + 10 * 60_000 })).rejects.toMatchObject({
        kind: 'conflict',
        message: expect.stringContaining(`Operation ${before?.suspensionChanges?.at(-1)} has`),
      });

      expect(await record()).toEqual(before);
    },
  );

  test('is suspended by another request before the same request: that one says so', async () => {
    const { change } = await started();
    const failing = withCall(ledger, 'setBatchSuspended', down);
    await expect(change('suspend', { ledger: failing })).rejects.toMatchObject({ kind: 'temporal-timeout' });
    await change('suspend', {}, 'another');

    expect(await change('suspend')).toMatchObject({ outcome: 'alreadySuspended', state: 'suspended' });
  });

  test('is stopped, although Temporal throttles the cancellation of its workflow: the answer says so', async () => {
    const { stop, record, operation } = await started();

    await expect(stop({ client: withCall(client, 'requestCancel', throttled) })).rejects.toMatchObject({
      kind: 'temporal-unavailable',
      message: expect.stringMatching(/No further workflow is changed/),
    });
    expect((await record())?.stopRequestedAt).toEqual(expect.any(String));
    expect(await operation('cancel')).toMatchObject({ state: 'unknown' });

    expect(await stop()).toMatchObject({ outcome: 'requested' });
  });

  test('is stopped, although Temporal throttles the cancellation and the request is not repeated: reconciliation cancels its workflow', async () => {
    const { stop, operation, reconciled, isCancelRequested } = await started();
    await expect(stop({ client: withCall(client, 'requestCancel', throttled) })).rejects.toThrow(/stop is recorded/);
    expect(await isCancelRequested()).toBe(false);

    await reconciled('cancel');

    expect(await isCancelRequested()).toBe(true);
    expect(await operation('cancel')).toMatchObject({
      state: 'completed',
      outcome: 'requested',
      answer: { outcome: 'requested', status: 'Running' },
      nextCheckAt: expect.any(String),
    });
    await reconciled('cancel');
    expect(await operation('cancel')).toMatchObject({ outcome: 'requested' });
  });

  test('is stopped, and ends before reconciliation: the record says that the stop was requested', async () => {
    const { stop, operation, reconciled, terminate } = await started();
    await expect(stop({ client: withCall(client, 'requestCancel', throttled) })).rejects.toThrow(/stop is recorded/);
    await terminate();

    await reconciled('cancel');

    const recorded = await operation('cancel');
    expect(recorded).toMatchObject({ outcome: 'requested', answer: { outcome: 'requested', status: 'Terminated' } });
    expect(recorded.nextCheckAt).toBeUndefined();
  });

  test('is not stopped, if the ledger does not record it: reconciliation does not cancel its workflow', async () => {
    const { stop, operation, reconciled, isCancelRequested } = await started();
    await expect(stop({ ledger: withCall(ledger, 'requestBatchStop', down) })).rejects.toThrow(/may have been stopped/);

    await reconciled('cancel');

    expect(await isCancelRequested()).toBe(false);
    expect(await operation('cancel')).toMatchObject({ state: 'failed', outcome: 'broken-off' });
  });

  test('is reported as stopped, although the response of the ledger was lost, and its workflow is cancelled', async () => {
    const { stop, operation, isCancelRequested } = await started();

    expect(await stop({ ledger: losing('requestBatchStop') })).toMatchObject({ outcome: 'requested' });

    expect(await isCancelRequested()).toBe(true);
    expect(await operation('cancel')).toMatchObject({ state: 'completed', outcome: 'requested' });
  });

  test('may be stopped, if the ledger does not respond after that either: the same request says so', async () => {
    const { stop, operation } = await started();
    await expect(stop({ ledger: silentFrom('requestBatchStop') })).rejects.toMatchObject({
      kind: 'temporal-timeout',
      message: expect.stringMatching(/may have been stopped.*Idempotency-Key/),
    });

    expect(await operation('cancel')).toMatchObject({ state: 'unknown' });
    expect(await stop()).toMatchObject({ outcome: 'requested' });
  });
});
