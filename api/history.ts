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

/** What an entry of a history is about. */
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

/** How far what an entry is about has come. */
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
] as const;
export type EntryState = (typeof entryStates)[number];

export const historyEntry = named('HistoryEntry', () =>
  z.object({
    kind: z.enum(entryKinds),
    label: text('What happened, in a line.'),
    state: z.optional(
      described(z.enum(entryStates), '`pending` and `started`: it has not ended, or not before the run closed.'),
    ),
    eventId: described(z.int(), 'The event that began it: entries are in the order of these.'),
    eventIds: described(z.array(z.int()), 'All its events, oldest first.'),
    startTime: optionalTime(),
    endTime: optionalTime(),
    name: optionalText('Type of the activity or workflow; name of the signal, update or marker; id of the timer.'),
    activityId: z.optional(z.string()),
    workflowId: optionalText('Of the child workflow, or of the workflow that was signaled or asked to cancel.'),
    runId: optionalText('Of the child workflow; for a reset, of the run that was reset.'),
    attempts: z.optional(described(count(), 'Attempts begun, of an activity or of a workflow task.')),
    failure: optionalText('Message of the last failure, also where a later attempt succeeded.'),
    cancelRequested: z.optional(described(z.literal(true), 'The workflow asked it to cancel.')),
    identity: optionalText('Of the client or worker that did it, as Temporal records it.'),
    reason: optionalText('Of a cancellation, termination, reset or pause.'),
    operationId: optionalText('The operation of Rewind that did it, by the tag in its reason.'),
    actor: z.optional(described(z.object({ id: z.string() }), 'Who requested that operation, by the same tag.')),
    resetPoint: z.optional(
      described(z.int(), '`target.eventId` of a reset to before it: what its workflow task did runs again.'),
    ),
  }),
);
export type HistoryEntry = Output<typeof historyEntry>;

const historyPage = named('History', () =>
  z.object({
    namespace: z.string(),
    workflowId: z.string(),
    runId: z.string(),
    entries: described(z.array(historyEntry()), 'By the event that began each, newest first.'),
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
  summary: 'List what happened in a run',
  request: z.strictObject({ workflowId, runId, pageSize, pageToken }),
  requests: { 'the newest entries': { workflowId: 'order-1234', pageSize: 20 } },
  responses: {
    200: response({
      description: 'The history as a timeline, newest first: one entry for all events of an activity, timer or child.',
      schema: historyPage,
      examples: {
        'two entries': { namespace, workflowId: exampleWorkflowId, runId: exampleRunId, entries },
      },
    }),
  },
  failures: ['workflow-not-found', 'run-not-found'],
  reads: ['temporal'],
});
