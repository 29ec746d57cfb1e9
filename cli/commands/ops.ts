import { openApi } from '../api';
import { routes } from '../contract';
import { defineCommand } from '../declaration';
import { printList } from '../lists';
import { operationColumns } from '../operations';
import { limit, workflowIds } from '../options';
import { targetOf } from '../workflow-ids';

export const ops = defineCommand({
  name: 'ops',
  summary: routes.listOperations.summary,
  args: [{ name: '[id]', description: 'the workflow' }],
  options: { workflowId: workflowIds, limit },
  examples: [{ line: 'rewind ops order-42', does: 'who did what to order-42, newest first' }],
  route: 'listOperations',
  async run(session, options, args) {
    const { workflowId } = await targetOf(session, args, options);
    const api = await openApi(session);
    await printList(session, {
      name: 'operations',
      columns: operationColumns,
      limit: options.limit,
      page: (pageSize, pageToken) => {
        const params = { path: api.path, query: { workflowId, pageSize, pageToken } };
        return api.read('listOperations', api.client.GET('/namespaces/{namespace}/operations', { params }));
      },
      empty: 'Rewind has done nothing to it.',
    });
    return 'done';
  },
});
