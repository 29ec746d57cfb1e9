import { flagsFor } from '../../cli/command-line/flags';
import { runVersioning } from '../../cli/command-line/versioning';
import type { RouteName } from '../../cli/requests/contract';
import { flagsOf } from '../../cli/workflows/workflow-ids';
import type { ChangeForm, Given } from './change-dialog';
import { OVERRIDE_FORMS } from './reset-options';

interface Run {
  workflowId: string;
  runId: string;
}

type RunChange = Omit<ChangeForm, 'route' | 'body' | 'words'> & {
  /** The fields of the request, without the run and the reason. */
  fields?: (given: Given) => object;
  /** The flags of the command, without the run and the reason. */
  flags?: (given: Given) => string[];
};

/** @param command the words of the command: `cancel`, `activity reset` */
function runForm(
  { workflowId, runId }: Run,
  route: RouteName,
  command: string[],
  { fields = () => ({}), flags = () => [], ...form }: RunChange,
): ChangeForm {
  return {
    ...form,
    route,
    body: (given) => ({ workflowId, runId, ...fields(given) }),
    words: (given) => [...command, ...flagsOf({ workflowId, runId }), ...flags(given)],
  };
}

export const cancelForm = (run: Run): ChangeForm =>
  runForm(run, 'cancelWorkflow', ['cancel'], {
    title: `Request cancellation of ${run.workflowId}`,
    lines: ['The workflow’s code decides how it ends.'],
    type: run.workflowId,
    typed: 'inProduction',
    fields: () => ({ waitSeconds: 3 }),
  });

export const terminateForm = (run: Run): ChangeForm =>
  runForm(run, 'terminateWorkflow', ['terminate'], {
    title: `Terminate ${run.workflowId}`,
    lines: ['It ends at once. Its code does not run again, so it cannot clean up.'],
    type: run.workflowId,
    danger: true,
  });

export const pauseForm = (run: Run): ChangeForm =>
  runForm(run, 'pauseWorkflow', ['pause'], {
    title: `Pause ${run.workflowId}`,
    lines: [
      'It gets no workflow tasks. Running attempts of activities continue, and are retried if they fail. Timers and timeouts continue.',
    ],
    options: [{ name: 'until', label: 'Until (optional): the time at which it is unpaused', kind: 'time' }],
    fields: ({ until }) => ({ until }),
    flags: ({ until }) => flagsFor({ '--until': until }),
  });

export const unpauseForm = (run: Run): ChangeForm =>
  runForm(run, 'unpauseWorkflow', ['unpause'], {
    title: `Unpause ${run.workflowId}`,
    lines: ['It gets its next workflow task.'],
  });

/** The form for a versioning override, which is required and parsed like `--versioning` of the command. */
export const versionForm = (run: Run): ChangeForm =>
  runForm(run, 'updateWorkflowOptions', ['update-options'], {
    title: `Set the worker version of ${run.workflowId}`,
    lines: ['Its next task goes to that version. Tasks that a worker executes now continue.'],
    options: [{ name: 'versioning', label: 'Worker version', kind: 'text', placeholder: OVERRIDE_FORMS }],
    fields: ({ versioning = '' }) => ({ versioningOverride: runVersioning(versioning) }),
    flags: ({ versioning = 'autoUpgrade' }) => ['--versioning', versioning],
  });

/** The form for a restart. A completed workflow is restarted only if it had completed when the user confirmed. */
export const restartForm = (run: Run & { status: string }): ChangeForm => {
  const completed = run.status === 'Completed';
  return runForm(run, 'restartWorkflow', ['restart'], {
    title: `Restart ${run.workflowId}`,
    lines: [
      'A new run starts with the input and options of this run. It has nothing of this run’s history.',
      ...(completed ? ['This run has completed.'] : []),
    ],
    type: run.workflowId,
    typed: 'inProduction',
    fields: () => (completed ? { workflowIdReusePolicy: 'allowDuplicate' } : {}),
    flags: () => (completed ? ['--completed'] : []),
  });
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
  activity: Run & { activityId: string; activityType: string },
): ChangeForm => {
  const { activityId, activityType, workflowId } = activity;
  const options = change === 'reset' ? resetOptions : [];
  const { title, lines } = activityTexts[change];
  const set = (given: Given) => options.filter(({ name }) => given[name] !== undefined);
  return runForm(activity, `${change}Activity`, ['activity', change], {
    title: `${title} activity ${activityType} of ${workflowId}`,
    lines,
    options: options.map(({ name, label }) => ({ name, label, kind: 'check' })),
    fields: (given) => ({ activityId, ...Object.fromEntries(set(given).map(({ name }) => [name, true])) }),
    flags: (given) => ['--activity-id', activityId, ...set(given).map(({ flag }) => flag)],
  });
};
