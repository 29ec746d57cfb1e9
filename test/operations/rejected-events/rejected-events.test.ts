import { randomUUID } from 'node:crypto';
import { OperationFailure } from '../../../api/failures';
import { MAX_REDRIVEN } from '../../../api/rejected-events';
import type { RedriveRequest } from '../../../api/rejected-events';
import { InMemoryLedger } from '../../support/in-memory-ledger';
import { InMemoryRejectedEvents } from '../../support/in-memory-rejected-events';
import { previewRedrive, redrive, REDRIVE_LEDGER_ID } from '../../../operations/rejected-events/redrive';
import type { RedriveCaller } from '../../../operations/rejected-events/redrive';
import { rejectedEventId } from '../../../operations/rejected-events/rejected-events';
import { keyedOperationId } from '../../../operations/ledger/operation-id';
import type { QueuedEvent } from '../../../operations/trigger';
import { started } from '../../support/operation-record';
import { describeRejectedEvents } from '../../support/rejected-events-conformance';
import { ann } from '../../support/rewind';
import { withCall } from '../../support/with-call';

describeRejectedEvents('rejected events in memory', async () => new InMemoryRejectedEvents());

describe('a redrive', () => {
  const namespace = 'prod.a1b2c';

  async function given(count: number, trigger = 'order-withdrawn') {
    const rejectedEvents = new InMemoryRejectedEvents();
    const ledger = new InMemoryLedger();
    const sent: QueuedEvent[] = [];
    const send = async (queued: QueuedEvent) => void sent.push(queued);
    const events: QueuedEvent[] = [];
    async function reject(queued: QueuedEvent, of = namespace) {
      const rejectedAt = new Date().toISOString();
      await rejectedEvents.reject({ queued, namespace: of, kind: 'invalid-request', reason: 'no id', rejectedAt });
    }
    for (let index = 0; index < count; index += 1) {
      const event = { id: randomUUID(), source: 'shop', 'detail-type': 'OrderWithdrawn', detail: { index } };
      events.push({ trigger, event, arrivedAt: '2026-01-31T12:00:00.000Z' });
      await reject(events[index]!);
    }
    const ask = (request: Partial<RedriveRequest>, caller: Partial<RedriveCaller> = {}, through = send) =>
      redrive(
        { rejectedEvents, ledger, send: through },
        namespace,
        { reason: 'mended', ...request },
        {
          actor: ann,
          requestId: 'request-1',
          deadline: Date.now() + 29_000,
          ...caller,
        },
      );
    const operations = async () =>
      (await ledger.search(namespace, { workflowId: REDRIVE_LEDGER_ID }, { size: 5000 })).operations;
    return { rejectedEvents, ledger, sent, events, reject, ask, operations };
  }

  test('under a key that belongs to another request is refused, and sends nothing', async () => {
    const { ledger, sent, events, ask, reject } = await given(2);
    await reject({ ...events[0]!, trigger: 'other' });
    const [first, second] = events.map(rejectedEventId) as [string, string];
    await ask({ rejectedEventIds: [first] }, { idempotencyKey: 'key-1' });
    const cancellation = keyedOperationId(namespace, 'key-2');
    await ledger.createIfAbsent({ ...started, operationId: cancellation, namespace });
    const others = [
      [{ rejectedEventIds: [second] }, 'key-1'],
      [{ rejectedEventIds: [first], reason: 'another' }, 'key-1'],
      [{ all: true }, 'key-1'],
      [{ trigger: 'other' }, 'key-1'],
      [{ all: true }, 'key-2'],
    ] as const;
    for (const [request, idempotencyKey] of others)
      await expect(ask(request as RedriveRequest, { idempotencyKey })).rejects.toMatchObject({
        kind: 'idempotency-key-reused',
        message: expect.stringContaining(idempotencyKey === 'key-2' ? `${cancellation}, cancel` : ', redrive'),
      });
    expect(sent).toHaveLength(1);
    expect(await ask({ all: true }, { idempotencyKey: 'key-3' })).toMatchObject({ redriven: 2 });
  });

  test('of all events sends each once, with its redrive number, and records the caller', async () => {
    const { sent, events, ask, operations, reject } = await given(3);
    await reject({ ...events[0]!, trigger: 'of-another-namespace' }, 'staging');
    expect(await ask({ all: true })).toEqual({ outcome: 'redriven', namespace, redriven: 3, more: false, skipped: [] });
    expect(await ask({ all: true })).toMatchObject({ redriven: 0 });
    expect(sent).toHaveLength(3);
    expect(sent).toEqual(
      expect.arrayContaining(events.map((queued) => ({ ...queued, redrive: 1, redrivenIn: namespace }))),
    );
    expect(await operations()).toHaveLength(3);
    expect(await operations()).toContainEqual(
      expect.objectContaining({
        verb: 'redrive',
        state: 'completed',
        outcome: 'redriven',
        actor: ann,
        reason: 'mended',
        requestId: 'request-1',
        request: expect.objectContaining({ eventId: events[0]!.event.id, trigger: 'order-withdrawn', redrive: 1 }),
      }),
    );
  });

  test('of an event without an arrival time, from an earlier release, uses the time of its first rejection', async () => {
    const { sent, events, ask, reject, rejectedEvents } = await given(1);
    const { arrivedAt: _, ...before } = { ...events[0]!, trigger: 'before' };
    await reject(before);
    await ask({ trigger: 'before' });
    const record = await rejectedEvents.find(rejectedEventId(before));
    expect(sent).toEqual([{ ...before, arrivedAt: record?.firstRejectedAt, redrive: 1, redrivenIn: namespace }]);
  });

  test('of a trigger skips the events of other triggers', async () => {
    const { sent, events, ask, reject } = await given(2);
    const other = { ...events[0]!, trigger: 'other' };
    await reject(other);
    expect(await ask({ trigger: 'other' })).toMatchObject({ redriven: 1 });
    expect(sent).toEqual([{ ...other, redrive: 1, redrivenIn: namespace }]);
  });

  test('by id skips redriven events, events of other namespaces, and unknown ids', async () => {
    const { events, ask, reject } = await given(2);
    const elsewhere = { ...events[0]!, trigger: 'elsewhere' };
    await reject(elsewhere, 'staging');
    const [first, second, third] = [...events, elsewhere].map(rejectedEventId) as [string, string, string];
    expect(await ask({ rejectedEventIds: [first] })).toMatchObject({ redriven: 1, skipped: [] });
    expect(await ask({ rejectedEventIds: [first, first, second, third] })).toMatchObject({
      redriven: 1,
      skipped: [
        { rejectedEventId: first, state: 'redriven' },
        { rejectedEventId: third, state: 'unknown' },
      ],
    });
  });

  test('sends at most the maximum, and the rest when repeated', async () => {
    const { sent, ask } = await given(MAX_REDRIVEN + 5);
    expect(await ask({ all: true })).toMatchObject({ redriven: MAX_REDRIVEN, more: true });
    expect(await ask({ all: true })).toMatchObject({ redriven: 5, more: false });
    expect(new Set(sent.map(({ event }) => event.id)).size).toBe(MAX_REDRIVEN + 5);
  });

  test('that reaches its deadline reports that there are more', async () => {
    const { sent, ask } = await given(1);
    expect(await ask({ all: true }, { deadline: Date.now() + 1_000 })).toMatchObject({ redriven: 0, more: true });
    expect(sent).toEqual([]);
  });

  test.each([
    ['all', () => ({ all: true as const }), []],
    ['a trigger', ({ trigger }: QueuedEvent) => ({ trigger }), []],
    [
      'ids',
      (queued: QueuedEvent) => ({ rejectedEventIds: [rejectedEventId(queued)] }),
      [{ rejectedEventId: expect.any(String), state: 'redriven' }],
    ],
  ])(
    'of %s that is repeated under its key skips events that failed again; another key redrives them',
    async (_which, of, skipped) => {
      const { sent, events, ask, reject, operations } = await given(1);
      const request = of(events[0]!);
      await ask(request, { idempotencyKey: 'key-1' });
      await reject(sent[0]!);
      expect(await ask(request, { idempotencyKey: 'key-1' })).toMatchObject({ redriven: 0, more: false, skipped });
      expect(await ask(request, { idempotencyKey: 'key-2' })).toMatchObject({ redriven: 1, skipped: [] });
      expect(sent).toEqual([1, 2].map((number) => ({ ...events[0]!, redrive: number, redrivenIn: namespace })));
      const outcomes = (await operations()).map(({ outcome = '' }) => outcome);
      expect(outcomes.toSorted()).toEqual(['redriven', 'redriven', 'requested', 'requested']);
    },
  );

  test.each(['list', 'beginRedrive', 'completeRedrive'] as const)(
    'may have sent events when the ledger fails in %s after the first: the answer says so, and the next request sends the others once',
    async (step) => {
      const { rejectedEvents, ledger, sent, ask } = await given(120);
      const send = async (queued: QueuedEvent) => void sent.push(queued);
      const down = () => Promise.reject(new OperationFailure('ledger-unavailable', 'Nothing was done.'));
      const call = rejectedEvents[step].bind(rejectedEvents) as (...args: unknown[]) => Promise<unknown>;
      const failingCall = (...args: unknown[]) => (sent.length > 0 ? down() : call(...args));
      const failing = withCall(rejectedEvents, step, failingCall as never);
      const caller = { actor: ann, deadline: Date.now() + 29_000 };

      await expect(
        redrive({ rejectedEvents: failing, ledger, send }, namespace, { all: true, reason: 'second' }, caller),
      ).rejects.toMatchObject({
        kind: 'temporal-timeout',
        message: expect.stringMatching(/Some events may have been redriven.*repeat/),
      });

      expect(sent.length).toBeGreaterThan(0);
      await ask({ all: true });
      expect(new Set(sent.map(({ event, redrive: number }) => `${event.id} ${number}`)).size).toBe(120);
    },
  );

  test('changes nothing if the ledger fails before the first event', async () => {
    const { rejectedEvents, ledger, sent } = await given(1);
    const down = new OperationFailure('ledger-unavailable', 'Nothing was done.');
    const failing = withCall(rejectedEvents, 'list', () => Promise.reject(down));
    const send = async (queued: QueuedEvent) => void sent.push(queued);
    const caller = { actor: ann, deadline: Date.now() + 29_000 };
    const redriving = redrive({ rejectedEvents: failing, ledger, send }, namespace, { all: true, reason: 'r' }, caller);
    await expect(redriving).rejects.toBe(down);
    expect(sent).toEqual([]);
  });

  test.each(['send', 'createIfAbsent', 'completeRedrive'] as const)(
    'that is interrupted in %s is completed by the next, under the same number and with the caller of the first',
    async (step) => {
      const { rejectedEvents, ledger, sent, events, ask, operations } = await given(1);
      const fails = () => Promise.reject(new OperationFailure('ledger-unavailable', 'interrupted'));
      const send = async (queued: QueuedEvent) => void sent.push(queued);
      const interrupted = {
        rejectedEvents: step === 'completeRedrive' ? withCall(rejectedEvents, step, fails) : rejectedEvents,
        ledger: step === 'createIfAbsent' ? withCall(ledger, step, fails) : ledger,
        send: step === 'send' ? fails : send,
      };
      const first = { actor: { id: 'arn:aws:iam::111122223333:user/bea' }, deadline: Date.now() + 29_000 };
      await expect(redrive(interrupted, namespace, { all: true, reason: 'first' }, first)).rejects.toMatchObject({
        kind: 'temporal-timeout',
        cause: { message: 'interrupted' },
      });

      expect(await ask({ all: true })).toMatchObject({ redriven: 1 });

      expect(new Set(sent.map((queued) => JSON.stringify(queued)))).toEqual(
        new Set([JSON.stringify({ ...events[0]!, redrive: 1, redrivenIn: namespace })]),
      );
      expect(await operations()).toMatchObject([{ actor: first.actor, reason: 'first' }]);
      expect(await ask({ all: true })).toMatchObject({ redriven: 0 });
    },
  );

  test('by two concurrent requests sends each event under one number', async () => {
    const { sent, ask, operations } = await given(50);
    await Promise.all([ask({ all: true }), ask({ all: true })]);
    expect(new Set(sent.map(({ event, redrive: number }) => `${event.id} ${number}`)).size).toBe(50);
    expect(await operations()).toHaveLength(50);
  });

  test('has a preview that lists the events and changes nothing', async () => {
    const { rejectedEvents, sent, events, operations } = await given(12);
    const preview = await previewRedrive({ rejectedEvents }, namespace, { all: true, reason: 'look' });
    expect(preview).toMatchObject({ outcome: 'preview', matched: 12, more: false });
    expect(preview.sample).toHaveLength(10);
    const [first] = (
      await previewRedrive({ rejectedEvents }, namespace, {
        rejectedEventIds: [rejectedEventId(events[3]!), 'ev-unknown'],
        reason: 'look',
      })
    ).sample;
    expect(first).toMatchObject({ eventId: events[3]!.event.id, event: events[3]!.event });
    expect([sent, await operations()]).toEqual([[], []]);
  });
});
