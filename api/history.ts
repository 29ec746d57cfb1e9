import * as z from 'zod/mini';
import {
  actor,
  namespace,
  operationId,
  runId as exampleRunId,
  workflowId as exampleWorkflowId,
} from './example-values';
import { pageSize, pageToken, runId, workflowId } from './fields';
import { readRoute, response } from './route';
import { count, described, named, nextPageToken, optionalText, optionalTime, text } from './schema';
import type { Output } from './schema';

/** Kinds of entries in a history. */
const entryKinds = [
  'workflowStarted',
  'workflowClosed',
  'workflowTaskFailure',
  'reset',
  'cancelRequest',
  'pause',
  'unpause',
  'optionsUpdate',
  'activity',
  'localActivity',
  'timer',
  'childWorkflow',
  'nexusOperation',
  'signal',
  'update',
  'signalToWorkflow',
  'cancelToWorkflow',
  'marker',
  'propertiesUpdate',
] as const;

/** States of what an entry describes, such as an activity. */
const entryStates = [
  'pending',
  'started',
  'completed',
  'failed',
  'timedOut',
  'canceled',
  'terminated',
  'continuedAsNew',
  'fired',
  'notCompleted',
] as const;
export type EntryState = (typeof entryStates)[number];

const historyEntry = named('HistoryEntry', () =>
  z.object({
    kind: z.enum(entryKinds),
    label: text('What happened, in one line.'),
    state: z.optional(
      described(
        z.enum(entryStates),
        '`pending` and `started`: not ended, in an open run. `notCompleted`: not ended when the run closed. The run does not ' +
          'receive its result; a child workflow, or an attempt at an activity, may still be running.',
      ),
    ),
    eventId: described(z.int(), 'Id of the first event of the entry. Entries are sorted by it.'),
    eventIds: described(z.array(z.int()), 'Ids of all events of the entry, oldest first.'),
    startTime: optionalTime(),
    endTime: optionalTime(),
    name: optionalText('Type of the activity or workflow; name of the signal, update or marker; id of the timer.'),
    activityId: z.optional(z.string()),
    workflowId: optionalText(
      'Id of the child workflow, or of the workflow to which a signal or cancellation was sent.',
    ),
    runId: optionalText('Run of the child workflow; with the kind `reset`, the run that was reset.'),
    attempts: z.optional(described(count(), 'Number of started attempts of the activity or workflow task.')),
    failure: optionalText('Message of the last failure, even if a later attempt succeeded.'),
    cancelRequested: z.optional(described(z.literal(true), 'The workflow requested its cancellation.')),
    identity: optionalText('Identity of the client or worker, as recorded by Temporal.'),
    reason: optionalText('Reason of a cancellation, termination, reset or pause.'),
    operationId: optionalText('The operation of Rewind that caused it, from the tag in the reason.'),
    actor: z.optional(described(z.object({ id: z.string() }), 'Who requested that operation, from the same tag.')),
    resetPoint: z.optional(
      described(
        z.int(),
        'The `target.eventId` that resets to before this entry. Everything that its workflow task did is executed again.',
      ),
    ),
  }),
);
export type HistoryEntry = Output<typeof historyEntry>;

const historyPage = named('History', () =>
  z.object({
    namespace: z.string(),
    workflowId: z.string(),
    runId: z.string(),
    entries: described(z.array(historyEntry()), 'Sorted by their first event, newest first.'),
    nextPageToken: nextPageToken(),
  }),
);
export type HistoryPage = Output<typeof historyPage>;

const entries: HistoryEntry[] = [
  {
    kind: 'cancelRequest',
    label: 'cancellation requested: withdrawn',
    eventId: 11,
    eventIds: [11],
    startTime: '2026-01-31T12:20:05.200Z',
    identity: actor.id,
    reason: 'withdrawn',
    operationId,
    actor,
  },
  {
    kind: 'activity',
    label: 'chargeCard (activity, attempt 3 started after: card declined)',
    state: 'started',
    eventId: 5,
    eventIds: [5],
    startTime: '2026-01-31T12:00:02.000Z',
    name: 'chargeCard',
    activityId: '2',
    attempts: 3,
    failure: 'card declined',
    resetPoint: 4,
  },
];

export const listHistory = readRoute({
  path: 'workflows/history',
  function: 'history',
  access: 'reader',
  tag: 'workflows',
  summary: 'List the history of a run',
  request: z.strictObject({ workflowId, runId, pageSize, pageToken }),
  requests: { 'the newest entries': { workflowId: 'order-1234', pageSize: 20 } },
  responses: {
    200: response({
      description: 'The history, newest first, with one entry for all events of an activity, timer or child workflow.',
      schema: historyPage,
      examples: {
        'two entries': { namespace, workflowId: exampleWorkflowId, runId: exampleRunId, entries },
      },
    }),
  },
  failures: ['workflow-not-found', 'run-not-found'],
  reads: ['temporal'],
});
