import type { components } from '../../client/openapi';
import { routes } from '../requests/contract';
import { defineCommand } from '../command-line/declaration';
import { ago } from '../output/durations';
import { limit, query } from '../command-line/options';
import { printList } from '../output/lists';
import { statusStyle } from '../output/styles';
import type { Column } from '../output/table';

type ListedWorkflow = components['schemas']['ListedWorkflow'];

const columns: Column<ListedWorkflow>[] = [
  { title: 'STATUS', value: ({ status }) => status, style: ({ status }) => statusStyle(status) },
  { title: 'WORKFLOW', value: ({ workflowId }) => workflowId },
  { title: 'TYPE', value: ({ workflowType }) => workflowType, cut: 12, drop: 1 },
  { title: 'STARTED', value: ({ startTime }) => ago(startTime), drop: 2 },
  { title: 'CLOSED', value: ({ closeTime }) => ago(closeTime), drop: 3 },
  { title: 'TASK QUEUE', value: ({ taskQueue }) => taskQueue, cut: 12, drop: 4 },
  { title: 'RUN', value: ({ runId }) => runId, drop: 5 },
  { title: '', value: ({ ownedBy }) => (ownedBy === undefined ? '' : owners[ownedBy]), drop: 6 },
];

const owners = { rewind: 'batch operation', temporal: 'Temporal’s own' } as const;

export const ls = defineCommand({
  name: 'ls',
  summary: routes.listWorkflows.summary,
  description:
    'Newest first, from Temporal’s visibility, which can be several seconds behind. Other commands accept the output of -o jsonl as input.',
  options: { query, limit },
  examples: [
    { line: 'rewind ls', does: 'lists the newest runs' },
    { line: `rewind ls -q "WorkflowType = 'order' AND ExecutionStatus = 'Failed'"`, does: 'lists failed orders' },
    {
      line: `rewind ls -q "ExecutionStatus = 'Running' AND CustomerId = '7'" -o jsonl | rewind cancel - --reason withdrawn --yes`,
      does: 'cancels the listed workflows',
    },
  ],
  route: 'listWorkflows',
  async run(session, options) {
    await printList(session, {
      route: 'listWorkflows',
      request: { query: { query: options.query } },
      items: 'workflows',
      columns,
      limit: options.limit,
      empty: 'No workflow matches.',
    });
  },
});
