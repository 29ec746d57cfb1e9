import type { temporal } from '@temporalio/proto';
import { OperationFailure } from '../api/failures';
import type { UpdateOptionsRequest, UpdateOptionsResult } from '../api/update-options';
import { exceptOwnWorkflows } from './own-workflows';
import { findInChain, requireEndOfChain, targetRun } from './chain';
import type { Actor } from './ledger/attribution';
import { runAnswer } from './run-summary';
import { isOpen } from './temporal/enums';
import { TemporalRejection } from './temporal/errors';
import { describeExecution } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import { USUAL_CLOCK_SKEW_MS } from './temporal/history';
import type { HistoryEvent } from './temporal/namespace-client';
import { epochMilliseconds } from './temporal/time';
import type { Call, OperationResult, RunPlan, Verb } from './verb';

type Override = UpdateOptionsRequest['versioningOverride'];
type UpdateCall = Call<UpdateOptionsRequest>;

/** Sets or removes the versioning override of an open run. */
export const updateOptions: Verb<UpdateOptionsRequest, UpdateOptionsResult, RunPlan> = exceptOwnWorkflows({
  name: 'updateOptions',
  repeatable: true,

  async plan(call, targetRunId) {
    const run = await targetRun(call.client, call.request, targetRunId);
    if (!isOpen(run.status)) return { noop: result(call, 'alreadyClosed', run) };
    if (isSame(overrideOf(run), call.request.versioningOverride)) return { noop: result(call, 'unchanged', run) };
    return { runId: run.runId, run };
  },

  async execute(call, { run }) {
    const { client, request, actor } = call;
    call.assertLease?.();
    try {
      await client.updateVersioningOverride(run, request.versioningOverride, actor.id);
    } catch (error) {
      if (!(error instanceof TemporalRejection)) throw error;
      if (error.refused) throw refusal(request, run, error);
      if (!error.notFound) throw error;
      const now = await describeExecution(client, run);
      if (isOpen(now.status)) throw error;
      await requireEndOfChain(client, now, request);
      return result(call, 'alreadyClosed', now);
    }
    return result(call, 'updated', run, overrideOf(run));
  },

  /**
   * The event has no reason, and no identity before 1.32. An event since the request that sets the same override counts. An older
   * one does not: another override had replaced it.
   */
  async lookupOutcome(call, runId, since) {
    const { client, request, actor } = call;
    const { workflowId } = request;
    const earliest = since.getTime() - USUAL_CLOCK_SKEW_MS;
    const isOurs = (event: HistoryEvent) =>
      (epochMilliseconds(event.eventTime) ?? 0) >= earliest && sets(event, request, actor);
    const updated = await findInChain(client, { workflowId, runId }, since, isOurs, { onlyThisRun: true });
    if (updated === undefined) return undefined;
    return result(call, 'updated', await describeExecution(client, { workflowId, runId }));
  },
});

function sets(event: HistoryEvent, { versioningOverride }: UpdateOptionsRequest, actor: Actor): boolean {
  const attributes = event.workflowExecutionOptionsUpdatedEventAttributes;
  if (!attributes || (attributes.identity && attributes.identity !== actor.id)) return false;
  if (attributes.unsetVersioningOverride) return versioningOverride === 'none';
  return attributes.versioningOverride
    ? isSame(readOverride(attributes.versioningOverride), versioningOverride)
    : false;
}

const overrideOf = ({ description }: DescribedExecution): Override =>
  readOverride(description.workflowExecutionInfo?.versioningInfo?.versioningOverride);

function readOverride(override: temporal.api.workflow.v1.IVersioningOverride | null | undefined): Override {
  if (override?.autoUpgrade) return 'autoUpgrade';
  const { deploymentName, buildId } = override?.pinned?.version ?? {};
  return deploymentName && buildId ? { pinned: { deploymentName, buildId } } : 'none';
}

function isSame(one: Override, other: Override): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return one.pinned.deploymentName === other.pinned.deploymentName && one.pinned.buildId === other.pinned.buildId;
}

function refusal(
  { versioningOverride }: UpdateOptionsRequest,
  { workflowId, runId }: DescribedExecution,
  rejection: TemporalRejection,
): OperationFailure {
  return new OperationFailure(
    'conflict',
    `Temporal refused the override for workflow ${JSON.stringify(workflowId)}, run ${runId}: ${rejection.details}. Nothing was done.`,
    {
      field: 'versioningOverride',
      value: versioningOverride,
      allowed: 'a version whose workers have polled the task queue, "autoUpgrade" or "none"',
      operatorDetail: rejection.details,
    },
    { cause: rejection },
  );
}

/** @param previous the override that this request replaced */
function result(
  call: UpdateCall,
  outcome: UpdateOptionsResult['outcome'],
  run: DescribedExecution,
  previous?: Override,
): OperationResult<UpdateOptionsResult> {
  return {
    outcome,
    answer: {
      ...runAnswer(call, outcome, run),
      versioningOverride: outcome === 'alreadyClosed' ? overrideOf(run) : call.request.versioningOverride,
      previousVersioningOverride: previous,
    },
  };
}
