import { args, changeBatch, options } from '../../batch/changes';
import { routes } from '../../requests/contract';
import { defineCommand } from '../../command-line/declaration';
import type { Session } from '../../session';

type Suspension = { outcome: string; state: string; done: number; matched: number };

export const batchSuspend = defineCommand({
  name: 'batch suspend',
  summary: routes.suspendBatchOperation.summary,
  description: 'It changes no further workflow until it is resumed.',
  args,
  options,
  examples: [
    {
      line: 'rewind batch suspend op-77b0c9d1e2f3405162738495a6b7c8d9 --reason "the card service is slow"',
      does: 'asks first',
    },
  ],
  route: 'suspendBatchOperation',
  async run(session, given, [operationId = '']) {
    const result = await changeBatch(session, operationId, given, {
      verb: 'suspend',
      route: 'suspendBatchOperation',
      action: 'Suspend it',
      send: (client, params, why) =>
        client.POST('/namespaces/{namespace}/batch-operations/{operationId}/suspend', {
          params,
          body: { reason: why },
        }),
    });
    print(session, operationId, result);
    return 'done';
  },
});

export const batchResume = defineCommand({
  name: 'batch resume',
  summary: routes.resumeBatchOperation.summary,
  args,
  options,
  examples: [
    {
      line: 'rewind batch resume op-77b0c9d1e2f3405162738495a6b7c8d9 --reason "the card service is back"',
      does: 'continues where it stopped',
    },
  ],
  route: 'resumeBatchOperation',
  async run(session, given, [operationId = '']) {
    const result = await changeBatch(session, operationId, given, {
      verb: 'resume',
      route: 'resumeBatchOperation',
      action: 'Resume it',
      send: (client, params, why) =>
        client.POST('/namespaces/{namespace}/batch-operations/{operationId}/resume', { params, body: { reason: why } }),
    });
    print(session, operationId, result);
    return 'done';
  },
});

const texts: Record<string, string> = {
  suspended: 'Suspended: it changes no further workflow until it is resumed.',
  alreadySuspended: 'It was already suspended. Nothing was done.',
  resumed: 'Resumed: it continues where it stopped.',
  notSuspended: 'It was not suspended. Nothing was done.',
  alreadyEnded: 'It had already ended. Nothing was done.',
};

/** For a repeated request whose change was reversed by another one. */
const reversed: Record<string, string> = {
  'suspended running': 'This request has suspended it, and it has been resumed since.',
  'resumed suspended': 'This request has resumed it, and it has been suspended since.',
};

function print(session: Session, operationId: string, result: Suspension): void {
  const { output } = session;
  if (!output.isText) return output.json(result);
  const text = reversed[`${result.outcome} ${result.state}`] ?? texts[result.outcome] ?? result.outcome;
  output.line(`${text} ${result.done} of ${result.matched} are done.`);
  const next = result.state === 'suspended' ? 'resume' : result.state === 'running' ? 'watch' : 'show';
  output.line(`Next: ${session.suggestion(['batch', next, operationId])}`);
}
