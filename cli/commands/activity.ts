import type { components } from '../../client/openapi';
import { routes } from '../requests/contract';
import { defineCommand, flag, text } from '../command-line/declaration';
import type { Command } from '../command-line/declaration';
import { CliError } from '../exit-codes';
import { flagsFor } from '../command-line/flags';
import { asked, oneWorkflow, whichRun } from '../command-line/options';
import { printable } from '../output/quote';
import type { Session } from '../session';
import { changeWorkflows } from '../workflows/workflow-changes';
import { named, targetOf } from '../workflows/workflow-ids';
import type { Given, Target } from '../workflows/workflow-ids';

type Schemas = components['schemas'];
type Result = Schemas['ResetActivityResult'] | Schemas['PauseActivityResult'] | Schemas['UnpauseActivityResult'];

const chosen = {
  ...whichRun,
  activityId: text('--activity-id <id>', 'the id of a pending activity, as "rewind show" lists it'),
  activityType: text('--type <name>', 'instead of an id: all pending activities of this type'),
  ...asked,
};

interface Chosen extends Given {
  activityId?: string | undefined;
  activityType?: string | undefined;
  reason?: string | undefined;
}

export const activityReset = defineCommand({
  name: 'activity reset',
  summary: routes.resetActivity.summary,
  description: 'The next attempt is due now, as the first attempt. A paused activity is unpaused.',
  args: oneWorkflow,
  options: {
    ...chosen,
    keepPaused: flag('--keep-paused', 'leave paused activities paused'),
    resetHeartbeat: flag('--reset-heartbeats', 'drop the heartbeat details of earlier attempts'),
    discardRunningAttempt: flag(
      '--discard-running-attempt',
      'even while a worker executes it, whose result is then refused',
    ),
  },
  examples: [{ line: 'rewind activity reset order-42 --type chargeCard --reason "bank is up"', does: 'runs it now' }],
  route: 'resetActivity',
  async run(session, options, given) {
    const { target, fields, flags, subject } = await requestOf(session, options, given);
    const { keepPaused, resetHeartbeat, discardRunningAttempt } = options;
    const how = [
      ...(keepPaused ? ['--keep-paused'] : []),
      ...(resetHeartbeat ? ['--reset-heartbeats'] : []),
      ...(discardRunningAttempt ? ['--discard-running-attempt'] : []),
    ];
    return changeWorkflows(session, options, {
      route: 'resetActivity',
      targets: [target],
      action: `Reset ${subject}`,
      command: 'activity reset',
      flags: [...flags, ...how],
      fields: { ...fields, keepPaused, resetHeartbeat, discardRunningAttempt },
      describe: (result) => describeResult(target, result),
    });
  },
});

export const activityPause = pausingCommand('pause', {
  description: 'No further attempt starts. A running attempt may finish, and timeouts keep running.',
  examples: [
    { line: 'rewind activity pause order-42 --activity-id 5 --reason "bank is down"', does: 'pauses one activity' },
  ],
});

export const activityUnpause = pausingCommand('unpause', {
  examples: [
    { line: 'rewind activity unpause order-42 --type chargeCard --reason "bank is up"', does: 'all of a type' },
  ],
});

/** Defines a command that pauses or unpauses activities. */
function pausingCommand(name: 'pause' | 'unpause', words: Pick<Command, 'description' | 'examples'>): Command {
  const route = name === 'pause' ? 'pauseActivity' : 'unpauseActivity';
  return defineCommand({
    name: `activity ${name}`,
    summary: routes[route].summary,
    ...words,
    args: oneWorkflow,
    options: chosen,
    route,
    async run(session, options, given) {
      const { target, fields, flags, subject } = await requestOf(session, options, given);
      return changeWorkflows(session, options, {
        route,
        targets: [target],
        action: `${name === 'pause' ? 'Pause' : 'Unpause'} ${subject}`,
        command: `activity ${name}`,
        flags,
        fields,
        describe: (result) => describeResult(target, result),
      });
    },
  });
}

/** The request of a command line, and the arguments that repeat it. */
async function requestOf(session: Session, options: Chosen, given: string[]) {
  const target = await targetOf(session, given, options);
  const { activityId, activityType } = options;
  if ((activityId === undefined) === (activityType === undefined)) {
    throw new CliError('usage', 'Which activities? Give either --activity-id or --type.');
  }
  return {
    target,
    fields: { activityId, activityType },
    flags: flagsFor({ '--type': activityType, '--activity-id': activityId }),
    subject:
      activityId === undefined
        ? `all activities of type ${printable(activityType ?? '')}`
        : `activity ${printable(activityId)}`,
  };
}

function describeResult(target: Target, { outcome, status, activities }: Result): string[] {
  if (outcome === 'alreadyClosed') return [`${named(target)}: no activity is pending, it is ${status}`];
  const lines = activities.map(
    ({ activityId, activityType, state = 'state unknown', attempt, discardedAttempt }) =>
      `  ${printable(activityId)} ${printable(activityType)}: ${state}${attempt === undefined ? '' : `, attempt ${attempt}`}` +
      (discardedAttempt === undefined
        ? ''
        : `; Temporal will refuse the result of attempt ${discardedAttempt}, which a worker executes`),
  );
  return [`${named(target)}: ${words[outcome]}`, ...lines];
}

const words: Record<Exclude<Result['outcome'], 'alreadyClosed'>, string> = {
  reset: 'reset; the next attempt is due now',
  paused: 'paused',
  alreadyPaused: 'nothing to pause, it was already paused',
  unpaused: 'unpaused',
  notPaused: 'nothing to unpause',
  alreadyEnded: 'nothing was changed, the activities had ended',
};
