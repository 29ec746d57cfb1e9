import { runVersioning } from '../../cli/versioning';
import { flagsOf } from '../../cli/workflow-ids';
import type { ChangeForm } from './change-dialog';
import { OVERRIDE_FORMS } from './reset-options';

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
  type: target.workflowId,
  typed: 'inProduction',
  change: (reason) => ({
    namespace: target.namespace,
    path: 'workflows/cancel',
    body: { ...bodyOf(target, reason), waitSeconds: 3 },
  }),
  command: (reason) => command('cancel', ...flagsOf(target), '--reason', reason),
});

export const terminateForm = (target: Target, command: Command): ChangeForm => ({
  title: `Terminate ${target.workflowId}`,
  lines: ['It ends at once. Its code does not run again, so it cannot clean up.'],
  type: target.workflowId,
  danger: true,
  change: (reason) => ({ namespace: target.namespace, path: 'workflows/terminate', body: bodyOf(target, reason) }),
  command: (reason) => command('terminate', ...flagsOf(target), '--reason', reason),
});

export const pauseForm = (target: Target, command: Command): ChangeForm => ({
  title: `Pause ${target.workflowId}`,
  lines: ['It gets no workflow tasks. Running attempts of activities, timers and timeouts continue.'],
  options: [{ name: 'until', label: 'Until (optional): the time at which it is unpaused', kind: 'time' }],
  change: (reason, { until }) => ({
    namespace: target.namespace,
    path: 'workflows/pause',
    body: { ...bodyOf(target, reason), until },
  }),
  command: (reason, { until }) =>
    command('pause', ...flagsOf(target), ...(until === undefined ? [] : ['--until', until]), '--reason', reason),
});

export const unpauseForm = (target: Target, command: Command): ChangeForm => ({
  title: `Unpause ${target.workflowId}`,
  lines: ['It gets its next workflow task.'],
  change: (reason) => ({ namespace: target.namespace, path: 'workflows/unpause', body: bodyOf(target, reason) }),
  command: (reason) => command('unpause', ...flagsOf(target), '--reason', reason),
});

/** The form for a versioning override, which is required and parsed like `--versioning` of the command. */
export const versionForm = (target: Target, command: Command): ChangeForm => ({
  title: `Set the worker version of ${target.workflowId}`,
  lines: ['Its next task goes to that version. Tasks that a worker executes now continue.'],
  options: [{ name: 'versioning', label: 'Worker version', kind: 'text', placeholder: OVERRIDE_FORMS }],
  change: (reason, { versioning = '' }) => ({
    namespace: target.namespace,
    path: 'workflows/update-options',
    body: { ...bodyOf(target, reason), versioningOverride: runVersioning(versioning) },
  }),
  command: (reason, { versioning = 'autoUpgrade' }) =>
    command('update-options', ...flagsOf(target), '--versioning', versioning, '--reason', reason),
});

/** The form for a restart. A completed workflow is restarted only if it had completed when the user confirmed. */
export const restartForm = (target: Target & { status: string }, command: Command): ChangeForm => {
  const completed = target.status === 'Completed';
  const policy = completed ? { workflowIdReusePolicy: 'allowDuplicate' } : {};
  return {
    title: `Restart ${target.workflowId}`,
    lines: [
      'A new run starts with the input and options of this run. It has nothing of this run’s history.',
      ...(completed ? ['This run has completed.'] : []),
    ],
    type: target.workflowId,
    typed: 'inProduction',
    change: (reason) => ({
      namespace: target.namespace,
      path: 'workflows/restart',
      body: { ...bodyOf(target, reason), ...policy },
    }),
    command: (reason) =>
      command('restart', ...flagsOf(target), ...(completed ? ['--completed'] : []), '--reason', reason),
  };
};

/** Options of an activity reset, with the options of the command. */
const resetOptions = [
  { name: 'resetHeartbeat', label: 'Drop the heartbeat details of earlier attempts', flag: '--reset-heartbeats' },
  { name: 'discardRunningAttempt', label: 'Even while a worker executes it', flag: '--discard-running-attempt' },
  { name: 'keepPaused', label: 'Keep it paused if it is paused', flag: '--keep-paused' },
] as const;

const activityTexts = {
  reset: { title: 'Reset', lines: ['The next attempt is due now, and counts as the first.'] },
  pause: {
    title: 'Pause',
    lines: ['No further attempt starts. A running attempt may finish; timeouts keep running.'],
  },
  unpause: { title: 'Unpause', lines: ['Its next attempt is due now.'] },
};

export const activityForm = (
  change: 'reset' | 'pause' | 'unpause',
  target: Target & { activityId: string; activityType: string },
  command: Command,
): ChangeForm => {
  const { namespace, activityId, activityType } = target;
  const options = change === 'reset' ? resetOptions : [];
  const { title, lines } = activityTexts[change];
  return {
    title: `${title} activity ${activityType} of ${target.workflowId}`,
    lines,
    options: options.map(({ name, label }) => ({ name, label, kind: 'check' })),
    change: (reason, given) => ({
      namespace,
      path: `activities/${change}`,
      body: {
        ...bodyOf(target, reason),
        activityId,
        ...Object.fromEntries(options.flatMap(({ name }) => (given[name] === undefined ? [] : [[name, true]]))),
      },
    }),
    command: (reason, given) =>
      command(
        'activity',
        change,
        ...flagsOf(target),
        '--activity-id',
        activityId,
        ...options.flatMap(({ name, flag }) => (given[name] === undefined ? [] : [flag])),
        '--reason',
        reason,
      ),
  };
};
