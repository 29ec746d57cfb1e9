import { OperationFailure } from '../api/failures';
import type { PauseRequest, PauseResult, UnpauseRequest, UnpauseResult } from '../api/pause';
import { exceptOwnWorkflows } from './own-workflows';
import { requireEndOfChain, targetRun } from './chain';
import { executeOperation } from './execute-operation';
import { attributionOf, hasTag } from './ledger/attribution';
import type { OperationRecord } from './ledger/ledger';
import { ledgerTime } from './ledger/ledger-time';
import { internalKey } from './ledger/operation-id';
import { continuedInNewRun, runAnswer } from './run-summary';
import { isOpen } from './temporal/enums';
import { TemporalRejection } from './temporal/errors';
import { describeExecution, ignoreNotFound } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import { findRecentEvent } from './temporal/history';
import type { HistoryEvent, NamespaceClient } from './temporal/namespace-client';
import { epochMilliseconds } from './temporal/time';
import type { Call, OperationDependencies, RunPlan, Verb } from './verb';

interface PauseChange<Outcome extends string> {
  name: 'pause' | 'unpause';
  outcome: Outcome;
  /** The outcome for a run that is already in the requested state. */
  noop: Outcome;
  isPaused: boolean;
  reasonIn(event: HistoryEvent): string | null | undefined;
}

/** Pauses a run. Reconciliation unpauses it at the request's `until`. */
export const pause: Verb<PauseRequest, PauseResult, RunPlan> = {
  ...pauseVerb<PauseRequest, PauseResult['outcome']>({
    name: 'pause',
    outcome: 'paused',
    noop: 'alreadyPaused',
    isPaused: true,
    reasonIn: (event) => event.workflowExecutionPausedEventAttributes?.reason,
  }),
  settle: unpauseWhenDue,
};

export const unpause: Verb<UnpauseRequest, UnpauseResult, RunPlan> = pauseVerb({
  name: 'unpause',
  outcome: 'unpaused',
  noop: 'notPaused',
  isPaused: false,
  reasonIn: (event) => event.workflowExecutionUnpausedEventAttributes?.reason,
});

type AnyResult<Outcome extends string> = Omit<PauseResult, 'outcome'> & { outcome: Outcome | 'alreadyClosed' };

function pauseVerb<Request extends PauseRequest, Outcome extends string>(
  change: PauseChange<Outcome>,
): Verb<Request, AnyResult<Outcome>, RunPlan> {
  type PauseCall = Call<Request>;
  const { name, outcome, noop, isPaused } = change;

  function result(call: PauseCall, ended: Outcome | 'alreadyClosed', run: DescribedExecution) {
    const until = ended === outcome ? call.request.until : undefined;
    return { outcome: ended, answer: { ...runAnswer(call, ended, run), until }, unsettled: until !== undefined };
  }

  /** Returns the result, or throws the failure, for a change that the server refused. */
  async function refused(call: PauseCall, run: DescribedExecution, error: TemporalRejection, calledAt: number) {
    if (error.unimplemented) throw unsupported(call.client, error);
    if (!error.notFound && !error.refused && !error.internal) throw error;
    const now = await describeExecution(call.client, run);
    if (error.internal) throw isPaused ? (notStartedYet(now, calledAt) ?? error) : error;
    if (!isOpen(now.status)) {
      await requireEndOfChain(call.client, now, call.request);
      return result(call, 'alreadyClosed', now);
    }
    if ((now.status === 'Paused') === isPaused) return result(call, noop, now);
    throw error;
  }

  return exceptOwnWorkflows<Request, AnyResult<Outcome>, RunPlan>({
    name,
    repeatable: true,

    async plan(call, targetRunId) {
      const { client, request } = call;
      const [run, canPause] = await Promise.all([targetRun(client, request, targetRunId), client.canPauseWorkflows()]);
      if (!canPause) throw unsupported(client);
      if (!isOpen(run.status)) return { noop: result(call, 'alreadyClosed', run) };
      if ((run.status === 'Paused') === isPaused) return { noop: result(call, noop, run) };
      return { runId: run.runId, run };
    },

    async execute(call, { run }) {
      call.assertLease?.();
      const calledAt = Date.now();
      try {
        await call.client[`${name}Workflow`](run, attributionOf(call));
      } catch (error) {
        if (!(error instanceof TemporalRejection)) throw error;
        return refused(call, run, error, calledAt);
      }
      return result(call, outcome, { ...run, status: isPaused ? 'Paused' : 'Running' });
    },

    async lookupOutcome(call, runId, since) {
      const execution = { workflowId: call.request.workflowId, runId };
      const isOurs = (event: HistoryEvent) => hasTag(change.reasonIn(event), call.operationId);
      const event = await findRecentEvent(call.client, execution, since, isOurs);
      return event && result(call, outcome, await describeExecution(call.client, execution));
    },
  });
}

/** Unpauses the run at the pause's `until`, in a separate operation, unless the run has been unpaused or paused again since. */
async function unpauseWhenDue(
  dependencies: OperationDependencies,
  client: NamespaceClient,
  record: OperationRecord,
): Promise<void> {
  const { ledger } = dependencies;
  const { workflowId, until } = record.request as PauseRequest;
  const { operationId, actor, requestId } = record;
  if (until !== undefined && ledgerTime(dependencies) < Date.parse(until)) {
    return ledger.postpone(record, new Date(until).toISOString());
  }
  const { runId } = record.answer as PauseResult;
  const run = await describeExecution(client, { workflowId, runId }).catch(ignoreNotFound);
  if (run?.status === 'Paused' && hasTag(run.description.workflowExtendedInfo?.pauseInfo?.reason, operationId)) {
    const request = { workflowId, runId, reason: `${record.reason} (paused until ${until} by ${operationId})` };
    const idempotencyKey = internalKey('until', operationId);
    await executeOperation(dependencies, client, unpause, { actor, request, idempotencyKey, requestId });
  }
  await ledger.update(record, { nextCheckAt: undefined });
}

/** @throws {OperationFailure} `pause-unsupported` where the namespace cannot pause workflows */
export async function requirePausing(client: NamespaceClient): Promise<void> {
  if (!(await client.canPauseWorkflows())) throw unsupported(client);
}

/** If the first workflow task is due within this time, in milliseconds, the response asks the caller to retry. */
const SHORT_WAIT_MS = 5_000;

/**
 * Returns the failure to pause a run whose first workflow task is not scheduled yet because of a start delay, a cron schedule
 * or a retry backoff. The server cannot pause such a run and responds with an internal error (1.32.2).
 */
function notStartedYet(run: DescribedExecution, calledAt: number): OperationFailure | undefined {
  const { workflowId, runId, description } = run;
  const due = epochMilliseconds(description.workflowExecutionInfo?.executionTime) ?? 0;
  if (due <= calledAt) return undefined;
  if (due - calledAt <= SHORT_WAIT_MS) return continuedInNewRun(run);
  const time = new Date(due).toISOString();
  return new OperationFailure(
    'conflict',
    `Run ${runId} of workflow ${JSON.stringify(workflowId)} waits for its first workflow task, which is due at ${time}. Temporal cannot pause it before then. Nothing was done.`,
    { field: 'workflowId', value: workflowId, allowed: `a request after ${time}, or a cancellation` },
  );
}

function unsupported({ namespace }: NamespaceClient, cause?: unknown): OperationFailure {
  return new OperationFailure(
    'pause-unsupported',
    `Namespace ${namespace} cannot pause workflows: its server is older than 1.30, or \`frontend.WorkflowPauseEnabled\` is off. Nothing was done.`,
    {},
    { cause },
  );
}
