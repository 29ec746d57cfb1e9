import * as z from 'zod/mini';
import { chargeCard, pauseInfo, pendingActivity } from './describe';
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
import { MAX_NAME_CHARACTERS, nameIn, quoted, reason, runId, runIdIn, TIME, waitSeconds, workflowId } from './fields';
import { changeRoute, failuresOfRunChanges, ONCE, response } from './route';
import { workflowStatus } from './run-summary';
import { count, described, links, named, operationId, optionalText, optionalTime, text } from './schema';
import type { Output } from './schema';
import { stuck } from './stuck';
import { resetOverrideAllowed, resetOverrideIn } from './versioning-override';

const name = (allowed: string) => z.optional(nameIn(allowed, MAX_NAME_CHARACTERS));

const places = ['firstWorkflowTask', 'lastWorkflowTask', 'lastContinuedAsNew'] as const;
const ends = ['first', 'last'] as const;

/** Kinds of event after the reset point that the server reapplies to the new run unless they are excluded. */
const reapplyTypes = ['signals', 'updates', 'nexus'] as const;
export type ReapplyType = (typeof reapplyTypes)[number];

/** What a reset does to children that it leaves without a parent. */
const orphanActions = ['leave', 'cancel', 'terminate'] as const;

const allowed = {
  eventId: 'the eventId, an integer, of one of the points that GET …/workflows/reset-points lists',
  at: `one of ${quoted(places)}`,
  beforeActivity: 'an object with either "type" or "activityId", and optionally "occurrence"',
  activityName: `a string of 1 to ${MAX_NAME_CHARACTERS} characters`,
  occurrence: 'a whole number from 1, counted from the first such activity, or "first" or "last"; "last" when left out',
  beforeFailure: `one of ${quoted(ends)}`,
  beforeTime: TIME,
  buildId: `a build id of 1 to ${MAX_NAME_CHARACTERS} characters, as reset-points shows it`,
  beforeBuildId: `a build id of 1 to ${MAX_NAME_CHARACTERS} characters: the run is reset to before its first workflow task on that build`,
  deploymentName: `with buildId or beforeBuildId: the worker deployment of the build, of 1 to ${MAX_NAME_CHARACTERS} characters; without it, only builds of one deployment may have this id in the run, and in the runs since the first on a build with this id`,
  back: 'a whole number of workflow tasks before the last one, from 0',
  target:
    'an object with exactly one of eventId, at, beforeActivity, beforeFailure, beforeTime, buildId, beforeBuildId, back; and with a build id optionally deploymentName',
  ifCurrentRunId: 'the UUID of the run that has to be the current one; any when left out',
  terminateRunId: 'the UUID of the live run that may be terminated when an older run is reset; none when left out',
  excludeReapply: `a list of the kinds of events that are not reapplied to the new run: ${quoted(reapplyTypes)}`,
  orphanedChildren: `one of ${quoted(orphanActions)}; "leave" when left out`,
  dryRun: 'true or false',
  thenSignal: 'an object with "signalName", and optionally "input", a JSON value that is the only argument',
  signalInput: `a JSON value whose whole numbers are at most ${Number.MAX_SAFE_INTEGER}: larger ones lose digits, so send them as strings`,
};

/** Whether the numbers in a parsed JSON value are certainly those that were sent. 9007199254740993 is parsed as 9007199254740992, 1e400 as Infinity. */
const hasExactNumbers = (value: unknown): boolean =>
  typeof value === 'number'
    ? Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))
    : typeof value !== 'object' || value === null || Object.values(value).every(hasExactNumbers);

/** Selects an activity or local activity by its type or id. */
export type ActivityTarget = ({ type: string } | { activityId: string }) & {
  /** Which of several such activities. A number counts from 1. `last` when left out. */
  occurrence?: number | 'first' | 'last';
};

/**
 * Where to reset to. `at`: `firstWorkflowTask` is the start, `lastWorkflowTask` the last completed workflow task, and
 * `lastContinuedAsNew` the workflow task of the previous run that continued as new; that run is reset.
 * `beforeFailure`: before the cause of the workflow's failure or of its being stuck. `buildId`: the first workflow task that a
 * worker of this build completed, in this run or an earlier run of its chain. `beforeBuildId`: the same, but failed tasks of
 * the build count too; rejected if no other build completed a task before. Builds of several deployments can have the same id:
 * `deploymentName` says which is meant. `back`: this many completed workflow tasks before
 * the last one.
 */
export type ResetTarget =
  | { eventId: number }
  | { at: (typeof places)[number] }
  | { beforeActivity: ActivityTarget }
  | { beforeFailure: (typeof ends)[number] }
  | { beforeTime: string }
  | { buildId: string; deploymentName?: string }
  | { beforeBuildId: string; deploymentName?: string }
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

/** An object with all fields, not a union, so that an error names the invalid field and not only `target`. */
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
        deploymentName: name(allowed.deploymentName),
        back: z.optional(z.int(allowed.back).check(z.gte(0, allowed.back))),
      },
      allowed.target,
    )
    .check(
      z.refine(
        ({ deploymentName, ...fields }) =>
          Object.keys(fields).length === 1 &&
          (deploymentName === undefined || fields.buildId !== undefined || fields.beforeBuildId !== undefined),
        allowed.target,
      ),
      z.meta({ minProperties: 1, maxProperties: 2 }),
    ),
  z.transform((fields) => fields as ResetTarget),
);

/** Options of a reset that batch operations have too. */
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
      {
        signalName: nameIn(allowed.thenSignal, MAX_NAME_CHARACTERS),
        input: z.optional(z.unknown().check(z.refine(hasExactNumbers, allowed.signalInput))),
      },
      allowed.thenSignal,
    ),
  ),
  waitSeconds,
  dryRun: z.optional(z.boolean(allowed.dryRun)),
});
export type ResetRequest = z.output<typeof resetRequest>;

const orphanedChild = named('OrphanedChild', () =>
  z.object({
    workflowId: z.string(),
    runId: text('The run that the parent started, which is the first of the child’s chain.'),
    workflowType: z.string(),
    parentClosePolicy: z.enum(parentClosePolicies),
    parentRunId: text('The run of the parent that started the child.'),
    operation: z.optional(
      described(
        z.object({ operationId: operationId(), outcome: z.string() }),
        'The operation that cancels or terminates the child, if requested.',
      ),
    ),
    failure: z.optional(
      described(
        z.object({ kind: z.string(), message: z.string() }),
        'Why this operation failed. The same request with the same key tries again.',
      ),
    ),
  }),
);
export type OrphanedChild = Output<typeof orphanedChild>;

/** A child that the server ends with its parent run. */
export type EndedChild = OrphanedChild & { parentClosePolicy: 'Terminate' | 'RequestCancel' };

const missingChildResult = named('MissingChildResult', () =>
  z.object({
    workflowId: z.string(),
    runId: text('The run that the parent started, which is the first of the child’s chain.'),
    workflowType: z.string(),
    status: z.optional(described(workflowStatus(), 'How the child closed. Absent after its retention period.')),
    closeTime: optionalTime(),
  }),
);
export type MissingChildResult = Output<typeof missingChildResult>;

/** Maximum number of later runs of the chain to read. */
export const MAX_LATER_RUNS = 20;

/** Maximum number of orphaned children, and of children without a result, in a response: a DynamoDB item has 400 KB at most. */
export const MAX_CHILDREN_LISTED = 50;

const childrenOfReset = () => ({
  orphanedChildren: described(
    z.array(orphanedChild()),
    `Children that the reset leaves without a parent, each with the operation on it. At most ${MAX_CHILDREN_LISTED} are listed.`,
  ),
  orphanedChildrenTotal: described(count(), 'Total number of orphaned children, listed or not.'),
  missingChildResults: described(
    z.array(missingChildResult()),
    'Children that were started before the reset point and closed after the run had closed. Temporal does not deliver their ' +
      'results to the new run, which is stuck if it waits for one; it may deliver that of a child that closed seconds before the ' +
      'reset. A reset to before the start of such a child starts it again. ' +
      `At most ${MAX_CHILDREN_LISTED} are listed.`,
  ),
  missingChildResultsTotal: described(count(), 'Total number of these children, listed or not.'),
  moreLaterRuns: z.optional(
    described(
      z.literal(true),
      `Present if more than ${MAX_LATER_RUNS} runs continued the run as new, or ${MAX_LATER_RUNS} runs followed resets of these. Only the ` +
        'first and the live run are read for orphaned children. The server carries over the signals and updates of all that continued it.',
    ),
  ),
});

const sentSignal = named('SentSignal', () =>
  z.object({
    signalName: z.string(),
    outcome: described(
      z.enum(['sent', 'notSent', 'unknown']),
      'If this is not `sent`, the same request with the same key sends the signal again. The new run receives it once.',
    ),
    beforeFirstWorkflowTask: z.optional(
      described(
        z.boolean(),
        'False if a worker had started the first workflow task of the new run before the signal arrived.',
      ),
    ),
    why: optionalText('Why the signal was not sent, or why that is unknown.'),
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
      '`completed`, `continuedAsNew`: closed successfully. `begun`: open; it completed its first workflow task, which the reset scheduled, and ' +
        'waits for what that task started. `pastResetPoint`: open and beyond that. `failedAgain`: failed like the run that was reset. ' +
        '`failed`: failed in another way. `closed`: canceled, terminated or timed out. `stuck`: open and cannot proceed; the field `stuck` has the reasons, ' +
        'also with `pastResetPoint` if what it waits for is stuck. `waiting`: the first workflow task is not completed, and no reason is found.',
    ),
    failure: z.optional(z.string()),
    stuck: z.optional(z.array(stuck())),
    waitedSeconds: described(z.number(), 'Seconds that the request waited, to a tenth.'),
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
    eventId: described(z.int(), 'The reset point. The new run keeps the events before this one.'),
    why: text('Why the target is this event.'),
    terminatedRunId: optionalText('The live run that the server terminated.'),
    ...childrenOfReset(),
    thenSignal: z.optional(described(sentSignal(), 'With `thenSignal`: whether the signal was sent.')),
    newRun: z.optional(described(newRun(), 'With `waitSeconds`: the progress of the new run.')),
    links: links(),
  }),
);
export type ResetResult = Output<typeof resetResult>;

const fate = () =>
  described(
    z.enum(['reexecuted', 'reapplied', 'dropped']),
    '`reexecuted`: the new run does it again. `reapplied`: the server applies it to the new run. `dropped`: neither.',
  );
export type Fate = z.output<ReturnType<typeof fate>>;
const itemState = () => z.enum(['completed', 'failed', 'timedOut', 'canceled', 'terminated', 'pending']);
/** A total and the newest items, newest first. */
const counted = <Item extends z.ZodMiniType>(item: Item) => z.object({ total: count(), newest: z.array(item) });

const discardedActivity = () =>
  z.object({
    activityId: z.optional(z.string()),
    activityType: z.optional(z.string()),
    eventId: described(
      z.int(),
      'The event that scheduled the activity, or the marker with the result of a local activity.',
    ),
    local: z.optional(z.literal(true)),
    state: itemState(),
  });
const discardedTimer = () =>
  z.object({ timerId: z.string(), eventId: z.int(), state: z.enum(['fired', 'canceled', 'pending']) });
const discardedChild = () =>
  z.object({
    workflowId: z.optional(z.string()),
    workflowType: z.optional(z.string()),
    eventId: z.int(),
    state: itemState(),
    fate: described(
      fate(),
      '`reapplied` if the child was started before the reset point: the new run receives its result.',
    ),
  });
const discardedNexusOperation = () =>
  z.object({
    name: optionalText('Service and operation. Absent if the operation was scheduled too far before the reset point.'),
    eventId: z.int(),
    state: itemState(),
    fate: described(
      fate(),
      'Of an operation that was scheduled before the reset point: `reapplied` if the new run receives what happened to it. ' +
        'With `nexus` in `excludeReapply` it is called again (`reexecuted`), unless it had started before the point or its ' +
        'timeout has passed (`dropped`): then it ends in the new run by its timeout.',
    ),
  });
const discardedMessage = () =>
  z.object({
    name: z.string(),
    eventId: z.int(),
    runId: optionalText('The run that received it, if that is not the run that is reset.'),
    fate: fate(),
  });

const LATER_RUNS =
  'Includes those that later runs received after a continue-as-new, because the server reapplies them too. ' +
  `Only the first ${MAX_LATER_RUNS} later runs are read: see \`moreLaterRuns\`.`;

/** What a reset discards from a run, and what happens to it in the new run. */
const discarded = named('Discarded', () =>
  z.object({
    events: described(count(), 'Number of events from the reset point on.'),
    activities: counted(discardedActivity()),
    timers: counted(discardedTimer()),
    children: counted(discardedChild()),
    signals: described(counted(discardedMessage()), LATER_RUNS),
    updates: described(counted(discardedMessage()), LATER_RUNS),
    nexusOperations: described(
      counted(discardedNexusOperation()),
      'Nexus operations that were scheduled, started or ended after the reset point.',
    ),
    signalsToWorkflows: described(
      counted(z.object({ name: z.string(), workflowId: z.string(), eventId: z.int() })),
      'Signals that the workflow sent to other workflows. The new run sends them again if its code gets there.',
    ),
    cancelsToWorkflows: described(
      counted(z.object({ workflowId: z.string(), eventId: z.int() })),
      'Cancellations of other workflows that the workflow requested. The new run requests them again if its code gets there.',
    ),
    cancelRequests: described(
      count(),
      'Number of cancellation requests after the reset point. They are never reapplied.',
    ),
  }),
);
export type Discarded = Output<typeof discarded>;

export const resetPreview = named('ResetPreview', () =>
  z.object({
    outcome: z.literal('preview'),
    namespace: z.string(),
    workflowId: z.string(),
    runId: text('The run that would be reset.'),
    eventId: z.int(),
    why: z.string(),
    discarded: discarded(),
    pendingActivities: described(
      z.array(pendingActivity()),
      'Activities that are scheduled, started or waiting for a retry. If one is paused, its pause ends: it is not paused in the new run.',
    ),
    paused: z.optional(
      described(pauseInfo(), 'Present while the live run is paused. The pause ends: the new run is not paused.'),
    ),
    cancelRequested: z.optional(
      described(
        z.literal(true),
        'Present if a cancellation was requested before the reset point: the new run has it too.',
      ),
    ),
    ...childrenOfReset(),
    terminatesRunId: optionalText('The live run that would be terminated.'),
    endedChildren: z.optional(
      described(
        z.array(
          z.object({
            workflowId: z.string(),
            runId: z.string(),
            workflowType: z.string(),
            parentClosePolicy: z.enum(['Terminate', 'RequestCancel']),
          }),
        ),
        'Present if the live run is not the run that would be reset: its children that the server terminates with it, or whose ' +
          `cancellation it requests, by their parent close policy. At most ${MAX_CHILDREN_LISTED} are listed.`,
      ),
    ),
    endedChildrenTotal: z.optional(described(count(), 'Total number of these children, listed or not.')),
    scheduleId: optionalText(
      'The schedule that started the workflow. Its next action may start while the new run is open.',
    ),
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
    signalsToWorkflows: none,
    cancelsToWorkflows: none,
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
  description: `Starts a new run that continues from that point, and terminates the current run if it is open. ${ONCE}`,
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
      description: 'The workflow was reset. `Location` is the URL that describes the new run.',
      schema: resetResult,
      examples: { 'reset, and completed': resetExample },
      location: (result) =>
        `describe?${new URLSearchParams({ workflowId: result.workflowId, runId: result.newRunId }).toString()}`,
    }),
  },
  failures: [...failuresOfRunChanges, 'too-many-waiting', 'not-a-reset-point'],
  verb: 'reset',
  events: { reset: 'Workflow Reset' },
});
