import { batchOperation, exitOf, printBatch, watch } from '../../batch/batch-operation';
import { routes } from '../../requests/contract';
import { defineCommand } from '../../command-line/declaration';
import type { Session } from '../../session';
import type { BatchOperation } from '../../batch/batch-operation';

const args = [{ name: '<operation>', description: 'its id: op-…' }];

export const batchShow = defineCommand({
  name: 'batch show',
  summary: routes.getBatchOperation.summary,
  args,
  examples: [
    {
      line: 'rewind batch show op-77b0c9d1e2f3405162738495a6b7c8d9',
      does: 'shows its outcomes, failures and time left',
    },
  ],
  route: 'getBatchOperation',
  async run(session, _options, [operationId = '']) {
    print(session, await batchOperation(session, operationId));
  },
});

export const batchWatch = defineCommand({
  name: 'batch watch',
  summary: 'Show the progress of a batch operation until it has ended',
  description: 'Ctrl-C stops watching; the batch operation continues.',
  args,
  examples: [
    { line: 'rewind batch watch op-77b0c9d1e2f3405162738495a6b7c8d9', does: 'exits with 5 if anything failed' },
  ],
  route: 'getBatchOperation',
  async run(session, _options, [operationId = '']) {
    const batch = await watch(session, operationId);
    print(session, batch);
    return exitOf(batch);
  },
});

function print(session: Session, batch: BatchOperation): void {
  if (session.output.isText) printBatch(session, batch);
  else session.output.json(batch);
}
