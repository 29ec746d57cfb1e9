import * as z from 'zod/mini';
import { cancelResult } from './cancel';
import { actor, count, described, links, named, operationId, optionalText, optionalTime, time } from './schema';
import type { Output } from './schema';
import { batchStuckKinds } from './stuck';
import { terminateResult } from './terminate';

/* Schemas of a batch operation that the routes in batch-operations.ts and operations.ts share. */

/**
 * What executes a batch operation. `worker`: Rewind's worker, which records an operation for each workflow.
 * `server`: Temporal's batch engine, which needs no worker and reports much less.
 */
export const batchEngines = ['worker', 'server'] as const;
export type BatchEngineName = (typeof batchEngines)[number];

/** What a batch operation does to each of its workflows. Each name is a verb on a single workflow. */
export const batchActions = ['cancel', 'terminate', 'reset', 'pause', 'unpause', 'updateOptions'] as const;
export type BatchAction = (typeof batchActions)[number];

const batchRunStates = ['running', 'completed', 'cancelled', 'failed'] as const;
export const batchRunState = () => z.enum(batchRunStates);
export type BatchRunState = z.output<ReturnType<typeof batchRunState>>;

/** The states in responses. The workflow that executes a `suspended` batch operation is still running. */
export const batchStates = [...batchRunStates, 'suspended'] as const;
export type BatchState = (typeof batchStates)[number];
const batchState = () => z.enum(batchStates);

export const batchEngine = () =>
  described(
    z.enum(batchEngines),
    '`worker`: Rewind’s worker. `server`: Temporal’s batch engine, which reports much less.',
  );

export const limitations = () =>
  z.optional(described(z.array(z.string()), 'What this engine does not support for the action, one sentence each.'));

const countsByKind = (description: string) => described(z.record(z.string(), count()), description);

/** Progress of the new runs that the resets of a batch operation started. */
export const newRunProgress = ['wentOn', 'completed', 'failedAgain', 'stuck', 'stillRunning'] as const;
export type NewRunProgress = (typeof newRunProgress)[number];

/** States of a canary: the first workflows of a batch operation, whose results decide whether the others are processed. */
const canaryStates = ['underway', 'waiting', 'passed', 'failed'] as const;

const canaryProgress = () =>
  z.object({
    state: described(
      z.enum(canaryStates),
      '`underway`: its workflows are being processed. `waiting`: they are processed, and their new runs are followed. `passed`: the other workflows are processed. `failed`: no other workflow is processed.',
    ),
    count: described(count(), 'Number of workflows in the canary.'),
    failed: described(count(), 'How many of them have failed so far, in the operation or in the new run.'),
    until: described(optionalTime(), 'With `waiting`: when the canary passes or fails, at the latest.'),
  });
export type CanaryProgress = z.output<ReturnType<typeof canaryProgress>>;

export const batchProgress = () => ({
  done: described(count(), 'Workflows that were processed, with any outcome.'),
  outcomes: countsByKind(
    'Processed workflows by the outcome of their operation. Temporal’s batch engine reports `succeeded` only.',
  ),
  failed: countsByKind(
    'Processed workflows that failed, by kind of failure. `operation-in-progress`: the worker was interrupted, the batch operation was stopped, and the result was not certain yet; the item has it once it is reconciled. Temporal’s batch engine reports `unexplained` only.',
  ),
  skipped: described(
    count(),
    'Runs that were skipped because their workflow had a later run when the query matched. In the first pass of a rollback, also runs with a later run since: ' +
      'the next pass looks for it. Later passes do not count.',
  ),
  failureExamples: z.optional(
    described(
      z.record(z.string(), z.object({ workflowId: z.string(), message: z.string() })),
      'For each kind of failure: one workflow that failed, and why.',
    ),
  ),
  progress: z.optional(
    described(
      z.object({
        wentOn: count(),
        completed: count(),
        failedAgain: count(),
        stuck: count(),
        stillRunning: count(),
      }),
      'With `followSeconds`: the new runs that were followed, by progress. `wentOn`: open and past the reset point, or continued as new. ' +
        '`failedAgain`: closed with a status other than completed. `stuck`: cannot proceed. `stillRunning`: not past the reset point yet.',
    ),
  ),
  canary: z.optional(described(canaryProgress(), 'If it was started with a `canary`: the progress of the canary.')),
});
export type BatchProgress = z.output<z.ZodMiniObject<ReturnType<typeof batchProgress>>>;

export const batchStarted = named('BatchStarted', () =>
  z.object({
    operationId: operationId(),
    outcome: z.enum(['started', 'nothingMatched']),
    state: z.enum(['running', 'completed']),
    engine: batchEngine(),
    namespace: z.string(),
    matched: described(
      count(),
      'Number of runs that matched. Only the latest run of each workflow is processed, except by Temporal’s batch engine.',
    ),
    workerPolling: z.optional(
      described(z.boolean(), 'False if no worker polls the task queue. The batch operation then waits for one.'),
    ),
    explanation: z.optional(z.string()),
    limitations: limitations(),
    links: links(),
  }),
);
export type BatchStarted = Output<typeof batchStarted>;

/** The result of stopping a batch operation. With Temporal's batch engine, it has the progress at that time, as far as known. */
export const batchStopResult = named('BatchStopResult', () =>
  z.union([cancelResult(), z.object({ ...terminateResult().shape, matched: count(), ...batchProgress() })]),
);
export type BatchStopResult = Output<typeof batchStopResult>;

/** The result of suspending or resuming a batch operation. */
export const batchSuspension = named('BatchSuspension', () =>
  z.object({
    operationId: operationId(),
    outcome: described(
      z.enum(['suspended', 'alreadySuspended', 'resumed', 'notSuspended', 'alreadyEnded']),
      'With `alreadySuspended`, `notSuspended` and `alreadyEnded`, nothing was done.',
    ),
    namespace: z.string(),
    batchOperationId: operationId(),
    state: batchState(),
    matched: count(),
    done: described(count(), 'Workflows that were processed, as last recorded.'),
  }),
);
export type BatchSuspension = Output<typeof batchSuspension>;

/** The input of a rollback, as the worker executes it. */
export interface RollbackPlan {
  deploymentName: string;
  badBuildId: string;
  /** The build id that pinned runs move to. */
  toBuildId: string;
  /** Workflow types whose runs are restarted if they started on the bad build. */
  restartTypes?: string[];
}

const rollbackReport = () =>
  described(
    z.object({
      deploymentName: z.string(),
      badBuildId: z.string(),
      toBuildId: z.string(),
      repaired: described(count(), 'New runs that completed, continued as new or are past the reset point.'),
      failedAgain: described(count(), 'New runs that failed again or are stuck.'),
      stillRunning: described(
        count(),
        'New runs that are not past the reset point yet, or were not followed that far.',
      ),
      notRepairable: described(count(), 'Workflows that were not reset. `failed` and `failureExamples` say why.'),
    }),
    'If this is a rollback: what it rolls back, and its results so far.',
  );

export const batchOperation = named('BatchOperation', () =>
  z.object({
    operationId: operationId(),
    namespace: z.string(),
    state: batchState(),
    engine: batchEngine(),
    action: z.enum(batchActions),
    query: optionalText('The query, if it was started with one.'),
    reason: z.string(),
    actor: actor(),
    requestedAt: time(),
    matched: count(),
    ...batchProgress(),
    stopRequestedAt: z.optional(
      described(z.iso.datetime(), 'When a stop was requested. No other workflow is processed after that.'),
    ),
    rollback: z.optional(rollbackReport()),
    suspendedAt: z.optional(
      described(
        z.iso.datetime(),
        'With the state `suspended`: when it was suspended. No workflow is processed until it is resumed.',
      ),
    ),
    failure: optionalText('With the state `failed`: why.'),
    stuck: z.optional(
      described(
        z.array(z.enum(batchStuckKinds)),
        'While it is running: why it does not proceed. `noPoller`: no worker polls its task queue. `activityFailing`: its worker cannot list workflows or write to the ledger, and retries.',
      ),
    ),
    lastFailure: optionalText('With `activityFailing`: why the worker’s last attempt failed.'),
    ratePerSecond: z.optional(described(z.number(), 'Workflows per second since the start.')),
    ratePerSecondNow: z.optional(described(z.number(), 'Workflows per second in about the last 15 seconds.')),
    secondsLeft: z.optional(
      described(
        z.number(),
        'While it is running: estimated from `ratePerSecondNow`, or from `ratePerSecond` if that is absent.',
      ),
    ),
  }),
);
export type BatchOperation = Output<typeof batchOperation>;
