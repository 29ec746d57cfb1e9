import { hasTag, tagReason } from '../ledger/attribution';
import type { OperationContext } from '../ledger/attribution';
import { workflowAnswer } from '../describe';
import type { PendingActivity } from '../describe';
import { executeOnce } from '../ledger/execute-once';
import type {
  OperationHandler,
  OperationResult,
  ExecuteOnceDependencies,
  ExecutionResult,
  RequestedOperation,
} from '../ledger/execute-once';
import { discardedBy } from './discarded';
import type { Discarded } from './discarded';
import { followNewRun } from './new-run';
import type { NewRun } from './new-run';
import { handleOrphans, orphanedChildren } from './orphaned-children';
import type { OrphanedChild, OrphanAction } from './orphaned-children';
import { guardUnchanged, planReset } from './plan';
import type { ResetPlan } from './plan';
import { refusalOf } from './refusal';
import type { ResetTarget } from './target';
import { TemporalRejection } from '../temporal/errors';
import { describeExecution } from '../temporal/executions';
import type { DescribedExecution } from '../temporal/executions';
import { findRecentEvent } from '../temporal/history';
import { toNumber } from '../temporal/to-number';
import type { NamespaceClient, ResetOptions, WorkflowExecution } from '../temporal/namespace-client';
import { ignoreFollowUpFailure } from '../wait-for-close';
import { webUiLink } from '../web-ui';

export interface ResetRequest extends WorkflowExecution, ResetOptions {
  reason: string;
  target: ResetTarget;
  /** Refuses when the workflow's current run is another. */
  ifCurrentRunId?: string;
  /** The live run that may be terminated although another, closed one is reset. */
  terminateRunId?: string;
  /** What to do with children that are left without a parent; `leave` when left out. */
  orphanedChildren?: OrphanAction;
}

export interface ResetResult {
  operationId: string;
  outcome: 'reset';
  namespace: string;
  workflowId: string;
  /** The run that was reset. */
  runId: string;
  /** The run that goes on from the reset point. */
  newRunId: string;
  /** Events before this one were kept. */
  eventId: number;
  /** Why it is this event, as a sentence. */
  why: string;
  /** The run that was live and that the server terminated. */
  terminatedRunId?: string;
  /** Children that went on without a parent, and what was done with each. */
  orphanedChildren: OrphanedChild[];
  /** How far the new run got, where somebody waited for it. */
  newRun?: NewRun;
  links: { webUi?: string };
}

/** What a reset would do, found out by the same steps as the reset takes. */
export interface ResetPreview {
  outcome: 'preview';
  namespace: string;
  workflowId: string;
  /** The run that would be reset. */
  runId: string;
  eventId: number;
  why: string;
  discarded: Discarded;
  /** Activities of the run that are at work or wait for a retry. */
  pendingActivities: PendingActivity[];
  orphanedChildren: OrphanedChild[];
  /** The live run that would be terminated. */
  terminatesRunId?: string;
  /** To the run that would be reset. */
  links: { webUi?: string };
}

export interface ResetPatience {
  /** How long to watch the new run; a repetition gets the first answer and does not wait. 0 when left out. */
  waitSeconds?: number;
  /** When to have done with waiting and with orphaned children, in milliseconds since the epoch. */
  until?: number;
}

/** Runs of the workflow looked through when an earlier attempt's new run is neither linked nor current. */
const MAX_RUNS_SEARCHED = 50;

/** What the server signs a workflow task with that it starts only to fail it. */
const SERVER_IDENTITY = 'history-service';

/**
 * Starts a new run that goes on from just before the event that the target means. The server terminates the workflow's
 * live run; where that is another than the one that is reset, the request has to name it.
 *
 * Orphaned children are dealt with after the reset is in the ledger. Should that be cut short, a repetition under the
 * same idempotency key takes it up.
 *
 * @throws {OperationFailure} `not-a-reset-point` with the newest points that the server accepts, `conflict`, or as
 *   `performOnce`
 */
export async function resetWorkflow(
  dependencies: ExecuteOnceDependencies,
  client: NamespaceClient,
  operation: RequestedOperation<ResetRequest>,
  { waitSeconds = 0, until = Infinity }: ResetPatience = {},
): Promise<ExecutionResult<ResetResult>> {
  const performed = await executeOnce(dependencies, operation, resetHandler(client, operation.request));
  const { record, replayed } = performed;
  let { answer } = performed;

  const treatment = operation.request.orphanedChildren ?? 'leave';
  if (treatment !== 'leave' && answer.orphanedChildren.some((child) => !child.operation)) {
    const { request: _, ...asked } = { ...operation, actor: record.actor };
    const { operationId, orphanedChildren: children } = answer;
    const treated = await handleOrphans(
      dependencies,
      client,
      { operationId, operation: asked, children },
      treatment,
      until,
    );
    await note({ ...answer, orphanedChildren: treated });
  }
  if (waitSeconds > 0 && !replayed) {
    const { workflowId, runId, newRunId } = answer;
    const newRun = { workflowId, runId: newRunId };
    const end = Math.min(until, Date.now() + waitSeconds * 1000);
    const seen = await followNewRun(client, newRun, { workflowId, runId }, end).catch(ignoreFollowUpFailure);
    if (seen) await note({ ...answer, newRun: seen });
  }
  return { record: { ...record, answer }, answer, replayed };

  async function note(fuller: ResetResult): Promise<void> {
    answer = fuller;
    await dependencies.ledger
      .update(record, { answer })
      .catch((error: unknown) => dependencies.onRecordFailure(record, error));
  }
}

/**
 * What `resetWorkflow` would do now. Changes nothing, in Temporal or in the ledger.
 * @throws {OperationFailure} what the reset would be refused with
 */
export async function previewReset(
  client: NamespaceClient,
  request: ResetRequest,
  webUiUrl?: string,
): Promise<ResetPreview> {
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
    pendingActivities: workflowAnswer(client.namespace, run).pendingActivities,
    orphanedChildren: orphans,
    ...(terminates && { terminatesRunId: terminates.runId }),
    links: webUiLink(webUiUrl, client.namespace, workflowId, runId),
  };
}

/** What is known of a reset that was done. */
type Outcome = Pick<ResetResult, 'runId' | 'newRunId' | 'eventId' | 'why' | 'terminatedRunId' | 'orphanedChildren'>;

/** How a reset is planned, done, and looked up. */
export function resetHandler(client: NamespaceClient, request: ResetRequest): OperationHandler<ResetResult> {
  const { workflowId, excludeReapply, versioningOverride } = request;

  function result({ operationId, webUiUrl }: OperationContext, outcome: Outcome): OperationResult<ResetResult> {
    const { namespace } = client;
    const links = webUiLink(webUiUrl, namespace, workflowId, outcome.newRunId);
    return {
      outcome: 'reset',
      answer: { operationId, outcome: 'reset', namespace, workflowId, ...outcome, links },
    };
  }

  async function execute(context: OperationContext, plan: ResetPlan): Promise<OperationResult<ResetResult>> {
    const { run, eventId, why, terminates } = plan;
    await guardUnchanged(client, plan);
    const newRunId = await client
      .reset({ workflowId, runId: run.runId }, eventId, attribution(context), { excludeReapply, versioningOverride })
      .catch(async (error: unknown) => {
        if (error instanceof TemporalRejection && error.refused) throw await refusalOf(client, request, plan, error);
        throw error;
      });
    return result(context, {
      runId: run.runId,
      newRunId,
      eventId,
      why,
      ...(terminates && { terminatedRunId: terminates.runId }),
      // It may have started another child between plan and reset; if that cannot be told, what is known goes out.
      orphanedChildren: await orphansNow(run.runId, eventId, terminates?.runId).catch(() => plan.orphans),
    });
  }

  function attribution(context: OperationContext) {
    const { operationId: temporalRequestId, actor } = context;
    return { reason: tagReason(request.reason, context), identity: actor.id, temporalRequestId };
  }

  async function orphansNow(runId: string, eventId: number, endedRunId?: string): Promise<OrphanedChild[]> {
    const [base, ended] = await Promise.all([
      describeExecution(client, { workflowId, runId }),
      endedRunId === undefined || endedRunId === runId
        ? undefined
        : describeExecution(client, { workflowId, runId: endedRunId }),
    ]);
    return orphanedChildren(client, base, eventId, ended);
  }

  return {
    async plan(context, pinnedRunId) {
      const plan = await planReset(client, request, pinnedRunId);
      return { runId: plan.run.runId, execute: () => execute(context, plan) };
    },

    /** The new run names the operation in the event that marks where it was reset. */
    async lookupOutcome(context, runId, since) {
      const base = await describeExecution(client, { workflowId, runId });
      for await (const newRunId of laterRuns(client, base)) {
        const eventId = await resetEventId(client, { workflowId, runId: newRunId }, context.operationId, since);
        if (eventId === undefined) continue;
        const terminatedRunId = await terminatedBy(client, base, request.terminateRunId, context.operationId, since);
        return result(context, {
          runId,
          newRunId,
          eventId,
          why: `Event ${eventId} was chosen by an earlier attempt at this operation, whose answer was lost.`,
          ...(terminatedRunId !== undefined && { terminatedRunId }),
          orphanedChildren: await orphansNow(runId, eventId, terminatedRunId),
        });
      }
      return undefined;
    },
  };
}

/** Runs that may have come of a reset of this one, the likeliest first. */
async function* laterRuns(client: NamespaceClient, base: DescribedExecution): AsyncGenerator<string, void, void> {
  const { workflowId } = base;
  const current = await describeExecution(client, { workflowId });
  const likely = new Set([base.description.workflowExtendedInfo?.resetRunId, current.runId]);
  likely.delete(base.runId);
  for (const runId of likely) if (runId) yield runId;
  // Somebody else has reset it since, and both links lead to their run.
  for (const runId of await client.listRunIds(workflowId, MAX_RUNS_SEARCHED)) {
    if (runId !== base.runId && !likely.has(runId)) yield runId;
  }
}

/** The event that this operation reset to, if the run came of it. */
async function resetEventId(
  client: NamespaceClient,
  newRun: Required<WorkflowExecution>,
  operationId: string,
  since: Date,
): Promise<number | undefined> {
  const mark = await findRecentEvent(client, newRun, since, (event) =>
    hasTag(event.workflowTaskFailedEventAttributes?.failure?.message, operationId),
  );
  if (!mark) return undefined;
  // The task that was pending at the point had perhaps not been started; then the server did so, at the point itself.
  const startedId = toNumber(mark.workflowTaskFailedEventAttributes?.startedEventId);
  const started = await findRecentEvent(client, newRun, since, ({ eventId }) => toNumber(eventId) === startedId);
  const byServer = started?.workflowTaskStartedEventAttributes?.identity === SERVER_IDENTITY;
  return byServer ? startedId : toNumber(mark.eventId);
}

/** The run that this operation ended: the reset one, or the one that the request let it end. */
async function terminatedBy(
  client: NamespaceClient,
  { workflowId, runId }: DescribedExecution,
  terminateRunId: string | undefined,
  operationId: string,
  since: Date,
): Promise<string | undefined> {
  for (const ended of new Set([runId, terminateRunId ?? runId])) {
    const terminated = await findRecentEvent(client, { workflowId, runId: ended }, since, (event) =>
      hasTag(event.workflowExecutionTerminatedEventAttributes?.reason, operationId),
    );
    if (terminated) return ended;
  }
  return undefined;
}
