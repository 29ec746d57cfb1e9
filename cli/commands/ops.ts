import { routes } from '../requests/contract';
import { defineCommand, text, value } from '../command-line/declaration';
import { instant } from '../output/durations';
import { printList } from '../output/lists';
import { operationColumns } from '../operations';
import type { OperationState, Verb } from '../operations';
import { limit, oneWorkflowId } from '../command-line/options';
import { targetOf } from '../workflows/workflow-ids';

const { fields } = routes.listOperations;

const opsOptions = {
  workflowId: oneWorkflowId,
  by: text('--by <who>', fields.actor),
  verb: value('--verb <verb>', fields.verb, (given) => given as Verb),
  state: value('--state <state>', fields.state, (given) => given as OperationState),
  since: value('--since <when>', 'from this time, or this long ago: 24h, 7d; 7 days when left out', instant),
  until: value('--until <when>', 'up to this time, or this long ago', instant),
  limit,
};

export const ops = defineCommand({
  name: 'ops',
  summary: routes.listOperations.summary,
  description: 'Newest first. Filters by workflow, person, time, verb and state.',
  args: [{ name: '[id]', description: 'the workflow; all when left out' }],
  options: opsOptions,
  examples: [
    { line: 'rewind ops order-42', does: 'shows who did what to order-42' },
    { line: 'rewind ops --by ann --since 24h', does: 'shows what Ann did since yesterday' },
    { line: 'rewind ops --verb reset --state failed', does: 'shows resets that failed in the last 7 days' },
  ],
  route: 'listOperations',
  async run(session, options, args) {
    const isNamed = args.length > 0 || options.workflowId !== undefined;
    const workflowId = isNamed ? (await targetOf(session, args, options)).workflowId : undefined;
    const { by: actor, verb, state, since, until } = options;
    await printList(session, {
      route: 'listOperations',
      request: { query: { workflowId, actor, verb, state, since, until } },
      items: 'operations',
      columns: operationColumns,
      limit: options.limit,
      empty: 'No operation matches.',
    });
  },
});
