import { MAX_CHILDREN_LISTED } from '../../api/reset';
import type { NewRun, OrphanedChild, ResetPreview, ResetRequest, ResetResult } from '../../api/reset';
import { exceptOwnWorkflows, refuseOwnWorkflow } from '../batch/own-workflows';
import { tagReason } from '../ledger/attribution';
import { pendingActivities } from '../pending-activities';
import { discardedBy } from './discarded';
import { findReset, findTerminated } from './lookup';
import { lockWorkflow } from './lock';
import { affectedChildren } from './affected-children';
import type { AffectedChildren } from './affected-children';
import { childrenEnded, endOrphans, endOrphansFirst } from './end-orphans';
import { followNewRun } from './new-run';
import { guardUnchanged, planReset } from './plan';
import type { ResetPlan } from './plan';
import { refusalOf } from './refusal';
import { signalNewRun } from './then-signal';
import { TemporalRejection } from '../temporal/errors';
import { describeExecution, explainNotFound } from '../temporal/executions';
import { epochMilliseconds } from '../temporal/time';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { Call, ExecutionResult, FollowUp, OperationDependencies, OperationResult } from '../verb';
import { webUiLink } from '../web-ui';

type ResetCall = Call<ResetRequest>;
type MadeReset = Pick<ResetResult, 'runId' | 'newRunId' | 'eventId' | 'terminatedRunId'>;

/** Time for the look at the new run, its record and the answer after a wait or after ending children, in milliseconds. */
const AFTER_WAIT_MS = 3_000;

/**
 * Starts a new run that continues from just before the event that the target means. The server terminates the workflow's
 * live run; where that is another than the one that is reset, the request has to name it.
 *
 * Orphaned children are ended before it, by operations of their own: one with a fixed workflow id would keep the new run
 * from starting its child. When that is cut short, a repetition under the same idempotency key continues it.
 */
export const reset = exceptOwnWorkflows<ResetRequest, ResetResult, ResetPlan>({
  name: 'reset',
  // Since server 1.31.0 the same request id makes another run each time.
  repeatable: false,

  plan: ({ client, request }, targetRunId) => planReset(client, request, targetRunId),

  async execute(call, plan, dependencies) {
    await prepare(call, plan, dependencies);
    const { orphanedChildren: action = 'leave' } = call.request;
    if (action === 'leave' || plan.orphanedChildren.length === 0) return resetNow(call, plan);
    const ended = await endOrphansFirst(dependencies, call, plan.orphanedChildren, action);
    try {
      // That takes a while, and the end of a child wakes its parent.
      await call.renewLease?.();
      await prepare(call, plan, dependencies);
      return await resetNow(call, plan, ended);
    } catch (error) {
      throw childrenEnded(error, ended, action);
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
 * What a reset would do now. Changes nothing, in Temporal or in the ledger.
 * @throws {OperationFailure} what the reset would be refused with
 */
export async function previewReset(
  client: NamespaceClient,
  request: ResetRequest,
  webUiUrl?: string,
): Promise<ResetPreview> {
  await refuseOwnWorkflow(client, request);
  const plan = await planReset(client, request);
  const { run, eventId, why, terminates } = plan;
  const { workflowId, runId } = run;
  return {
    outcome: 'preview',
    namespace: client.namespace,
    workflowId,
    runId,
    eventId,
    why,
    discarded: await discardedBy(client, run, eventId, request.excludeReapply),
    pendingActivities: pendingActivities(run),
    ...listed(plan),
    terminatesRunId: terminates?.runId,
    links: webUiLink(webUiUrl, client.namespace, workflowId, runId),
  };
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
  const { client, request, operationId, actor } = call;
  const { workflowId, excludeReapply, versioningOverride } = request;
  const { runId, eventId, why, terminates } = plan;
  call.assertLease?.();
  const attribution = { reason: tagReason(request.reason, call), identity: actor.id, temporalRequestId: operationId };
  const newRunId = await client
    .reset({ workflowId, runId }, eventId, attribution, { excludeReapply, versioningOverride })
    .catch(async (error: unknown) => {
      if (error instanceof TemporalRejection && error.refused) throw await refusalOf(client, request, plan, error);
      return explainNotFound(client, { workflowId, runId }, error);
    });
  // Before anything else: a worker may take the new run's first task at once.
  const signalled = await signalNewRun(call, newRunId);
  const terminatedRunId = await terminatedNow(call, runId, terminates?.runId);
  const made = { runId, newRunId, eventId, terminatedRunId };
  // The run may have started another child between plan and reset. If that cannot be read, the planned ones are returned.
  const { orphanedChildren, missingChildResults } = await childrenAfter(call, made).catch(() => plan);
  const endedRuns = new Set(ended.map((child) => child.runId));
  const late = orphanedChildren.filter((child) => !endedRuns.has(child.runId));
  return result(call, { ...made, why, ...signalled }, { orphanedChildren: [...ended, ...late], missingChildResults });
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

function listed({ orphanedChildren, missingChildResults }: AffectedChildren) {
  return {
    orphanedChildren: orphanedChildren.slice(0, MAX_CHILDREN_LISTED),
    orphanedChildrenTotal: orphanedChildren.length,
    missingChildResults: missingChildResults.slice(0, MAX_CHILDREN_LISTED),
    missingChildResultsTotal: missingChildResults.length,
  };
}

/**
 * The run that the reset terminated: by the tag in its history, since another tool can end or replace the live run between
 * the last look at it and the reset.
 * @param live the live run as of that look; without one, nothing is looked up
 */
async function terminatedNow(
  { client, operationId, request: { workflowId } }: ResetCall,
  runId: string,
  live: string | undefined,
): Promise<string | undefined> {
  if (live === undefined) return undefined;
  // The change is made: what cannot be read is reported as it was planned.
  return findTerminated(client, { workflowId, runId }, operationId, new Date(), live).catch(() => live);
}

async function childrenAfter(
  { client, request: { workflowId } }: ResetCall,
  { runId, newRunId, eventId, terminatedRunId }: MadeReset,
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
  return affectedChildren(client, base, eventId, { ended, resetTime });
}

async function* followUp(
  dependencies: OperationDependencies,
  call: ResetCall,
  { answer, replayed }: ExecutionResult<ResetResult>,
): AsyncGenerator<FollowUp<ResetResult>, void, void> {
  const { orphanedChildren: action = 'leave', waitSeconds = 0 } = call.request;
  // What the run started until the reset was made; and what a repetition finds not done.
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

/** Another request may have ended some of the children at the same time. */
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
