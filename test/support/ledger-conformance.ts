import { randomUUID } from 'node:crypto';
import type { Ledger, OperationRecord, OperationSearch, SearchPageRequest } from '../../operations/ledger/ledger';
import { collect } from './collect';

const LATER = '2026-01-31T12:10:00.000Z';

/** A record as executeOnce creates it. */
export function newRecord(fields: Partial<OperationRecord> = {}): OperationRecord {
  return {
    operationId: `op-${randomUUID()}`,
    namespace: 'default',
    workflowId: `order-${randomUUID()}`,
    verb: 'cancel',
    actor: { id: 'arn:aws:iam::111122223333:user/ann' },
    reason: 'withdrawn',
    request: { workflowId: 'order', reason: 'withdrawn' },
    fingerprint: 'f',
    state: 'started',
    requestedAt: '2026-01-31T12:00:00.000Z',
    attempt: 1,
    owner: randomUUID(),
    leaseUntil: 1_000,
    version: 1,
    nextCheckAt: '2026-01-31T12:00:35.000Z',
    ...fields,
  };
}

/** The writes to an existing record, each with arguments that change something. */
const writes: Record<string, (ledger: Ledger, record: OperationRecord) => Promise<OperationRecord | undefined>> = {
  takeOver: (ledger, record) => ledger.takeOver(record, 'another owner', 2_000),
  recordTargetRun: (ledger, record) =>
    ledger.recordTargetRun(record, 'run-1', { leaseUntil: 3_000, mayExecuteUntil: 4_000 }),
  complete: (ledger, record) => ledger.complete(record, { state: 'completed', outcome: 'requested', answer: { a: 1 } }),
  update: (ledger, record) => ledger.update(record, { stuck: ['noPoller'], nextCheckAt: LATER }),
};

/** Conformance tests for implementations of the ledger. */
export function describeLedger(name: string, createLedger: () => Promise<Ledger>): void {
  describe(name, () => {
    let ledger: Ledger;
    beforeEach(async () => {
      ledger = await createLedger();
    });

    async function created(fields: Partial<OperationRecord> = {}): Promise<OperationRecord> {
      const record = newRecord(fields);
      expect(await ledger.createIfAbsent(record)).toBeUndefined();
      return record;
    }

    test('creates a record once, and returns the existing one to another owner', async () => {
      const record = await created();
      expect(await ledger.find(record.operationId)).toEqual(record);
      expect(await ledger.createIfAbsent({ ...record, owner: randomUUID(), reason: 'another' })).toEqual(record);
      expect(await ledger.find(record.operationId)).toEqual(record);
    });

    test('accepts the retry of a creation whose first response was lost', async () => {
      const record = await created();
      expect(await ledger.createIfAbsent(record)).toBeUndefined();
    });

    test('finds nothing under an unknown id', async () => {
      expect(await ledger.find(`op-${randomUUID()}`)).toBeUndefined();
    });

    test('finds any number of records at once, and omits unknown ids', async () => {
      const records = await Promise.all(Array.from({ length: 120 }, () => created()));
      const ids = records.map(({ operationId }) => operationId);
      const found = await ledger.findAll([...ids, `op-${randomUUID()}`]);
      expect(found.map(({ operationId }) => operationId).toSorted()).toEqual(ids.toSorted());
      expect(await ledger.findAll([])).toEqual([]);
    });

    describe.each(Object.keys(writes))('%s', (method) => {
      const write = writes[method]!;

      test('returns the stored record, with the next version', async () => {
        const record = await created();
        const written = await write(ledger, record);
        expect(written?.version).toBe(2);
        expect(await ledger.find(record.operationId)).toEqual(written);
      });

      test('accepts a retry whose first response was lost', async () => {
        const record = await created();
        const written = await write(ledger, record);
        expect(await write(ledger, record)).toEqual(written);
        expect(await ledger.find(record.operationId)).toEqual(written);
      });

      const others = Object.keys(writes).filter((other) => other !== method);
      test.each(others)('changes nothing after a concurrent %s', async (other) => {
        const stale = await created();
        const current = await writes[other]!(ledger, stale);
        expect(await write(ledger, { ...stale, runId: 'stale', stuck: ['workflowTaskFailing'] })).toBeUndefined();
        expect(await ledger.find(stale.operationId)).toEqual(current);
      });

      test('changes nothing under an unknown id', async () => {
        const record = newRecord();
        expect(await write(ledger, record)).toBeUndefined();
        expect(await ledger.find(record.operationId)).toBeUndefined();
      });
    });

    test('a takeover starts another attempt of another owner, with the next check at the end of its lease', async () => {
      const record = await created({ state: 'unknown', runId: 'run-1' });
      expect(await ledger.takeOver(record, 'other', Date.parse(LATER))).toEqual({
        ...record,
        owner: 'other',
        attempt: 2,
        version: 2,
        state: 'started',
        leaseUntil: Date.parse(LATER),
        nextCheckAt: LATER,
      });
    });

    test('completion removes the failure and the next check, unless the result contains them', async () => {
      const failure = { kind: 'throttled' as const, message: 'm', details: {} };
      const record = await created();
      const failed = await ledger.complete(record, { state: 'failed', outcome: 'throttled', failure, leaseUntil: 5 });
      expect(failed).toMatchObject({ state: 'failed', failure, leaseUntil: 5 });
      expect(failed).not.toHaveProperty('nextCheckAt');
      const again = await ledger.takeOver(failed!, 'other', 2_000);
      const completed = await ledger.complete(again!, { state: 'completed', outcome: 'requested', nextCheckAt: LATER });
      expect(completed).toMatchObject({ state: 'completed', nextCheckAt: LATER });
      expect(completed).not.toHaveProperty('failure');
      expect(await ledger.find(record.operationId)).toEqual(completed);
    });

    test('stores the pages of a list apart from the record, and accepts a repeated write', async () => {
      const { operationId } = await created();
      for (const page of [0, 1, 1]) await ledger.storeListPage(operationId, page, [`order-${page}`, 'ö"\n']);
      expect(await ledger.findListPage(operationId, 0)).toEqual(['order-0', 'ö"\n']);
      expect(await ledger.findListPage(operationId, 1)).toEqual(['order-1', 'ö"\n']);
      expect(await ledger.findListPage(operationId, 2)).toBeUndefined();
      expect(await ledger.findListPage('op-unknown', 0)).toBeUndefined();
    });

    test('removes a field that is undefined', async () => {
      const record = await created({ runId: 'run-1' });
      const written = await ledger.complete(record, { state: 'failed', outcome: 'throttled', runId: undefined });
      expect(written).not.toHaveProperty('runId');
      expect(await ledger.find(record.operationId)).toEqual(written);
    });

    test('postpone moves the next check and keeps the version', async () => {
      const record = await created();
      await ledger.postpone(record, LATER);
      expect(await ledger.find(record.operationId)).toEqual({ ...record, nextCheckAt: LATER });
      expect(await ledger.complete(record, { state: 'completed', outcome: 'requested' })).toMatchObject({ version: 2 });
      await ledger.postpone(record, LATER);
      expect(await ledger.find(record.operationId)).not.toHaveProperty('nextCheckAt');
    });

    test('stores answers and failures byte for byte', async () => {
      const answer = { z: 1, a: { y: [1, { c: 2, b: 3 }], x: '' } };
      const failure = { message: 'm', kind: 'conflict' as const, details: { value: { z: 1, a: 2 }, field: 'f' } };
      const record = await created();
      await ledger.complete(record, { state: 'refused', outcome: 'conflict', answer, failure });
      const found = await ledger.find(record.operationId);
      expect(JSON.stringify(found?.answer)).toBe(JSON.stringify(answer));
      expect(JSON.stringify(found?.failure)).toBe(JSON.stringify(failure));
    });

    test('lists the operations on a workflow, newest first, page by page', async () => {
      const workflowId = `order-${randomUUID()}`;
      for (const second of [1, 2, 3]) await created({ workflowId, requestedAt: `2026-01-31T12:00:0${second}.000Z` });
      await created();
      const first = await ledger.search('default', { workflowId }, { size: 2 });
      const second = await ledger.search('default', { workflowId }, { size: 2, token: first.nextPageToken });
      const times = (page: { operations: OperationRecord[] }) => page.operations.map(({ requestedAt }) => requestedAt);
      expect([times(first), times(second)]).toEqual([
        ['2026-01-31T12:00:03.000Z', '2026-01-31T12:00:02.000Z'],
        ['2026-01-31T12:00:01.000Z'],
      ]);
      expect(second.nextPageToken).toBeUndefined();
      await expect(
        ledger.search('default', { workflowId: 'another' }, { size: 2, token: first.nextPageToken }),
      ).rejects.toMatchObject({
        kind: 'invalid-request',
        details: { field: 'pageToken' },
      });
    });

    describe('a search', () => {
      const at = (second: number) => `2026-01-31T12:00:${String(second).padStart(2, '0')}.000Z`;
      const namespace = `n-${randomUUID()}`;
      const person = (session: string) => ({
        id: `arn:aws:sts::111122223333:assumed-role/Operator/${session}`,
      });
      const batchOperationId = `op-${randomUUID()}`;
      const batch = { batchOperationId, actor: person('ann') };

      /** One operation a second: its reason is its number. */
      const recorded: Partial<OperationRecord>[] = [
        { actor: person('ann') },
        { actor: person('bea'), verb: 'reset' },
        { actor: person('ann'), state: 'completed' },
        { actor: { id: 'arn:aws:iam::111122223333:user/ann' } },
        { actor: { id: 'event:shop.orders/6a7e8feb-b491-4cf7-a9f1-bf3703467718' } },
        { ...batch, workflowId: 'a', state: 'failed' },
        { ...batch, workflowId: 'b', state: 'completed' },
        { ...batch, workflowId: 'c', state: 'refused' },
      ];
      const record = () =>
        Promise.all(
          recorded.map((fields, index) =>
            created({ namespace, requestedAt: at(index), reason: String(index), nextCheckAt: undefined, ...fields }),
          ),
        );

      async function found(search: OperationSearch, page: Partial<SearchPageRequest> = {}): Promise<number[][]> {
        const pages: number[][] = [];
        let token: string | undefined;
        do {
          const { operations, nextPageToken } = await ledger.search(namespace, search, { size: 50, ...page, token });
          pages.push(operations.map(({ reason }) => Number(reason)));
          token = nextPageToken;
        } while (token !== undefined);
        return pages;
      }

      test.each<[string, OperationSearch, number[]]>([
        ['everything, newest first', {}, [7, 6, 5, 4, 3, 2, 1, 0]],
        ['a time range, ends included', { since: at(1), until: at(3) }, [3, 2, 1]],
        ['a name, of a user or of the session of a role', { actor: 'ann' }, [7, 6, 5, 3, 2, 0]],
        ['an ARN', { actor: 'arn:aws:iam::111122223333:user/ann' }, [3]],
        ['the id of an event', { actor: '6a7e8feb-b491-4cf7-a9f1-bf3703467718' }, [4]],
        ['a name within a time range', { actor: 'ann', since: at(2), until: at(4) }, [3, 2]],
        ['a verb', { verb: 'reset' }, [1]],
        ['states', { states: ['completed', 'refused'] }, [7, 6, 2]],
        ['a name, a verb and a state', { actor: 'ann', verb: 'cancel', states: ['completed'] }, [6, 2]],
        ['a workflow', { workflowId: 'b' }, [6]],
        ['a workflow and another name', { workflowId: 'b', actor: 'bea' }, []],
        ['a batch operation', { batchOperationId }, [7, 6, 5]],
        [
          'a batch operation, states and a time',
          { batchOperationId, states: ['failed', 'refused'], until: at(6) },
          [5],
        ],
        ['nothing', { actor: 'eve' }, []],
      ])('for %s', async (_what, search, expected) => {
        await record();
        await created({ requestedAt: at(1) });
        expect(await found(search)).toEqual([expected]);
        const single = expected.length === 0 ? [[]] : expected.map((number) => [number]);
        expect(await found(search, { size: 1 })).toEqual(single);
      });

      test('paginates operations with the same time, and finds none of another namespace', async () => {
        const same = Array.from({ length: 7 }, (_, index) =>
          created({ namespace, requestedAt: at(1), reason: String(index), actor: person('ann') }),
        );
        await Promise.all(same);
        const pages = await found({ actor: 'ann' }, { size: 3 });
        expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
        expect(pages.flat().toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
        expect((await ledger.search('default', { actor: 'ann' }, { size: 9 })).operations).toEqual([]);
      });

      test('returns no empty page before the last, however rare the matches', async () => {
        for (let index = 0; index < 301; index += 1) {
          const state = index === 150 ? 'failed' : 'completed';
          await created({ namespace, ...batch, state, reason: String(index) });
        }
        expect(await found({ batchOperationId, states: ['failed'] }, { size: 20 })).toEqual([[150]]);
      });

      test('keeps the start time of its first page, and refuses the token of another search', async () => {
        await record();
        const first = await ledger.search(namespace, {}, { size: 5, defaultSince: at(2) });
        const second = await ledger.search(namespace, {}, { size: 5, defaultSince: at(3), token: first.nextPageToken });
        expect(second.operations.map(({ reason }) => reason)).toEqual(['2']);
        for (const [other, search] of [['other', {}] as const, [namespace, { actor: 'ann' }] as const]) {
          await expect(ledger.search(other, search, { size: 5, token: first.nextPageToken })).rejects.toMatchObject({
            kind: 'invalid-request',
            details: { field: 'pageToken' },
          });
        }
      });
    });

    test.each(['completed', 'cancelled', 'failed'] as const)(
      'keeps the furthest progress of a batch operation and its final state %s',
      async (end) => {
        const { operationId } = await created({ verb: 'batch' });
        const at = (done: number) => ({ matched: 10, progress: { done, outcomes: {}, failed: {}, skipped: 0 } });
        const recorded = async () => (await ledger.find(operationId))?.batch;
        await ledger.updateBatch(operationId, { state: 'running', ...at(5) });
        await ledger.updateBatch(operationId, { state: 'running', ...at(4) });
        expect(await recorded()).toEqual({ state: 'running', ...at(5) });
        await ledger.updateBatch(operationId, { ...at(6), state: 'running' });
        await ledger.updateBatch(operationId, { state: end, ...at(4) });
        for (const state of ['running', 'completed', 'cancelled', 'failed'] as const) {
          await ledger.updateBatch(operationId, { state, ...at(9) });
        }
        expect(await recorded()).toEqual({ state: end, ...at(4) });
      },
    );

    test('records when a batch operation was suspended, until it is resumed, and by which operations; creates no record', async () => {
      const { operationId } = await created({ verb: 'batch' });
      const suspendedAt = async () => (await ledger.find(operationId))?.suspendedAt;
      await ledger.setBatchSuspended(operationId, true, 'op-1');
      const first = await suspendedAt();
      expect(first).toEqual(expect.any(String));
      await ledger.setBatchSuspended(operationId, true, 'op-2');
      expect(await suspendedAt()).toBe(first);
      await ledger.setBatchSuspended(operationId, false, 'op-3');
      expect(await suspendedAt()).toBeUndefined();
      expect((await ledger.find(operationId))?.suspensionChanges).toEqual(['op-1', 'op-2', 'op-3']);
      await ledger.setBatchSuspended('op-unknown', true, 'op-4');
      expect(await ledger.find('op-unknown')).toBeUndefined();
    });

    test.each([true, false])('changes a suspension once for each operation: %s', async (suspended) => {
      const { operationId } = await created({ verb: 'batch' });
      const isSuspended = async () => (await ledger.find(operationId))?.suspendedAt !== undefined;
      await ledger.setBatchSuspended(operationId, suspended, 'op-1');
      expect(await isSuspended()).toBe(suspended);
      await ledger.setBatchSuspended(operationId, !suspended, 'op-2');
      await ledger.setBatchSuspended(operationId, suspended, 'op-1');
      expect(await isSuspended()).toBe(!suspended);
      expect((await ledger.find(operationId))?.suspensionChanges).toEqual(['op-1', 'op-2']);
    });

    test('records the first stop request of a batch operation and its operation, and creates no record', async () => {
      const { operationId } = await created({ verb: 'batch' });
      await ledger.requestBatchStop(operationId, 'op-1');
      const first = (await ledger.find(operationId))?.stopRequestedAt;
      expect(first).toEqual(expect.any(String));
      await ledger.requestBatchStop(operationId, 'op-2');
      expect(await ledger.find(operationId)).toMatchObject({ stopRequestedAt: first, stopRequestedBy: 'op-1' });
      await ledger.requestBatchStop('op-unknown', 'op-1');
      await ledger.updateBatch('op-unknown', {
        state: 'running',
        matched: 1,
        progress: { done: 0, outcomes: {}, failed: {}, skipped: 0 },
      });
      expect(await ledger.find('op-unknown')).toBeUndefined();
    });

    test('lists what is due, the longest overdue first', async () => {
      const due = await Promise.all(
        [3, 1, 2].map((second) => created({ nextCheckAt: `2026-01-31T12:00:0${second}.000Z` })),
      );
      await created({ nextCheckAt: LATER });
      await created({ nextCheckAt: undefined });
      const now = new Date('2026-01-31T12:01:00.000Z');
      const found = await collect(ledger.due('default', now));
      expect(found.map(({ operationId }) => operationId)).toEqual([1, 2, 0].map((index) => due[index]?.operationId));
      expect(await collect(ledger.due('other', now))).toEqual([]);
    });

    test('lists unsettled operations, with the fields for metrics', async () => {
      await created({ nextCheckAt: LATER, stuck: ['noPoller'], namespace: 'other' });
      await created({ nextCheckAt: undefined });
      expect(await ledger.listUnsettled('other')).toEqual([{ stuck: ['noPoller'], nextCheckAt: LATER }]);
      expect(await ledger.listUnsettled('default')).toEqual([]);
    });

    describe('a lock', () => {
      const held = (operationId: string, until: number) => ({ operationId, until });

      test('is acquired by one of several at once', async () => {
        const lock = randomUUID();
        const holders = await Promise.all(['a', 'b', 'c'].map((id) => ledger.acquireLock(lock, held(id, 100), 1)));
        expect(holders.filter((holder) => holder === undefined)).toHaveLength(1);
        const [winner] = holders.flatMap((holder) => holder ?? []);
        expect(holders.flatMap((holder) => holder ?? [])).toEqual([winner, winner]);
      });

      test('is acquired again by its holder, and by another once it has expired', async () => {
        const lock = randomUUID();
        expect(await ledger.acquireLock(lock, held('a', 100), 1)).toBeUndefined();
        expect(await ledger.acquireLock(lock, held('a', 200), 1)).toBeUndefined();
        expect(await ledger.acquireLock(lock, held('b', 300), 199)).toEqual(held('a', 200));
        expect(await ledger.acquireLock(lock, held('b', 300), 200)).toBeUndefined();
        expect(await ledger.acquireLock(randomUUID(), held('c', 300), 200)).toBeUndefined();
      });

      test('is taken from a holder that has ended, unless the holder has acquired it again', async () => {
        const lock = randomUUID();
        await ledger.acquireLock(lock, held('a', 100), 1);
        await ledger.acquireLock(lock, held('a', 200), 1);
        expect(await ledger.acquireLock(lock, held('b', 300), 1, held('a', 100))).toEqual(held('a', 200));
        expect(await ledger.acquireLock(lock, held('b', 300), 1, held('a', 200))).toBeUndefined();
      });

      test('is not listed as an operation', async () => {
        await ledger.acquireLock('default/order', held('a', 100), 1);
        expect(await collect(ledger.due('default', new Date()))).toEqual([]);
        expect(await ledger.listUnsettled('default')).toEqual([]);
      });
    });

    test('records the progress of a batch operation without a new version', async () => {
      const record = await created({ verb: 'batch' });
      const progress = { done: 1, outcomes: { requested: 1 }, failed: {}, skipped: 0 };
      await ledger.updateBatch(record.operationId, { state: 'running', matched: 3, progress });
      expect(await ledger.find(record.operationId)).toEqual({
        ...record,
        batch: { state: 'running', matched: 3, progress },
      });
    });
  });
}
