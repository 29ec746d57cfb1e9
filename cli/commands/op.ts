import { routes } from '../requests/contract';
import { defineCommand } from '../command-line/declaration';
import { countsText, printFields } from '../output/print-fields';
import { operation } from '../operations';
import type { Operation } from '../operations';
import { printable } from '../output/quote';
import type { Session } from '../session';
import { flagsOf } from '../workflows/workflow-ids';

export const op = defineCommand({
  name: 'op',
  summary: `${routes.getOperation.summary}: who requested what, when and why, and the result`,
  args: [{ name: '<operation>', description: 'its id: op-…' }],
  examples: [
    { line: 'rewind op op-3f9a51c2b7d84e60a1f2c3d4e5f60718', does: 'accepts the id from an alarm or a history, too' },
  ],
  route: 'getOperation',
  async run(session, _options, [operationId = '']) {
    const found = await operation(session, operationId);
    if (session.output.isText) print(session, found);
    else session.output.json(found);
  },
});

function print(session: Session, found: Operation): void {
  const { output } = session;
  const { verb, workflowId, state, outcome, settled, batch } = found;
  const isBatch = verb === 'batch';
  const subject = isBatch ? 'Batch operation' : `${verb} of ${printable(workflowId)}`;
  output.line(output.style('bold', `${subject}: ${state}${outcome === undefined ? '' : `, ${outcome}`}`));
  printFields(output, [
    ['operation', found.operationId],
    ['by', found.actor.id],
    ['reason', found.reason],
    ['requested', found.requestedAt],
    ['completed', found.completedAt],
    ['run', found.runId],
    ['attempt', found.attempt],
    ['failure', found.failure && `${found.failure.kind}: ${found.failure.message}`],
    ['settled', settled && [settled.status, settled.closeTime].filter(Boolean).join(', ')],
    ['stuck', found.stuck?.join(', ')],
    ['next check', found.nextCheckAt],
    ['part of', found.batchOperationId],
    [
      'progress',
      batch && `${batch.state}: ${batch.progress.done} of ${batch.matched}, ${countsText(batch.progress.outcomes)}`,
    ],
    ['request id', found.requestId],
  ]);
  const next = isBatch
    ? ['batch', 'show', found.operationId]
    : ['show', ...flagsOf({ workflowId, runId: found.runId })];
  output.line(`Next: ${session.suggestion(next)}`);
}
