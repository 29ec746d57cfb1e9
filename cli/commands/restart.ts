import type { components } from '../../client/openapi';
import { routes } from '../requests/contract';
import { defineCommand, flag, text } from '../command-line/declaration';
import { flagsFor } from '../command-line/flags';
import { asked, oneWorkflow, whichRun } from '../command-line/options';
import type { Session } from '../session';
import { changeWorkflows } from '../workflows/workflow-changes';
import { flagsOf, named, targetOf } from '../workflows/workflow-ids';
import type { Target } from '../workflows/workflow-ids';

type RestartResult = components['schemas']['RestartResult'];

const { fields } = routes.restartWorkflow;

export const restart = defineCommand({
  name: 'restart',
  summary: routes.restartWorkflow.summary,
  description:
    'Starts a new run with the type, task queue, input, memo, search attributes and timeouts of a closed run. To keep what the workflow did up to a point, use "rewind reset".',
  args: oneWorkflow,
  options: {
    ...whichRun,
    terminateRun: text('--terminate-run <id>', fields.terminateRunId),
    completed: flag('--completed', 'also restart a completed workflow'),
    ...asked,
  },
  examples: [
    { line: 'rewind restart order-42 --reason "was started too early"', does: 'starts a new run with the same input' },
  ],
  route: 'restartWorkflow',
  async run(session, options, args) {
    const target = await targetOf(session, args, options);
    const { terminateRun, completed } = options;
    return changeWorkflows(session, options, {
      route: 'restartWorkflow',
      targets: [target],
      action: `Restart ${named(target)}${terminateRun === undefined ? '' : `, and terminate run ${terminateRun}`}`,
      command: 'restart',
      flags: [...flagsFor({ '--terminate-run': terminateRun }), ...(completed ? ['--completed'] : [])],
      fields: { terminateRunId: terminateRun, workflowIdReusePolicy: completed ? 'allowDuplicate' : undefined },
      describe: (result) => describeResult(session, target, result),
    });
  },
});

function describeResult(
  session: Session,
  target: Target,
  { outcome, newRunId, terminatedRunId, currentRunId }: RestartResult,
): string[] {
  const terminated = terminatedRunId === undefined ? [] : [`  Run ${terminatedRunId} was terminated.`];
  if (outcome === 'terminatedOnly') {
    const other = currentRunId === undefined ? '' : ` Another request has started run ${currentRunId}.`;
    return [`${named(target)}: not restarted.${other}`, ...terminated];
  }
  return [
    `${named(target)}: restarted as run ${newRunId}`,
    ...terminated,
    `  Next: ${session.suggestion(['show', ...flagsOf({ workflowId: target.workflowId })])}`,
  ];
}
