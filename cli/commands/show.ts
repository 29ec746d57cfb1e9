import { defineCommand } from '../command-line/declaration';
import { routes } from '../requests/contract';
import { printFields } from '../output/print-fields';
import { findings } from '../workflows/findings';
import { whichRun } from '../command-line/options';
import { printable } from '../output/quote';
import { ago } from '../output/durations';
import { statusStyle } from '../output/styles';
import { targetOf } from '../workflows/workflow-ids';
import { requestedBy, workflowDescription } from '../workflows/describe';
import type { Workflow } from '../workflows/describe';
import type { Session } from '../session';

export const show = defineCommand({
  name: 'show',
  summary: `${routes.describeWorkflow.summary}: first what is wrong, and what to do next`,
  args: [{ name: '[id]', description: 'the workflow' }],
  options: whichRun,
  examples: [
    { line: 'rewind show order-42', does: 'shows the latest run' },
    { line: 'rewind show order-42 -o json', does: 'prints the API’s own fields' },
  ],
  route: 'describeWorkflow',
  async run(session, options, args) {
    const target = await targetOf(session, args, options);
    const workflow = await workflowDescription(session, target);
    if (session.output.isText) printWorkflow(session, workflow, target.runId);
    else session.output.json(workflow);
  },
});

function printWorkflow(session: Session, workflow: Workflow, namedRunId: string | undefined): void {
  const { output } = session;
  const { status, workflowId } = workflow;
  const line = `${printable(workflowId)} is ${output.style(statusStyle(status), status)}`;
  output.line(output.style('bold', workflow.cancelRequested ? `${line}, and its cancellation was requested` : line));
  if (workflow.cancelRequested) output.line(`  ${requestedBy(session, { workflowId, runId: namedRunId })}`);
  const found = findings(workflow, namedRunId);
  if (workflow.stuck?.length === 0 && found.length === 0) output.line('Nothing shows that it is stuck.');
  for (const { what, next } of found) {
    // The lines of a failure's message must not look like the commands below.
    const [first = '', ...others] = printable(what, { newlines: true }).split('\n');
    output.line(`${output.style('red', '✘')} ${first}`);
    for (const other of others) output.line(`  │ ${other}`);
    for (const command of next) output.line(`  ${output.style('cyan', session.suggestion(command))}`);
  }
  output.line();
  printFields(output, [
    ['type', workflow.workflowType],
    ['task queue', workflow.taskQueue],
    ['run', workflow.runId],
    ['first run', workflow.firstExecutionRunId === workflow.runId ? undefined : workflow.firstExecutionRunId],
    ['started', timeOf(workflow.startTime)],
    ['closed', timeOf(workflow.closeTime)],
    ['history', `${workflow.historyLength} events, ${Math.ceil(workflow.historySizeBytes / 1000)} kB`],
    ['parent', workflow.parent?.workflowId],
    ['schedule', workflow.scheduleId],
    ['cron', workflow.cronSchedule],
    ['continues', neighbourOf(workflow.predecessor)],
    ['continued by', neighbourOf(workflow.successor)],
    ['paused', pauseOf(workflow)],
    ['waits until', workflow.backoff && `${workflow.backoff.until} (${workflow.backoff.cause})`],
    ['version', versionOf(workflow)],
    ['workflow task', taskOf(workflow)],
    ['web UI', workflow.links.webUi],
  ]);
  const { pendingActivities, pendingChildren } = workflow;
  if (pendingActivities.length > 0) {
    output.line();
    output.table(
      [
        { title: 'PENDING ACTIVITY', value: ({ activityType }) => activityType },
        { title: 'ID', value: ({ activityId }) => activityId },
        { title: 'STATE', value: ({ state }) => state },
        { title: 'ATTEMPT', value: ({ attempt }) => attempt },
        { title: 'HEARTBEAT', value: ({ lastHeartbeatTime }) => ago(lastHeartbeatTime), drop: 1 },
        { title: 'NEXT ATTEMPT', value: ({ nextAttemptTime }) => ago(nextAttemptTime), drop: 2 },
        { title: 'LAST FAILURE', value: ({ lastFailure }) => lastFailure, cut: 20 },
      ],
      pendingActivities,
    );
  }
  if (pendingChildren.length > 0) {
    output.line();
    output.table(
      [
        { title: 'PENDING CHILD', value: (child) => child.workflowId },
        { title: 'TYPE', value: ({ workflowType }) => workflowType },
        { title: 'WHEN THE PARENT CLOSES', value: ({ parentClosePolicy }) => parentClosePolicy, drop: 1 },
      ],
      pendingChildren,
    );
  }
}

const timeOf = (time: string | undefined): string | undefined =>
  time === undefined ? undefined : `${time} (${ago(time)})`;

const neighbourOf = (run: Workflow['successor']): string | undefined => run && `run ${run.runId} (${run.relation})`;

const pauseOf = ({ paused }: Workflow): string | undefined =>
  paused && [paused.pausedTime, paused.pausedBy && `by ${paused.pausedBy}`, paused.reason].filter(Boolean).join(', ');

function versionOf({ versioning }: Workflow): string | undefined {
  const version = versioning?.pinnedTo ?? versioning?.deploymentVersion;
  if (!versioning || !version) return undefined;
  return `${versioning.behavior}, ${version.deploymentName}:${version.buildId}`;
}

const taskOf = ({ pendingWorkflowTask: task }: Workflow): string | undefined =>
  task && `${task.state}, attempt ${task.attempt}`;
