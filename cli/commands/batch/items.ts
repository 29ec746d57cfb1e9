import { routes } from '../../requests/contract';
import { choice, defineCommand } from '../../command-line/declaration';
import { printList } from '../../output/lists';
import type { Operation } from '../../operations';
import { limit } from '../../command-line/options';
import type { Column } from '../../output/table';

const { choices } = routes.listBatchItems;

const columns: Column<Operation>[] = [
  { title: 'WORKFLOW', value: ({ workflowId }) => workflowId },
  {
    title: 'STATE',
    value: ({ state }) => state,
    style: ({ state }) => (state === 'completed' || state === 'started' ? undefined : 'red'),
  },
  { title: 'OUTCOME', value: ({ outcome }) => outcome },
  { title: 'NEW RUN', value: ({ progress }) => progress, drop: 3 },
  { title: 'FAILURE', value: ({ failure }) => failure?.message, cut: 20, drop: 1 },
  { title: 'OPERATION', value: ({ operationId }) => operationId, drop: 2 },
];

/** Workflows that were not changed have no operation. */
const notBegunColumns: Column<{ workflowId: string; runId?: string }>[] = [
  { title: 'WORKFLOW', value: ({ workflowId }) => workflowId },
  { title: 'RUN', value: ({ runId }) => runId, drop: 1 },
];

export const batchItems = defineCommand({
  name: 'batch items',
  summary: routes.listBatchItems.summary,
  args: [{ name: '<operation>', description: 'the batch operation: op-…' }],
  options: {
    outcome: choice('--outcome <outcome>', 'only workflows with this outcome', choices.outcome),
    limit,
  },
  examples: [
    {
      line: 'rewind batch items op-77b0c9d1e2f3405162738495a6b7c8d9 --outcome failed',
      does: 'shows what failed, and why',
    },
  ],
  route: 'listBatchItems',
  async run(session, { outcome, limit: most }, [operationId = '']) {
    const list = {
      route: 'listBatchItems',
      request: { operationId, query: { outcome } },
      limit: most,
      empty: 'No workflow matches.',
    } as const;
    if (outcome === 'notBegun') await printList(session, { ...list, items: 'notBegun', columns: notBegunColumns });
    else await printList(session, { ...list, items: 'items', columns });
  },
});
