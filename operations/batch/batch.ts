import type { BatchProgress, BatchRunState, NewRunProgress } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import type { Actor } from '../ledger/attribution';

/** The progress of a batch operation, as the ledger stores it. */
export interface BatchRecord {
  state: BatchRunState;
  /** Number of workflows that matched when the batch operation was started. */
  matched: number;
  progress: BatchProgress;
  /** Recent rate while it is running, in workflows per second. Absent until measured. */
  recentRate?: number;
  /** With the state `failed`: the reason. */
  failure?: string;
}

/** Input of the workflow `batchOperation`, also for continue-as-new. */
export interface BatchInput {
  operationId: string;
  actor: Actor;
  /** Request ID in the logs, which the log lines of the items share. */
  requestId?: string;
  request: BatchRequest;
  /** When a triggering event arrived, RFC 3339. Workflows that were started later are not changed, even if the query matches. */
  askedAt?: string;
  /** With a list of workflow IDs: when it was requested, RFC 3339. Workflows that were started later are not changed. */
  listedAt?: string;
  matched: number;
  progress: BatchProgress;
  /** Where the listing continues: a page token of visibility or the ledger, a page of a stored list, or an index into `workflows`. */
  cursor?: string;
  /** In a rollback: the number of this pass over all matches, from 1. */
  pass?: number;
  /** In a rollback: the items that were done before this pass. */
  doneBefore?: number;
  /** Number of items listed so far. Absent, and 0, in workflows of releases without item positions. */
  listed?: number;
}

export const noProgress: BatchProgress = { done: 0, outcomes: {}, failed: {}, skipped: 0 };

export function addProgress(one: BatchProgress, other: BatchProgress): BatchProgress {
  return {
    done: one.done + other.done,
    outcomes: sum(one.outcomes, other.outcomes),
    failed: sum(one.failed, other.failed),
    skipped: one.skipped + other.skipped,
    ...((one.failureExamples ?? other.failureExamples) && {
      failureExamples: { ...other.failureExamples, ...one.failureExamples },
    }),
    ...((one.progress ?? other.progress) && {
      progress: { ...noRuns, ...sum(one.progress ?? {}, other.progress ?? {}) },
    }),
    ...(one.canary && { canary: one.canary }),
  };
}

const noRuns: Record<NewRunProgress, number> = { wentOn: 0, completed: 0, failedAgain: 0, stuck: 0, stillRunning: 0 };

/** Converts the progress of followed new runs to batch progress. */
export function followedProgress(runs: readonly NewRunProgress[]): BatchProgress {
  const progress = { ...noRuns };
  for (const run of runs) progress[run] += 1;
  return { ...noProgress, progress };
}

/** Subtracts the counts of followed new runs that are about to be replaced by newer counts. */
export function withoutFollowed(all: BatchProgress, { progress: followed = noRuns }: BatchProgress): BatchProgress {
  const negated = Object.fromEntries(Object.entries(followed).map(([run, count]) => [run, -count]));
  return addProgress(all, { ...noProgress, progress: { ...noRuns, ...negated } });
}

/** Counts the workflows whose operation failed, or whose new run failed again or is stuck. */
export function countFailures({ failed, progress }: BatchProgress): number {
  const operations = Object.values(failed).reduce((total, each) => total + each, 0);
  return operations + (progress?.failedAgain ?? 0) + (progress?.stuck ?? 0);
}

/** Counts the workflows that a batch operation has not processed yet. */
export function countLeft({ matched, progress }: Pick<BatchRecord, 'matched' | 'progress'>): number {
  return Math.max(0, matched - progress.done - progress.skipped);
}

function sum(one: Record<string, number>, other: Record<string, number>): Record<string, number> {
  const total = { ...one };
  for (const [key, count] of Object.entries(other)) total[key] = (total[key] ?? 0) + count;
  return total;
}

/** Signal that makes a suspended batch workflow check immediately whether it was resumed. */
export const RESUME_SIGNAL = 'resume';

/** Type of the workflow that executes a batch operation. */
export const BATCH_WORKFLOW_TYPE = 'batchOperation';

/** Workflow ID under which the ledger lists batch operations. */
export const BATCH_LEDGER_ID = 'rewind-batch-operations';

/** A run that a batch operation covers. Without a run ID, the workflow's latest run. */
export interface BatchItem {
  workflowId: string;
  runId?: string;
  /** In a retry: when the repeated batch operation was requested, RFC 3339. A workflow that was started later is not changed. */
  askedAt?: string;
}
