import type { Stuck } from '../../api/stuck';
import type { DescribedExecution } from '../temporal/executions';
import { eventsNewestFirst } from '../temporal/history';
import type { NamespaceClient } from '../temporal/namespace-client';
import { epochMilliseconds } from '../temporal/time';
import { findUnclaimed, pinnedVersion } from './pollers';

/** How far back to look for the failure of a workflow task that is being retried: it is the newest of its events. */
const FAILURE_PAGE_SIZE = 20;

/** A workflow task that fails again and again. */
export async function failingTask(client: NamespaceClient, run: DescribedExecution): Promise<Stuck | undefined> {
  const attempt = run.description.pendingWorkflowTask?.attempt ?? 1;
  if (attempt < 2) return undefined;
  const failure = await newestTaskFailure(client, run);
  return {
    kind: 'workflowTaskFailing',
    attempt,
    failure,
    explanation: `The workflow task fails, now on attempt ${attempt}${failure === undefined ? '' : `: ${failure}`}.`,
  };
}

/** The server writes the first failure of a task into the history; retries leave no event. */
async function newestTaskFailure(client: NamespaceClient, run: DescribedExecution): Promise<string | undefined> {
  for await (const { event } of eventsNewestFirst(client, run, FAILURE_PAGE_SIZE)) {
    if (event.workflowTaskFailedEventAttributes) {
      return event.workflowTaskFailedEventAttributes.failure?.message || undefined;
    }
    if (event.workflowTaskTimedOutEventAttributes) return 'the task timed out';
    if (event.workflowTaskCompletedEventAttributes) return undefined;
  }
  return undefined;
}

/** A workflow task that no worker takes. */
export async function unclaimedTask(client: NamespaceClient, run: DescribedExecution): Promise<Stuck | undefined> {
  const { pendingWorkflowTask: task, executionConfig } = run.description;
  const scheduled = epochMilliseconds(task?.scheduledTime);
  const claimed = task?.startedTime !== undefined && task.startedTime !== null;
  if (scheduled === undefined || claimed) return undefined;
  const deploymentVersion = pinnedVersion(run);
  const taskQueue = executionConfig?.taskQueue?.name ?? '';
  const unclaimed = await findUnclaimed(client, taskQueue, 'workflow', scheduled, deploymentVersion);
  return unclaimed && { kind: 'noPoller', ...unclaimed, ...(deploymentVersion && { deploymentVersion }) };
}
