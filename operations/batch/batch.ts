import type { BatchProgress, BatchRunState, NewRunProgress } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import type { Actor } from '../ledger/attribution';

/** What the ledger knows of a batch operation beside its own record. */
export interface BatchRecord {
  state: BatchRunState;
  /** Workflows that matched when it was started. */
  matched: number;
  progress: BatchProgress;
  /** While it is running: workflows a second lately. Absent before there is a measure of it. */
  recentRate?: number;
  /** With `failed`: why. */
  failure?: string;
}

/** What the worker's workflow `batchOperation` is started with, and continues as new with. */
export interface BatchInput {
  operationId: string;
  actor: Actor;
  /** Of the request that began it: its items' log lines bear it too. */
  requestId?: string;
  request: BatchRequest;
  /** Of an event, RFC 3339: when it arrived. What was started later is not meant, although the query matches it. */
  askedAt?: string;
  /** Of a list of workflow ids, RFC 3339: when it was made. What was started anew under an id since is not meant. */
  listedAt?: string;
  matched: number;
  progress: BatchProgress;
  /** Where the listing continues: a token of visibility or of the ledger, the page of a stored list, or an index into `workflows`. */
  cursor?: string;
  /** Of a rollback: how often everything was listed before, and how many were done before this time. */
  pass?: number;
  doneBefore?: number;
  /** How many items were listed before. Absent in what a release before positions started: 0. */
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

/** The progress of new runs that were followed. */
export function followedProgress(runs: readonly NewRunProgress[]): BatchProgress {
  const progress = { ...noRuns };
  for (const run of runs) progress[run] += 1;
  return { ...noProgress, progress };
}

/** Progress without what new runs are followed on from: another count takes its place. */
export function withoutFollowed(all: BatchProgress, { progress: followed = noRuns }: BatchProgress): BatchProgress {
  const negated = Object.fromEntries(Object.entries(followed).map(([run, count]) => [run, -count]));
  return addProgress(all, { ...noProgress, progress: { ...noRuns, ...negated } });
}

/** How many failed: in their operation, or again in their new run. */
export function countFailures({ failed, progress }: BatchProgress): number {
  const operations = Object.values(failed).reduce((total, each) => total + each, 0);
  return operations + (progress?.failedAgain ?? 0) + (progress?.stuck ?? 0);
}

/** Workflows that a batch operation has not processed yet. */
export function countLeft({ matched, progress }: Pick<BatchRecord, 'matched' | 'progress'>): number {
  return Math.max(0, matched - progress.done - progress.skipped);
}

function sum(one: Record<string, number>, other: Record<string, number>): Record<string, number> {
  const total = { ...one };
  for (const [key, count] of Object.entries(other)) total[key] = (total[key] ?? 0) + count;
  return total;
}

/** The signal after which a suspended batch operation looks at once whether it may go on. */
export const RESUME_SIGNAL = 'resume';

/** Type of the workflow that carries a batch operation out, and how its id begins: the operation's id follows. */
export const BATCH_WORKFLOW_TYPE = 'batchOperation';
export const BATCH_WORKFLOW_ID_PREFIX = 'rewind-batch-';

/** Under this workflow id the ledger lists batch operations. */
export const BATCH_LEDGER_ID = 'rewind-batch-operations';

/** One run that a batch operation is about. Without a run id, the workflow's latest. */
export interface BatchItem {
  workflowId: string;
  runId?: string;
}
