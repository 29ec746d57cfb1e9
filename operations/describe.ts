import type { temporal } from '@temporalio/proto';
import type { PendingActivity, Workflow } from '../api/describe';
import { parentClosePolicy, pendingActivityState, pendingWorkflowTaskState } from './temporal/enums';
import { describeExecution } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import { toNumber } from './temporal/to-number';
import type { NamespaceClient, WorkflowExecution } from './temporal/namespace-client';
import { durationSeconds, rfc3339 } from './temporal/time';
import { webUiLink } from './web-ui';

/** @throws {OperationFailure} `workflow-not-found`, `run-not-found`, or what kept Temporal from answering */
export async function describeWorkflow(
  client: NamespaceClient,
  execution: WorkflowExecution,
  webUiUrl?: string,
): Promise<Workflow> {
  return toWorkflow(client.namespace, await describeExecution(client, execution), webUiUrl);
}

export function toWorkflow(namespace: string, described: DescribedExecution, webUiUrl?: string): Workflow {
  const { workflowId, runId, firstRunId, status, cancelRequested, description } = described;
  const info = description.workflowExecutionInfo;
  const parent = info?.parentExecution;
  const task = description.pendingWorkflowTask;
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
    ...(parent?.workflowId && { parent: { workflowId: parent.workflowId, runId: parent.runId ?? '' } }),
    pendingActivities: description.pendingActivities.map(pendingActivity),
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

function pendingActivity(activity: temporal.api.workflow.v1.IPendingActivityInfo): PendingActivity {
  return {
    activityId: activity.activityId ?? '',
    activityType: activity.activityType?.name ?? '',
    state: pendingActivityState(activity.state),
    attempt: activity.attempt ?? 1,
    scheduledTime: rfc3339(activity.scheduledTime),
    lastStartedTime: rfc3339(activity.lastStartedTime),
    lastHeartbeatTime: rfc3339(activity.lastHeartbeatTime),
    heartbeatTimeoutSeconds: durationSeconds(activity.activityOptions?.heartbeatTimeout),
    startToCloseTimeoutSeconds: durationSeconds(activity.activityOptions?.startToCloseTimeout),
    ...(activity.lastFailure && { lastFailure: activity.lastFailure.message ?? '' }),
  };
}
