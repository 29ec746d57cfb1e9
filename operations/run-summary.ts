import { OperationFailure } from '../api/failures';
import type { RunSummary } from '../api/run-summary';
import type { DescribedExecution } from './temporal/executions';
import { rfc3339 } from './temporal/time';
import type { Call } from './verb';
import { webUiLink } from './web-ui';

export function runSummary(namespace: string, run: DescribedExecution, webUiUrl: string | undefined): RunSummary {
  const { workflowId, runId, status, description } = run;
  return {
    namespace,
    workflowId,
    runId,
    status,
    startTime: rfc3339(description.workflowExecutionInfo?.startTime),
    closeTime: rfc3339(description.workflowExecutionInfo?.closeTime),
    links: webUiLink(webUiUrl, namespace, workflowId, runId),
  };
}

/** Returns the fields that the answers to changes of a run have in common. */
export function runAnswer<Outcome extends string>(
  { client, operationId, webUiUrl }: Pick<Call<unknown>, 'client' | 'operationId' | 'webUiUrl'>,
  outcome: Outcome,
  run: DescribedExecution,
): RunSummary & { operationId: string; outcome: Outcome } {
  return { operationId, outcome, ...runSummary(client.namespace, run, webUiUrl) };
}

/** @throws {OperationFailure} `conflict` when the run does not belong to the chain of `firstExecutionRunId` */
export function guardChain(run: DescribedExecution, firstExecutionRunId: string | undefined): void {
  if (firstExecutionRunId === undefined || firstExecutionRunId === run.firstRunId) return;
  throw new OperationFailure(
    'conflict',
    `Run ${run.runId} of workflow ${JSON.stringify(run.workflowId)} belongs to another chain of runs. Nothing was done.`,
    {
      field: 'firstExecutionRunId',
      value: firstExecutionRunId,
      allowed: `the ID of the chain's first run, which is ${run.firstRunId} for the run found`,
    },
  );
}

/** The failure for a workflow that continues in new runs faster than a run can be changed. */
export function continuedInNewRun({ workflowId }: DescribedExecution): OperationFailure {
  return new OperationFailure(
    'temporal-unavailable',
    `Workflow ${JSON.stringify(workflowId)} continued in a new run before the change could be made. Nothing was done; try again.`,
    { retryAfterSeconds: 1, nothingDone: true },
  );
}
