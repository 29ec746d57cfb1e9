import { read } from '../requests/client';
import { routes } from '../requests/contract';
import { defineCommand } from '../command-line/declaration';
import { query } from '../command-line/options';

export const count = defineCommand({
  name: 'count',
  summary: routes.countWorkflows.summary,
  options: { query },
  examples: [
    { line: `rewind count -q "ExecutionStatus = 'Running'"`, does: 'counts running workflows' },
    { line: 'rewind count -q "GROUP BY ExecutionStatus"', does: 'counts the workflows in each status' },
  ],
  route: 'countWorkflows',
  async run(session, options) {
    const counted = await read(session, 'countWorkflows', { query: { query: options.query } });
    const { output } = session;
    if (!output.isText) return output.json(counted);
    if (counted.groups === undefined) return output.line(String(counted.count));
    const rows = [
      ...counted.groups.map((group) => ({ count: group.count, what: group.values.map(String).join(', ') })),
      { count: counted.count, what: 'in total' },
    ];
    return output.table(
      [
        { title: 'COUNT', value: (row) => row.count },
        { title: '', value: (row) => row.what },
      ],
      rows,
    );
  },
});
