import type { Stuck } from '../../api/stuck';
import { pauseOf } from '../temporal/executions';
import type { DescribedExecution } from '../temporal/executions';
import type { NamespaceClient } from '../temporal/namespace-client';
import { activitiesNotHeartbeating, pausedActivities, pauseDetails, unclaimedActivities } from './activities';
import { stuckChildren } from './children';
import { failingTask, unclaimedTask } from './workflow-task';

/** What the caller waits for: that a cancellation takes effect, that a reset's new run proceeds, or no change. */
type Change = 'cancel' | 'reset' | 'none';

/** Generations to search for the cause, the run itself included. */
const MAX_DEPTH = 3;

const pollerNeeded = {
  cancel: 'The workflow receives the cancellation once one polls; terminating it does not need a worker.',
  reset: 'The new run proceeds once one polls.',
  none: 'The workflow proceeds once one polls; terminating it does not need a worker.',
};
const forAnyChange = (remedy: string): Record<Change, string> => ({ cancel: remedy, reset: remedy, none: remedy });

/** What has to happen for the workflow to proceed. */
const remedies: Record<Stuck['kind'], Record<Change, string>> = {
  workflowPaused: {
    cancel: 'The cancellation takes effect once it is unpaused; terminating it does not need that.',
    reset: 'The new run proceeds once it is unpaused.',
    none: 'It proceeds once it is unpaused; terminating it does not need that.',
  },
  noPoller: pollerNeeded,
  workflowTaskFailing: {
    cancel:
      'The workflow receives the cancellation once its code is corrected; terminating or resetting it does not need that.',
    reset: "The workers' code has to be corrected, or the reset point has to be further back.",
    none: 'It proceeds once its code is corrected; terminating or resetting it does not need that.',
  },
  activityPaused: forAnyChange('A workflow that waits for it proceeds once the activity is unpaused.'),
  noActivityPoller: forAnyChange('A workflow that waits for it proceeds once one polls.'),
  activityNotHeartbeating: forAnyChange('A workflow that waits for it proceeds when the activity ends.'),
  childStuck: forAnyChange('A workflow that waits for the child proceeds once the child does.'),
  childResultMissing: {
    cancel: 'A workflow that waits for it does not proceed; terminating or resetting it does not need the result.',
    reset:
      'A workflow that waits for it does not proceed. A reset to before the child was started starts the child again.',
    none: 'A workflow that waits for it does not proceed. A reset to before the child was started starts the child again.',
  },
};

/**
 * Explains why an open run does not proceed. Returns an empty array when nothing shows that it is stuck. An activity without
 * a heartbeat timeout counts only when the caller waits for a change or a cancellation was requested; otherwise it is
 * simply running.
 */
export async function explainStuck(
  client: NamespaceClient,
  run: DescribedExecution,
  change: Change = 'cancel',
): Promise<Stuck[]> {
  const found = await findCauses(client, run, MAX_DEPTH);
  const isUnaffected = change === 'none' && !run.cancelRequested;
  const causes = isUnaffected ? found.filter(({ kind }) => kind !== 'activityNotHeartbeating') : found;
  return causes.map((cause) => ({ ...cause, explanation: `${cause.explanation} ${remedies[cause.kind][change]}` }));
}

async function findCauses(client: NamespaceClient, run: DescribedExecution, depth: number): Promise<Stuck[]> {
  const causesOfChild = (child: DescribedExecution) => findCauses(client, child, depth - 1);
  const paused = pausedWorkflow(run);
  const [failing, unclaimed, activities, children] = await Promise.all([
    failingTask(client, run),
    // The server does not dispatch the tasks of a paused workflow.
    paused ? undefined : unclaimedTask(client, run),
    paused ? [] : unclaimedActivities(client, run),
    depth > 1 ? stuckChildren(client, run, causesOfChild) : [],
  ]);
  const causes = [paused, failing, unclaimed, ...pausedActivities(run), ...activities, ...children];
  return [...causes.filter((cause) => cause !== undefined), ...activitiesNotHeartbeating(run)];
}

function pausedWorkflow(run: DescribedExecution): Stuck | undefined {
  const pause = pauseOf(run);
  if (!pause) return undefined;
  const { pausedBy, pausedTime, reason } = pause;
  const explanation = `The workflow is paused${pauseDetails(pausedBy, pausedTime, reason)}.`;
  return { kind: 'workflowPaused', ...pause, explanation };
}
