import type { temporal } from '@temporalio/proto';
import type { Workflow } from '../api/describe';
import { predecessorIn, toRelation, resetRunOf, successorIn } from './chain';
import { failureOf } from './workflow-failure';
import { failureMessage } from './temporal/event-labels';
import { taskEnd } from './temporal/workflow-task';
import { pendingActivities } from './pending-activities';
import { explainStuck } from './stuck';
import { pinnedVersion, toVersion } from './stuck/pollers';
import {
  isOpen,
  parentClosePolicy,
  pendingNexusOperationState,
  pendingWorkflowTaskState,
  versioningBehavior,
} from './temporal/enums';
import { describeExecution, pauseOf, scheduleOf } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import { eventsNewestFirst, firstEvent, newestEvent } from './temporal/history';
import { toNumber } from './temporal/to-number';
import type { NamespaceClient, WorkflowExecution } from './temporal/namespace-client';
import { durationSeconds, epochMilliseconds, futureTime, rfc3339 } from './temporal/time';
import { webUiLink } from './web-ui';

type StartedEvent = temporal.api.history.v1.IWorkflowExecutionStartedEventAttributes;

/**
 * Describes a run, including why it does not proceed or why it failed. Makes a single call for an open run that is the first
 * of its chain and shows no sign of being stuck. Otherwise also reads the first or last history event, or the pollers.
 *
 * @throws {OperationFailure} `workflow-not-found`, `run-not-found`, or a failure to reach Temporal
 */
export async function describeWorkflow(
  client: NamespaceClient,
  execution: WorkflowExecution,
  webUiUrl?: string,
): Promise<Workflow> {
  const run = await describeExecution(client, execution);
  const open = isOpen(run.status);
  const [first, backoffUntil, closing, stuck] = await Promise.all([
    needsFirstEvent(run) ? firstEvent(client, run) : undefined,
    backoffEnd(client, run),
    open ? undefined : newestEvent(client, run),
    open ? explainStuck(client, run, 'none') : undefined,
  ]);
  const started = first?.workflowExecutionStartedEventAttributes ?? undefined;
  const reset = resetRunOf(run);
  return {
    ...toWorkflow(client.namespace, run, webUiUrl),
    stuck,
    failure: closing && failureOf(closing),
    predecessor: started && predecessorIn(run.runId, started),
    successor:
      (closing && successorIn(closing)) ?? (reset === undefined ? undefined : { runId: reset, relation: 'reset' }),
    cronSchedule: started?.cronSchedule || undefined,
    scheduleId: scheduleOf(run),
    backoff: started && backoffUntil !== undefined ? { until: backoffUntil, cause: backoffCause(started) } : undefined,
  };
}

/** Whether the run can have a predecessor, a cron schedule or a delayed start, which only its first event shows. */
function needsFirstEvent({ runId, firstRunId, description }: DescribedExecution): boolean {
  const { startTime, executionTime } = description.workflowExecutionInfo ?? {};
  return firstRunId !== runId || (epochMilliseconds(executionTime) ?? 0) > (epochMilliseconds(startTime) ?? 0);
}

/**
 * Returns when the first workflow task of a run in backoff is due; undefined for other runs. A cancellation ends the backoff of
 * a start delay or a cron schedule (1.29.1).
 */
async function backoffEnd(client: NamespaceClient, run: DescribedExecution): Promise<string | undefined> {
  const { workflowExecutionInfo: info, pendingWorkflowTask } = run.description;
  const isDue = (epochMilliseconds(info?.executionTime) ?? 0) <= Date.now();
  if (!isOpen(run.status) || isDue || pendingWorkflowTask) return undefined;
  for await (const { event } of eventsNewestFirst(client, run)) {
    if (taskEnd(event)) return undefined;
  }
  return rfc3339(info?.executionTime);
}

function backoffCause(started: StartedEvent): NonNullable<Workflow['backoff']>['cause'] {
  if (started.continuedExecutionRunId) return toRelation(started.initiator);
  return started.cronSchedule ? 'cron' : 'startDelay';
}

function toWorkflow(namespace: string, described: DescribedExecution, webUiUrl?: string): Workflow {
  const { workflowId, runId, firstRunId, status, cancelRequested, description } = described;
  const info = description.workflowExecutionInfo;
  const parent = info?.parentExecution;
  // The server keeps in the description of a closed run what was pending when it closed.
  const open = isOpen(status);
  const task = open ? description.pendingWorkflowTask : undefined;
  return {
    namespace,
    workflowId,
    runId,
    firstExecutionRunId: firstRunId,
    workflowType: info?.type?.name ?? '',
    taskQueue: info?.taskQueue || description.executionConfig?.taskQueue?.name || '',
    status,
    cancelRequested,
    startTime: rfc3339(info?.startTime),
    closeTime: rfc3339(info?.closeTime),
    historyLength: toNumber(info?.historyLength),
    historySizeBytes: toNumber(info?.historySizeBytes),
    paused: pauseOf(described),
    timeouts: timeoutsOf(described),
    versioning: versioningOf(described),
    ...(parent?.workflowId && { parent: { workflowId: parent.workflowId, runId: parent.runId ?? '' } }),
    pendingActivities: pendingActivities(described),
    pendingNexusOperations: open ? description.pendingNexusOperations.map(pendingNexusOperation) : [],
    pendingChildren: description.pendingChildren.map((child) => ({
      workflowId: child.workflowId ?? '',
      runId: child.runId ?? '',
      workflowType: child.workflowTypeName ?? '',
      parentClosePolicy: parentClosePolicy(child.parentClosePolicy),
    })),
    ...(task && {
      pendingWorkflowTask: {
        state: pendingWorkflowTaskState(task.state),
        attempt: task.attempt ?? 1,
        scheduledTime: rfc3339(task.scheduledTime),
        startedTime: rfc3339(task.startedTime),
      },
    }),
    links: webUiLink(webUiUrl, namespace, workflowId, runId),
  };
}

function timeoutsOf({ description }: DescribedExecution): Workflow['timeouts'] {
  const { executionConfig: config, workflowExtendedInfo: extended } = description;
  return {
    executionSeconds: durationSeconds(config?.workflowExecutionTimeout),
    runSeconds: durationSeconds(config?.workflowRunTimeout),
    workflowTaskSeconds: durationSeconds(config?.defaultWorkflowTaskTimeout),
    executionExpirationTime: rfc3339(extended?.executionExpirationTime),
    runExpirationTime: rfc3339(extended?.runExpirationTime),
  };
}

function versioningOf(described: DescribedExecution): Workflow['versioning'] {
  const versioning = described.description.workflowExecutionInfo?.versioningInfo;
  const behavior = versioningBehavior(versioning?.behavior);
  const deploymentVersion = toVersion(versioning?.deploymentVersion);
  const pinnedTo = pinnedVersion(described);
  if (behavior === 'Unspecified' && !deploymentVersion && !pinnedTo) return undefined;
  return { behavior, deploymentVersion, pinnedTo };
}

function pendingNexusOperation(
  operation: temporal.api.workflow.v1.IPendingNexusOperationInfo,
): Workflow['pendingNexusOperations'][number] {
  return {
    endpoint: operation.endpoint ?? '',
    service: operation.service ?? '',
    operation: operation.operation ?? '',
    state: pendingNexusOperationState(operation.state),
    attempt: operation.attempt ?? 0,
    scheduledTime: rfc3339(operation.scheduledTime),
    nextAttemptTime: futureTime(operation.nextAttemptScheduleTime),
    scheduleToCloseTimeoutSeconds: durationSeconds(operation.scheduleToCloseTimeout),
    ...(operation.lastAttemptFailure && { lastFailure: failureMessage(operation.lastAttemptFailure) }),
    ...(operation.blockedReason && { blockedReason: operation.blockedReason }),
  };
}
