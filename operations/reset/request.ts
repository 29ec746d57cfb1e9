import type { OrphanAction } from './orphaned-children';
import type { ResetTarget } from './target';
import type { ResetOptions, WorkflowExecution } from '../temporal/namespace-client';

export interface ResetRequest extends WorkflowExecution, ResetOptions {
  reason: string;
  target: ResetTarget;
  /** Refuses when the workflow's current run is another. */
  ifCurrentRunId?: string;
  /** The live run that may be terminated although another, closed one is reset. */
  terminateRunId?: string;
  /** What to do with children that are left without a parent; `leave` when left out. */
  orphanedChildren?: OrphanAction;
  /** How long to watch the new run. A repetition gets the first answer and does not wait. */
  waitSeconds?: number;
}
