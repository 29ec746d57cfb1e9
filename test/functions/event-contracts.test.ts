import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { CANCELLATION_REQUESTED, cancellationRequestedDetail } from '../../api/accepted-events';
import type { OperationRecord } from '../../operations/ledger/ledger';
import { EVENT_SOURCE, operationEventDetail } from '../../api/emitted-events';
import { eventsOf } from '../../operations/operation-events';
import { fillTemplate } from '../../operations/trigger';

/* The events that other services send and receive. Their JSON Schemas are in docs/events/. */

const fixture = (name: string) =>
  JSON.parse(readFileSync(path.join(__dirname, '../support/fixtures', `${name}.json`), 'utf8')) as {
    id: string;
    source: string;
    'detail-type': string;
    detail: Record<string, unknown>;
  };

test('accepts an event with a cancellation request', () => {
  const event = fixture('workflow-cancellation-requested');
  expect(event['detail-type']).toBe(CANCELLATION_REQUESTED);
  expect(z.safeParse(cancellationRequestedDetail, event.detail).success).toBe(true);
});

test('fills a template from the event of another service', () => {
  expect(fillTemplate('order-<$.detail.orderId>: <$.detail.because>', fixture('order-withdrawn'))).toBe(
    'order-1234: changed their mind',
  );
});

test('emits events that match the published schema', () => {
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
