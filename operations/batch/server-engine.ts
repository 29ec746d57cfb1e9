import type { BatchAction, BatchProgress, BatchStopResult } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import type { ResetTarget } from '../../api/reset';
import type { TerminateRequest, TerminateResult } from '../../api/terminate';
import { tagReason } from '../ledger/attribution';
import { executeOperation } from '../execute-operation';
import { OperationFailure } from '../../api/failures';
import { describeExecution } from '../temporal/executions';
import type { BatchJob, BatchJobDescription, BatchResetPoint, NamespaceClient } from '../temporal/namespace-client';
import { terminateBy } from '../terminate';
import type { TerminatePlan } from '../terminate';
import type { Call, OperationResult, Verb } from '../verb';
import { batchJobLink } from '../web-ui';
import { noProgress } from './batch';
import type { BatchRecord } from './batch';
import { WORKFLOW_GONE, whyClosed } from './closed';
import type { BatchEngine, StartedBatch } from './engine';
import { effectiveQuery } from './query';
import { listedIds } from './subjects';

/**
 * Temporal's own batch engine: a job on the server, with the operation's id for its own, so that it is started once.
 * What it does was observed on servers 1.29.1 and 1.31.2, see docs/temporal-semantics.md.
 */
export function serverEngine(client: NamespaceClient): BatchEngine {
  const started = ({ operationId, webUiUrl, request }: Call<BatchRequest>): StartedBatch => ({
    limitations: limitationsOf(request),
    links: batchJobLink(webUiUrl, client.namespace, operationId),
    unsettled: true,
  });

  return {
    workflowId: (operationId) => operationId,

    limitations(request) {
      jobAction(request);
      return limitationsOf(request);
    },

    async start(call) {
      const { operationId: jobId, actor, request } = call;
      try {
        await client.startBatchOperation(
          { jobId, of: jobSubjects(request), action: jobAction(request) },
          { reason: tagReason(request.reason, call), identity: actor.id, temporalRequestId: jobId },
        );
      } catch (error) {
        // The server looks at its limit first: the job that keeps it busy may be this very one, of an earlier attempt.
        const busy = error instanceof OperationFailure && error.kind === 'throttled';
        if (!busy || !(await client.describeBatchOperation(jobId))) throw error;
      }
      return started(call);
    },

    async find(call) {
      return (await client.describeBatchOperation(call.operationId)) && started(call);
    },

    async progress({ operationId: jobId, state }, known) {
      const job = await client.describeBatchOperation(jobId);
      // Not started yet; or it was, and its retention has ended before the first look.
      if (!job) return state === 'completed' ? { ...known, state: 'failed', failure: WORKFLOW_GONE } : known;
      if (job.state === 'Running') return { ...known, progress: progressOf(job) };
      if (job.state === 'Completed') return { ...known, state: 'completed', progress: progressOf(job) };
      // The server has dropped the counts. Only the job's workflow shows whether it was stopped or failed.
      const workflow = await describeExecution(client, { workflowId: jobId });
      if (workflow.status === 'Terminated') return { ...known, state: 'cancelled' };
      return { ...known, state: 'failed', failure: await whyClosed(client, workflow) };
    },

    async stop(dependencies, { operationId: jobId }, known, operation) {
      // The server drops the counts of a job once it is stopped.
      if (known.state === 'running') await dependencies.ledger.updateBatch(jobId, known);
      const request = { workflowId: jobId, reason: operation.request.reason };
      const verb = stopJob(known);
      const stopped = await executeOperation<TerminateRequest, BatchStopResult, TerminatePlan>(
        dependencies,
        client,
        verb,
        { ...operation, request },
      );
      // Reconciliation knows a stop as the termination of a workflow, without counts.
      return { ...stopped, answer: { matched: known.matched, ...known.progress, ...stopped.answer } };
    },
  };
}

const terminateJob = terminateBy((client, { workflowId }, attribution) =>
  client.stopBatchOperation(workflowId, attribution),
);

/** Stopping a job is terminating the workflow behind it, by an RPC of its own. */
function stopJob({ matched, progress }: BatchRecord): Verb<TerminateRequest, BatchStopResult, TerminatePlan> {
  const withCounts = ({ answer, ...done }: OperationResult<TerminateResult>) => ({
    ...done,
    answer: { ...answer, matched, ...progress },
  });
  return {
    name: 'terminate',
    repeatable: true,
    async plan(call, targetRunId) {
      const plan = await terminateJob.plan(call, targetRunId);
      return 'noop' in plan ? { noop: withCounts(plan.noop) } : plan;
    },
    execute: async (call, plan, dependencies) => withCounts(await terminateJob.execute(call, plan, dependencies)),
    async lookupOutcome(call, runId, since) {
      const done = await terminateJob.lookupOutcome(call, runId, since);
      return done && withCounts(done);
    },
  };
}

function jobSubjects(request: BatchRequest): BatchJob['of'] {
  if (request.query !== undefined) return { query: effectiveQuery(request) };
  return { executions: (listedIds(request) ?? []).map((workflowId) => ({ workflowId })) };
}

/** What only a worker does. */
const workersOnly = ['orphanedChildren', 'followSeconds', 'canary', 'stopAtFailureRate'] as const;

/** @throws {OperationFailure} `invalid-request` for what Temporal's engine cannot do, such as a reset to where it cannot find */
function jobAction(request: BatchRequest): BatchJob['action'] {
  const { action, target, excludeReapply, versioningOverride } = request;
  if (action !== 'cancel' && action !== 'terminate' && action !== 'reset') throw otherAction(action);
  for (const field of workersOnly) {
    // It leaves orphaned children as they are.
    if (request[field] !== undefined && request[field] !== 'leave') throw onlyByWorker(field, request[field]);
  }
  if (action !== 'reset') return action;
  const override = versioningOverride === 'none' ? undefined : versioningOverride;
  return { reset: resetPoint(target), excludeReapply, versioningOverride: override };
}

function otherAction(action: BatchAction): OperationFailure {
  return new OperationFailure(
    'invalid-request',
    `Temporal's own batch engine cancels, terminates and resets; ${action} takes Rewind's worker. Nothing was done.`,
    { field: 'engine', value: 'server', allowed: `"worker" with "action": "${action}"` },
  );
}

function onlyByWorker(field: string, value: unknown): OperationFailure {
  return new OperationFailure(
    'invalid-request',
    `Temporal's own batch engine does not have ${field}: it follows no single workflow. Nothing was done.`,
    { field, value, allowed: 'left out, or "engine": "worker"' },
  );
}

function resetPoint(target: ResetTarget | undefined): BatchResetPoint {
  if (target && 'buildId' in target) return { buildId: target.buildId };
  if (target && 'at' in target && target.at !== 'lastContinuedAsNew') return target.at;
  throw new OperationFailure(
    'invalid-request',
    "Temporal's own batch engine cannot reset to this target. Nothing was done.",
    {
      field: 'target',
      value: target,
      allowed:
        'with "engine": "server" one of {"at": "firstWorkflowTask"}, {"at": "lastWorkflowTask"}, {"buildId": "…"}; with "engine": "worker" any target',
    },
  );
}

function progressOf({ succeeded, failed }: BatchJobDescription): BatchProgress {
  return {
    ...noProgress,
    done: succeeded + failed,
    outcomes: succeeded > 0 ? { succeeded } : {},
    failed: failed > 0 ? { unexplained: failed } : {},
  };
}

const generalLimitations = [
  'There is no line for each workflow: the ledger holds this batch operation and no operation for each of its workflows, so "items" and "retry" are refused, and no event tells of a single workflow.',
  'Progress is counted when a page of 1,000 workflows is done, failures are counted and not explained, and a workflow that is gone counts as a success.',
  'ratePerSecond is ignored: the server has a rate of its own, 50 a second unless its operator set another.',
  'One job at a time: until it has ended, every other batch operation of this engine in the namespace is refused as throttled.',
];

const actionLimitations: Partial<Record<BatchAction, string[]>> = {
  cancel: [
    "The workflows' histories have neither the reason nor the caller: the server drops both on a cancellation. This operation and its job in Temporal keep them.",
    'How a workflow takes its cancellation is not followed.',
  ],
  terminate: [
    "The workflows' histories name the server's own worker as the one who asked; the reason, with this operation and who asked, is kept.",
  ],
  reset: [
    'A reset whose answer is lost is sent again under another request id, which makes another run.',
    'Which run a workflow was reset to is not told.',
  ],
};

/** What a caller has to know of an engine that keeps no account of single workflows, for what was asked. */
function limitationsOf({ action, query }: BatchRequest): string[] {
  const everyRun =
    'Every run that matches is reset, not the latest of each workflow only, and resetting an old one terminates the live run of its workflow.';
  return [
    ...generalLimitations,
    ...(actionLimitations[action] ?? []),
    ...(action === 'reset' && query !== undefined ? [everyRun] : []),
  ];
}
