import { flagsOf } from '../../cli/workflow-ids';
import type { ChangeForm } from './change-dialog';

interface Target {
  namespace: string;
  workflowId: string;
  runId: string;
}

type Command = (...words: string[]) => string;

const bodyOf = ({ workflowId, runId }: Target, reason: string) => ({ workflowId, runId, reason });

export const cancelForm = (target: Target, command: Command): ChangeForm => ({
  title: `Request cancellation of ${target.workflowId}`,
  lines: ['The workflow’s code decides how it ends.'],
  change: (reason) => ({
    namespace: target.namespace,
    path: 'workflows/cancel',
    body: { ...bodyOf(target, reason), waitSeconds: 3 },
  }),
  command: (reason) => command('cancel', ...flagsOf(target), '--reason', reason),
});

export const terminateForm = (target: Target, command: Command): ChangeForm => ({
  title: `Terminate ${target.workflowId}`,
  lines: ['It ends at once. Its code does not run again, and cleans nothing up.'],
  type: target.workflowId,
  danger: true,
  change: (reason) => ({ namespace: target.namespace, path: 'workflows/terminate', body: bodyOf(target, reason) }),
  command: (reason) => command('terminate', ...flagsOf(target), '--reason', reason),
});

export const pauseForm = (target: Target, command: Command): ChangeForm => ({
  title: `Pause ${target.workflowId}`,
  lines: ['Its code gets no task. What a worker executes continues; timers and timeouts keep running.'],
  change: (reason) => ({ namespace: target.namespace, path: 'workflows/pause', body: bodyOf(target, reason) }),
  command: (reason) => command('pause', ...flagsOf(target), '--reason', reason),
});

export const unpauseForm = (target: Target, command: Command): ChangeForm => ({
  title: `Unpause ${target.workflowId}`,
  lines: ['Its code gets its next task.'],
  change: (reason) => ({ namespace: target.namespace, path: 'workflows/unpause', body: bodyOf(target, reason) }),
  command: (reason) => command('unpause', ...flagsOf(target), '--reason', reason),
});

/** The workflow is asked for as it was confirmed: one that has completed is started anew only when it is said. */
export const restartForm = (target: Target & { status: string }, command: Command): ChangeForm => {
  const completed = target.status === 'Completed';
  const policy = completed ? { workflowIdReusePolicy: 'allowDuplicate' } : {};
  return {
    title: `Start ${target.workflowId} anew`,
    lines: [
      'A new run begins as this one did, with the same input. It knows nothing of what this one did.',
      ...(completed ? ['This run has completed.'] : []),
    ],
    change: (reason) => ({
      namespace: target.namespace,
      path: 'workflows/restart',
      body: { ...bodyOf(target, reason), ...policy },
    }),
    command: (reason) =>
      command('restart', ...flagsOf(target), ...(completed ? ['--completed'] : []), '--reason', reason),
  };
};

/** @param change `reset` executes the activity now, as its first attempt */
export const activityForm = (
  change: 'reset' | 'unpause',
  target: Target & { activityId: string; activityType: string },
  command: Command,
): ChangeForm => {
  const { namespace, activityId, activityType } = target;
  const chosen = ['--activity-id', activityId];
  return {
    title: `${change === 'reset' ? 'Reset' : 'Unpause'} activity ${activityType} of ${target.workflowId}`,
    lines: ['Its next attempt is due now.'],
    change: (reason) => ({ namespace, path: `activities/${change}`, body: { ...bodyOf(target, reason), activityId } }),
    command: (reason) => command('activity', change, ...flagsOf(target), ...chosen, '--reason', reason),
  };
};
