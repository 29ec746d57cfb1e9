import type { Stuck } from '../../api/stuck';
import type { DescribedExecution } from '../temporal/executions';
import { eventsNewestFirst } from '../temporal/history';
import type { NamespaceClient } from '../temporal/namespace-client';
import { epochMilliseconds } from '../temporal/time';
import { findUnclaimed, pinnedVersion } from './pollers';

/** Detects a workflow task that keeps failing. */
export async function failingTask(client: NamespaceClient, run: DescribedExecution): Promise<Stuck | undefined> {
  const attempt = run.description.pendingWorkflowTask?.attempt ?? 1;
  if (attempt < 2) return undefined;
  const failure = await newestTaskFailure(client, run);
  return {
    kind: 'workflowTaskFailing',
    attempt,
    failure,
    explanation: `The workflow task keeps failing, now on attempt ${attempt}${failure === undefined ? '' : `: ${failure}`}.`,
  };
}

/** The server writes only the first failure of a task to the history, not those of its retries. */
async function newestTaskFailure(client: NamespaceClient, run: DescribedExecution): Promise<string | undefined> {
  for await (const { event } of eventsNewestFirst(client, run)) {
    if (event.workflowTaskFailedEventAttributes) {
      return event.workflowTaskFailedEventAttributes.failure?.message || undefined;
    }
    if (event.workflowTaskTimedOutEventAttributes) return 'the task timed out';
    if (event.workflowTaskCompletedEventAttributes) return undefined;
  }
  return undefined;
}

/** Detects a workflow task whose task queue no worker polls. */
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
