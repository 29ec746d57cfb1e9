import { setTimeout as wait } from 'node:timers/promises';
import { explainStuck } from './stuck';
import type { Stuck } from '../api/stuck';
import { runSummary } from './run-summary';
import type { RunSummary } from '../api/run-summary';
import { isOpen } from './temporal/enums';
import { describeExecution } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import type { NamespaceClient, WorkflowExecution } from './temporal/namespace-client';

/** Polling interval for a paused run, in milliseconds. */
const PAUSED_INTERVAL_MS = 1_000;

/** The result of a wait. */
export interface Waited {
  /** Seconds spent waiting, rounded to a tenth. */
  waitedSeconds: number;
  /** For an open run: what keeps it from closing. Empty when nothing shows that it is stuck. */
  stuck?: Stuck[];
}

/**
 * Waits for a run to close, with long polls. Returns its summary, and what keeps it open if it has not closed.
 * @param startedAt when the wait started, in milliseconds since the epoch
 * @param until when to stop waiting, in milliseconds since the epoch; the run is read at least once
 */
export async function waitForClose(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  startedAt: number,
  until: number,
  webUiUrl?: string,
): Promise<RunSummary & Waited> {
  const run = (await closedRun(client, execution, until)) ?? (await describeExecution(client, execution));
  return {
    ...runSummary(client.namespace, run, webUiUrl),
    waitedSeconds: Math.round((Date.now() - startedAt) / 100) / 10,
    ...(isOpen(run.status) && { stuck: await explainStuck(client, run) }),
  };
}

/**
 * Returns the run once it has closed; undefined if it is still open. The server ends the long poll of a paused run at once,
 * with its newest event, as if the run had closed (1.32.2).
 */
async function closedRun(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  until: number,
): Promise<DescribedExecution | undefined> {
  while (Date.now() < until) {
    if (!(await client.awaitCloseEvent(execution, until))) continue;
    const run = await describeExecution(client, execution);
    if (!isOpen(run.status)) return run;
    await wait(Math.min(PAUSED_INTERVAL_MS, Math.max(0, until - Date.now())));
  }
  return undefined;
}
