import { BATCH_WORKFLOW_ID_PREFIX, batchOperationId } from '../api/batch-workflow-id';
import { OperationFailure } from '../api/failures';
import { BATCH_WORKFLOW_TYPE } from './batch/batch';
import { chunksOf } from './chunks';
import { mapWithConcurrency } from './map-with-concurrency';
import { describeExecution, ignoreNotFound } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import type { NamespaceClient, WorkflowExecution } from './temporal/namespace-client';
import { incomparable, quoted } from './temporal/visibility-text';
import type { ChangeRequest, RunPlan, Verb } from './verb';

/*
 * Recognizes the workflows that execute batch operations, on Rewind's worker and on Temporal's own batch engine. A job of the
 * latter has the operation ID as its workflow ID, and the type `temporal-sys-batch-workflow-protobuf` (1.29.1 and 1.31.2).
 * Both ID and type have to match, because a user's workflow may have one of them.
 */
const JOB_ID_PREFIX = 'op-';
const JOB_TYPE_PREFIX = 'temporal-sys-batch-workflow';

/*
 * Temporal executes schedules, worker deployments and batch jobs as workflows of the namespace. Their types have this prefix, and
 * so have the IDs of all but the jobs. A change to one breaks what it executes. A schedule takes past actions again after a reset
 * of its workflow, stops for good after a cancellation, and is deleted by a termination (1.29.1 and 1.32.2).
 */
const SYSTEM_PREFIX = 'temporal-sys-';
const SCHEDULE_ID_PREFIX = 'temporal-sys-scheduler:';

/** Visibility condition that excludes Temporal's own workflows, and those that execute batch operations. */
export const EXCEPT_OWN_WORKFLOWS =
  `(WorkflowType != '${BATCH_WORKFLOW_TYPE}' OR WorkflowId NOT STARTS_WITH '${BATCH_WORKFLOW_ID_PREFIX}${JOB_ID_PREFIX}') AND ` +
  `WorkflowType NOT STARTS_WITH '${SYSTEM_PREFIX}'`;

/** A query that does not name the namespace division matches no workflow that has one, as Temporal's own have. */
const SYSTEM_WORKFLOWS =
  `WorkflowType STARTS_WITH '${SYSTEM_PREFIX}' AND ` +
  '(TemporalNamespaceDivision IS NULL OR TemporalNamespaceDivision IS NOT NULL)';

/** Workflow IDs per query: at most 500 KB, of the 4 MB that a request may have. */
const IDS_PER_QUERY = 500;

/**
 * Wraps a verb so that it refuses workflows that execute batch operations, and Temporal's own. Permission to cancel or reset a
 * workflow does not include permission to stop, resume or repeat a batch operation, or to break a schedule.
 */
export function exceptOwnWorkflows<Request extends ChangeRequest, Answer extends object, P extends RunPlan>(
  verb: Verb<Request, Answer, P>,
): Verb<Request, Answer, P> {
  return {
    ...verb,
    async plan(call, targetRunId) {
      await refuseOwnId(call.client, call.request);
      const plan = await verb.plan(call, targetRunId);
      // A batch job that another tool started can have any ID.
      if (!('noop' in plan)) refuseOwnWorkflow(plan.run);
      return plan;
    },
  };
}

/** @throws {OperationFailure} `batch-workflow`, `system-workflow` */
export function refuseOwnWorkflow(run: DescribedExecution): void {
  const { workflowId } = run;
  const type = run.description.workflowExecutionInfo?.type?.name ?? '';
  const owner = ownerOf(workflowId, type);
  if (owner === 'rewind') throw executesBatch(workflowId, operationOf(workflowId));
  if (owner === 'temporal') throw ownedByTemporal(workflowId, type);
}

/**
 * The same, before anything else about the workflow is read. Describes only a workflow whose ID looks like one of an own workflow.
 * @throws {OperationFailure} `batch-workflow`, `system-workflow`
 */
export async function refuseOwnId(
  client: NamespaceClient,
  { workflowId = '', runId }: { workflowId?: string; runId?: string },
): Promise<void> {
  if (operationOf(workflowId) === undefined && !workflowId.startsWith(SYSTEM_PREFIX)) return;
  await refuseDescribed(client, { workflowId, runId });
}

/**
 * The same for a list that Temporal's own batch engine changes, because it does not use Rewind's verbs. A job that another tool
 * started can have any ID, so all IDs are looked up in visibility, which lists a job up to a second after its start.
 * @throws {OperationFailure} `batch-workflow`, `system-workflow`
 */
export async function refuseOwnIds(client: NamespaceClient, workflowIds: readonly string[]): Promise<void> {
  const inNoQuery = workflowIds.filter((workflowId) => incomparable.test(workflowId));
  const inQuery = workflowIds.filter((workflowId) => !incomparable.test(workflowId));
  await mapWithConcurrency(inNoQuery, (workflowId) => refuseDescribed(client, { workflowId }));
  for (const ids of chunksOf(inQuery.map(quoted), IDS_PER_QUERY)) {
    const { executions } = await client.listWorkflows(`WorkflowId IN (${ids.join(', ')}) AND ${SYSTEM_WORKFLOWS}`, 1);
    for (const run of executions) await refuseDescribed(client, run);
  }
}

/** The verb, or the batch engine, reports a workflow that does not exist. */
async function refuseDescribed(client: NamespaceClient, execution: WorkflowExecution): Promise<void> {
  const run = await describeExecution(client, execution).catch(ignoreNotFound);
  if (run) refuseOwnWorkflow(run);
}

function executesBatch(workflowId: string, operationId: string | undefined): OperationFailure {
  return new OperationFailure(
    'batch-workflow',
    `Workflow ${JSON.stringify(workflowId)} executes batch operation ${operationId}. Nothing was done.`,
    {
      field: 'workflowId',
      value: workflowId,
      allowed: `a workflow of your own. To stop the batch operation: POST batch-operations/${operationId}/cancel; to repeat what failed in it: POST batch-operations/${operationId}/retry`,
    },
  );
}

function ownedByTemporal(workflowId: string, type: string): OperationFailure {
  const scheduleId = workflowId.startsWith(SCHEDULE_ID_PREFIX)
    ? workflowId.slice(SCHEDULE_ID_PREFIX.length)
    : undefined;
  const [what, command] =
    scheduleId === undefined
      ? [`is one of Temporal's own, of type ${type}`, 'temporal']
      : [`executes schedule ${JSON.stringify(scheduleId)}`, 'temporal schedule'];
  return new OperationFailure('system-workflow', `Workflow ${JSON.stringify(workflowId)} ${what}. Nothing was done.`, {
    field: 'workflowId',
    value: workflowId,
    allowed: `a workflow of your own. The command \`${command}\` changes what this one executes`,
  });
}

/** Returns who owns a workflow with this ID and type, if not a user. */
export function ownerOf(workflowId: string, type: string): 'rewind' | 'temporal' | undefined {
  if (isBatchWorkflow(workflowId, type)) return 'rewind';
  return type.startsWith(SYSTEM_PREFIX) ? 'temporal' : undefined;
}

/** Whether a workflow with this ID and type executes a batch operation. */
function isBatchWorkflow(workflowId: string, type: string): boolean {
  const operationId = operationOf(workflowId);
  if (operationId === undefined) return false;
  return workflowId === operationId ? type.startsWith(JOB_TYPE_PREFIX) : type === BATCH_WORKFLOW_TYPE;
}

/** Returns the ID of the batch operation that a workflow with this ID may execute. */
function operationOf(workflowId: string): string | undefined {
  const id = workflowId.startsWith(BATCH_WORKFLOW_ID_PREFIX) ? batchOperationId(workflowId) : workflowId;
  return id.startsWith(JOB_ID_PREFIX) ? id : undefined;
}
