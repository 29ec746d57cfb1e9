import { distinct, endOf, failingNexusOperations, retriedActivities } from '../../cli/workflows/findings';
import type { Workflow } from './schema';

/** A change or a link that may solve a workflow's problem. */
export type Remedy =
  | { kind: 'reset'; to: string; text: string }
  | { kind: 'terminate'; text: string }
  | { kind: 'unpause'; text: string }
  | { kind: 'unpauseActivity' | 'resetActivity'; activityId: string; activityType: string; text: string }
  | { kind: 'show'; workflowId: string; runId: string; text: string };

export interface Finding {
  /** What is wrong, as a sentence. */
  what: string;
  remedies: Remedy[];
}

const beforeFailure: Remedy = { kind: 'reset', to: 'before-failure', text: 'Reset to before the failure' };
const lastTask: Remedy = { kind: 'reset', to: 'last', text: 'Reset to the last workflow task' };

/** What is wrong with a workflow, with remedies. Empty if nothing is known to be wrong. */
export function findingsOf(workflow: Workflow): Finding[] {
  const ended = endOf(workflow);
  if (ended === undefined)
    return distinct([
      ...(workflow.stuck ?? []).map((stuck) => ({
        what: stuck.explanation,
        remedies: remediesOf(stuck, workflow),
      })),
      ...retriesOf(workflow),
      ...failingNexusOperations(workflow).map((what) => ({ what, remedies: [] })),
    ]);
  const { successor, workflowId, status, failure } = workflow;
  if (successor !== undefined) {
    return [
      {
        what: ended,
        remedies: [{ kind: 'show', workflowId, runId: successor.runId, text: 'Show the run that continues it' }],
      },
    ];
  }
  // A reset cannot go to before a failure, because a termination is not one.
  if (status === 'Terminated') return [{ what: ended, remedies: [lastTask] }];
  const { child } = failure ?? {};
  const ofChild: Remedy[] = child === undefined ? [] : [{ kind: 'show', ...child, text: 'Show the child' }];
  return [{ what: ended, remedies: [beforeFailure, ...ofChild] }];
}

/** The table of pending activities has the buttons if there are several of a type. */
const retriesOf = (workflow: Workflow): Finding[] =>
  retriedActivities(workflow).map(({ activityType, activityId, explanation }) => ({
    what: explanation,
    remedies:
      activityId === undefined
        ? []
        : [{ kind: 'resetActivity', activityId, activityType, text: `Run ${activityType} now` }],
  }));

function remediesOf(stuck: NonNullable<Workflow['stuck']>[number], { cancelRequested }: Workflow): Remedy[] {
  switch (stuck.kind) {
    case 'workflowTaskFailing':
      return [beforeFailure];
    case 'childResultMissing':
      return [lastTask, showOf(stuck)];
    case 'childStuck':
      return [showOf(stuck)];
    case 'noPoller':
      return cancelRequested ? [{ kind: 'terminate', text: 'Terminate (needs no worker)' }] : [];
    case 'workflowPaused':
      return [{ kind: 'unpause', text: 'Unpause' }];
    case 'activityPaused': {
      const { activityId, activityType } = stuck;
      return [{ kind: 'unpauseActivity', activityId, activityType, text: `Unpause ${activityType}` }];
    }
    default:
      return [];
  }
}

const showOf = ({ workflowId, runId }: { workflowId: string; runId: string }): Remedy => ({
  kind: 'show',
  workflowId,
  runId,
  text: `Show ${workflowId}`,
});
