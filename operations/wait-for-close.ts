import { explainStuck } from './stuck';
import type { Stuck } from '../api/stuck';
import { runSummary } from './run-summary';
import type { RunSummary } from '../api/run-summary';
import { isOpen } from './temporal/enums';
import { describeExecution } from './temporal/executions';
import type { NamespaceClient, WorkflowExecution } from './temporal/namespace-client';

/** How a run ended during a wait, or what keeps it open. */
export interface Waited {
  /** Seconds spent waiting, to a tenth. */
  waitedSeconds: number;
  /** While the run is open: what keeps it from ending, as far as the server shows it. Empty: it is still at work. */
  stuck?: Stuck[];
}

/**
 * Waits for a run to close, by long polls, and returns how it ended or what keeps it open.
 * @param startedAt when the wait began, in milliseconds since the epoch
 * @param until looks at least once, also when this has passed
 */
export async function waitForClose(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  startedAt: number,
  until: number,
  webUiUrl?: string,
): Promise<RunSummary & Waited> {
  let closed = false;
  while (!closed && Date.now() < until) closed = await client.awaitCloseEvent(execution, until);
  const run = await describeExecution(client, execution);
  return {
    ...runSummary(client.namespace, run, webUiUrl),
    waitedSeconds: Math.round((Date.now() - startedAt) / 100) / 10,
    ...(isOpen(run.status) && { stuck: await explainStuck(client, run) }),
  };
}
