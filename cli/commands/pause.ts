import { routes } from '../requests/contract';
import { defineCommand, text } from '../command-line/declaration';
import { flagsFor } from '../command-line/flags';
import { asked, firstRunId, oneWorkflow, whichRun } from '../command-line/options';
import { printable } from '../output/quote';
import { changeWorkflows } from '../workflows/workflow-changes';
import { named, targetOf } from '../workflows/workflow-ids';

const chosen = { ...whichRun, firstRunId, ...asked };

export const pause = defineCommand({
  name: 'pause',
  summary: routes.pauseWorkflow.summary,
  description:
    'The workflow gets no workflow tasks, and activities that wait for an attempt start none. A running attempt continues, and is retried if it fails. Timers and timeouts continue.',
  args: oneWorkflow,
  options: { ...chosen, until: text('--until <time>', 'when it is unpaused, such as 2026-01-31T12:00:00Z') },
  examples: [
    {
      line: 'rewind pause order-42 --until 2026-01-31T18:00:00Z --reason "bank is down"',
      does: 'pauses it until that time',
    },
  ],
  route: 'pauseWorkflow',
  async run(session, options, given) {
    const target = await targetOf(session, given, options);
    const { until } = options;
    return changeWorkflows(session, options, {
      route: 'pauseWorkflow',
      targets: [target],
      action: `Pause ${named(target)}${until === undefined ? '' : ` until ${printable(until)}`}`,
      command: 'pause',
      flags: flagsFor({ '--until': until }),
      fields: { until },
      describe: ({ outcome, status, until: ends }) => {
        if (outcome === 'alreadyClosed') return [`${named(target)}: nothing to pause, it is ${status}`];
        if (outcome === 'alreadyPaused') return [`${named(target)}: nothing to pause, another operation has paused it`];
        return [`${named(target)}: paused${ends === undefined ? '' : ` until ${ends}`}`];
      },
    });
  },
});

export const unpause = defineCommand({
  name: 'unpause',
  summary: routes.unpauseWorkflow.summary,
  args: oneWorkflow,
  options: chosen,
  examples: [{ line: 'rewind unpause order-42 --reason "bank is up"', does: 'lets it continue' }],
  route: 'unpauseWorkflow',
  async run(session, options, given) {
    const target = await targetOf(session, given, options);
    return changeWorkflows(session, options, {
      route: 'unpauseWorkflow',
      targets: [target],
      action: `Unpause ${named(target)}`,
      command: 'unpause',
      fields: {},
      describe: ({ outcome, status }) => {
        if (outcome === 'alreadyClosed') return [`${named(target)}: nothing to unpause, it is ${status}`];
        return [`${named(target)}: ${outcome === 'notPaused' ? 'nothing to unpause' : 'unpaused'}`];
      },
    });
  },
});
