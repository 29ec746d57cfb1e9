import type { Stuck } from '../../api/stuck';
import type { DescribedExecution } from '../temporal/executions';
import type { NamespaceClient } from '../temporal/namespace-client';
import { rfc3339 } from '../temporal/time';
import { activitiesNotHeartbeating, by, pausedActivities, unclaimedActivities } from './activities';
import { stuckChildren } from './children';
import { failingTask, unclaimedTask } from './workflow-task';

/** What the caller waits for: that a cancellation takes effect, that a reset's new run proceeds, or no change. */
type Change = 'cancel' | 'reset' | 'none';

/** How many generations of children are searched for the cause. */
const MAX_DEPTH = 3;

const pollerNeeded = {
  cancel: 'The workflow receives the cancellation once one polls; terminating it does not need a worker.',
  reset: 'The new run begins once one polls.',
  none: 'The workflow proceeds once one polls; terminating it does not need a worker.',
};
/** The same whatever the caller waits for. */
const always = (remedy: string): Record<Change, string> => ({ cancel: remedy, reset: remedy, none: remedy });

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
  activityPaused: always('A workflow that waits for it proceeds once the activity is unpaused.'),
  noActivityPoller: always('A workflow that waits for it proceeds once one polls.'),
  activityNotHeartbeating: always('A workflow that waits for it proceeds when the activity ends.'),
  childStuck: always('A workflow that waits for the child proceeds once the child does.'),
  childResultMissing: {
    cancel: 'A workflow that waits for it does not proceed; terminating or resetting it does not need the result.',
    reset:
      'A workflow that waits for it does not proceed. A reset to before the child was started starts the child again.',
    none: 'A workflow that waits for it does not proceed. A reset to before the child was started starts the child again.',
  },
};

/**
 * Why an open run does not proceed. Empty when nothing shows that it is stuck. An activity without heartbeats is a reason
 * only for a caller who waits for a change, or once a cancellation was requested: otherwise it is at work.
 */
export async function explainStuck(
  client: NamespaceClient,
  run: DescribedExecution,
  change: Change = 'cancel',
): Promise<Stuck[]> {
  const found = await findCauses(client, run, MAX_DEPTH);
  const atWork = change === 'none' && !run.cancelRequested;
  const causes = atWork ? found.filter(({ kind }) => kind !== 'activityNotHeartbeating') : found;
  return causes.map((cause) => ({ ...cause, explanation: `${cause.explanation} ${remedies[cause.kind][change]}` }));
}

async function findCauses(client: NamespaceClient, run: DescribedExecution, depth: number): Promise<Stuck[]> {
  const causesOfChild = (child: DescribedExecution) => findCauses(client, child, depth - 1);
  const paused = pausedWorkflow(run);
  const [failing, unclaimed, activities, children] = await Promise.all([
    failingTask(client, run),
    // The tasks of a paused workflow are not given to workers.
    paused ? undefined : unclaimedTask(client, run),
    paused ? [] : unclaimedActivities(client, run),
    depth > 1 ? stuckChildren(client, run, causesOfChild) : [],
  ]);
  const causes = [paused, failing, unclaimed, ...pausedActivities(run), ...activities, ...children];
  return [...causes.filter((cause) => cause !== undefined), ...activitiesNotHeartbeating(run)];
}

function pausedWorkflow({ status, description }: DescribedExecution): Stuck | undefined {
  if (status !== 'Paused') return undefined;
  const { identity, reason, pausedTime } = description.workflowExtendedInfo?.pauseInfo ?? {};
  const since = rfc3339(pausedTime);
  return {
    kind: 'workflowPaused',
    ...(identity && { pausedBy: identity }),
    ...(reason && { reason }),
    pausedTime: since,
    explanation: `The workflow is paused${by(identity, since, reason)}.`,
  };
}
