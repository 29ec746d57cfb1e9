import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { CANCELLATION_REQUESTED, cancellationRequestedDetail } from '../../functions/cancel-on-event/request';
import type { OperationRecord } from '../../operations/ledger/ledger';
import { EVENT_SOURCE, eventsOf, operationEventDetail, operationEventTypes } from '../../operations/operation-events';
import { fillTemplate } from '../../operations/trigger';

/*
 * What others build on: the shapes of events in both directions. docs/events/ is made from the schemas in the code;
 * after a change, `UPDATE_DOCS=1 npx jest event-contracts` writes it anew, and the difference is for review.
 */

const schemas = {
  'cancellation-requested.schema.json': {
    title: `Detail of an event "${CANCELLATION_REQUESTED}" that asks Rewind for a cancellation`,
    ...z.toJSONSchema(cancellationRequestedDetail, { io: 'input' }),
  },
  'operation-event.schema.json': {
    title: `Detail of the events that Rewind emits (source "${EVENT_SOURCE}"): ${operationEventTypes.join(', ')}`,
    ...z.toJSONSchema(operationEventDetail),
  },
};

const fixture = (name: string) =>
  JSON.parse(readFileSync(path.join(__dirname, '../support/fixtures', `${name}.json`), 'utf8')) as {
    id: string;
    source: string;
    'detail-type': string;
    detail: Record<string, unknown>;
  };

test.each(Object.entries(schemas))('docs/events/%s is what the code accepts and emits', (name, schema) => {
  const file = path.resolve(__dirname, '../../docs/events', name);
  if (process.env['UPDATE_DOCS']) writeFileSync(file, `${JSON.stringify(schema, undefined, 2)}\n`);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(schema);
});

test('a request in an event is accepted', () => {
  const event = fixture('workflow-cancellation-requested');
  expect(event['detail-type']).toBe(CANCELLATION_REQUESTED);
  expect(z.safeParse(cancellationRequestedDetail, event.detail).success).toBe(true);
});

test("somebody else's event fills a template", () => {
  expect(fillTemplate('order-<$.detail.orderId>: <$.detail.because>', fixture('order-withdrawn'))).toBe(
    'order-1234: changed their mind',
  );
});

test('an emitted event is what subscribers know', () => {
  const { detail, ...event } = fixture('workflow-reset');
  expect(event.source).toBe(EVENT_SOURCE);
  const record = {
    ...detail,
    verb: 'reset',
    state: 'completed',
    answer: { runId: detail['runId'], newRunId: detail['newRunId'] },
  } as unknown as OperationRecord;
  const [emitted] = eventsOf(undefined, record);
  expect(emitted?.type).toBe(event['detail-type']);
  expect(JSON.parse(JSON.stringify(emitted?.detail))).toEqual(detail);
  expect(z.safeParse(operationEventDetail, detail).success).toBe(true);
});
