import type { NewRun, OrphanedChild, ResetPreview, ResetRequest, ResetResult } from '../../api/reset';
import { exceptOwnWorkflows, refuseOwnWorkflow } from '../batch/own-workflows';
import { tagReason } from '../ledger/attribution';
import { pendingActivities } from '../describe';
import { discardedBy } from './discarded';
import { findReset, findTerminated } from './lookup';
import { lockWorkflow } from './lock';
import { followNewRun } from './new-run';
import { endOrphans, orphanedChildren } from './orphaned-children';
import { guardUnchanged, planReset } from './plan';
import type { ResetPlan } from './plan';
import { refusalOf } from './refusal';
import { TemporalRejection } from '../temporal/errors';
import { describeExecution, explainNotFound } from '../temporal/executions';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { Call, ExecutionResult, FollowUp, OperationDependencies, OperationResult } from '../verb';
import { webUiLink } from '../web-ui';

type ResetCall = Call<ResetRequest>;

/** Time for the look at the new run, its record and the answer after a wait, in milliseconds. */
const AFTER_WAIT_MS = 3_000;

/**
 * Starts a new run that continues from just before the event that the target means. The server terminates the workflow's
 * live run; where that is another than the one that is reset, the request has to name it.
 *
 * Orphaned children are ended after the reset is recorded. When that is cut short, a repetition under the same idempotency
 * key continues it.
 */
export const reset = exceptOwnWorkflows<ResetRequest, ResetResult, ResetPlan>({
  name: 'reset',
  // Since server 1.31.0 the same request id makes another run each time.
  repeatable: false,

  plan: ({ client, request }, targetRunId) => planReset(client, request, targetRunId),

  async execute(call, plan, dependencies) {
    const { client, request, operationId, actor } = call;
    const { workflowId, excludeReapply, versioningOverride } = request;
    const { runId, eventId, why, terminates } = plan;
    await lockWorkflow(dependencies, call);
    await guardUnchanged(client, plan);
    call.assertLease?.();
    const attribution = { reason: tagReason(request.reason, call), identity: actor.id, temporalRequestId: operationId };
    const newRunId = await client
      .reset({ workflowId, runId }, eventId, attribution, { excludeReapply, versioningOverride })
      .catch(async (error: unknown) => {
        if (error instanceof TemporalRejection && error.refused) throw await refusalOf(client, request, plan, error);
        return explainNotFound(client, { workflowId, runId }, error);
      });
    const terminatedRunId = await terminatedNow(call, runId, terminates?.runId);
    // The run may have started another child between plan and reset. If that cannot be read, the planned ones are returned.
    const orphans = await orphansNow(call, runId, eventId, terminatedRunId).catch(() => plan.orphans);
    return result(call, { runId, newRunId, eventId, why, terminatedRunId, orphanedChildren: orphans });
  },

  async lookupOutcome(call, runId, since) {
    const { client, request, operationId } = call;
    const base = await describeExecution(client, { workflowId: request.workflowId, runId });
    const found = await findReset(client, base, operationId, since, request.terminateRunId);
    if (!found) return undefined;
    const { newRunId, eventId, terminatedRunId } = found;
    const why = `Event ${eventId} was chosen by an earlier attempt at this operation, whose answer was lost.`;
    const orphans = await orphansNow(call, runId, eventId, terminatedRunId);
    return result(call, { runId, newRunId, eventId, why, terminatedRunId, orphanedChildren: orphans });
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
  const { run, eventId, why, orphans, terminates } = await planReset(client, request);
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
    orphanedChildren: orphans,
    terminatesRunId: terminates?.runId,
    links: webUiLink(webUiUrl, client.namespace, workflowId, runId),
  };
}

function result(
  { client: { namespace }, request: { workflowId }, operationId, webUiUrl }: ResetCall,
  done: Pick<ResetResult, 'runId' | 'newRunId' | 'eventId' | 'why' | 'terminatedRunId' | 'orphanedChildren'>,
): OperationResult<ResetResult> {
  const links = webUiLink(webUiUrl, namespace, workflowId, done.newRunId);
  return { outcome: 'reset', answer: { operationId, outcome: 'reset', namespace, workflowId, ...done, links } };
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

async function orphansNow(
  { client, request: { workflowId } }: ResetCall,
  runId: string,
  eventId: number,
  terminatedRunId?: string,
): Promise<OrphanedChild[]> {
  const [base, ended] = await Promise.all([
    describeExecution(client, { workflowId, runId }),
    terminatedRunId === undefined || terminatedRunId === runId
      ? undefined
      : describeExecution(client, { workflowId, runId: terminatedRunId }),
  ]);
  return orphanedChildren(client, base, eventId, ended);
}

async function* followUp(
  dependencies: OperationDependencies,
  call: ResetCall,
  { answer, record, replayed }: ExecutionResult<ResetResult>,
): AsyncGenerator<FollowUp<ResetResult>, void, void> {
  const { orphanedChildren: action = 'leave', waitSeconds = 0 } = call.request;
  // Also on a repetition: it continues what the first request did not finish.
  if (action !== 'leave' && answer.orphanedChildren.some((child) => !child.operation)) {
    const { batchOperationId } = record;
    const children = await endOrphans(dependencies, { ...call, batchOperationId }, answer.orphanedChildren, action);
    yield { amend: (current) => ({ ...current, orphanedChildren: merged(current.orphanedChildren, children) }) };
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
