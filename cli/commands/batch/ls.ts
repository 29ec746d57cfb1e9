import { failures } from '../../batch/batch-operation';
import type { BatchOperation } from '../../batch/batch-operation';
import { routes } from '../../requests/contract';
import { choice, defineCommand } from '../../command-line/declaration';
import { ago } from '../../output/durations';
import { nameOfActor } from '../../output/actor';
import { printList } from '../../output/lists';
import { limit } from '../../command-line/options';
import type { Column } from '../../output/table';

const { choices } = routes.listBatchOperations;

const columns: Column<BatchOperation>[] = [
  { title: 'STATE', value: ({ state }) => state },
  { title: 'ACTION', value: ({ action }) => action },
  { title: 'DONE', value: ({ done, matched }) => `${done} of ${matched}` },
  {
    title: 'FAILED',
    value: (batch) => failures(batch),
    style: (batch) => (failures(batch) > 0 ? 'red' : undefined),
  },
  { title: 'WHEN', value: ({ requestedAt }) => ago(requestedAt), drop: 1 },
  { title: 'BY', value: ({ actor }) => nameOfActor(actor.id), cut: 16, drop: 2 },
  { title: 'REASON', value: ({ reason }) => reason, cut: 12, drop: 3 },
  { title: 'OPERATION', value: ({ operationId }) => operationId },
];

export const batchLs = defineCommand({
  name: 'batch ls',
  summary: routes.listBatchOperations.summary,
  options: {
    state: choice('--state <state>', 'only those in this state', choices.state),
    limit,
  },
  examples: [{ line: 'rewind batch ls --state running', does: 'lists running batch operations' }],
  route: 'listBatchOperations',
  async run(session, options) {
    await printList(session, {
      route: 'listBatchOperations',
      request: { query: { state: options.state } },
      items: 'batchOperations',
      columns,
      limit: options.limit,
      empty: 'No batch operation matches.',
    });
  },
});
