import type { DescribedExecution } from '../temporal/executions';
import type { NamespaceClient } from '../temporal/namespace-client';

/** For a batch operation whose workflow Temporal has no more. */
export const WORKFLOW_GONE =
  'The workflow that executed it is gone: it was deleted, or its retention ended before its end was recorded.';

/** Why the workflow behind a batch operation closed, where nothing in the ledger says so, as a sentence for a person. */
export async function whyClosed(
  client: NamespaceClient,
  { workflowId, runId, status }: DescribedExecution,
): Promise<string> {
  const { events } = await client.historyReverse({ workflowId, runId }, 1);
  const [last] = events;
  const why =
    last?.workflowExecutionTerminatedEventAttributes?.reason ||
    last?.workflowExecutionFailedEventAttributes?.failure?.cause?.message ||
    last?.workflowExecutionFailedEventAttributes?.failure?.message;
  return `The workflow that executed it closed as ${status}${why ? `: ${why}` : '.'}`;
}
