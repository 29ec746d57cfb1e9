import { randomUUID } from 'node:crypto';
import type { Redrive, RejectedEvents, RejectedEventSearch } from '../../operations/rejected-events/rejected-events';
import { rejectedEventId } from '../../operations/rejected-events/rejected-events';
import type { QueuedEvent } from '../../operations/trigger';
import { ann } from './rewind';

const at = (second: number) => `2026-01-31T12:00:${String(second).padStart(2, '0')}.000Z`;

const redriveOf = (requestId: string): Redrive => ({ actor: ann, reason: 'mended', requestedAt: at(50), requestId });

/** Conformance tests for stores of rejected events. */
export function describeRejectedEvents(name: string, create: () => Promise<RejectedEvents>): void {
  describe(name, () => {
    let store: RejectedEvents;
    const namespace = `n-${randomUUID()}`;
    beforeAll(async () => {
      store = await create();
    });

    const newEvent = (trigger = 'order-withdrawn'): QueuedEvent => ({
      trigger,
      event: { id: randomUUID(), source: 'shop', 'detail-type': 'OrderWithdrawn', detail: { z: 1, a: 'ö"\n' } },
      arrivedAt: at(0),
    });
    const reject = (queued: QueuedEvent, second = 1, more: { kind?: 'throttled'; of?: string } = {}) =>
      store.reject({
        queued,
        namespace: more.of ?? namespace,
        kind: more.kind ?? 'invalid-request',
        reason: `rejected at ${second}`,
        rejectedAt: at(second),
      });
    const find = (queued: QueuedEvent) => store.find(rejectedEventId(queued));

    /** A rejected event whose first redrive is in the queue, and the message of that redrive. */
    async function redriven() {
      const queued = newEvent();
      await reject(queued);
      const begun = await store.beginRedrive((await find(queued))!, redriveOf('request-1'));
      await store.completeRedrive(begun!);
      return { queued, message: { ...queued, redrive: 1 } };
    }

    test('stores a rejection with its event', async () => {
      const queued = newEvent();
      await reject(queued);
      expect(await find(queued)).toEqual({
        rejectedEventId: rejectedEventId(queued),
        namespace,
        trigger: 'order-withdrawn',
        kind: 'invalid-request',
        reason: 'rejected at 1',
        eventId: queued.event.id,
        source: 'shop',
        detailType: 'OrderWithdrawn',
        event: queued.event,
        arrivedAt: at(0),
        firstRejectedAt: at(1),
        rejectedAt: at(1),
        state: 'rejected',
        redrives: 0,
      });
      expect(await store.find('ev-unknown')).toBeUndefined();
      expect(await store.find('op-unknown')).toBeUndefined();
    });

    test('keeps one record for each event and trigger, also after a redelivery', async () => {
      const queued = newEvent();
      await reject(queued);
      await reject(queued, 2);
      const other = { ...queued, trigger: 'other' };
      await reject(other, 3);
      expect(await find(queued)).toMatchObject({ reason: 'rejected at 1' });
      expect(await find(other)).toMatchObject({ reason: 'rejected at 3' });
    });

    test('starts a redrive once, and returns the event', async () => {
      const queued = newEvent();
      await reject(queued);
      const record = (await find(queued))!;
      const begun = await store.beginRedrive(record, redriveOf('request-1'));
      expect(begun).toEqual({ ...record, state: 'redriving', redrives: 1, lastRedrive: redriveOf('request-1') });
      expect(await store.beginRedrive(record, redriveOf('request-2'))).toBeUndefined();
      expect(await find(queued)).toEqual(begun);
      await store.completeRedrive(begun!);
      expect(await find(queued)).toEqual({ ...begun, state: 'redriven' });
      expect(await store.beginRedrive((await find(queued))!, redriveOf('request-3'))).toBeUndefined();
    });

    test('records that a redriven event succeeded, once', async () => {
      const { queued, message } = await redriven();
      await store.handled(message, 'requested');
      const handled = await find(queued);
      expect(handled).toMatchObject({ state: 'handled', outcome: 'requested', handledAt: expect.any(String) });
      await store.handled(message, 'alreadyRequested');
      await reject(message, 9);
      expect(await find(queued)).toEqual(handled);
    });

    test('records that a redriven event failed again, with the caller of its redrive', async () => {
      const { queued, message } = await redriven();
      await reject({ ...message, arrivedAt: at(4) }, 5);
      expect(await find(queued)).toMatchObject({
        arrivedAt: at(0),
        state: 'rejected',
        reason: 'rejected at 5',
        redrives: 1,
        lastRedrive: redriveOf('request-1'),
        firstRejectedAt: at(1),
        rejectedAt: at(5),
      });
      const second = await store.beginRedrive((await find(queued))!, redriveOf('request-2'));
      expect(second).toMatchObject({ redrives: 2, lastRedrive: redriveOf('request-2') });
    });

    test('accepts the rejection of a redrive before completeRedrive', async () => {
      const queued = newEvent();
      await reject(queued);
      const begun = await store.beginRedrive((await find(queued))!, redriveOf('request-1'));
      await reject({ ...queued, redrive: 1 }, 5);
      await store.completeRedrive(begun!);
      expect(await find(queued)).toMatchObject({ state: 'rejected', redrives: 1, reason: 'rejected at 5' });
    });

    test('changes nothing for a delivery from before the last redrive, or without a record', async () => {
      const { queued } = await redriven();
      await reject(queued, 7);
      await store.handled(queued, 'requested');
      expect(await find(queued)).toMatchObject({ state: 'redriven', reason: 'rejected at 1' });
      const unknown = newEvent();
      await store.handled({ ...unknown, redrive: 1 }, 'requested');
      expect(await find(unknown)).toBeUndefined();
    });

    test('stores a rejected redriven event whose record has expired', async () => {
      const message = { ...newEvent(), redrive: 3 };
      await reject(message);
      expect(await find(message)).toMatchObject({ state: 'rejected', redrives: 3 });
    });

    describe('a list', () => {
      const listed = `n-${randomUUID()}`;
      beforeAll(async () => {
        const events = Array.from({ length: 9 }, (_, index) => newEvent(index % 3 === 0 ? 'third' : 'order-withdrawn'));
        for (const [index, queued] of events.entries()) {
          await reject(queued, index, { of: listed, ...(index === 4 && { kind: 'throttled' as const }) });
        }
        await reject(newEvent(), 3);
        const states: [index: number, last: 'redriving' | 'redriven' | 'handled'][] = [
          [0, 'redriving'],
          [1, 'redriven'],
          [2, 'handled'],
        ];
        for (const [index, last] of states) {
          const queued = events[index]!;
          const begun = await store.beginRedrive((await find(queued))!, redriveOf('request-1'));
          if (last === 'redriving') continue;
          await store.completeRedrive(begun!);
          if (last === 'handled') await store.handled({ ...queued, redrive: 1 }, 'requested');
        }
      });

      async function found(search: Partial<RejectedEventSearch>, size = 50): Promise<number[][]> {
        const pages: number[][] = [];
        let token: string | undefined;
        do {
          const page = await store.list(listed, { group: 'rejected', ...search }, { size, ...(token && { token }) });
          pages.push(page.rejectedEvents.map(({ reason }) => Number(reason.split(' ').at(-1))));
          for (const record of page.rejectedEvents) expect(record).not.toHaveProperty('event');
          token = page.nextPageToken;
        } while (token !== undefined);
        return pages;
      }

      test.each<[string, Partial<RejectedEventSearch>, number[]]>([
        ['rejected events, newest first', {}, [8, 7, 6, 5, 4, 3, 0]],
        ['redriven events', { group: 'redriven' }, [1]],
        ['events that succeeded', { group: 'handled' }, [2]],
        ['events of a trigger', { trigger: 'third' }, [6, 3, 0]],
        ['events of a trigger that succeeded', { trigger: 'third', group: 'handled' }, []],
        ['events with a kind of failure', { kind: 'throttled' }, [4]],
        ['events in a time range, ends included', { since: at(4), until: at(6) }, [6, 5, 4]],
        ['events of a trigger until a time', { trigger: 'third', until: at(3) }, [3, 0]],
      ])('has %s', async (_what, search, expected) => {
        expect(await found(search)).toEqual([expected]);
        expect((await found(search, 2)).flat()).toEqual(expected);
      });

      test('refuses the token of another list', async () => {
        const { nextPageToken: token = '' } = await store.list(listed, { group: 'rejected' }, { size: 1 });
        for (const search of [{ group: 'rejected', trigger: 'third' } as const, { group: 'handled' } as const]) {
          await expect(store.list(listed, search, { size: 1, token })).rejects.toMatchObject({
            kind: 'invalid-request',
          });
        }
      });
    });
  });
}
