import * as z from 'zod/mini';
import { chargeCard } from './describe';
import { pendingActivityStates } from './enums';
import { operationId as exampleOperationId, run } from './example-values';
import { MAX_NAME_CHARACTERS, nameIn, reason, runId, workflowId } from './fields';
import { changeRoute, ONCE, response } from './route';
import { runSummary } from './run-summary';
import { count, described, named, operationId } from './schema';
import type { Output } from './schema';

const allowed = {
  activityId: `the id of a pending activity, of 1 to ${MAX_NAME_CHARACTERS} characters; either this or activityType`,
  activityType: `the type of pending activities, of 1 to ${MAX_NAME_CHARACTERS} characters; the request applies to all of them`,
  keepPaused: 'true to leave paused activities paused, or false; false when left out',
  resetHeartbeat: 'true to drop the heartbeat details of earlier attempts, or false; false when left out',
  discardRunningAttempt: 'true to reset an activity even while a worker executes it, or false; false when left out',
};

const name = (text: string) => z.optional(nameIn(text, MAX_NAME_CHARACTERS));
const flag = (text: string) => z.optional(z.boolean(text));

/** Fields that select the pending activities of a run, and the reason. */
const chosen = {
  workflowId,
  runId,
  activityId: name(allowed.activityId),
  activityType: name(allowed.activityType),
  reason,
};

const eitherIdOrType = () => [
  z.refine<{ activityId?: string; activityType?: string }>(
    ({ activityId, activityType }) => (activityId === undefined) !== (activityType === undefined),
    { path: ['activityId'], error: allowed.activityId },
  ),
  z.meta({ oneOf: [{ required: ['activityId'] }, { required: ['activityType'] }] }),
];

const pauseActivityRequest = z.strictObject(chosen).check(...eitherIdOrType());
export type ActivityRequest = z.output<typeof pauseActivityRequest>;
const unpauseActivityRequest = z.strictObject(chosen).check(...eitherIdOrType());
export const resetActivityRequest = z
  .strictObject({
    ...chosen,
    keepPaused: flag(allowed.keepPaused),
    resetHeartbeat: flag(allowed.resetHeartbeat),
    discardRunningAttempt: flag(allowed.discardRunningAttempt),
  })
  .check(...eitherIdOrType());
export type ResetActivityRequest = z.output<typeof resetActivityRequest>;

const changedActivity = named('ChangedActivity', () =>
  z.object({
    activityId: z.string(),
    activityType: z.string(),
    state: z.optional(
      described(
        z.enum([...pendingActivityStates, 'Ended']),
        'State after the change. `PauseRequested`: the current attempt continues, and no other starts. `Ended`: the activity ended before the state was read. Absent if Temporal did not return it.',
      ),
    ),
    attempt: z.optional(count()),
    discardedAttempt: z.optional(
      described(
        count(),
        'After a reset: the attempt that a worker is executing and whose result Temporal will reject, because of `discardRunningAttempt` or because it started just before the reset. The next attempt starts when this one times out.',
      ),
    ),
  }),
);
export type ChangedActivity = Output<typeof changedActivity>;

const endedOutcomes = ['alreadyEnded', 'alreadyClosed'] as const;
const ENDED =
  '`alreadyEnded`: the activities ended before this request could change them. `alreadyClosed`: the run was already closed, with `status`.';

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the type of the schema has it
const resultOf = <const Outcome extends string>(schemaName: string, outcomes: readonly Outcome[], meaning: string) =>
  named(schemaName, () =>
    z.object({
      operationId: operationId(),
      outcome: described(z.enum([...outcomes, ...endedOutcomes]), `${meaning} ${ENDED}`),
      ...runSummary(),
      activities: described(
        z.array(changedActivity()),
        'The activities that the request selects. Empty for a closed run.',
      ),
    }),
  );

export const resetActivityResult = resultOf(
  'ResetActivityResult',
  ['reset'],
  '`reset`: the next attempt is number 1 and is due now.',
);
export const pauseActivityResult = resultOf(
  'PauseActivityResult',
  ['paused', 'alreadyPaused'],
  '`paused`: no other attempt starts. `alreadyPaused`: the activities were paused before the request.',
);
export const unpauseActivityResult = resultOf(
  'UnpauseActivityResult',
  ['unpaused', 'notPaused'],
  '`unpaused`: the next attempt is due now. `notPaused`: none of them was paused.',
);

/** The result of resetting, pausing or unpausing activities. */
export type ActivityResult<Outcome extends string> = Omit<Output<typeof resetActivityResult>, 'outcome'> & {
  outcome: Outcome | (typeof endedOutcomes)[number];
};

const { activityId, activityType } = chargeCard;
const requested = { workflowId: 'order-1234', reason: 'payment service is down', activityId };
const answered = <Outcome extends string>(outcome: Outcome, state: ChangedActivity['state'], attempt: number) => ({
  ...run,
  operationId: exampleOperationId,
  outcome,
  status: 'Running' as const,
  activities: [{ activityId, activityType, state, attempt }],
});

const NO_TRACE =
  'The change is recorded in the ledger only: Temporal’s history does not contain it. After a lost response, the same request ' +
  'with the same key returns `outcome-unknown` if the activity does not show whether it was changed.';

const failures = [
  'workflow-not-found',
  'run-not-found',
  'activity-not-found',
  'batch-workflow',
  'system-workflow',
  'outcome-unknown',
] as const;

export const resetActivity = changeRoute({
  path: 'activities/reset',
  function: 'reset-activity',
  access: 'resetter',
  tag: 'activities',
  summary: 'Reset a pending activity: execute it now, starting from attempt 1',
  description: `A paused activity is unpaused unless \`keepPaused\` is true. ${NO_TRACE} ${ONCE}`,
  request: resetActivityRequest,
  requests: {
    'run it now': { ...requested, reason: 'payment service is up again' },
    'all of a type, without their heartbeat details': {
      workflowId: 'order-1234',
      activityType,
      resetHeartbeat: true,
      reason: 'import starts over',
    },
  },
  responses: {
    200: response({
      description: 'The activity was reset, or had already ended.',
      schema: resetActivityResult,
      examples: { reset: answered('reset', 'Scheduled', 1) },
    }),
  },
  failures: [...failures, 'conflict'],
  verb: 'resetActivity',
  events: { reset: 'Activity Reset' },
});

export const pauseActivity = changeRoute({
  path: 'activities/pause',
  function: 'pause-activity',
  access: 'pauser',
  tag: 'activities',
  summary: 'Pause a pending activity',
  description: `No other attempt starts; timeouts keep running. An attempt that a worker is executing continues. ${NO_TRACE} ${ONCE}`,
  request: pauseActivityRequest,
  requests: { pause: requested },
  responses: {
    200: response({
      description: 'The activity is paused, or had already ended.',
      schema: pauseActivityResult,
      examples: { paused: answered('paused', 'Paused', 3) },
    }),
  },
  failures,
  verb: 'pauseActivity',
  events: { paused: 'Activity Paused' },
});

export const unpauseActivity = changeRoute({
  path: 'activities/unpause',
  function: 'unpause-activity',
  access: 'pauser',
  tag: 'activities',
  summary: 'Unpause a pending activity',
  description: `${NO_TRACE} ${ONCE}`,
  request: unpauseActivityRequest,
  requests: { unpause: { ...requested, reason: 'payment service is up again' } },
  responses: {
    200: response({
      description: 'The activity is not paused, or had already ended.',
      schema: unpauseActivityResult,
      examples: { unpaused: answered('unpaused', 'Scheduled', 3) },
    }),
  },
  failures,
  verb: 'unpauseActivity',
  events: { unpaused: 'Activity Unpaused' },
});
