import type { components } from '../../client/openapi';
import { routes } from '../requests/contract';
import { defineCommand } from '../command-line/declaration';
import { asked, firstRunId, manyWorkflows, whichRuns } from '../command-line/options';
import type { Session } from '../session';
import { statusStyle } from '../output/styles';
import { changeWorkflows } from '../workflows/workflow-changes';
import { flagsOf, named, targetsOf } from '../workflows/workflow-ids';
import type { Target } from '../workflows/workflow-ids';

type TerminateResult = components['schemas']['TerminateResult'];

export const terminate = defineCommand({
  name: 'terminate',
  summary: routes.terminateWorkflow.summary,
  description: 'Ends it at once. Its code does not run again, so it cannot clean up; with "rewind cancel" it can.',
  args: manyWorkflows,
  options: { ...whichRuns, firstRunId, ...asked },
  examples: [{ line: 'rewind terminate order-42 --reason "runs amok"', does: 'asks you to type the id' }],
  route: 'terminateWorkflow',
  async run(session, options, args) {
    const targets = await targetsOf(session, args, options);
    const [first] = targets;
    const one = targets.length === 1 && first !== undefined;
    return changeWorkflows(session, options, {
      route: 'terminateWorkflow',
      targets,
      action: `Terminate ${one ? named(first) : `${targets.length} workflows`}, without cleaning up`,
      type: one ? named(first) : String(targets.length),
      command: 'terminate',
      fields: {},
      describe: (result, target) => describeResult(session, target, result),
    });
  },
});

function describeResult(session: Session, target: Target, result: TerminateResult): string[] {
  const { output } = session;
  const id = named(target);
  const status = output.style(statusStyle(result.status), result.status);
  const successor =
    result.successorRunId === undefined ? [] : [`  Run ${result.successorRunId} continues it and was not terminated.`];
  if (result.outcome === 'alreadyClosed') {
    const next = `  Next: ${session.suggestion(['show', ...flagsOf({ workflowId: target.workflowId })])}`;
    return [`${id}: nothing to terminate, it is ${status}`, ...successor, next];
  }
  return [
    `${id}: terminated`,
    ...successor,
    `  By mistake? ${session.suggestion(['reset', ...flagsOf({ workflowId: target.workflowId }), '--to', 'last', '--dry-run'])}`,
  ];
}
