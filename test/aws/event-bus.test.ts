import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { PutEventsCommandInput, PutEventsCommandOutput } from '@aws-sdk/client-eventbridge';
import { eventBus } from '../../aws/event-bus';
import type { OperationEvent } from '../../operations/operation-events';

type Respond = (sent: PutEventsCommandInput) => Pick<PutEventsCommandOutput, 'Entries'> | Error;

const accepted: Respond = ({ Entries: entries = [] }) => ({ Entries: entries.map(() => ({ EventId: 'e' })) });

/** The bus as a function publishes on it, and the operation ids of each call's entries. */
function busWith(respond: Respond) {
  const client = new EventBridgeClient({});
  const calls: string[][] = [];
  client.middlewareStack.add(
    () => async (args) => {
      const input = args.input as PutEventsCommandInput;
      calls.push(
        (input.Entries ?? []).map(({ Detail = '' }) => (JSON.parse(Detail) as { operationId: string }).operationId),
      );
      const output = respond(input);
      if (output instanceof Error) throw output;
      return { response: {}, output: { $metadata: {}, ...output } as PutEventsCommandOutput };
    },
    { step: 'initialize' },
  );
  return { publish: eventBus(client, 'rewind'), calls };
}

const events = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    type: 'Workflow Cancellation Requested',
    detail: { operationId: String(index), completedAt: '2026-01-01T00:00:00.000Z' },
  })) as OperationEvent[];

test('sends up to ten events in one call', async () => {
  const { publish, calls } = busWith(accepted);
  await publish(events(25));
  expect(calls.map((ids) => ids.length)).toEqual([10, 10, 5]);
  expect(calls.flat()).toEqual(events(25).map(({ detail }) => detail.operationId));
});

test('makes no call without events', async () => {
  const { publish, calls } = busWith(accepted);
  await publish([]);
  expect(calls).toEqual([]);
});

test('reports the first rejected event and makes no further call', async () => {
  const { publish, calls } = busWith((sent) => {
    const rejected = sent.Entries?.findIndex(({ Detail = '' }) => Detail.includes('"13"')) ?? -1;
    if (rejected < 0) return accepted(sent);
    return {
      Entries: sent.Entries?.map((_, at) => (at >= rejected ? { ErrorCode: 'ThrottlingException' } : { EventId: 'e' })),
    };
  });
  await expect(publish(events(35))).rejects.toMatchObject({
    name: 'RejectedEventError',
    index: 13,
    message: expect.stringContaining('ThrottlingException'),
  });
  expect(calls).toHaveLength(2);
});

test('reports the first event of a call that fails', async () => {
  let call = 0;
  const { publish } = busWith((sent) => (++call === 2 ? new Error('unreachable') : accepted(sent)));
  await expect(publish(events(15))).rejects.toMatchObject({ name: 'RejectedEventError', index: 10 });
});
