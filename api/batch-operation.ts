import * as z from 'zod/mini';
import { cancelResult } from './cancel';
import { actor, count, described, links, named, operationId, optionalText, optionalTime, time } from './schema';
import type { Output } from './schema';
import { batchStuckKinds } from './stuck';
import { terminateResult } from './terminate';

/* What the routes of batch operations and the ledger's routes show of a batch operation. */

/**
 * What executes a batch operation. `worker`: Rewind's worker, with an operation of the ledger for each workflow.
 * `server`: Temporal's own batch engine, which needs no worker and reports much less.
 */
export const batchEngines = ['worker', 'server'] as const;
export type BatchEngineName = (typeof batchEngines)[number];

/** What a batch operation does to each of its workflows: verbs on single workflows, by their names. */
export const batchActions = ['cancel', 'terminate', 'reset', 'pause', 'unpause', 'updateOptions'] as const;
export type BatchAction = (typeof batchActions)[number];

const batchRunStates = ['running', 'completed', 'cancelled', 'failed'] as const;
export const batchRunState = () => z.enum(batchRunStates);
export type BatchRunState = z.output<ReturnType<typeof batchRunState>>;

/** The states that responses show. A suspended batch operation is one that runs by its workflow. */
export const batchStates = [...batchRunStates, 'suspended'] as const;
export type BatchState = (typeof batchStates)[number];
const batchState = () => z.enum(batchStates);

export const batchEngine = () =>
  described(
    z.enum(batchEngines),
    '`worker`: Rewind’s worker. `server`: Temporal’s own batch engine, which reports much less.',
  );

export const limitations = () =>
  z.optional(described(z.array(z.string()), 'What this engine does not do for the action, each as a sentence.'));

const countsByKind = (description: string) => described(z.record(z.string(), count()), description);

/** How far the new runs of a batch operation's resets got. */
export const newRunProgress = ['wentOn', 'completed', 'failedAgain', 'stuck', 'stillRunning'] as const;
export type NewRunProgress = (typeof newRunProgress)[number];

/** How far the first workflows of a batch operation are, which decide whether the others are begun. */
const canaryStates = ['underway', 'waiting', 'passed', 'failed'] as const;

const canaryProgress = () =>
  z.object({
    state: described(
      z.enum(canaryStates),
      '`underway`: they are being done. `waiting`: they are done, and followed. `passed`: the others follow. `failed`: no other is begun.',
    ),
    count: described(count(), 'How many they are.'),
    failed: described(count(), 'Of those, the failures so far: in their operation, or again in their new run.'),
    until: described(optionalTime(), 'With `waiting`: when it is decided, at the latest.'),
  });
export type CanaryProgress = z.output<ReturnType<typeof canaryProgress>>;

export const batchProgress = () => ({
  done: described(count(), 'Workflows that were processed, whatever their outcome.'),
  outcomes: countsByKind(
    'Of those, by the outcome of each one’s operation. Temporal’s own engine counts them all as `succeeded`.',
  ),
  failed: countsByKind('Of those, the failures by kind; `unexplained` by Temporal’s own engine.'),
  skipped: described(count(), 'Runs that were skipped, because their workflow has a later one.'),
  failureExamples: z.optional(
    described(
      z.record(z.string(), z.object({ workflowId: z.string(), message: z.string() })),
      'By kind of failure: one workflow that failed so, and why.',
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
      'With `followSeconds`, of the new runs that were followed: `wentOn`: open and past the reset point, or continued as new. ' +
        '`failedAgain`: closed, and not as completed. `stuck`: something keeps it from proceeding. `stillRunning`: not past the reset point yet.',
    ),
  ),
  canary: z.optional(described(canaryProgress(), 'Where it was started with a `canary`: the verdict on it.')),
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
      'Runs that matched; of each workflow the latest one is processed, except by Temporal’s own engine.',
    ),
    workerPolling: z.optional(described(z.boolean(), 'False when no worker polls: the batch operation waits for one.')),
    explanation: z.optional(z.string()),
    limitations: limitations(),
    links: links(),
  }),
);
export type BatchStarted = Output<typeof batchStarted>;

/** With Temporal's own engine: its progress when it was stopped, as far as is known. */
export const batchStopResult = named('BatchStopResult', () =>
  z.union([cancelResult(), z.object({ ...terminateResult().shape, matched: count(), ...batchProgress() })]),
);
export type BatchStopResult = Output<typeof batchStopResult>;

/** What suspending or resuming a batch operation did. */
export const batchSuspension = named('BatchSuspension', () =>
  z.object({
    operationId: operationId(),
    outcome: described(
      z.enum(['suspended', 'alreadySuspended', 'resumed', 'notSuspended', 'alreadyEnded']),
      '`alreadySuspended`, `notSuspended` and `alreadyEnded`: nothing was done.',
    ),
    namespace: z.string(),
    batchOperationId: operationId(),
    state: batchState(),
    matched: count(),
    done: described(count(), 'Workflows that were processed, as far as that is recorded.'),
  }),
);
export type BatchSuspension = Output<typeof batchSuspension>;

/** What is rolled back, as the worker needs it. */
export interface RollbackPlan {
  deploymentName: string;
  badBuildId: string;
  /** Where pinned runs move to. */
  toBuildId: string;
  /** Types of workflows that are started anew where they began on the bad build. */
  restartTypes?: string[];
}

/** Of a rollback. */
const rollbackReport = () =>
  described(
    z.object({
      deploymentName: z.string(),
      badBuildId: z.string(),
      toBuildId: z.string(),
      repaired: described(count(), 'New runs that completed, continued as new, or are past the reset point.'),
      failedAgain: described(count(), 'New runs that failed again or are stuck.'),
      stillRunning: described(count(), 'New runs that are not past the reset point yet, or were not followed to it.'),
      notRepairable: described(count(), 'Workflows that were not reset. `failed` and `failureExamples` say why.'),
    }),
    'Of a rollback: what it rolls back, and its report so far.',
  );

export const batchOperation = named('BatchOperation', () =>
  z.object({
    operationId: operationId(),
    namespace: z.string(),
    state: batchState(),
    engine: batchEngine(),
    action: z.enum(batchActions),
    reason: z.string(),
    actor: actor(),
    requestedAt: time(),
    matched: count(),
    ...batchProgress(),
    stopRequestedAt: z.optional(
      described(z.iso.datetime(), 'When it was asked to stop. No workflow is begun after that.'),
    ),
    rollback: z.optional(rollbackReport()),
    suspendedAt: z.optional(
      described(z.iso.datetime(), 'With the state `suspended`: since when. No workflow is begun while it is.'),
    ),
    failure: optionalText('With the state `failed`: why.'),
    stuck: z.optional(
      described(
        z.array(z.enum(batchStuckKinds)),
        'While it is running: what keeps it from proceeding, such as `noPoller`, when no worker polls its task queue, or `activityFailing`, when its worker cannot list or record and tries again.',
      ),
    ),
    lastFailure: optionalText('With `activityFailing`: why the worker’s last attempt failed.'),
    ratePerSecond: z.optional(described(z.number(), 'Workflows a second, since it was started.')),
    ratePerSecondNow: z.optional(described(z.number(), 'Workflows a second, in the last 15 seconds or so.')),
    secondsLeft: z.optional(described(z.number(), 'While it is running, at the rate of now where that is known.')),
  }),
);
export type BatchOperation = Output<typeof batchOperation>;
