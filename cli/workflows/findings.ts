import type { components } from '../../client/openapi';
import { flagsFor } from '../command-line/flags';
import { ago } from '../output/durations';
import type { Workflow } from './describe';
import { flagsOf } from './workflow-ids';
import type { Target } from './workflow-ids';

type Stuck = components['schemas']['Stuck'];

/** Whether a run with this status is closed. */
export const isClosed = (status: Workflow['status']): boolean => status !== 'Running' && status !== 'Paused';

export interface Finding {
  /** What is wrong, as a sentence. */
  what: string;
  /** Arguments of `rewind` that may help. */
  next: string[][];
}

/**
 * What is wrong with a workflow, and commands that may help. Empty if nothing is known to be wrong.
 * @param runId the run that the user named: the commands must not change a later run
 */
export function findings(workflow: Workflow, runId?: string): Finding[] {
  const target = { workflowId: workflow.workflowId, ...(runId !== undefined && { runId }) };
  const stuck = (workflow.stuck ?? []).map((reason) => ({
    what: reason.explanation,
    next: nextFor(reason, workflow, target),
  }));
  const ended = endOf(workflow);
  if (ended === undefined) {
    const nexus = failingNexusOperations(workflow).map((what) => ({ what, next: [] }));
    return distinct([...stuck, ...retriesOf(workflow, target), ...nexus]);
  }
  const { successor } = workflow;
  const next =
    successor === undefined
      ? [resetTo(target, workflow.status === 'Terminated' ? 'last' : 'before-failure'), pointsOf(target)]
      : [['show', ...flagsOf({ ...target, runId: successor.runId })]];
  return [{ what: ended, next }];
}

/** Several activities may wait for the same workers. */
export const distinct = <Found extends object>(found: Found[]): Found[] => [
  ...new Map(found.map((finding) => [JSON.stringify(finding), finding])).values(),
];

/** Why a closed run failed, timed out or was terminated; undefined for other runs. */
export function endOf({ status, failure, successor }: Workflow): string | undefined {
  if (status !== 'Failed' && status !== 'TimedOut' && status !== 'Terminated') return undefined;
  const where = failure?.activity?.activityType ?? failure?.child?.workflowId ?? failure?.nexusOperation?.operation;
  const who = failure?.identity === undefined ? '' : ` by ${failure.identity}`;
  const why = failure === undefined ? '' : `: ${failure.message}${where === undefined ? '' : ` (in ${where})`}`;
  const after = successor === undefined ? '' : ` Run ${successor.runId} continues it (${successor.relation}).`;
  return `${status === 'TimedOut' ? 'Timed out' : status}${who}${why}.${after}`.replace(/\.\.$/, '.');
}

/** A kind of pending activity whose last attempt has failed, and that is retried: the run is not stuck. */
export interface RetriedActivity {
  activityType: string;
  /** Of the only one of this type; undefined if there are several. */
  activityId: string | undefined;
  explanation: string;
}

/** Kinds of failing activities, or Nexus operations, to list: a run may have 2,000 pending activities. */
const MAX_RETRIED = 3;

export function retriedActivities({ pendingActivities }: Workflow): RetriedActivity[] {
  const failed = pendingActivities.filter(
    ({ attempt, lastFailure, state }) => attempt > 1 && lastFailure !== undefined && !state.startsWith('Pause'),
  );
  const types = [...new Set(failed.map(({ activityType }) => activityType))].slice(0, MAX_RETRIED);
  return types.map((activityType) => {
    const same = failed.filter((activity) => activity.activityType === activityType);
    const activityId = same.length === 1 ? same[0]?.activityId : undefined;
    return { activityType, activityId, explanation: explanationOf(same) };
  });
}

/** Sentences about the Nexus operations that have not started because their handler fails or is not called, one for each name. */
export function failingNexusOperations({ pendingNexusOperations }: Workflow): string[] {
  const failed = pendingNexusOperations
    .map((pending) => ({
      ...pending,
      name: `${pending.service}.${pending.operation}`,
      lastFailure: pending.lastFailure ?? pending.blockedReason,
    }))
    .filter(({ state, lastFailure }) => state !== 'Started' && lastFailure !== undefined);
  const names = [...new Set(failed.map(({ name }) => name))].slice(0, MAX_RETRIED);
  return names.map((name) => {
    const same = failed.filter((operation) => operation.name === name);
    return retriesText(
      same,
      (attempt) => `Nexus operation ${name} has not started, after ${attempt} attempt${attempt === 1 ? '' : 's'}`,
    );
  });
}

const explanationOf = (failed: Workflow['pendingActivities']): string =>
  retriesText(failed, (attempt) => `Activity ${failed[0]?.activityType} has failed, and is on attempt ${attempt}`);

/** @param failed what is retried, at least one */
function retriesText(
  failed: { attempt: number; lastFailure?: string | undefined; nextAttemptTime?: string }[],
  what: (attempt: number) => string,
): string {
  const { attempt, lastFailure, nextAttemptTime } = failed.reduce((one, other) =>
    other.attempt > one.attempt ? other : one,
  );
  const why = (lastFailure ?? '').replace(/\.$/, '');
  const due = nextAttemptTime === undefined ? '' : ` The next attempt is due ${ago(nextAttemptTime)}.`;
  return `${what(attempt)}: ${why}.${due}${othersOf(failed.length - 1)}`;
}

function othersOf(more: number): string {
  if (more === 0) return '';
  return more === 1 ? ' Another of this type has failed too.' : ` ${more} more of this type have failed too.`;
}

const retriesOf = (workflow: Workflow, target: Target): Finding[] =>
  retriedActivities(workflow).map(({ activityType, activityId, explanation }) => {
    const which = flagsFor(activityId === undefined ? { '--type': activityType } : { '--activity-id': activityId });
    return { what: explanation, next: [['activity', 'reset', ...flagsOf(target), ...which]] };
  });

/** A termination is not a failure, before which a run could be reset. */
const resetTo = (target: Target, to = 'before-failure'): string[] => ['reset', ...flagsOf(target), '--to', to];
const pointsOf = (target: Target): string[] => ['points', ...flagsOf(target)];

function nextFor(stuck: Stuck, { cancelRequested }: Workflow, target: Target): string[][] {
  switch (stuck.kind) {
    case 'workflowTaskFailing':
    case 'childResultMissing':
      return [resetTo(target), pointsOf(target)];
    case 'noPoller':
      // Missing workers are no reason to end a workflow. After a cancellation request, a termination needs no worker.
      return cancelRequested ? [['terminate', ...flagsOf(target)]] : [];
    case 'noActivityPoller':
      return [];
    case 'childStuck':
      return [['show', ...flagsOf({ workflowId: stuck.workflowId, runId: stuck.runId })]];
    case 'workflowPaused':
      return [['unpause', ...flagsOf(target)]];
    case 'activityPaused':
      return [['activity', 'unpause', ...flagsOf(target), ...flagsFor({ '--activity-id': stuck.activityId })]];
    default:
      return [['history', ...flagsOf(target)]];
  }
}
