import * as z from 'zod/mini';
import { actor as exampleActor, namespace as exampleNamespace, requestedAt } from './example-values';
import { failureKinds } from './failures';
import { instant, isRange, nameIn, pageSize, pageToken, quoted, reason, TIME } from './fields';
import { ledgerChangeRoute, readRoute, response, UNKNOWN_NAMESPACE } from './route';
import { actor, count, described, named, nextPageToken, optionalText, optionalTime, text, time } from './schema';
import type { Output } from './schema';

/** Maximum number of events that one request redrives. */
export const MAX_REDRIVEN = 1_000;
const MAX_LISTED = 100;
/** Maximum length of a trigger's name; `cancellationRequests` is shorter. */
const MAX_TRIGGER_CHARACTERS = 40;
const MAX_ID_CHARACTERS = 100;

const states = ['rejected', 'redriven', 'handled'] as const;

const allowed = {
  trigger: `the name of a trigger, or "cancellationRequests": 1 to ${MAX_TRIGGER_CHARACTERS} characters`,
  kind: 'a kind of failure, as in the type of a problem: "invalid-request"',
  state: `one of ${quoted(states)}; "rejected" when left out, which includes the state "redriving"`,
  since: `${TIME}: rejected then or later`,
  until: `${TIME}, not before since: rejected then or before`,
  all: 'true; exactly one of "all", "trigger" and "rejectedEventIds"',
  rejectedEventIds: `a list of 1 to ${MAX_LISTED} rejectedEventIds; exactly one of "all", "trigger" and "rejectedEventIds"`,
  rejectedEventId: 'the rejectedEventId of a rejected event',
  dryRun: 'true or false',
};

const trigger = z.optional(nameIn(allowed.trigger, MAX_TRIGGER_CHARACTERS));

const listRejectedEventsRequest = z
  .strictObject({
    trigger,
    kind: z.optional(z.enum(failureKinds, allowed.kind)),
    state: z._default(z.enum(states, allowed.state), 'rejected'),
    since: instant(allowed.since),
    until: instant(allowed.until),
    pageSize,
    pageToken,
  })
  .check(z.refine(isRange, { path: ['until'], error: allowed.until }));
export type ListRejectedEventsRequest = z.output<typeof listRejectedEventsRequest>;

const redriveRequest = z
  .strictObject({
    all: z.optional(z.literal(true, allowed.all)),
    trigger,
    rejectedEventIds: z.optional(
      z
        .array(nameIn(allowed.rejectedEventId, MAX_ID_CHARACTERS), allowed.rejectedEventIds)
        .check(z.minLength(1, allowed.rejectedEventIds), z.maxLength(MAX_LISTED, allowed.rejectedEventIds)),
    ),
    reason,
    dryRun: z.optional(z.boolean(allowed.dryRun)),
  })
  .check(
    z.refine(
      ({ all, trigger: named_, rejectedEventIds }) =>
        [all, named_, rejectedEventIds].filter((given) => given !== undefined).length === 1,
      { path: ['all'], error: allowed.all },
    ),
    z.meta({ oneOf: [{ required: ['all'] }, { required: ['trigger'] }, { required: ['rejectedEventIds'] }] }),
  );
export type RedriveRequest = z.output<typeof redriveRequest>;

const rejectedEventFields = () => ({
  rejectedEventId: text('Id for a redrive. It is the same for each delivery of the event to the trigger.'),
  namespace: text(
    `Namespace of the trigger or cancellation request; \`${UNKNOWN_NAMESPACE}\` if it is not configured.`,
  ),
  trigger: text('Name of the trigger, or `cancellationRequests`.'),
  kind: described(z.enum(failureKinds), 'Kind of failure because of which the event was rejected.'),
  reason: text('Why the event was rejected.'),
  eventId: text('EventBridge’s `id` of the event.'),
  source: z.string(),
  detailType: z.string(),
  arrivedAt: z.optional(
    described(
      z.iso.datetime(),
      'When the event arrived. A workflow that was started more than a minute later is not changed.',
    ),
  ),
  firstRejectedAt: time(),
  rejectedAt: described(z.iso.datetime(), 'When the event was last rejected.'),
  state: described(
    z.enum(['rejected', 'redriving', 'redriven', 'handled']),
    '`rejected`: it can be redriven. `redriving`: a redrive is sending it, or was interrupted; repeat the redrive. ' +
      '`redriven`: it was sent again and is not processed yet. `handled`: it succeeded after a redrive.',
  ),
  redrives: described(
    count(),
    'How often the event was redriven. If this is not 0 and `state` is `rejected`, it has failed again.',
  ),
  lastRedrive: z.optional(z.object({ actor: actor(), reason: z.string(), requestedAt: time() })),
  handledAt: optionalTime(),
  outcome: optionalText(
    'With `handled`: the outcome of the operation, or the kind of failure that means that there is nothing to do.',
  ),
});

const rejectedEvent = named('RejectedEvent', () => z.object(rejectedEventFields()));
export type RejectedEventResource = Output<typeof rejectedEvent>;

const rejectedEventsPage = named('RejectedEvents', () =>
  z.object({
    namespace: z.string(),
    rejectedEvents: described(z.array(rejectedEvent()), 'Most recently rejected first.'),
    nextPageToken: nextPageToken(),
  }),
);
export type RejectedEventsPage = Output<typeof rejectedEventsPage>;

const more = () => described(z.boolean(), `True if more events match: a request redrives ${MAX_REDRIVEN} at most.`);

const redrivePreview = named('RedrivePreview', () =>
  z.object({
    outcome: z.literal('preview'),
    namespace: z.string(),
    matched: described(count(), `Number of events that would be redriven, ${MAX_REDRIVEN} at most.`),
    more: more(),
    sample: described(
      z.array(
        z.object({
          ...rejectedEventFields(),
          event: described(z.record(z.string(), z.unknown()), 'The complete event, as EventBridge delivered it.'),
        }),
      ),
      'Some of these events.',
    ),
  }),
);
export type RedrivePreview = Output<typeof redrivePreview>;

const redriveResult = named('RedriveResult', () =>
  z.object({
    outcome: z.literal('redriven'),
    namespace: z.string(),
    redriven: described(count(), 'Number of events that were sent again.'),
    more: more(),
    skipped: described(
      z.array(z.object({ rejectedEventId: z.string(), state: z.enum(['redriven', 'handled', 'unknown']) })),
      'With `rejectedEventIds`: the events that were already redriven or handled, and the ids that this namespace does not have (`unknown`).',
    ),
  }),
);
export type RedriveResult = Output<typeof redriveResult>;

const rejected: RejectedEventResource = {
  rejectedEventId: 'ev-5d41402abc4b2a76b9719d911017c592',
  namespace: exampleNamespace,
  trigger: 'order-withdrawn',
  kind: 'invalid-request',
  reason: 'The event has no usable value at $.detail.orderId.',
  eventId: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  source: 'com.example.orders',
  detailType: 'OrderWithdrawn',
  arrivedAt: '2026-01-31T12:20:04.870Z',
  firstRejectedAt: requestedAt,
  rejectedAt: requestedAt,
  state: 'rejected',
  redrives: 0,
};

const failedAgain: RejectedEventResource = {
  ...rejected,
  redrives: 1,
  lastRedrive: { actor: exampleActor, reason: 'the trigger is fixed', requestedAt },
};

export const listRejectedEvents = readRoute({
  path: 'rejected-events',
  function: 'list-rejected-events',
  access: 'reader',
  tag: 'rejected events',
  summary: 'List rejected events',
  description:
    'Lists events that cannot succeed, and events that still failed after the retry period, without their details. ' +
    `Events without a configured namespace are in the namespace \`${UNKNOWN_NAMESPACE}\`.`,
  request: listRejectedEventsRequest,
  requests: {
    'events of a trigger': { trigger: 'order-withdrawn', since: '2026-01-31T00:00:00Z' },
    'events that failed because Temporal was unavailable': { kind: 'temporal-unavailable', pageSize: 100 },
  },
  responses: {
    200: response({
      description: 'The rejected events, most recently rejected first.',
      schema: rejectedEventsPage,
      examples: {
        'an event without a required value': { namespace: exampleNamespace, rejectedEvents: [rejected] },
        'an event that failed again': { namespace: exampleNamespace, rejectedEvents: [failedAgain] },
      },
    }),
  },
  failures: [],
  reads: ['ledger'],
});

export const redriveRejectedEvents = ledgerChangeRoute({
  path: 'rejected-events/redrive',
  function: 'redrive-rejected-events',
  access: 'redriver',
  tag: 'rejected events',
  summary: 'Redrive rejected events',
  description:
    'Sends the events to the event queue again, where the current configuration of their trigger applies. However often the request is ' +
    'repeated, each rejection of an event is redriven once, and with the same `Idempotency-Key` each event is redriven once. If the ' +
    'response has `more`, repeat the request with its key. An event that fails again is listed again. The ledger records an operation `redrive` for each event, and for a request with a key.',
  request: redriveRequest,
  requests: {
    'events of a fixed trigger': { trigger: 'order-withdrawn', reason: 'the trigger is fixed' },
    'preview one event': {
      rejectedEventIds: [rejected.rejectedEventId],
      reason: 'to see why',
      dryRun: true,
    },
    'all after an outage': { all: true, reason: 'Temporal is back' },
  },
  responses: {
    200: response({
      description: 'With `dryRun`: which events would be redriven. Nothing was sent.',
      schema: redrivePreview,
      examples: {
        preview: {
          outcome: 'preview',
          namespace: exampleNamespace,
          matched: 1,
          more: false,
          sample: [
            {
              ...rejected,
              event: {
                id: rejected.eventId,
                source: rejected.source,
                'detail-type': rejected.detailType,
                detail: { order: '1234', because: 'no stock' },
              },
            },
          ],
        },
      },
    }),
    202: response({
      description: 'The events are in the event queue.',
      schema: redriveResult,
      examples: {
        redriven: { outcome: 'redriven', namespace: exampleNamespace, redriven: 1, more: false, skipped: [] },
      },
    }),
  },
  failures: ['queue-unavailable', 'idempotency-key-reused'],
  verb: 'redrive',
  events: {},
});
