import { setTimeout as wait } from 'node:timers/promises';
import { isOpen } from '../temporal/enums';
import type { NewRun } from '../../api/reset';
import { describeExecution } from '../temporal/executions';
import type { DescribedExecution } from '../temporal/executions';
import { eventsNewestFirst, newestEvent } from '../temporal/history';
import type { HistoryEvent, NamespaceClient, WorkflowExecution } from '../temporal/namespace-client';
import { explainStuck } from '../stuck';
import type { Stuck } from '../../api/stuck';
import { failureMessage } from '../temporal/event-labels';
import { resetReason, taskEnd, taskFailure } from '../temporal/workflow-task';

const POLL_INTERVAL_MS = 250;

/**
 * Watches the new run of a reset until it closes, its workflow task fails, or `until`. Does not stop when the run has passed
 * the reset point, because it may still fail as the run before did.
 *
 * @param before the run that was reset; the same failure in the new run is reported as `failedAgain`
 * @param until milliseconds since the epoch; the run is read at least once
 */
export async function followNewRun(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  before: Required<WorkflowExecution>,
  until: number,
): Promise<NewRun> {
  const started = Date.now();
  for (;;) {
    const run = await describeExecution(client, execution);
    const { settled, ...seen } = await inspect(client, run, before);
    if (settled || Date.now() >= until) {
      const newRun = settled ? seen : { ...seen, ...(await unsettledProgress(client, run, seen.progress)) };
      return { status: run.status, ...newRun, waitedSeconds: Math.round((Date.now() - started) / 100) / 10 };
    }
    await wait(Math.min(POLL_INTERVAL_MS, Math.max(0, until - Date.now())));
  }
}

/** A run that has passed the reset point keeps that progress: only some of what it waits for may be stuck. */
async function unsettledProgress(
  client: NamespaceClient,
  run: DescribedExecution,
  progress: NewRun['progress'],
): Promise<Pick<NewRun, 'progress' | 'stuck'>> {
  const stuck = await whyStuck(client, run);
  if (stuck.length === 0) return { progress };
  return { progress: progress === 'pastResetPoint' ? progress : 'stuck', stuck };
}

type Observation = Pick<NewRun, 'progress' | 'failure' | 'stuck'> & { settled: boolean };

async function inspect(
  client: NamespaceClient,
  run: DescribedExecution,
  before: Required<WorkflowExecution>,
): Promise<Observation> {
  if (!isOpen(run.status)) return { settled: true, ...(await ended(client, run, before)) };
  const { completed, failure, closed } = await ownTasks(client, run);
  // The run closed between the two calls: the next poll determines its status.
  if (closed) return { settled: false, progress: 'begun' };
  if (failure !== undefined) {
    const again = (await newestTaskFailure(client, before)) === failure;
    const stuck = await whyStuck(client, run);
    return { settled: true, progress: again ? 'failedAgain' : 'stuck', failure, stuck };
  }
  if (completed > 1) return { settled: false, progress: 'pastResetPoint' };
  return { settled: false, progress: completed === 1 ? 'begun' : 'waiting' };
}

/** An activity that does not heartbeat blocks only a cancellation. */
async function whyStuck(client: NamespaceClient, run: DescribedExecution): Promise<Stuck[]> {
  const reasons = await explainStuck(client, run, 'reset');
  return reasons.filter(({ kind }) => kind !== 'activityNotHeartbeating');
}

async function ended(
  client: NamespaceClient,
  run: DescribedExecution,
  before: Required<WorkflowExecution>,
): Promise<Omit<Observation, 'settled'>> {
  if (run.status === 'Completed') return { progress: 'completed' };
  if (run.status === 'ContinuedAsNew') return { progress: 'continuedAsNew' };
  if (run.status !== 'Failed') return { progress: 'closed' };
  const failure = await closingFailure(client, run);
  const again = failure !== undefined && failure === (await closingFailure(client, before));
  return { progress: again ? 'failedAgain' : 'failed', failure };
}

/**
 * Counts the workflow tasks completed since the reset, up to two; and returns the failure of the newest task, if it failed. Leaves
 * out those with which a worker continued to execute local activities: the next task follows at once.
 */
async function ownTasks(
  client: NamespaceClient,
  run: Required<WorkflowExecution>,
): Promise<{ completed: number; failure?: string; closed?: true }> {
  let completed = 0;
  let next: HistoryEvent | undefined;
  for await (const { event } of eventsNewestFirst(client, run)) {
    if (isCloseEvent(event)) return { completed, closed: true };
    if (resetReason(event) !== undefined) break;
    const failure = taskFailure(event);
    if (failure !== undefined && completed === 0) return { completed, failure };
    if (taskEnd(event) === 'completed' && !next?.workflowTaskScheduledEventAttributes) completed += 1;
    if (completed > 1) break;
    next = event;
  }
  return { completed };
}

function isCloseEvent(event: HistoryEvent): boolean {
  return Boolean(
    event.workflowExecutionCompletedEventAttributes ??
    event.workflowExecutionFailedEventAttributes ??
    event.workflowExecutionCanceledEventAttributes ??
    event.workflowExecutionTerminatedEventAttributes ??
    event.workflowExecutionTimedOutEventAttributes ??
    event.workflowExecutionContinuedAsNewEventAttributes,
  );
}

async function newestTaskFailure(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
): Promise<string | undefined> {
  for await (const { event } of eventsNewestFirst(client, execution)) {
    const failure = taskFailure(event);
    if (failure !== undefined || taskEnd(event) === 'completed') return failure;
  }
  return undefined;
}

async function closingFailure(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
): Promise<string | undefined> {
  const failed = (await newestEvent(client, execution))?.workflowExecutionFailedEventAttributes;
  return failed ? failureMessage(failed.failure) : undefined;
}
