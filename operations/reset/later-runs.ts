import { MAX_LATER_RUNS } from '../../api/reset';
import { resetRunOf, successorOf } from '../chain';
import { describeExecution, ignoreNotFound } from '../temporal/executions';
import type { DescribedExecution } from '../temporal/executions';
import type { NamespaceClient } from '../temporal/namespace-client';

/**
 * Returns the runs that continued a run as new, oldest first. After a reset of that run, the server reapplies the signals and
 * updates of these runs to the new run, and children that it does not terminate keep running. Neither is true of runs that a
 * retry or a cron schedule started (observed on 1.29.1 and 1.32.2).
 */
export async function laterRuns(client: NamespaceClient, run: DescribedExecution): Promise<DescribedExecution[]> {
  const { workflowId } = run;
  const later: DescribedExecution[] = [];
  let newest: DescribedExecution | undefined = run;
  while (newest?.status === 'ContinuedAsNew' && later.length < MAX_LATER_RUNS) {
    const runId = await successorOf(client, newest);
    // A deleted run ends the search.
    newest = await describeExecution(client, { workflowId, runId }).catch(ignoreNotFound);
    if (newest) later.push(newest);
  }
  return later;
}

/**
 * Returns the runs that resets of these runs have started, and the runs that continued those as new. Of several resets of a run,
 * Temporal names only the newest.
 */
export async function runsOfResets(
  client: NamespaceClient,
  runs: readonly DescribedExecution[],
): Promise<DescribedExecution[]> {
  const all = [...runs];
  for (const run of all) {
    const runId = resetRunOf(run);
    if (runId === undefined || all.length - runs.length >= MAX_LATER_RUNS) continue;
    const newRun = await describeExecution(client, { workflowId: run.workflowId, runId }).catch(ignoreNotFound);
    if (newRun) all.push(newRun, ...(await laterRuns(client, newRun)));
  }
  return all.slice(runs.length);
}

/** Whether more runs continued the run as new than {@link laterRuns} returned. */
export function hasMoreLaterRuns(later: readonly DescribedExecution[]): boolean {
  return later[MAX_LATER_RUNS - 1]?.status === 'ContinuedAsNew';
}

/** Adds a run, which may belong to another chain, unless the list already has it. */
export function withRun(runs: DescribedExecution[], other: DescribedExecution | undefined): DescribedExecution[] {
  return other === undefined || runs.some(({ runId }) => runId === other.runId) ? runs : [...runs, other];
}
