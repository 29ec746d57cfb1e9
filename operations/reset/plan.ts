import type { ResetRequest } from '../../api/reset';
import { OperationFailure } from '../../api/failures';
import { isOpen } from '../temporal/enums';
import { describeExecution } from '../temporal/executions';
import type { DescribedExecution } from '../temporal/executions';
import type { NamespaceClient } from '../temporal/namespace-client';
import { affectedChildren } from './affected-children';
import type { AffectedChildren } from './affected-children';
import { chooseResetPoint } from './choose-point';
import { laterRuns, runsOfResets, withRun } from './later-runs';
import type { ChosenPoint } from './target';

/** A planned reset, also the basis of a preview. */
export interface ResetPlan extends ChosenPoint, AffectedChildren {
  /** ID of `run`. */
  runId: string;
  /** The workflow's current run. */
  current: DescribedExecution;
  /** The runs that continued `run` as new, oldest first. */
  later: DescribedExecution[];
  /** Other runs after `run`, in which children may have been started: those of earlier resets, and the live run. */
  others: DescribedExecution[];
  /** The live run that the server will terminate: the run to reset or a later one. Absent when no run is open. */
  terminates?: DescribedExecution;
}

/**
 * Plans a reset. Changes nothing.
 * @param pinnedRunId the run that an earlier attempt at the same operation recorded as its target
 * @throws {OperationFailure} `conflict` when the workflow is not in the state that the request requires,
 *   `not-a-reset-point` when the target selects no event
 */
export async function planReset(
  client: NamespaceClient,
  request: ResetRequest,
  pinnedRunId?: string,
): Promise<ResetPlan> {
  const { workflowId } = request;
  const runId = pinnedRunId ?? request.runId;
  const [named, current] = await Promise.all([
    describeExecution(client, { workflowId, runId }),
    runId === undefined ? undefined : describeExecution(client, { workflowId }),
  ]);
  return planFrom(client, request, named, current ?? named, pinnedRunId !== undefined);
}

async function planFrom(
  client: NamespaceClient,
  request: ResetRequest,
  named: DescribedExecution,
  current: DescribedExecution,
  pinned: boolean,
): Promise<ResetPlan> {
  guardCurrentRun(request, current);
  const chosen = await chooseResetPoint(client, named, request.target, pinned);
  guardLiveRun(request, chosen.run, current);
  const terminates = isOpen(current.status) ? current : undefined;
  const resetTime = isOpen(chosen.run.status) ? undefined : Infinity;
  const later = await laterRuns(client, chosen.run);
  const ofResets = await runsOfResets(client, [chosen.run, ...later]);
  const others = terminates?.runId === chosen.run.runId ? ofResets : withRun(ofResets, terminates);
  const children = await affectedChildren(client, chosen.run, chosen.eventId, { later, others, resetTime });
  return { ...chosen, ...children, runId: chosen.run.runId, current, later, others, terminates };
}

/**
 * Checks immediately before the reset that the current run is still the planned one: the server would terminate any run that
 * is live by then. The API has no conditional reset, so a small race remains.
 * @throws {OperationFailure} `conflict` when another run is current
 */
export async function guardUnchanged(client: NamespaceClient, { current }: ResetPlan): Promise<void> {
  const now = await describeExecution(client, { workflowId: current.workflowId });
  if (now.runId === current.runId) return;
  throw new OperationFailure(
    'conflict',
    `Workflow ${JSON.stringify(current.workflowId)} moved from run ${current.runId} to run ${now.runId} while its reset was being prepared. Nothing was done.`,
    {
      field: 'runId',
      value: current.runId,
      allowed: 'a new request under a new idempotency key, for the current run',
    },
  );
}

function guardCurrentRun({ ifCurrentRunId }: ResetRequest, current: DescribedExecution): void {
  if (ifCurrentRunId === undefined || ifCurrentRunId === current.runId) return;
  throw new OperationFailure(
    'conflict',
    `The current run of workflow ${JSON.stringify(current.workflowId)} is ${current.runId}, not ${ifCurrentRunId}. Nothing was done.`,
    { field: 'ifCurrentRunId', value: ifCurrentRunId, allowed: `the current run, ${current.runId}, or left out` },
  );
}

/** The server terminates the live run of a workflow ID whichever of its runs is reset. */
function guardLiveRun({ terminateRunId }: ResetRequest, run: DescribedExecution, current: DescribedExecution): void {
  if (terminateRunId !== undefined && terminateRunId !== current.runId) {
    throw new OperationFailure(
      'conflict',
      `The current run of workflow ${JSON.stringify(run.workflowId)} is ${current.runId}, not ${terminateRunId}. Nothing was done.`,
      {
        field: 'terminateRunId',
        value: terminateRunId,
        allowed: `the current run, ${current.runId}, if it may be terminated`,
      },
    );
  }
  if (run.runId === current.runId || !isOpen(current.status) || terminateRunId === current.runId) return;
  throw new OperationFailure(
    'conflict',
    `Resetting run ${run.runId} would terminate run ${current.runId} of workflow ${JSON.stringify(run.workflowId)}, which is live. Nothing was done.`,
    {
      field: 'terminateRunId',
      allowed: `${current.runId}, to have that run terminated; or reset that run instead`,
    },
  );
}
