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
    const seen = await inspect(client, run, before);
    if (seen.settled || Date.now() >= until) {
      const { settled: _, ...newRun } = seen;
      return { status: run.status, ...newRun, waitedSeconds: Math.round((Date.now() - started) / 100) / 10 };
    }
    await new Promise((resolve) => {
      setTimeout(resolve, Math.min(POLL_INTERVAL_MS, Math.max(0, until - Date.now())));
    });
  }
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
    return { settled: true, progress: again ? 'failedAgain' : 'stuck', failure: failure, stuck };
  }
  if (completed > 1) return { settled: false, progress: 'pastResetPoint' };
  if (completed === 1) return { settled: false, progress: 'begun' };
  const stuck = await whyStuck(client, run);
  return stuck.length > 0 ? { settled: false, progress: 'stuck', stuck } : { settled: false, progress: 'waiting' };
}

/** An activity that cannot hear of a cancellation keeps nobody from going on. */
async function whyStuck(client: NamespaceClient, run: DescribedExecution): Promise<Stuck[]> {
  const reasons = await explainStuck(client, run);
  return reasons.filter(({ kind }) => kind !== 'activityNotHeartbeating').map(explainForReset);
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

/** The explanations of `explainStuck` speak of a cancellation that is not heard. */
function explainForReset(stuck: Stuck): Stuck {
  if (stuck.kind === 'workflowTaskFailing') {
    const failure = stuck.failure === undefined ? '' : `: ${stuck.failure}`;
    return {
      ...stuck,
      explanation: `The workflow task of the new run fails, now on attempt ${stuck.attempt}${failure}. The workers' code has to be mended, or the reset point has to be further back.`,
    };
  }
  if (stuck.kind === 'noPoller') {
    const last = stuck.lastPollTime === undefined ? '' : `; the last one did at ${stuck.lastPollTime}`;
    return {
      ...stuck,
      explanation: `No worker polls task queue "${stuck.taskQueue}"${last}. The new run begins once one does.`,
    };
  }
  return stuck;
}
