import type { DescribedExecution } from '../temporal/executions';
import { newestEvent } from '../temporal/history';
import type { NamespaceClient } from '../temporal/namespace-client';

/** The failure of a batch operation whose workflow no longer exists. */
export const WORKFLOW_GONE =
  'The workflow that executed it no longer exists: it was deleted, or its retention ended before its result was recorded.';

/** Returns a sentence that says why a batch operation's workflow closed, if the workflow did not record its result. */
export async function whyClosed(client: NamespaceClient, workflow: DescribedExecution): Promise<string> {
  const last = await newestEvent(client, workflow);
  const why =
    last?.workflowExecutionTerminatedEventAttributes?.reason ||
    last?.workflowExecutionFailedEventAttributes?.failure?.cause?.message ||
    last?.workflowExecutionFailedEventAttributes?.failure?.message;
  return `The workflow that executed it closed as ${workflow.status}${why ? `: ${why}` : '.'}`;
}
