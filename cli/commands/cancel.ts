import type { components } from '../../client/openapi';
import { routes } from '../requests/contract';
import { defineCommand } from '../command-line/declaration';
import { asked, firstRunId, manyWorkflows, wait, whichRuns } from '../command-line/options';
import { printable } from '../output/quote';
import { requestedBy } from '../workflows/describe';
import type { Session } from '../session';
import { statusStyle } from '../output/styles';
import { isClosed } from '../workflows/findings';
import { untilClosed, waitParameters } from '../workflows/waiting';
import { changeWorkflows } from '../workflows/workflow-changes';
import { flagsOf, named, targetsOf } from '../workflows/workflow-ids';
import type { Target } from '../workflows/workflow-ids';

type CancelResult = components['schemas']['CancelResult'];

export const cancel = defineCommand({
  name: 'cancel',
  summary: routes.cancelWorkflow.summary,
  description:
    'The workflow’s code decides how it handles a cancellation. With --wait, the command says how the workflow closed, or what keeps it open.',
  args: manyWorkflows,
  options: { ...whichRuns, firstRunId, wait, ...asked },
  examples: [
    {
      line: 'rewind cancel order-42 --reason withdrawn --wait 20s',
      does: 'waits until it closes, or says what keeps it open',
    },
    { line: 'rewind cancel - --reason withdrawn --yes <ids.txt', does: 'cancels the workflows listed in a file' },
  ],
  route: 'cancelWorkflow',
  async run(session, options, args) {
    const targets = await targetsOf(session, args, options);
    const count = targets.length === 1 ? '' : ` of ${targets.length} workflows`;
    const { waitSeconds, flags } = waitParameters(options.wait);
    return changeWorkflows(session, options, {
      route: 'cancelWorkflow',
      targets,
      action: `Request cancellation${count}`,
      command: 'cancel',
      flags,
      fields: { waitSeconds },
      follow: (target, send) => {
        const stopped = [
          'Stopped waiting. The cancellation was sent and stays in effect.',
          `See it: ${show(session, target)}`,
        ];
        return untilClosed(session, target, options.wait, stopped, send);
      },
      describe: (result, target) => describeResult(session, target, result, options.wait !== undefined),
      exitOf: ({ status }) => (options.wait !== undefined && !isClosed(status) ? 'stillOpen' : 'done'),
    });
  },
});

/** The chain of runs that a change is limited to is no option of `rewind show`. */
const show = (session: Session, { workflowId, runId: run }: Target): string =>
  session.suggestion(['show', ...flagsOf({ workflowId, ...(run !== undefined && { runId: run }) })]);

function describeResult(session: Session, target: Target, result: CancelResult, isWaited: boolean): string[] {
  const { output } = session;
  const id = named(target);
  const status = output.style(statusStyle(result.status), result.status);
  const next = `  Next: ${show(session, target)}`;
  if (result.outcome === 'alreadyClosed')
    return [`${id}: nothing to cancel, it is ${status}`, ...successor(result), next];
  const requested = result.outcome === 'requested' ? 'cancellation requested' : 'cancellation was already requested';
  const who = result.outcome === 'requested' ? [] : [`  ${requestedBy(session, target)}`];
  if (isClosed(result.status)) return [`${id}: ${requested}; it is ${status}`, ...who, ...successor(result)];
  const stuck = (result.stuck ?? []).map(({ explanation }) => `  ${printable(explanation)}`);
  if (result.waitedSeconds === undefined) {
    const end = isWaited ? 'the API did not return whether it has closed' : 'its code decides how it ends';
    return [`${id}: ${requested}; ${end}`, ...who, next];
  }
  return [`${id}: ${requested}; still ${status} after ${result.waitedSeconds} s`, ...who, ...stuck, next];
}

const successor = ({ successorRunId }: CancelResult): string[] =>
  successorRunId === undefined ? [] : [`  Run ${successorRunId} continues it and was not cancelled.`];
