import type { temporal } from '@temporalio/proto';
import { parentClosePolicy, pendingActivityState, pendingWorkflowTaskState } from './temporal/enums';
import type {
  ParentClosePolicy,
  PendingActivityState,
  PendingWorkflowTaskState,
  WorkflowStatus,
} from './temporal/enums';
import { describeExecution } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import { toNumber } from './temporal/to-number';
import type { NamespaceClient, WorkflowExecution } from './temporal/namespace-client';
import { durationSeconds, rfc3339 } from './temporal/time';
import { webUiLink } from './web-ui';

/** What a person or service needs to know of a workflow before acting on it. Times are RFC 3339, absent when unknown. */
export interface WorkflowDescriptionResult {
  namespace: string;
  workflowId: string;
  runId: string;
  /** First run of the chain: pass it as `firstExecutionRunId` to act on this chain and no successor. */
  firstExecutionRunId: string;
  workflowType: string;
  taskQueue: string;
  status: WorkflowStatus;
  /** A cancellation was asked for; the workflow may not have heard of it yet. */
  cancelRequested: boolean;
  startTime?: string;
  closeTime?: string;
  historyLength: number;
  historySizeBytes: number;
  parent?: { workflowId: string; runId: string };
  pendingActivities: PendingActivity[];
  pendingChildren: PendingChild[];
  pendingWorkflowTask?: PendingWorkflowTask;
  links: { webUi?: string };
}

export interface PendingActivity {
  activityId: string;
  activityType: string;
  state: PendingActivityState;
  attempt: number;
  scheduledTime?: string;
  lastStartedTime?: string;
  lastHeartbeatTime?: string;
  /** 0: none set, so this activity cannot hear of a cancellation. */
  heartbeatTimeoutSeconds: number;
  startToCloseTimeoutSeconds: number;
  lastFailure?: string;
}

export interface PendingChild {
  workflowId: string;
  runId: string;
  workflowType: string;
  parentClosePolicy: ParentClosePolicy;
}

export interface PendingWorkflowTask {
  state: PendingWorkflowTaskState;
  /** From 2 on the task has failed or timed out before. */
  attempt: number;
  scheduledTime?: string;
  startedTime?: string;
}

/** @throws {OperationFailure} `workflow-not-found`, `run-not-found`, or what kept Temporal from answering */
export async function describeWorkflow(
  client: NamespaceClient,
  execution: WorkflowExecution,
  webUiUrl?: string,
): Promise<WorkflowDescriptionResult> {
  return workflowAnswer(client.namespace, await describeExecution(client, execution), webUiUrl);
}

export function workflowAnswer(
  namespace: string,
  described: DescribedExecution,
  webUiUrl?: string,
): WorkflowDescriptionResult {
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
