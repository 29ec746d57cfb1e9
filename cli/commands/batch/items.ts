import { openApi } from '../../requests/client';
import { routes } from '../../requests/contract';
import { choice, defineCommand } from '../../command-line/declaration';
import { printList } from '../../output/lists';
import type { Operation } from '../../operations';
import { limit } from '../../command-line/options';
import type { Session } from '../../session';
import type { Column } from '../../output/table';

const outcomes = [
  'succeeded',
  'failed',
  'failedAgain',
  'stuck',
  'notBegun',
  'wentOn',
  'completed',
  'stillRunning',
] as const;

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

export const batchItems = defineCommand({
  name: 'batch items',
  summary: routes.listBatchItems.summary,
  args: [{ name: '<operation>', description: 'the batch operation: op-…' }],
  options: {
    outcome: choice('--outcome <outcome>', routes.listBatchItems.fields.outcome, outcomes),
    limit,
  },
  examples: [
    {
      line: 'rewind batch items op-77b0c9d1e2f3405162738495a6b7c8d9 --outcome failed',
      does: 'shows what failed, and why',
    },
  ],
  route: 'listBatchItems',
  async run(session, options, [operationId = '']) {
    const api = await openApi(session);
    if (options.outcome === 'notBegun') return listNotBegun(session, api, operationId, options.limit);
    await printList(session, {
      name: 'items',
      columns,
      limit: options.limit,
      page: (pageSize, pageToken) => {
        const params = { path: { ...api.path, operationId }, query: { outcome: options.outcome, pageSize, pageToken } };
        return api.read(
          'listBatchItems',
          api.client.GET('/namespaces/{namespace}/batch-operations/{operationId}/items', { params }),
        );
      },
      empty: 'No workflow matches.',
    });
    return 'done';
  },
});

async function listNotBegun(
  session: Session,
  api: Awaited<ReturnType<typeof openApi>>,
  operationId: string,
  most: number | undefined,
) {
  await printList(session, {
    name: 'notBegun',
    columns: [
      { title: 'WORKFLOW', value: ({ workflowId }: { workflowId: string; runId?: string }) => workflowId },
      { title: 'RUN', value: ({ runId }) => runId, drop: 1 },
    ],
    limit: most,
    page: async (pageSize, pageToken) => {
      const params = {
        path: { ...api.path, operationId },
        query: { outcome: 'notBegun' as const, pageSize, pageToken },
      };
      const { notBegun = [], nextPageToken } = await api.read(
        'listBatchItems',
        api.client.GET('/namespaces/{namespace}/batch-operations/{operationId}/items', { params }),
      );
      return { notBegun, nextPageToken };
    },
    empty: 'No workflow matches.',
  });
  return 'done' as const;
}
