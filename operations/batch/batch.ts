import type { Actor } from '../ledger/attribution';
import type { ResetTarget } from '../reset/target';

/**
 * Who carries a batch operation out. `worker`: Rewind's worker, with an operation of the ledger for each workflow.
 * `server`: Temporal's own batch engine, which needs no worker and tells much less.
 */
export const batchEngines = ['worker', 'server'] as const;
export type BatchEngineName = (typeof batchEngines)[number];

/** What is to be done to many workflows. */
export interface BatchRequest {
  action: 'cancel' | 'terminate' | 'reset';
  /** `worker` when left out. */
  engine?: BatchEngineName;
  /** A visibility query; or `workflows`. */
  query?: string;
  /** Workflow ids; or `query`. */
  workflows?: string[];
  reason: string;
  /** Where to reset to, for each workflow. */
  target?: ResetTarget;
  /** How many workflows a second are begun with. */
  ratePerSecond: number;
  /** Refuses when more match. */
  maxWorkflows: number;
}

/** How far a batch operation is. */
export interface BatchProgress {
  /** Workflows that were dealt with, whatever came of it. */
  done: number;
  /**
   * Of those, by the outcome that each one's operation has: `requested`, `alreadyClosed`, `reset`, … Temporal's own
   * engine counts them all as `succeeded`.
   */
  outcomes: Record<string, number>;
  /** Of those, the ones that failed, by the kind of failure; `unexplained` by Temporal's own engine. */
  failed: Record<string, number>;
  /** Runs that were passed over, because their workflow has a later one. */
  skipped: number;
}

export type BatchState = 'running' | 'completed' | 'cancelled' | 'failed';

/** What the ledger knows of a batch operation beside its own record. */
export interface BatchRecord {
  state: BatchState;
  /** Workflows that matched when it was begun. */
  matched: number;
  progress: BatchProgress;
}

/** What the worker's workflow `batchOperation` is started with, and continues as new with. */
export interface BatchInput {
  operationId: string;
  actor: Actor;
  /** Of the request that began it: its items' log lines bear it too. */
  requestId?: string;
  request: BatchRequest;
  matched: number;
  progress: BatchProgress;
  /** Where the listing goes on: a visibility page token in base64, or an index into `workflows`. */
  cursor?: string;
}

export const noProgress: BatchProgress = { done: 0, outcomes: {}, failed: {}, skipped: 0 };

export function addProgress(one: BatchProgress, other: BatchProgress): BatchProgress {
  return {
    done: one.done + other.done,
    outcomes: sum(one.outcomes, other.outcomes),
    failed: sum(one.failed, other.failed),
    skipped: one.skipped + other.skipped,
  };
}

function sum(one: Record<string, number>, other: Record<string, number>): Record<string, number> {
  const total = { ...one };
  for (const [key, count] of Object.entries(other)) total[key] = (total[key] ?? 0) + count;
  return total;
}

/** Type of the workflow that carries a batch operation out. */
export const BATCH_WORKFLOW_TYPE = 'batchOperation';

/** Under this workflow id the ledger lists batch operations. */
export const BATCH_LEDGER_ID = 'rewind-batch-operations';

/** One run that a batch operation is about. Without a run id, the workflow's latest. */
export interface BatchItem {
  workflowId: string;
  runId?: string;
}

/**
 * The query as the listing uses it. Cancelling and terminating are for open workflows; a reset is for closed ones too.
 */
export function effectiveQuery({ action, query = '' }: Pick<BatchRequest, 'action' | 'query'>): string {
  return action === 'reset' ? query : `(${query}) AND ExecutionStatus = 'Running'`;
}
