import type { BatchAction, BatchProgress, BatchStopResult } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import type { ResetTarget } from '../../api/reset';
import type { TerminateRequest, TerminateResult } from '../../api/terminate';
import { tagReason } from '../ledger/attribution';
import { executeOperation } from '../execute-operation';
import { isFailure, OperationFailure } from '../../api/failures';
import { describeExecution } from '../temporal/executions';
import type { BatchJob, BatchJobDescription, BatchResetPoint, NamespaceClient } from '../temporal/namespace-client';
import { terminateBy } from '../terminate';
import type { Call, OperationResult, RunPlan, Verb } from '../verb';
import { batchJobLink } from '../web-ui';
import { noProgress } from './batch';
import type { BatchRecord } from './batch';
import { WORKFLOW_GONE, whyClosed } from './closed';
import type { BatchEngine, StartedBatch } from './engine';
import { effectiveQuery } from './query';
import { listedIds } from './selection';

/**
 * Returns the engine that uses Temporal's own batch engine. The job ID is the operation ID, so that a job is started only once.
 * Its behavior was observed on servers 1.29.1 and 1.31.2; see docs/temporal-semantics.md.
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
          { jobId, of: selectionOf(request), action: jobAction(request) },
          { reason: tagReason(request.reason, call), identity: actor.id, temporalRequestId: jobId },
        );
      } catch (error) {
        // The server checks its limit before the job ID, so the running job may be this one, from an earlier attempt.
        const busy = isFailure(error, 'throttled');
        if (!busy || !(await client.describeBatchOperation(jobId))) throw error;
      }
      return started(call);
    },

    async find(call) {
      return (await client.describeBatchOperation(call.operationId)) && started(call);
    },

    async progress({ operationId: jobId, state }, known) {
      const job = await client.describeBatchOperation(jobId);
      // The job was not started yet; or it was, and its retention ended before the first check.
      if (!job) return state === 'completed' ? { ...known, state: 'failed', failure: WORKFLOW_GONE } : known;
      if (job.state === 'Running') return { ...known, progress: progressOf(job) };
      if (job.state === 'Completed') return { ...known, state: 'completed', progress: progressOf(job) };
      // The server has discarded the counts. Only the job's workflow shows whether the job was stopped or has failed.
      const workflow = await describeExecution(client, { workflowId: jobId });
      if (workflow.status === 'Terminated') return { ...known, state: 'cancelled' };
      return { ...known, state: 'failed', failure: await whyClosed(client, workflow) };
    },

    async stop(dependencies, { operationId: jobId }, known, operation) {
      // The server discards the counts of a job when it is stopped.
      if (known.state === 'running') await dependencies.ledger.updateBatch(jobId, known);
      const request = { workflowId: jobId, reason: operation.request.reason };
      const verb = stopJob(known);
      const stopped = await executeOperation<TerminateRequest, BatchStopResult, RunPlan>(dependencies, client, verb, {
        ...operation,
        request,
      });
      // A stop that reconciliation completed is recorded as the termination of a workflow, without counts.
      return { ...stopped, answer: { matched: known.matched, ...known.progress, ...stopped.answer } };
    },
  };
}

const terminateJob = terminateBy((client, { workflowId }, attribution) =>
  client.stopBatchOperation(workflowId, attribution),
);

/** Returns the verb that stops a job. A stop terminates the job's workflow, with a dedicated RPC. */
function stopJob({ matched, progress }: BatchRecord): Verb<TerminateRequest, BatchStopResult, RunPlan> {
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

function selectionOf(request: BatchRequest): BatchJob['of'] {
  if (request.query !== undefined) return { query: effectiveQuery(request) };
  return { executions: (listedIds(request) ?? []).map((workflowId) => ({ workflowId })) };
}

/** Request fields that only Rewind's worker supports. */
const workerOnlyFields = ['orphanedChildren', 'followSeconds', 'canary', 'stopAtFailureRate'] as const;

/** @throws {OperationFailure} `invalid-request` for what Temporal's engine does not support, such as some reset targets */
function jobAction(request: BatchRequest): BatchJob['action'] {
  const { action, target, excludeReapply, versioningOverride } = request;
  if (action !== 'cancel' && action !== 'terminate' && action !== 'reset') throw unsupportedAction(action);
  for (const field of workerOnlyFields) {
    // Temporal's engine never ends orphaned children, which is what `leave` requests.
    if (request[field] !== undefined && request[field] !== 'leave') throw unsupportedField(field, request[field]);
  }
  if (action !== 'reset') return action;
  const override = versioningOverride === 'none' ? undefined : versioningOverride;
  return { reset: resetPoint(target), excludeReapply, versioningOverride: override };
}

function unsupportedAction(action: BatchAction): OperationFailure {
  return new OperationFailure(
    'invalid-request',
    `Temporal's own batch engine can only cancel, terminate and reset; ${action} requires Rewind's worker. Nothing was done.`,
    { field: 'engine', value: 'server', allowed: `"worker" with "action": "${action}"` },
  );
}

function unsupportedField(field: string, value: unknown): OperationFailure {
  return new OperationFailure(
    'invalid-request',
    `Temporal's own batch engine does not support ${field}, because it does not track single workflows. Nothing was done.`,
    { field, value, allowed: 'left out, or "engine": "worker"' },
  );
}

function resetPoint(target: ResetTarget | undefined): BatchResetPoint {
  if (target && 'buildId' in target && target.deploymentName === undefined) return { buildId: target.buildId };
  if (target && 'at' in target && target.at !== 'lastContinuedAsNew') return target.at;
  throw new OperationFailure(
    'invalid-request',
    "Temporal's own batch engine cannot reset to this target. Nothing was done.",
    {
      field: 'target',
      value: target,
      allowed:
        'with "engine": "server" one of {"at": "firstWorkflowTask"}, {"at": "lastWorkflowTask"}, {"buildId": "…"} without deploymentName; with "engine": "worker" any target',
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
  'The ledger records this batch operation, but no operation for each of its workflows. So "items" and "retry" are refused, and no events are emitted for single workflows.',
  'Progress is updated after each page of 1,000 workflows, failures are counted but not explained, and a workflow that no longer exists counts as a success.',
  'ratePerSecond is ignored: the server uses its own rate, 50 per second unless its operator configured another.',
  'The engine runs one job at a time: until this job has ended, every other batch operation with this engine in the namespace is refused as throttled.',
];

const actionLimitations: Partial<Record<BatchAction, string[]>> = {
  cancel: [
    "The workflows' histories contain neither the reason nor the caller, because the server drops both on a cancellation. This operation and its job in Temporal have them.",
    'Rewind does not follow how a workflow reacts to its cancellation.',
  ],
  terminate: [
    "The workflows' histories name the server's own worker as the requester. The reason, with this operation and its caller, is kept.",
  ],
  reset: [
    'When the response to a reset is lost, the engine sends the reset again under another request ID, which starts another run.',
    'The new run of each workflow is not reported.',
  ],
};

/** Returns the engine's limitations that apply to a request. */
function limitationsOf({ action, query }: BatchRequest): string[] {
  const everyRun =
    'Every run that matches is reset, not only the latest of each workflow, and the reset of an older run terminates the live run of its workflow.';
  const unlimited =
    'maxWorkflows and expectMatched apply to the matches at the start: the job changes all that match when the server lists them.';
  return [
    ...generalLimitations,
    ...(query === undefined ? [] : [unlimited]),
    ...(actionLimitations[action] ?? []),
    ...(action === 'reset' && query !== undefined ? [everyRun] : []),
  ];
}
