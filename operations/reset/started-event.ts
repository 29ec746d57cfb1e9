import type { temporal } from '@temporalio/proto';
import { eventsOldestFirst } from '../temporal/history';
import type { NamespaceClient, WorkflowExecution } from '../temporal/namespace-client';

/** Returns the attributes of a run's first event, WorkflowExecutionStarted. */
export async function startedEvent(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
): Promise<temporal.api.history.v1.IWorkflowExecutionStartedEventAttributes | undefined> {
  for await (const { event } of eventsOldestFirst(client, execution, 1)) {
    return event.workflowExecutionStartedEventAttributes ?? undefined;
  }
  return undefined;
}
