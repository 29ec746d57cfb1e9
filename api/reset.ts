import * as z from 'zod/mini';
import { chargeCard, pendingActivity } from './describe';
import { parentClosePolicies } from './enums';
import {
  links as exampleLinks,
  namespace,
  newRunId,
  newRunLinks,
  operationId as exampleOperationId,
  runId as exampleRunId,
  workflowId as exampleWorkflowId,
} from './example-values';
import { nameIn, reason, runId, runIdIn, waitSeconds, workflowId } from './fields';
import { changeRoute, ONCE, response } from './route';
import { workflowStatus } from './run-summary';
import { count, described, links, named, operationId, optionalText, optionalTime, text } from './schema';
import type { Output } from './schema';
import { stuck } from './stuck';
import { resetOverrideAllowed, resetOverrideIn } from './versioning-override';

const MAX_NAME_CHARACTERS = 1000;
const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');
const name = (allowed: string) => z.optional(nameIn(allowed, MAX_NAME_CHARACTERS));

const places = ['firstWorkflowTask', 'lastWorkflowTask', 'lastContinuedAsNew'] as const;
const ends = ['first', 'last'] as const;

/** Kinds of event after the reset point that the server reapplies to the new run unless they are excluded. */
export const reapplyTypes = ['signals', 'updates', 'nexus'] as const;
export type ReapplyType = (typeof reapplyTypes)[number];

/** What to do with children that a reset leaves without a parent. */
const orphanActions = ['leave', 'cancel', 'terminate'] as const;

const allowed = {
  eventId: 'the eventId, an integer, of one of the points that GET …/workflows/reset-points lists',
  at: `one of ${quoted(places)}`,
  beforeActivity: 'an object with either "type" or "activityId", and perhaps "occurrence"',
  activityName: `a string of 1 to ${MAX_NAME_CHARACTERS} characters`,
  occurrence: 'a whole number from 1, counted from the first such activity, or "first" or "last"; "last" when left out',
  beforeFailure: `one of ${quoted(ends)}`,
  beforeTime: 'a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset',
  buildId: `a build id of 1 to ${MAX_NAME_CHARACTERS} characters, as reset-points shows it`,
  beforeBuildId: `a build id of 1 to ${MAX_NAME_CHARACTERS} characters: the run is reset to before its first workflow task on that build`,
  back: 'a whole number of workflow tasks before the last one, from 0',
  target:
    'an object with exactly one of eventId, at, beforeActivity, beforeFailure, beforeTime, buildId, beforeBuildId, back',
  ifCurrentRunId: 'the UUID of the run that has to be the current one, or left out',
  terminateRunId: 'the UUID of the live run that may be terminated when an older run is reset, or left out',
  excludeReapply: `a list of what not to carry over into the new run: ${quoted(reapplyTypes)}`,
  orphanedChildren: `one of ${quoted(orphanActions)}; "leave" when left out`,
  dryRun: 'true or false',
  thenSignal: 'an object with "signalName", and perhaps "input", a JSON value that is its only argument',
};

/** An activity, by its type or its id; local activities too. */
export type ActivityTarget = ({ type: string } | { activityId: string }) & {
  /** Which one, where there are several: a number counts from the first, which is 1. The last when left out. */
  occurrence?: number | 'first' | 'last';
};

/**
 * Where to reset to. Exactly one of these. `at`: `firstWorkflowTask` is the start, `lastWorkflowTask` the last task that
 * completed, `lastContinuedAsNew` the task of the run before that continued as new, so that run is reset.
 * `beforeFailure`: what made the workflow fail or get stuck. `buildId`: the first task that a worker of this build
 * completed, in this run or an earlier one of its chain. `beforeBuildId`: the same, also for a task of the build that
 * failed; refused where no other build has completed a task before. `back`: so many completed workflow tasks before the last one.
 */
export type ResetTarget =
  | { eventId: number }
  | { at: (typeof places)[number] }
  | { beforeActivity: ActivityTarget }
  | { beforeFailure: (typeof ends)[number] }
  | { beforeTime: string }
  | { buildId: string }
  | { beforeBuildId: string }
  | { back: number };

const beforeActivity = z
  .strictObject(
    {
      type: name(allowed.activityName),
      activityId: name(allowed.activityName),
      occurrence: z.optional(
        z.union(
          [z.int(allowed.occurrence).check(z.gte(1, allowed.occurrence)), z.enum(ends, allowed.occurrence)],
          allowed.occurrence,
        ),
      ),
    },
    allowed.beforeActivity,
  )
  .check(
    z.refine(({ type, activityId }) => (type === undefined) !== (activityId === undefined), allowed.beforeActivity),
    z.meta({ oneOf: [{ required: ['type'] }, { required: ['activityId'] }] }),
  );

/** One object with all fields, and not a union, so that an error names the refused field and not only its target. */
export const target = z.pipe(
  z
    .strictObject(
      {
        eventId: z.optional(z.int(allowed.eventId)),
        at: z.optional(z.enum(places, allowed.at)),
        beforeActivity: z.optional(beforeActivity),
        beforeFailure: z.optional(z.enum(ends, allowed.beforeFailure)),
        beforeTime: z.optional(z.iso.datetime({ offset: true, error: allowed.beforeTime })),
        buildId: name(allowed.buildId),
        beforeBuildId: name(allowed.beforeBuildId),
        back: z.optional(z.int(allowed.back).check(z.gte(0, allowed.back))),
      },
      allowed.target,
    )
    .check(
      z.refine((fields) => Object.keys(fields).length === 1, allowed.target),
      z.meta({ minProperties: 1, maxProperties: 1 }),
    ),
  z.transform((fields) => fields as ResetTarget),
);

/** How the new run differs from the server's default. */
export const resetOptions = {
  excludeReapply: z.optional(z.array(z.enum(reapplyTypes, allowed.excludeReapply), allowed.excludeReapply)),
  versioningOverride: z.optional(resetOverrideIn(['autoUpgrade'], resetOverrideAllowed)),
  orphanedChildren: z.optional(z.enum(orphanActions, allowed.orphanedChildren)),
};

export const resetRequest = z.strictObject({
  workflowId,
  runId,
  reason,
  target,
  ifCurrentRunId: runIdIn(allowed.ifCurrentRunId),
  terminateRunId: runIdIn(allowed.terminateRunId),
  ...resetOptions,
  thenSignal: z.optional(
    z.strictObject(
      { signalName: nameIn(allowed.thenSignal, MAX_NAME_CHARACTERS), input: z.optional(z.unknown()) },
      allowed.thenSignal,
    ),
  ),
  waitSeconds,
  dryRun: z.optional(z.boolean(allowed.dryRun)),
});
export type ResetRequest = z.output<typeof resetRequest>;

export const orphanedChild = named('OrphanedChild', () =>
  z.object({
    workflowId: z.string(),
    runId: text('The run that its parent started: the first of its chain.'),
    workflowType: z.string(),
    parentClosePolicy: z.enum(parentClosePolicies),
    parentRunId: text('The run that started it.'),
    operation: z.optional(
      described(
        z.object({ operationId: operationId(), outcome: z.string() }),
        'The operation on it, where one was asked for.',
      ),
    ),
    failure: z.optional(
      described(
        z.object({ kind: z.string(), message: z.string() }),
        'Why the operation on it failed. The same request under the same key tries again.',
      ),
    ),
  }),
);
export type OrphanedChild = Output<typeof orphanedChild>;

const missingChildResult = named('MissingChildResult', () =>
  z.object({
    workflowId: z.string(),
    runId: text('The run that its parent started: the first of its chain.'),
    workflowType: z.string(),
    status: z.optional(described(workflowStatus(), 'How it closed. Absent once its retention has ended.')),
    closeTime: optionalTime(),
  }),
);
export type MissingChildResult = Output<typeof missingChildResult>;

/** How many children of each kind are listed: a record of the ledger has 400 KB at most. */
export const MAX_CHILDREN_LISTED = 50;

const childrenOfReset = () => ({
  orphanedChildren: described(
    z.array(orphanedChild()),
    `Children that are left without a parent, and the operation on each. ${MAX_CHILDREN_LISTED} at most are listed.`,
  ),
  orphanedChildrenTotal: described(count(), 'How many there are, listed or not.'),
  missingChildResults: described(
    z.array(missingChildResult()),
    'Children that were started before the reset point and closed after the run had closed. Temporal does not send their ' +
      'results to the new run: where it waits for one, it does not proceed. A reset to before such a child starts it again. ' +
      `${MAX_CHILDREN_LISTED} at most are listed.`,
  ),
  missingChildResultsTotal: described(count(), 'How many there are, listed or not.'),
});

const sentSignal = named('SentSignal', () =>
  z.object({
    signalName: z.string(),
    outcome: described(
      z.enum(['sent', 'notSent', 'unknown']),
      'Unless it is `sent`, the same request under the same key sends it again; the new run gets it once.',
    ),
    beforeFirstWorkflowTask: z.optional(
      described(
        z.boolean(),
        'false: a worker had taken the first workflow task of the new run before the signal came.',
      ),
    ),
    why: optionalText('Why it was not sent, or why that is unknown.'),
  }),
);
export type SentSignal = Output<typeof sentSignal>;

const newRun = named('NewRun', () =>
  z.object({
    status: workflowStatus(),
    progress: described(
      z.enum([
        'completed',
        'continuedAsNew',
        'pastResetPoint',
        'begun',
        'failedAgain',
        'failed',
        'closed',
        'stuck',
        'waiting',
      ]),
      '`completed`, `continuedAsNew`: it ended well. `pastResetPoint`: open, and beyond the workflow task that the reset ' +
        'gave it. `begun`: it has completed that task, and waits for what the task started. `failedAgain`: it failed as ' +
        'the run before it did. `failed`: it failed otherwise. `closed`: it was canceled, terminated or timed out. ' +
        '`stuck`: it does not proceed; `stuck` says why, also beside `pastResetPoint` where it waits for something that does not proceed. `waiting`: it has not completed its first task, and nothing shows why.',
    ),
    failure: z.optional(z.string()),
    stuck: z.optional(z.array(stuck())),
    waitedSeconds: described(z.number(), 'Seconds spent waiting, to a tenth.'),
  }),
);
export type NewRun = Output<typeof newRun>;

export const resetResult = named('ResetResult', () =>
  z.object({
    operationId: operationId(),
    outcome: z.literal('reset'),
    namespace: z.string(),
    workflowId: z.string(),
    runId: text('The run that was reset.'),
    newRunId: text('The run that continues from the reset point.'),
    eventId: described(z.int(), 'Events before this one were kept.'),
    why: text('Why it is this event.'),
    terminatedRunId: optionalText('The live run that the server terminated.'),
    ...childrenOfReset(),
    thenSignal: z.optional(described(sentSignal(), 'What became of the signal, where one was asked for.')),
    newRun: z.optional(described(newRun(), 'How far the new run got, where `waitSeconds` was given.')),
    links: links(),
  }),
);
export type ResetResult = Output<typeof resetResult>;

const fate = () =>
  described(
    z.enum(['reexecuted', 'reapplied', 'dropped']),
    '`reexecuted`: the new run does it again; `reapplied`: the server carries it over.',
  );
export type Fate = z.output<ReturnType<typeof fate>>;
const itemState = () => z.enum(['completed', 'failed', 'timedOut', 'canceled', 'terminated', 'pending']);
/** How many there are, and the newest of them, newest first. */
const counted = <Item extends z.ZodMiniType>(item: Item) => z.object({ total: count(), newest: z.array(item) });

export const discardedActivity = () =>
  z.object({
    activityId: z.optional(z.string()),
    activityType: z.optional(z.string()),
    eventId: described(z.int(), 'The event that scheduled it, or the marker with the result of a local activity.'),
    local: z.optional(z.literal(true)),
    state: itemState(),
  });
export const discardedTimer = () =>
  z.object({ timerId: z.string(), eventId: z.int(), state: z.enum(['fired', 'canceled', 'pending']) });
export const discardedChild = () =>
  z.object({
    workflowId: z.optional(z.string()),
    workflowType: z.optional(z.string()),
    eventId: z.int(),
    state: itemState(),
    fate: described(
      fate(),
      '`reapplied` when it was started before the reset point: then its end reaches the new run.',
    ),
  });
export const discardedMessage = () => z.object({ name: z.string(), eventId: z.int(), fate: fate() });

/** What a run loses by a reset, and what the new run does with it. */
export const discarded = named('Discarded', () =>
  z.object({
    events: described(count(), 'Events at the reset point and after it.'),
    activities: counted(discardedActivity()),
    timers: counted(discardedTimer()),
    children: counted(discardedChild()),
    signals: counted(discardedMessage()),
    updates: counted(discardedMessage()),
    nexusOperations: counted(z.object({ name: z.string(), eventId: z.int() })),
    cancelRequests: described(count(), 'Cancellation requests after the reset point; they are never carried over.'),
  }),
);
export type Discarded = Output<typeof discarded>;
export type DiscardedActivity = z.output<ReturnType<typeof discardedActivity>>;
export type DiscardedTimer = z.output<ReturnType<typeof discardedTimer>>;
export type DiscardedChild = z.output<ReturnType<typeof discardedChild>>;
export type DiscardedMessage = z.output<ReturnType<typeof discardedMessage>>;

export const resetPreview = named('ResetPreview', () =>
  z.object({
    outcome: z.literal('preview'),
    namespace: z.string(),
    workflowId: z.string(),
    runId: text('The run that would be reset.'),
    eventId: z.int(),
    why: z.string(),
    discarded: discarded(),
    pendingActivities: described(z.array(pendingActivity()), 'Activities that are started or wait for a retry.'),
    ...childrenOfReset(),
    terminatesRunId: optionalText('The live run that would be terminated.'),
    links: links(),
  }),
);
export type ResetPreview = Output<typeof resetPreview>;

const where = { namespace, workflowId: exampleWorkflowId, runId: exampleRunId };
const why = 'Event 10 completed the workflow task that scheduled activity chargeCard (id 2).';
const none = { total: 0, newest: [] };

export const resetExample: ResetResult = {
  operationId: exampleOperationId,
  outcome: 'reset',
  ...where,
  newRunId,
  eventId: 10,
  why,
  terminatedRunId: exampleRunId,
  orphanedChildren: [],
  orphanedChildrenTotal: 0,
  missingChildResults: [],
  missingChildResultsTotal: 0,
  newRun: { status: 'Completed', progress: 'completed', waitedSeconds: 3.4 },
  links: newRunLinks,
};

export const previewExample: ResetPreview = {
  outcome: 'preview',
  ...where,
  eventId: 10,
  why,
  discarded: {
    events: 5,
    activities: {
      total: 1,
      newest: [{ activityId: '2', activityType: 'chargeCard', eventId: 11, state: 'pending' }],
    },
    timers: none,
    children: none,
    signals: { total: 1, newest: [{ name: 'approve', eventId: 12, fate: 'reapplied' }] },
    updates: none,
    nexusOperations: none,
    cancelRequests: 0,
  },
  pendingActivities: [chargeCard],
  orphanedChildren: [],
  orphanedChildrenTotal: 0,
  missingChildResults: [],
  missingChildResultsTotal: 0,
  terminatesRunId: exampleRunId,
  links: exampleLinks,
};

export const resetWorkflow = changeRoute({
  path: 'workflows/reset',
  function: 'reset',
  access: 'resetter',
  tag: 'workflows',
  summary: 'Reset a workflow to a point in its history',
  description: `Starts a new run that continues from there. ${ONCE}`,
  request: resetRequest,
  requests: {
    'to before the failure, and follow the new run': {
      workflowId: 'order-1234',
      reason: 'bad deploy',
      target: { beforeFailure: 'last' },
      waitSeconds: 20,
    },
    'preview what it would do': {
      workflowId: 'order-1234',
      reason: 'bad deploy',
      target: { beforeActivity: { type: 'chargeCard', occurrence: 'last' } },
      dryRun: true,
    },
  },
  responses: {
    200: response({
      description: 'With `dryRun`: what the reset would do. Nothing was changed.',
      schema: resetPreview,
      examples: { preview: previewExample },
    }),
    201: response({
      description: 'The workflow was reset; `Location` describes the new run.',
      schema: resetResult,
      examples: { 'reset, and completed': resetExample },
      location: (result) =>
        `describe?${new URLSearchParams({ workflowId: result.workflowId, runId: result.newRunId }).toString()}`,
    }),
  },
  failures: [
    'too-many-waiting',
    'workflow-not-found',
    'run-not-found',
    'conflict',
    'not-a-reset-point',
    'batch-workflow',
    'outcome-unknown',
  ],
  verb: 'reset',
  events: { reset: 'Workflow Reset' },
});
