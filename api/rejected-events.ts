import * as z from 'zod/mini';
import { actor as exampleActor, namespace as exampleNamespace, requestedAt } from './example-values';
import { failureKinds } from './failures';
import { instant, isRange, nameIn, pageSize, pageToken, reason } from './fields';
import { ledgerChangeRoute, readRoute, response } from './route';
import { actor, count, described, named, nextPageToken, optionalText, optionalTime, text, time } from './schema';
import type { Output } from './schema';

/**
 * Stands for a namespace in the path of what concerns rejected events that name none of the configured ones: those of a
 * trigger that was removed, and cancellation requests for another namespace. No namespace can have this name.
 */
export const UNKNOWN_NAMESPACE = '_unknown';

/** Events that one redrive request sends at most. */
export const MAX_REDRIVEN = 1_000;
const MAX_LISTED = 100;
/** Longest name of a trigger: that of the rule for cancellation requests is shorter. */
const MAX_TRIGGER_CHARACTERS = 40;
const MAX_ID_CHARACTERS = 100;

const states = ['rejected', 'redriven', 'handled'] as const;

const allowed = {
  trigger: `the name of a trigger, or "cancellationRequests": 1 to ${MAX_TRIGGER_CHARACTERS} characters`,
  kind: 'a kind of failure, as in the type of a problem: "invalid-request"',
  state: `one of ${states.map((state) => `"${state}"`).join(', ')}; "rejected" when left out, with those that are being redriven`,
  since: 'a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset: rejected then or later',
  until:
    'a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset, not before since: rejected then or before',
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
  rejectedEventId: text('Names it in a redrive: the same for each delivery of the event to the trigger.'),
  namespace: text(`Of the trigger or the request; \`${UNKNOWN_NAMESPACE}\` where it names none that is configured.`),
  trigger: text('Name of the trigger, or `cancellationRequests`.'),
  kind: described(z.enum(failureKinds), 'The kind of failure that the event was rejected for.'),
  reason: text('Why, in words.'),
  eventId: text('EventBridge’s `id` of the event.'),
  source: z.string(),
  detailType: z.string(),
  arrivedAt: z.optional(
    described(z.iso.datetime(), 'When it arrived: a workflow that was started anew under its id since is not changed.'),
  ),
  firstRejectedAt: time(),
  rejectedAt: described(z.iso.datetime(), 'The last time it was rejected.'),
  state: described(
    z.enum(['rejected', 'redriving', 'redriven', 'handled']),
    '`rejected`: it waits to be redriven. `redriving`: a request is about to send it again, or died at that; another sends it. ' +
      '`redriven`: it was sent again, and is handled or rejected soon. `handled`: it succeeded after that.',
  ),
  redrives: described(count(), 'How often it was redriven. One that is `rejected` after that has failed again.'),
  lastRedrive: z.optional(z.object({ actor: actor(), reason: z.string(), requestedAt: time() })),
  handledAt: optionalTime(),
  outcome: optionalText(
    'With `handled`: as of the operation, or the kind of failure that means there is nothing to do.',
  ),
});

export const rejectedEvent = named('RejectedEvent', () => z.object(rejectedEventFields()));
export type RejectedEventResource = Output<typeof rejectedEvent>;

const rejectedEventsPage = named('RejectedEvents', () =>
  z.object({
    namespace: z.string(),
    rejectedEvents: described(z.array(rejectedEvent()), 'The one that was rejected last comes first.'),
    nextPageToken: nextPageToken(),
  }),
);
export type RejectedEventsPage = Output<typeof rejectedEventsPage>;

const more = () => described(z.boolean(), `Whether there are more: a request redrives ${MAX_REDRIVEN} at most.`);

const redrivePreview = named('RedrivePreview', () =>
  z.object({
    outcome: z.literal('preview'),
    namespace: z.string(),
    matched: described(count(), `How many would be redriven: ${MAX_REDRIVEN} at most.`),
    more: more(),
    sample: described(
      z.array(
        z.object({
          ...rejectedEventFields(),
          event: described(
            z.record(z.string(), z.unknown()),
            'The event as EventBridge delivered it, with its detail.',
          ),
        }),
      ),
      'Some of them, with the event itself.',
    ),
  }),
);
export type RedrivePreview = Output<typeof redrivePreview>;

const redriveResult = named('RedriveResult', () =>
  z.object({
    outcome: z.literal('redriven'),
    namespace: z.string(),
    redriven: described(count(), 'How many were sent again.'),
    more: more(),
    skipped: described(
      z.array(z.object({ rejectedEventId: z.string(), state: z.enum(['redriven', 'handled', 'unknown']) })),
      'Of `rejectedEventIds`: those that were redriven already, and those of which this namespace has no record.',
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
  lastRedrive: { actor: exampleActor, reason: 'the trigger is mended', requestedAt },
};

export const listRejectedEvents = readRoute({
  path: 'rejected-events',
  function: 'list-rejected-events',
  access: 'reader',
  tag: 'rejected events',
  summary: 'List events that were rejected',
  description:
    'Events that cannot succeed, and those that used up their time, without their details. ' +
    `Those that name no configured namespace are under the namespace \`${UNKNOWN_NAMESPACE}\`.`,
  request: listRejectedEventsRequest,
  requests: {
    'those of a trigger': { trigger: 'order-withdrawn', since: '2026-01-31T00:00:00Z' },
    'those that Temporal was not there for': { kind: 'temporal-unavailable', pageSize: 100 },
  },
  responses: {
    200: response({
      description: 'Rejected events, the latest first.',
      schema: rejectedEventsPage,
      examples: {
        'one that lacks a value': { namespace: exampleNamespace, rejectedEvents: [rejected] },
        'one that failed again': { namespace: exampleNamespace, rejectedEvents: [failedAgain] },
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
    'Sends them to the event queue again, where their trigger as it is now applies. An event is redriven once for each time it was ' +
    'rejected, however often the request is repeated; under the same `Idempotency-Key` only once at all. So repeat a request with `more` ' +
    'under its key. What fails again is listed again. Each is an operation `redrive` of the ledger.',
  request: redriveRequest,
  requests: {
    'those of a mended trigger': { trigger: 'order-withdrawn', reason: 'the trigger is mended' },
    'one, to see its event': {
      rejectedEventIds: [rejected.rejectedEventId],
      reason: 'to see why',
      dryRun: true,
    },
    'all after an outage': { all: true, reason: 'Temporal is back' },
  },
  responses: {
    200: response({
      description: 'With `dryRun`: what it would redrive, with the events. Nothing was sent.',
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
      description: 'They are in the event queue.',
      schema: redriveResult,
      examples: {
        redriven: { outcome: 'redriven', namespace: exampleNamespace, redriven: 1, more: false, skipped: [] },
      },
    }),
  },
  failures: ['queue-unavailable'],
  verb: 'redrive',
  events: {},
});
