import type { components } from '../../client/openapi';
import { routes } from '../requests/contract';
import { defineCommand, text } from '../command-line/declaration';
import { flagsFor } from '../command-line/flags';
import { firstRunId, idempotencyKey, reason, runId, workflowIds, yes } from '../command-line/options';
import { printable } from '../output/quote';
import { changeWorkflows } from '../workflows/workflow-changes';
import { flagsOf, named, targetOf } from '../workflows/workflow-ids';

type Schemas = components['schemas'];

const args = [{ name: '[id]', description: 'the workflow; "-" reads it from standard input' }];
const chosen = { workflowId: workflowIds, runId, firstRunId, reason, yes, idempotencyKey };

export const pause = defineCommand({
  name: 'pause',
  summary: routes.pauseWorkflow.summary,
  description:
    'The workflow gets no workflow tasks, and its activities start no further attempts. Running attempts, timers and timeouts continue.',
  args,
  options: { ...chosen, until: text('--until <time>', routes.pauseWorkflow.fields.until) },
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
    return changeWorkflows<Schemas['PauseResult']>(session, options, {
      route: 'pauseWorkflow',
      targets: [target],
      action: `Pause ${named(target)}${until === undefined ? '' : ` until ${printable(until)}`}`,
      repeat: (shown) => ['pause', ...flagsOf(shown), ...flagsFor({ '--until': until })],
      send: (api, header, request) =>
        api.client.POST('/namespaces/{namespace}/workflows/pause', {
          params: { path: api.path, header },
          body: { ...request, until },
        }),
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
  args,
  options: chosen,
  examples: [{ line: 'rewind unpause order-42 --reason "bank is up"', does: 'lets it continue' }],
  route: 'unpauseWorkflow',
  async run(session, options, given) {
    const target = await targetOf(session, given, options);
    return changeWorkflows<Schemas['UnpauseResult']>(session, options, {
      route: 'unpauseWorkflow',
      targets: [target],
      action: `Unpause ${named(target)}`,
      repeat: (shown) => ['unpause', ...flagsOf(shown)],
      send: (api, header, body) =>
        api.client.POST('/namespaces/{namespace}/workflows/unpause', {
          params: { path: api.path, header },
          body,
        }),
      describe: ({ outcome, status }) => {
        if (outcome === 'alreadyClosed') return [`${named(target)}: nothing to unpause, it is ${status}`];
        return [`${named(target)}: ${outcome === 'notPaused' ? 'nothing to unpause' : 'unpaused'}`];
      },
    });
  },
});
