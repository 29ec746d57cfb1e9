import { args, changeBatch } from '../../batch/changes';
import { asked } from '../../command-line/options';
import { routes } from '../../requests/contract';
import { defineCommand } from '../../command-line/declaration';
import type { Command } from '../../command-line/declaration';
import type { ResultOf } from '../../requests/client';
import type { Session } from '../../session';

type Suspension = ResultOf<'suspendBatchOperation' | 'resumeBatchOperation'>;

export const batchSuspend = suspensionCommand('suspend', {
  description: 'It changes no further workflow until it is resumed.',
  examples: [
    {
      line: 'rewind batch suspend op-77b0c9d1e2f3405162738495a6b7c8d9 --reason "the card service is slow"',
      does: 'asks first',
    },
  ],
});

export const batchResume = suspensionCommand('resume', {
  examples: [
    {
      line: 'rewind batch resume op-77b0c9d1e2f3405162738495a6b7c8d9 --reason "the card service is back"',
      does: 'continues where it stopped',
    },
  ],
});

/** Defines a command that suspends or resumes a batch operation. */
function suspensionCommand(verb: 'suspend' | 'resume', words: Pick<Command, 'description' | 'examples'>): Command {
  const route = `${verb}BatchOperation` as const;
  return defineCommand({
    name: `batch ${verb}`,
    summary: routes[route].summary,
    ...words,
    args,
    options: asked,
    route,
    async run(session, given, [operationId = '']) {
      const action = verb === 'suspend' ? 'Suspend it' : 'Resume it';
      print(session, operationId, await changeBatch(session, operationId, given, { verb, route, action }));
    },
  });
}

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
