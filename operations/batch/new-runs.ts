import type { BatchProgress, NewRunProgress } from '../../api/batch-operation';
import type { NewRun, ResetResult } from '../../api/reset';
import type { Ledger, OperationRecord } from '../ledger/ledger';
import { chunksOf } from '../chunks';
import { mapWithConcurrency } from '../map-with-concurrency';
import { followNewRun } from '../reset/new-run';
import type { WorkflowStatus } from '../../api/enums';
import { isOpen, workflowStatus } from '../temporal/enums';
import { isNotFound } from '../temporal/executions';
import type { NamespaceClient } from '../temporal/namespace-client';
import { quoted } from '../temporal/visibility-text';
import { followedProgress } from './batch';
import { itemRecords } from './item-records';
import type { ItemRange } from './item-records';
import { waitUnless } from './stop';

/* Follows the new runs of a batch operation's resets together, because a single call to visibility returns many statuses. */

export interface FollowedItems extends ItemRange {
  /** How long each new run is followed after its reset. */
  followSeconds: number;
}

/** Runs per call to visibility. */
const RUNS_PER_QUERY = 100;
/** New runs that are inspected and recorded concurrently. */
const CONCURRENCY = 50;
/** Polling interval, in milliseconds. It doubles up to the maximum, so that short workflows are reported early. */
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 10_000;

type ResetRecord = OperationRecord & { answer: ResetResult };

/**
 * Follows the new runs of items until each has closed or `followSeconds` have passed, and records the progress of each. A run
 * with recorded progress is not followed again, unless it was still running after a shorter time, such as a canary's.
 *
 * @param stop aborted to stop waiting; each run is then inspected once
 */
export async function followNewRuns(
  ledger: Ledger,
  client: NamespaceClient,
  batch: FollowedItems,
  stop: AbortSignal,
): Promise<BatchProgress> {
  const records = await resetsOf(ledger, client.namespace, batch);
  const isOpenFor = (record: OperationRecord) => isToBeFollowed(record, batch.followSeconds);
  const known = records.flatMap((record) => (isOpenFor(record) ? [] : (record.progress ?? [])));
  let open = records.filter(isOpenFor);
  const deadline = ({ completedAt = '' }: ResetRecord) =>
    stop.aborted ? 0 : Date.parse(completedAt) + batch.followSeconds * 1_000;

  for (let pauseMs = FIRST_PAUSE_MS; open.length > 0; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    const statuses = await statusesOf(client, open);
    const follow = async (record: ResetRecord) => {
      const status = statuses.get(record.answer.newRunId) ?? 'Running';
      const isOver = Date.now() >= deadline(record);
      if (isOpen(status) && !isOver) return undefined;
      const newRun = await inspect(client, record.answer, status);
      await recordProgress(ledger, record, newRun, isOpenFor);
      return progressOf(newRun);
    };
    const seen = await mapWithConcurrency(open, follow, CONCURRENCY);
    known.push(...seen.flatMap((progress) => progress ?? []));
    open = open.filter((_, index) => seen[index] === undefined);
    if (open.length === 0) break;
    const next = Math.min(...open.map(deadline)) - Date.now();
    await waitUnless(Math.max(0, Math.min(pauseMs, next)), stop);
  }
  return followedProgress(known);
}

async function resetsOf(ledger: Ledger, namespace: string, items: ItemRange): Promise<ResetRecord[]> {
  const records = await itemRecords(ledger, namespace, items);
  return records.filter((record): record is ResetRecord => record.outcome === 'reset');
}

/** Reads statuses from visibility, by run ID. A run that visibility does not have yet is missing. */
async function statusesOf(client: NamespaceClient, records: ResetRecord[]): Promise<Map<string, WorkflowStatus>> {
  const statuses = new Map<string, WorkflowStatus>();
  const runIds = records.map(({ answer }) => quoted(answer.newRunId));
  for (const runs of chunksOf(runIds, RUNS_PER_QUERY)) {
    const { workflows } = await client.listWorkflowInfos(`RunId IN (${runs.join(', ')})`, RUNS_PER_QUERY);
    for (const { execution, status } of workflows) statuses.set(execution?.runId ?? '', workflowStatus(status));
  }
  return statuses;
}

/** Determines a new run's progress. The statuses `Completed` and `ContinuedAsNew` need no further calls. */
async function inspect(
  client: NamespaceClient,
  { workflowId, runId, newRunId }: ResetResult,
  status: WorkflowStatus,
): Promise<NewRun> {
  if (status === 'Completed') return { status, progress: 'completed', waitedSeconds: 0 };
  if (status === 'ContinuedAsNew') return { status, progress: 'continuedAsNew', waitedSeconds: 0 };
  try {
    return await followNewRun(client, { workflowId, runId: newRunId }, { workflowId, runId }, 0);
  } catch (error) {
    // The run was deleted, or its retention has ended.
    if (!isNotFound(error)) throw error;
    return { status: 'Unspecified', progress: 'closed', failure: error.message, waitedSeconds: 0 };
  }
}

function isToBeFollowed({ progress, answer }: OperationRecord, followSeconds: number): boolean {
  if (progress === undefined) return true;
  const { waitedSeconds = 0 } = (answer as ResetResult).newRun ?? {};
  return progress === 'stillRunning' && waitedSeconds < followSeconds;
}

async function recordProgress(
  ledger: Ledger,
  record: ResetRecord,
  newRun: NewRun,
  isOpenFor: (record: OperationRecord) => boolean,
): Promise<void> {
  const waitedSeconds = Math.round((Date.now() - Date.parse(record.completedAt ?? '')) / 100) / 10;
  const changes = { answer: { ...record.answer, newRun: { ...newRun, waitedSeconds } }, progress: progressOf(newRun) };
  if (await ledger.update(record, changes)) return;
  const latest = await ledger.find(record.operationId);
  if (latest && isOpenFor(latest)) await ledger.update(latest, changes);
}

function progressOf({ progress, stuck = [] }: NewRun): NewRunProgress {
  if (progress === 'completed') return 'completed';
  if (progress === 'continuedAsNew') return 'wentOn';
  if (progress === 'failedAgain' || progress === 'failed' || progress === 'closed') {
    // A workflow task that fails again leaves the run open.
    return stuck.length > 0 ? 'stuck' : 'failedAgain';
  }
  if (progress === 'stuck' || stuck.length > 0) return 'stuck';
  return progress === 'pastResetPoint' ? 'wentOn' : 'stillRunning';
}
