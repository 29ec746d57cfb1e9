import type { temporal } from '@temporalio/proto';
import type { ActivityRequest, ActivityResult, ChangedActivity, ResetActivityRequest } from '../api/activities';
import type { PendingActivityState } from '../api/enums';
import { OperationFailure } from '../api/failures';
import { exceptOwnWorkflows } from './own-workflows';
import { requireEndOfChain, targetRun } from './chain';
import { changedNothing } from './ledger/attempt-result';
import { attributionOf, hasTag } from './ledger/attribution';
import { runAnswer } from './run-summary';
import { isOpen, pendingActivityState } from './temporal/enums';
import { ignoreFailure, TemporalRejection } from './temporal/errors';
import { describeExecution } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import type { ActivitySelector, Attribution, NamespaceClient } from './temporal/namespace-client';
import type { Call, OperationResult, RunPlan, Verb, WorkflowVerbName } from './verb';

/*
 * Changes of pending activities. Temporal writes no history events for them (1.29.1 to 1.32.2). When a response is lost, only
 * the description of the pending activity can show whether the change was made; otherwise the outcome is unknown.
 */

type PendingActivity = temporal.api.workflow.v1.IPendingActivityInfo;

interface ActivityPlan extends RunPlan {
  /** The selected activities before the change. */
  activities: PendingActivity[];
}

interface ActivityChange<Request extends ActivityRequest, Outcome extends string> {
  name: WorkflowVerbName;
  outcome: Outcome;
  /** See `Verb.repeatable`. */
  repeatable: boolean;
  /** Returns the outcome when there is nothing to change. */
  noop?(activities: PendingActivity[]): Outcome | undefined;
  /** @throws {OperationFailure} `conflict` */
  guard?(request: Request, run: DescribedExecution, activities: PendingActivity[]): void;
  send(client: NamespaceClient, run: DescribedExecution, request: Request, attribution: Attribution): Promise<void>;
  /**
   * Returns the outcome that the activities' description proves after a response was lost; undefined if it proves none.
   * @param before absent when an earlier attempt lost the response
   */
  provenOutcome(operationId: string, now: PendingActivity[], before?: PendingActivity[]): Outcome | undefined;
}

export const pauseActivity = activityVerb<ActivityRequest, 'paused' | 'alreadyPaused'>({
  name: 'pauseActivity',
  outcome: 'paused',
  repeatable: true,
  noop: (activities) => (activities.every(({ paused }) => paused) ? 'alreadyPaused' : undefined),
  send: (client, run, request, attribution) => client.pauseActivity(run, selectorOf(request), attribution),
  provenOutcome(operationId, now) {
    if (now.some(({ pauseInfo }) => hasTag(pauseInfo?.manual?.reason, operationId))) return 'paused';
    return now.length > 0 && now.every(({ paused }) => paused) ? 'alreadyPaused' : undefined;
  },
});

export const unpauseActivity = activityVerb<ActivityRequest, 'unpaused' | 'notPaused'>({
  name: 'unpauseActivity',
  outcome: 'unpaused',
  repeatable: true,
  noop: (activities) => (activities.some(({ paused }) => paused) ? undefined : 'notPaused'),
  send: (client, run, request, attribution) => client.unpauseActivity(run, selectorOf(request), attribution),
  provenOutcome: (_, now) => (now.length > 0 && !now.some(({ paused }) => paused) ? 'notPaused' : undefined),
});

export const resetActivity = activityVerb<ResetActivityRequest, 'reset'>({
  name: 'resetActivity',
  outcome: 'reset',
  repeatable: false,
  guard: refuseRunning,
  send: (client, run, request, attribution) => client.resetActivity(run, selectorOf(request), request, attribution),
  // Only a reset makes the server count the attempts from 1 again.
  provenOutcome(_, now, before = []) {
    const retried = before.filter(({ attempt }) => (attempt ?? 1) > 1);
    const isReset = ({ activityId }: PendingActivity) =>
      now.find((one) => one.activityId === activityId)?.attempt === 1;
    return retried.length > 0 && retried.every(isReset) ? 'reset' : undefined;
  },
});

function activityVerb<Request extends ActivityRequest, Outcome extends string>(
  change: ActivityChange<Request, Outcome>,
): Verb<Request, ActivityResult<Outcome>, ActivityPlan> {
  return exceptOwnWorkflows<Request, ActivityResult<Outcome>, ActivityPlan>({
    name: change.name,
    repeatable: change.repeatable,

    async plan(call, targetRunId) {
      const run = await targetRun(call.client, call.request, targetRunId);
      if (!isOpen(run.status)) return { noop: result(call, 'alreadyClosed', run, [], run) };
      const activities = pendingOf(run, call.request);
      if (activities.length === 0) throw notPending(call.request, run);
      const noop = change.noop?.(activities);
      if (noop !== undefined) return { noop: result(call, noop, run, activities, run) };
      change.guard?.(call.request, run, activities);
      return { runId: run.runId, run, activities };
    },

    async execute(call, { run, activities }) {
      const { client, request, operationId } = call;
      call.assertLease?.();
      try {
        await change.send(client, run, request, attributionOf(call));
      } catch (error) {
        const now = changedNothing(error) ? undefined : await describeAfterwards(client, run);
        const outcome = now && outcomeOfFailure(error, now, activities);
        if (!now || outcome === undefined) throw error;
        if (outcome === 'alreadyClosed') await requireEndOfChain(client, now, request);
        return result(call, outcome, now, activities, now);
      }
      return result(call, change.outcome, run, activities, await describeAfterwards(client, run));

      function outcomeOfFailure(
        error: unknown,
        now: DescribedExecution,
        before: PendingActivity[],
      ): ActivityResult<Outcome>['outcome'] | undefined {
        const pending = pendingOf(now, request);
        if (!(error instanceof TemporalRejection)) return change.provenOutcome(operationId, pending, before);
        if (error.refused) return change.noop?.(pending);
        if (!error.notFound) return undefined;
        if (!isOpen(now.status)) return 'alreadyClosed';
        return pending.length === 0 ? 'alreadyEnded' : undefined;
      }
    },

    async lookupOutcome(call, runId) {
      const { workflowId } = call.request;
      const run = await describeExecution(call.client, { workflowId, runId });
      const activities = pendingOf(run, call.request);
      const outcome = change.provenOutcome(call.operationId, activities);
      if (outcome === undefined) throw unknownOutcome(call, run);
      return result(call, outcome, run, activities, run);
    },
  });
}

/** Returns the pending activities that a request selects. */
function pendingOf({ description }: DescribedExecution, { activityId, activityType }: ActivityRequest) {
  return description.pendingActivities.filter((activity) =>
    activityId === undefined ? activity.activityType?.name === activityType : activity.activityId === activityId,
  );
}

function selectorOf({ activityId, activityType = '' }: ActivityRequest): ActivitySelector {
  return activityId === undefined ? { type: activityType } : { id: activityId };
}

/** Describes the run after the change. A failed read is ignored, because the outcome of the change is already known. */
const describeAfterwards = (client: NamespaceClient, run: DescribedExecution) =>
  describeExecution(client, run).catch(ignoreFailure);

/** @param activities the selected activities before the change */
function result<Outcome extends string>(
  call: Call<ActivityRequest>,
  outcome: ActivityResult<Outcome>['outcome'],
  run: DescribedExecution,
  activities: PendingActivity[],
  now: DescribedExecution | undefined,
): OperationResult<ActivityResult<Outcome>> {
  const changed = activities.map((activity): ChangedActivity => ({
    activityId: activity.activityId ?? '',
    activityType: activity.activityType?.name ?? '',
    ...(now && stateIn(now, activity)),
  }));
  return { outcome, answer: { ...runAnswer(call, outcome, now ?? run), activities: changed } };
}

/**
 * Returns the state of an activity after the change. An attempt that was running during a reset now has the number 1, and
 * still has a last failure; an attempt that started after the reset has none (1.29.1, 1.32.2).
 */
function stateIn(
  run: DescribedExecution,
  before: PendingActivity,
): Omit<ChangedActivity, 'activityId' | 'activityType'> {
  const activity = run.description.pendingActivities.find((one) => one.activityId === before.activityId);
  if (!activity) return { state: 'Ended' };
  const { state, attempt, lastFailure } = activity;
  const earlier = before.attempt ?? 1;
  const isDiscarded = earlier > 1 && attempt === 1 && isExecuted(activity) && lastFailure;
  return {
    state: pendingActivityState(state),
    attempt: attempt ?? 1,
    ...(isDiscarded && { discardedAttempt: earlier }),
  };
}

/** Maximum activities to name in a message. */
const MAX_NAMED = 10;

function notPending({ activityId, activityType }: ActivityRequest, run: DescribedExecution): OperationFailure {
  const { pendingActivities } = run.description;
  const pending = pendingActivities
    .slice(0, MAX_NAMED)
    .map((activity) => `${JSON.stringify(activity.activityId)} (${activity.activityType?.name})`);
  const [field, value] = activityId === undefined ? ['activityType', activityType] : ['activityId', activityId];
  return new OperationFailure(
    'activity-not-found',
    `Workflow ${JSON.stringify(run.workflowId)}, run ${run.runId}, has no pending activity of the ${field === 'activityId' ? 'id' : 'type'} ${JSON.stringify(value)}. Nothing was done.`,
    {
      field,
      value,
      allowed: pending.length === 0 ? 'none: no activity is pending' : `one that is pending: ${pending.join(', ')}`,
    },
  );
}

/**
 * Refuses to reset an activity that is running a retry. The server would set its attempt number to 1 and then reject the
 * result of the worker's attempt, which has a higher number, so that the activity hangs until it times out (observed on
 * 1.29.1).
 */
function refuseRunning(
  { discardRunningAttempt }: ResetActivityRequest,
  run: DescribedExecution,
  activities: PendingActivity[],
): void {
  if (discardRunningAttempt) return;
  const running = activities.find((activity) => isExecuted(activity) && (activity.attempt ?? 1) > 1);
  if (!running) return;
  const { activityId, attempt } = running;
  throw new OperationFailure(
    'conflict',
    `A worker is executing attempt ${attempt} of activity ${JSON.stringify(activityId)} of workflow ${JSON.stringify(run.workflowId)}. After a reset, Temporal would reject the result of this attempt, and start the next one when it times out. Nothing was done.`,
    {
      field: 'discardRunningAttempt',
      value: false,
      allowed: 'true to reset it anyway; or a request once the attempt has ended',
    },
  );
}

const executed = new Set<PendingActivityState>(['Started', 'CancelRequested', 'PauseRequested']);

/** Whether a worker is executing an attempt, including one with a requested cancellation or pause. */
const isExecuted = ({ state }: PendingActivity) => executed.has(pendingActivityState(state));

function unknownOutcome({ operationId, request }: Call<ActivityRequest>, run: DescribedExecution): OperationFailure {
  const { activityId, activityType, workflowId } = request;
  return new OperationFailure(
    'outcome-unknown',
    `It is not known whether operation ${operationId} changed activity ${JSON.stringify(activityId ?? activityType)} of workflow ${JSON.stringify(workflowId)}, run ${run.runId}: Temporal's history does not record such changes.`,
    { field: 'workflowId', value: workflowId, allowed: 'a new request under another idempotency key' },
  );
}
