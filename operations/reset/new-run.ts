import { isOpen } from '../temporal/enums';
import type { NewRun } from '../../api/reset';
import { describeExecution } from '../temporal/executions';
import type { DescribedExecution } from '../temporal/executions';
import { eventsNewestFirst } from '../temporal/history';
import type { HistoryEvent, NamespaceClient, WorkflowExecution } from '../temporal/namespace-client';
import { explainStuck } from '../stuck';
import type { Stuck } from '../../api/stuck';
import { failureMessage } from './event-labels';
import { resetReason, taskEnd, taskFailure } from './workflow-task';

/** How often the new run is looked at, in milliseconds. */
const POLL_INTERVAL_MS = 250;

/** Batches to read at a time: the new run's own events are its newest. */
const OWN_EVENTS_PAGE_SIZE = 20;

/** How far back to look for how a closed run ended. */
const CLOSING_PAGE_SIZE = 1;

/**
 * Watches the run that a reset made until it has ended, its workflow task fails, or the time is over. A run that is past
 * the reset point is watched on: it may yet fail where the run before it did.
 *
 * @param before the run that was reset: to fail as it did is to have failed again
 * @param until milliseconds since the epoch; it is looked at once in any case
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
    await new Promise((resolve) => {
      setTimeout(resolve, Math.min(POLL_INTERVAL_MS, Math.max(0, until - Date.now())));
    });
  }
}

/** A run that got past the reset point can wait for several things, of which only some are stuck. */
async function unsettledProgress(
  client: NamespaceClient,
  run: DescribedExecution,
  progress: NewRun['progress'],
): Promise<Pick<NewRun, 'progress' | 'stuck'>> {
  const stuck = await whyStuck(client, run);
  if (stuck.length === 0) return { progress };
  return { progress: progress === 'pastResetPoint' ? progress : 'stuck', stuck };
}

type Seen = Pick<NewRun, 'progress' | 'failure' | 'stuck'> & { settled: boolean };

async function inspect(
  client: NamespaceClient,
  run: DescribedExecution,
  before: Required<WorkflowExecution>,
): Promise<Seen> {
  if (!isOpen(run.status)) return { settled: true, ...(await ended(client, run, before)) };
  const { completed, failure, closed } = await ownTasks(client, run);
  // It closed between the two calls: another look shows how.
  if (closed) return { settled: false, progress: 'begun' };
  if (failure !== undefined) {
    const again = (await newestTaskFailure(client, before)) === failure;
    const stuck = await whyStuck(client, run);
    return { settled: true, progress: again ? 'failedAgain' : 'stuck', failure, stuck };
  }
  if (completed > 1) return { settled: false, progress: 'pastResetPoint' };
  return { settled: false, progress: completed === 1 ? 'begun' : 'waiting' };
}

/** An activity without heartbeats matters to a cancellation only. */
async function whyStuck(client: NamespaceClient, run: DescribedExecution): Promise<Stuck[]> {
  const reasons = await explainStuck(client, run, 'reset');
  return reasons.filter(({ kind }) => kind !== 'activityNotHeartbeating');
}

async function ended(
  client: NamespaceClient,
  run: DescribedExecution,
  before: Required<WorkflowExecution>,
): Promise<Omit<Seen, 'settled'>> {
  if (run.status === 'Completed') return { progress: 'completed' };
  if (run.status === 'ContinuedAsNew') return { progress: 'continuedAsNew' };
  if (run.status !== 'Failed') return { progress: 'closed' };
  const failure = await closingFailure(client, run);
  const again = failure !== undefined && failure === (await closingFailure(client, before));
  return { progress: again ? 'failedAgain' : 'failed', failure };
}

/** How many workflow tasks the run completed since its reset, and why the newest of them ended badly, if it did. */
async function ownTasks(
  client: NamespaceClient,
  run: Required<WorkflowExecution>,
): Promise<{ completed: number; failure?: string; closed?: true }> {
  let completed = 0;
  for await (const { event } of eventsNewestFirst(client, run, OWN_EVENTS_PAGE_SIZE)) {
    if (closes(event)) return { completed, closed: true };
    if (resetReason(event) !== undefined) break;
    const failure = taskFailure(event);
    if (failure !== undefined && completed === 0) return { completed, failure };
    if (taskEnd(event) === 'completed') completed += 1;
    if (completed > 1) break;
  }
  return { completed };
}

function closes(event: HistoryEvent): boolean {
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
  for await (const { event } of eventsNewestFirst(client, execution, OWN_EVENTS_PAGE_SIZE)) {
    const failure = taskFailure(event);
    if (failure !== undefined || taskEnd(event) === 'completed') return failure;
  }
  return undefined;
}

async function closingFailure(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
): Promise<string | undefined> {
  for await (const { event } of eventsNewestFirst(client, execution, CLOSING_PAGE_SIZE)) {
    const failed = event.workflowExecutionFailedEventAttributes;
    return failed ? failureMessage(failed.failure) : undefined;
  }
  return undefined;
}
