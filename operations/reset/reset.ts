import { MAX_CHILDREN_LISTED } from '../../api/reset';
import type { Discarded, NewRun, OrphanedChild, ResetPreview, ResetRequest, ResetResult } from '../../api/reset';
import { exceptOwnWorkflows, refuseOwnId, refuseOwnWorkflow } from '../own-workflows';
import { attributionOf } from '../ledger/attribution';
import { pendingActivities } from '../pending-activities';
import { discardedBy } from './discarded';
import { findReset, findTerminated } from './lookup';
import { lockWorkflow } from './lock';
import { affectedChildren, withoutReceived } from './affected-children';
import type { AffectedChildren } from './affected-children';
import { endOrphans, endOrphansFirst, withEndedChildren } from './end-orphans';
import { laterRuns, runsOfResets } from './later-runs';
import { followNewRun } from './new-run';
import { guardUnchanged, planReset } from './plan';
import type { ResetPlan } from './plan';
import { refusalOf } from './refusal';
import { signalNewRun } from './then-signal';
import { TemporalRejection } from '../temporal/errors';
import { describeExecution, explainNotFound, mayBeUnwritten, pauseOf, scheduleOf } from '../temporal/executions';
import type { DescribedExecution } from '../temporal/executions';
import { epochMilliseconds } from '../temporal/time';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { Call, ExecutionResult, FollowUp, OperationDependencies, OperationResult } from '../verb';
import { webUiLink } from '../web-ui';

type ResetCall = Call<ResetRequest>;
type MadeReset = Pick<ResetResult, 'runId' | 'newRunId' | 'eventId' | 'terminatedRunId'>;

/** Time to read the new run, record it and respond, after a wait or after ending children, in milliseconds. */
const AFTER_WAIT_MS = 3_000;

/**
 * Resets a workflow: starts a new run that continues from just before the event that the target selects. The server
 * terminates the workflow's live run. If that is not the run to reset, the request must name it in `terminateRunId`.
 *
 * Orphaned children are ended before the reset, in separate operations: an open child with a fixed workflow ID would keep
 * the new run from starting its child. A repeated request under the same idempotency key continues an interrupted reset.
 */
export const reset = exceptOwnWorkflows<ResetRequest, ResetResult, ResetPlan>({
  name: 'reset',
  // Since server 1.31.0, each reset starts another run, even with the same request ID.
  repeatable: false,

  plan: ({ client, request }, targetRunId) => planReset(client, request, targetRunId),

  async execute(call, plan, dependencies) {
    await prepare(call, plan, dependencies);
    const { orphanedChildren: action = 'leave' } = call.request;
    if (action === 'leave' || plan.orphanedChildren.length === 0) return resetNow(call, plan);
    const ended = await endOrphansFirst(dependencies, call, plan.orphanedChildren, action);
    try {
      // Ending children takes a while, and the close of a child triggers a workflow task of its parent.
      await call.renewLease?.();
      await prepare(call, plan, dependencies);
      return await resetNow(call, plan, ended);
    } catch (error) {
      throw withEndedChildren(error, ended, action);
    }
  },

  async lookupOutcome(call, runId, since) {
    const { client, request, operationId } = call;
    const base = await describeExecution(client, { workflowId: request.workflowId, runId });
    const found = await findReset(client, base, operationId, since, request.terminateRunId);
    if (!found) return undefined;
    const { eventId } = found;
    const why = `Event ${eventId} was chosen by an earlier attempt at this operation, whose answer was lost.`;
    const children = await childrenAfter(call, { runId, ...found });
    const signalled = await signalNewRun(call, found.newRunId);
    return result(call, { runId, why, ...signalled, ...found }, children);
  },

  preview: ({ client, request, webUiUrl }) => previewReset(client, request, webUiUrl),

  followUp,
});

/**
 * Returns what a reset would do now. Changes nothing, in Temporal or in the ledger.
 * @throws {OperationFailure} as the reset would
 */
export async function previewReset(
  client: NamespaceClient,
  request: ResetRequest,
  webUiUrl?: string,
): Promise<ResetPreview> {
  await refuseOwnId(client, request);
  const plan = await planReset(client, request);
  refuseOwnWorkflow(plan.run);
  const { run, eventId, why, terminates } = plan;
  const { workflowId, runId } = run;
  const discarded = await discardedBy(client, plan, request.excludeReapply);
  return {
    outcome: 'preview',
    namespace: client.namespace,
    workflowId,
    runId,
    eventId,
    why,
    discarded,
    pendingActivities: pendingActivities(run),
    paused: terminates && pauseOf(terminates),
    ...(keepsCancelRequest(run, discarded) && { cancelRequested: true }),
    ...listed(plan),
    terminatesRunId: terminates?.runId,
    ...endedWith(plan),
    scheduleId: scheduleOf(run),
    links: webUiLink(webUiUrl, client.namespace, workflowId, runId),
  };
}

/** Whether a cancellation was requested before the point. */
function keepsCancelRequest(run: DescribedExecution, { cancelRequests }: Discarded): boolean {
  return run.cancelRequested && cancelRequests === 0 && !mayBeUnwritten(run);
}

async function prepare(call: ResetCall, plan: ResetPlan, dependencies: OperationDependencies): Promise<void> {
  await lockWorkflow(dependencies, call);
  await guardUnchanged(call.client, plan);
}

/** @param ended orphaned children that were ended before the reset */
async function resetNow(
  call: ResetCall,
  plan: ResetPlan,
  ended: OrphanedChild[] = [],
): Promise<OperationResult<ResetResult>> {
  const { client, request } = call;
  const { workflowId, excludeReapply, versioningOverride } = request;
  const { runId, eventId, why, terminates } = plan;
  call.assertLease?.();
  const newRunId = await client
    .reset({ workflowId, runId }, eventId, attributionOf(call), { excludeReapply, versioningOverride })
    .catch(async (error: unknown) => {
      if (error instanceof TemporalRejection && error.refused) throw await refusalOf(client, request, plan, error);
      return explainNotFound(client, { workflowId, runId }, error);
    });
  // Send the signal before anything else: a worker may start the new run's first task at any moment.
  const signalled = await signalNewRun(call, newRunId);
  const terminatedRunId = await terminatedNow(call, runId, terminates?.runId);
  const made = { runId, newRunId, eventId, terminatedRunId };
  // The run may have started more children between plan and reset. If they cannot be read, return the planned ones.
  const { orphanedChildren, ...others } = await childrenAfter(call, made, plan.others).catch(() => plan);
  const endedRuns = new Set(ended.map((child) => child.runId));
  const late = orphanedChildren.filter((child) => !endedRuns.has(child.runId));
  return result(call, { ...made, why, ...signalled }, { ...others, orphanedChildren: [...ended, ...late] });
}

function result(
  { client: { namespace }, request: { workflowId }, operationId, webUiUrl }: ResetCall,
  done: MadeReset & Pick<ResetResult, 'why' | 'thenSignal'>,
  children: AffectedChildren,
): OperationResult<ResetResult> {
  const links = webUiLink(webUiUrl, namespace, workflowId, done.newRunId);
  const made = { operationId, outcome: 'reset' as const, namespace, workflowId, ...done };
  return { outcome: 'reset', answer: { ...made, ...listed(children), links } };
}

function listed({ orphanedChildren, missingChildResults, moreLaterRuns }: AffectedChildren) {
  return {
    orphanedChildren: orphanedChildren.slice(0, MAX_CHILDREN_LISTED),
    orphanedChildrenTotal: orphanedChildren.length,
    missingChildResults: missingChildResults.slice(0, MAX_CHILDREN_LISTED),
    missingChildResultsTotal: missingChildResults.length,
    ...(moreLaterRuns && { moreLaterRuns }),
  };
}

/** Returns the children that the server ends with the live run. It ends none with the run that is reset. */
function endedWith({ terminates, run, endedChildren }: ResetPlan) {
  if (terminates === undefined || terminates.runId === run.runId) return {};
  const ended = endedChildren.filter(({ parentRunId }) => parentRunId === terminates.runId);
  return {
    endedChildren: ended
      .slice(0, MAX_CHILDREN_LISTED)
      .map(({ workflowId, runId, workflowType, parentClosePolicy }) => ({
        workflowId,
        runId,
        workflowType,
        parentClosePolicy,
      })),
    endedChildrenTotal: ended.length,
  };
}

/**
 * Finds the run that the reset terminated, by the tag in its history: another client may have closed or replaced the live
 * run since it was last read.
 * @param live the live run when it was last read; without one, nothing was terminated
 */
async function terminatedNow(
  { client, operationId, request: { workflowId } }: ResetCall,
  runId: string,
  live: string | undefined,
): Promise<string | undefined> {
  if (live === undefined) return undefined;
  // The reset is made: if the history cannot be read, return the planned run.
  return findTerminated(client, { workflowId, runId }, operationId, new Date(), live).catch(() => live);
}

async function childrenAfter(
  { client, request: { workflowId } }: ResetCall,
  { runId, newRunId, eventId, terminatedRunId }: MadeReset,
  planned?: DescribedExecution[],
): Promise<AffectedChildren> {
  const closedBefore = terminatedRunId !== runId;
  const [base, ended, newRun] = await Promise.all([
    describeExecution(client, { workflowId, runId }),
    terminatedRunId !== undefined && closedBefore
      ? describeExecution(client, { workflowId, runId: terminatedRunId })
      : undefined,
    closedBefore ? describeExecution(client, { workflowId, runId: newRunId }) : undefined,
  ]);
  const resetTime = epochMilliseconds(newRun?.description.workflowExecutionInfo?.startTime);
  const later = await laterRuns(client, base);
  // The base run's description names only the new run now, not those of earlier resets.
  const ofResets = planned ?? (await runsOfResets(client, later));
  const others = ended ? [ended, ...ofResets] : ofResets;
  const affected = await affectedChildren(client, base, eventId, { later, others, resetTime });
  const newExecution = { workflowId, runId: newRunId };
  return {
    ...affected,
    missingChildResults: await withoutReceived(client, newExecution, eventId, affected.missingChildResults),
  };
}

async function* followUp(
  dependencies: OperationDependencies,
  call: ResetCall,
  { answer, replayed }: ExecutionResult<ResetResult>,
): AsyncGenerator<FollowUp<ResetResult>, void, void> {
  const { orphanedChildren: action = 'leave', waitSeconds = 0 } = call.request;
  // Children that the run started just before the reset, and those that an interrupted request did not end.
  if (action !== 'leave' && answer.orphanedChildren.some((child) => !child.operation)) {
    const until = (call.deadline ?? Infinity) - AFTER_WAIT_MS;
    const children = await endOrphans(dependencies, call, answer.orphanedChildren, action, until);
    yield { amend: (current) => ({ ...current, orphanedChildren: merged(current.orphanedChildren, children) }) };
  }
  if (answer.thenSignal && answer.thenSignal.outcome !== 'sent') {
    const signalled = await signalNewRun(call, answer.newRunId);
    yield { amend: (current) => ({ ...current, ...signalled }) };
  }
  if (waitSeconds > 0 && !replayed) {
    const newRun = await watchNewRun(call, answer, waitSeconds);
    yield { amend: (current) => ({ ...current, newRun }) };
  }
}

/** Keeps what a concurrent request recorded about a child. */
function merged(recorded: OrphanedChild[], children: OrphanedChild[]): OrphanedChild[] {
  return recorded.map((child, index) => (child.operation ? child : (children[index] ?? child)));
}

function watchNewRun(
  { client, deadline = Infinity }: ResetCall,
  { workflowId, runId, newRunId }: ResetResult,
  waitSeconds: number,
): Promise<NewRun> {
  const until = Math.min(deadline - AFTER_WAIT_MS, Date.now() + waitSeconds * 1000);
  return followNewRun(client, { workflowId, runId: newRunId }, { workflowId, runId }, until);
}
