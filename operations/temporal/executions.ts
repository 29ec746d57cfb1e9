import type { PauseInfo } from '../../api/describe';
import { OperationFailure } from '../../api/failures';
import { workflowStatus } from './enums';
import type { WorkflowStatus } from '../../api/enums';
import { TemporalRejection } from './errors';
import type { NamespaceClient, WorkflowDescription, WorkflowExecution } from './namespace-client';
import { rfc3339 } from './time';

/** A run's description, with its most used fields extracted. */
export interface DescribedExecution {
  workflowId: string;
  runId: string;
  firstRunId: string;
  status: WorkflowStatus;
  cancelRequested: boolean;
  description: WorkflowDescription;
}

/**
 * Describes the given run, or the current run if `runId` is absent.
 *
 * @throws {OperationFailure} `workflow-not-found`, or `run-not-found` when the workflow exists without this run
 */
export async function describeExecution(
  client: NamespaceClient,
  execution: WorkflowExecution,
): Promise<DescribedExecution> {
  let description: WorkflowDescription;
  try {
    description = await client.describe(execution);
  } catch (error) {
    if (error instanceof TemporalRejection && error.notFound) throw await notFound(client, execution);
    throw error;
  }
  const info = description.workflowExecutionInfo;
  const runId = info?.execution?.runId;
  if (!info || !runId) throw new OperationFailure('internal', 'Temporal described a workflow without its run.');
  return {
    workflowId: execution.workflowId,
    runId,
    firstRunId: info.firstRunId || runId,
    status: workflowStatus(info.status),
    cancelRequested: description.workflowExtendedInfo?.cancelRequested ?? false,
    description,
  };
}

/** Returns the ID of the schedule that started a run's chain. */
export function scheduleOf({ description }: DescribedExecution): string | undefined {
  const { indexedFields } = description.workflowExecutionInfo?.searchAttributes ?? {};
  const data = indexedFields?.['TemporalScheduledById']?.data;
  // Search attributes are encoded as JSON, in the client and on the server.
  return data ? String(JSON.parse(Buffer.from(data).toString())) : undefined;
}

/** Returns who paused a run, when and why; undefined for a run that is not paused. */
export function pauseOf({ status, description }: DescribedExecution): PauseInfo | undefined {
  if (status !== 'Paused') return undefined;
  const { identity, reason, pausedTime } = description.workflowExtendedInfo?.pauseInfo ?? {};
  return { pausedBy: identity || undefined, pausedTime: rfc3339(pausedTime), reason: reason || undefined };
}

/** Whether the history may lack events: the server buffers them while a workflow task runs (observed on 1.29.1 and 1.31.2). */
export function mayBeUnwritten({ description }: DescribedExecution): boolean {
  return Boolean(description.pendingWorkflowTask?.startedTime);
}

/**
 * For the `catch` of a call on a run that was described before. Temporal may have deleted the run since.
 * @throws {OperationFailure} `workflow-not-found` or `run-not-found` if so; otherwise rethrows the error
 */
export async function explainNotFound(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  error: unknown,
): Promise<never> {
  if (error instanceof TemporalRejection && error.notFound) await describeExecution(client, execution);
  throw error;
}

/** Whether a call failed because the workflow or the run does not exist, or Temporal has deleted it. */
export function isNotFound(error: unknown): error is OperationFailure {
  return error instanceof OperationFailure && error.kind.endsWith('-not-found');
}

/** For the `catch` of a call on a workflow or run that Temporal may have deleted. */
export function ignoreNotFound(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}

/** Distinguishes an unknown workflow from an unknown run of a known workflow. The server returns the same error for both. */
async function notFound(client: NamespaceClient, { workflowId, runId }: WorkflowExecution): Promise<OperationFailure> {
  if (runId !== undefined) {
    const current = await client.describe({ workflowId }).catch(() => undefined);
    const currentRunId = current?.workflowExecutionInfo?.execution?.runId;
    if (currentRunId) {
      return new OperationFailure('run-not-found', `Workflow ${JSON.stringify(workflowId)} has no run ${runId}.`, {
        field: 'runId',
        value: runId,
        allowed: `a run of this workflow that its namespace still retains; its latest run is ${currentRunId}`,
      });
    }
  }
  return new OperationFailure(
    'workflow-not-found',
    `Namespace ${client.namespace} has no workflow ${JSON.stringify(workflowId)}.`,
    {
      field: 'workflowId',
      value: workflowId,
      allowed: 'the id of a workflow that exists or whose retention has not ended',
    },
  );
}
