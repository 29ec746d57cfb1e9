import * as z from 'zod';
import { failureKinds as kinds } from './failures';
import type { Problem } from '../functions/http/problem';
import type { Actor } from '../operations/ledger/attribution';
import { batchEngines } from '../operations/batch/batch';
import type { BatchStopResult } from '../operations/batch/engine';
import type { BatchResource, BatchItemsPage } from '../operations/batch/follow';
import type { BatchPreview, BatchStarted } from '../operations/batch/start';
import type { CancelResult } from '../operations/cancel';
import type { PendingActivity, WorkflowDescriptionResult } from '../operations/describe';
import type { FailureDetails } from './failures';
import type { RecordedFailure } from '../operations/ledger/ledger';
import type { OperationResource, OperationsPage } from '../operations/find-operations';
import type { ResetResult, ResetPreview } from '../operations/reset/reset';
import type { ResetPoint, ResetPoints } from '../operations/reset-points';
import type { Discarded } from '../operations/reset/discarded';
import type { NewRun } from '../operations/reset/new-run';
import type { OrphanedChild } from '../operations/reset/orphaned-children';
import type { Stuck } from '../operations/stuck';
import {
  parentClosePolicies,
  pendingActivityStates,
  pendingWorkflowTaskStates,
  workflowStatuses,
} from '../operations/temporal/enums';
import type { TerminateResult } from '../operations/terminate';
import { describes } from './described';

/*
 * What the HTTP API answers, as schemas. They describe and are not used to answer, so no function's bundle holds them;
 * `describes` keeps them the same as the types that the operations answer with.
 */

/** The schemas that docs/openapi.json has by name. */
export const answerSchemas = z.registry<{ id: string }>();

const time = () => z.iso.datetime().describe('RFC 3339, UTC.');
const count = () => z.int().min(0);
const optionalTime = () => time().optional();
const operationId = () => z.string().describe('Finds the operation in the ledger; it is in Temporal’s history too.');
const links = z.object({
  webUi: z.string().optional().describe('The run in the Temporal Web UI, where one is known.'),
});
const nextPageToken = z.string().optional().describe('Present while there are more.');

const workflowStatus = z.enum(workflowStatuses).register(answerSchemas, { id: 'WorkflowStatus' });

const actor = describes<Actor>()(
  z.object({ id: z.string().describe('ARN of the IAM caller, or `event:<source>/<event id>` for an event.') }),
);

const stuck = describes<Stuck>()(
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('noPoller').describe('No worker takes the workflow’s tasks.'),
      explanation: z.string(),
      taskQueue: z.string(),
      lastPollTime: optionalTime(),
    }),
    z.object({
      kind: z.literal('workflowTaskFailing').describe('The workflow’s code fails each time it is told.'),
      explanation: z.string(),
      attempt: count(),
      failure: z.string().optional(),
    }),
    z.object({
      kind: z.literal('activityNotHeartbeating').describe('An activity without heartbeats cannot be told.'),
      explanation: z.string(),
      activityId: z.string(),
      activityType: z.string(),
      startToCloseTimeoutSeconds: z.number().describe('0 when not set.'),
      scheduleToCloseTimeoutSeconds: z.number().describe('0 when not set.'),
    }),
  ]),
).register(answerSchemas, { id: 'Stuck' });

const runSummary = {
  namespace: z.string(),
  workflowId: z.string(),
  runId: z.string(),
  status: workflowStatus,
  startTime: optionalTime(),
  closeTime: optionalTime(),
  links,
};

export const cancelAnswer = describes<CancelResult>()(
  z.object({
    operationId: operationId(),
    outcome: z
      .enum(['requested', 'alreadyRequested', 'alreadyClosed'])
      .describe(
        '`requested`: the workflow has been asked, and decides for itself when and how it ends. `alreadyRequested`: ' +
          'somebody had asked before; the server keeps the first request only. `alreadyClosed`: there was nothing to cancel.',
      ),
    ...runSummary,
    waitedSeconds: z.number().optional().describe('Seconds spent waiting, where `waitSeconds` was given.'),
    stuck: z
      .array(stuck)
      .optional()
      .describe('After a wait, while the run is open: what keeps it from ending. Empty: it is still at work.'),
  }),
).register(answerSchemas, { id: 'CancelAnswer' });

export const terminateAnswer = describes<TerminateResult>()(
  z.object({
    operationId: operationId(),
    outcome: z
      .enum(['terminated', 'alreadyClosed'])
      .describe('`alreadyClosed`: it had ended, in `status`, before this request could end it.'),
    ...runSummary,
  }),
).register(answerSchemas, { id: 'TerminateAnswer' });

const pendingActivity = describes<PendingActivity>()(
  z.object({
    activityId: z.string(),
    activityType: z.string(),
    state: z.enum(pendingActivityStates),
    attempt: count(),
    scheduledTime: optionalTime(),
    lastStartedTime: optionalTime(),
    lastHeartbeatTime: optionalTime(),
    heartbeatTimeoutSeconds: z.number().describe('0: none set, so this activity cannot hear of a cancellation.'),
    startToCloseTimeoutSeconds: z.number(),
    lastFailure: z.string().optional(),
  }),
).register(answerSchemas, { id: 'PendingActivity' });

export const workflowAnswer = describes<WorkflowDescriptionResult>()(
  z.object({
    namespace: z.string(),
    workflowId: z.string(),
    runId: z.string(),
    firstExecutionRunId: z
      .string()
      .describe('First run of the chain: send it to act on this chain of runs and on no successor.'),
    workflowType: z.string(),
    taskQueue: z.string(),
    status: workflowStatus,
    cancelRequested: z.boolean().describe('A cancellation was asked for; the workflow may not have heard of it yet.'),
    startTime: optionalTime(),
    closeTime: optionalTime(),
    historyLength: count(),
    historySizeBytes: count(),
    parent: z.object({ workflowId: z.string(), runId: z.string() }).optional(),
    pendingActivities: z.array(pendingActivity),
    pendingChildren: z.array(
      z.object({
        workflowId: z.string(),
        runId: z.string(),
        workflowType: z.string(),
        parentClosePolicy: z.enum(parentClosePolicies),
      }),
    ),
    pendingWorkflowTask: z
      .object({
        state: z.enum(pendingWorkflowTaskStates),
        attempt: count().describe('From 2 on the task has failed or timed out before.'),
        scheduledTime: optionalTime(),
        startedTime: optionalTime(),
      })
      .optional(),
    links,
  }),
).register(answerSchemas, { id: 'WorkflowAnswer' });

const resetPoint = describes<ResetPoint>()(
  z.object({
    eventId: z.int().describe('What `target.eventId` of a reset takes.'),
    time: optionalTime(),
    label: z.string().describe('What will run again from here, or what had just happened.'),
    buildId: z.string().optional().describe('Build id of the worker that completed the task.'),
    resettable: z
      .boolean()
      .optional()
      .describe('Only on the first point of a build id: whether `{"buildId": …}` can still be the target.'),
  }),
).register(answerSchemas, { id: 'ResetPoint' });

export const resetPointsAnswer = describes<ResetPoints>()(
  z.object({
    namespace: z.string(),
    workflowId: z.string(),
    runId: z.string(),
    resetPoints: z.array(resetPoint).describe('Newest first.'),
    nextPageToken,
  }),
).register(answerSchemas, { id: 'ResetPointsAnswer' });

const orphanedChild = describes<OrphanedChild>()(
  z.object({
    workflowId: z.string(),
    runId: z.string(),
    workflowType: z.string(),
    parentClosePolicy: z.enum(parentClosePolicies),
    parentRunId: z.string().describe('The run that started it.'),
    operation: z
      .object({ operationId: operationId(), outcome: z.string() })
      .optional()
      .describe('What was done with it, where something was asked for.'),
    failure: z
      .object({ kind: z.string(), message: z.string() })
      .optional()
      .describe('Why nothing could be done with it. The same request under the same key tries again.'),
  }),
).register(answerSchemas, { id: 'OrphanedChild' });

const newRun = describes<NewRun>()(
  z.object({
    status: workflowStatus,
    progress: z
      .enum([
        'completed',
        'continuedAsNew',
        'pastResetPoint',
        'begun',
        'failedAgain',
        'failed',
        'closed',
        'stuck',
        'waiting',
      ])
      .describe(
        '`pastResetPoint`: at work beyond the workflow task that the reset gave it; `begun`: it has done that task; ' +
          '`failedAgain`: it failed as the run before it did; `waiting`: it has not done its first task yet.',
      ),
    failure: z.string().optional(),
    stuck: z.array(stuck).optional(),
    waitedSeconds: z.number(),
  }),
).register(answerSchemas, { id: 'NewRun' });

export const resetAnswer = describes<ResetResult>()(
  z.object({
    operationId: operationId(),
    outcome: z.literal('reset'),
    namespace: z.string(),
    workflowId: z.string(),
    runId: z.string().describe('The run that was reset.'),
    newRunId: z.string().describe('The run that goes on from the reset point.'),
    eventId: z.int().describe('Events before this one were kept.'),
    why: z.string().describe('Why it is this event.'),
    terminatedRunId: z.string().optional().describe('The run that was live and that the server terminated.'),
    orphanedChildren: z.array(orphanedChild).describe('Children that went on without a parent.'),
    newRun: newRun.optional().describe('How far the new run got, where `waitSeconds` was given.'),
    links,
  }),
).register(answerSchemas, { id: 'ResetAnswer' });

const fate = z
  .enum(['reexecuted', 'reapplied', 'dropped'])
  .describe('`reexecuted`: the new run does it anew; `reapplied`: the server carries it over.');
const ended = ['completed', 'failed', 'timedOut', 'canceled', 'terminated', 'pending'] as const;
const some = <Item extends z.ZodType>(item: Item) => z.object({ total: count(), newest: z.array(item) });

const discarded = describes<Discarded>()(
  z.object({
    events: count().describe('Events at the reset point and after it.'),
    activities: some(
      z.object({
        activityId: z.string().optional(),
        activityType: z.string().optional(),
        eventId: z.int(),
        local: z.literal(true).optional(),
        state: z.enum(ended),
      }),
    ),
    timers: some(z.object({ timerId: z.string(), eventId: z.int(), state: z.enum(['fired', 'canceled', 'pending']) })),
    children: some(
      z.object({
        workflowId: z.string().optional(),
        workflowType: z.string().optional(),
        eventId: z.int(),
        state: z.enum(ended),
        fate,
      }),
    ),
    signals: some(z.object({ name: z.string(), eventId: z.int(), fate })),
    updates: some(z.object({ name: z.string(), eventId: z.int(), fate })),
    nexusOperations: some(z.object({ name: z.string(), eventId: z.int() })),
    cancelRequests: count(),
  }),
).register(answerSchemas, { id: 'Discarded' });

export const resetPreview = describes<ResetPreview>()(
  z.object({
    outcome: z.literal('preview'),
    namespace: z.string(),
    workflowId: z.string(),
    runId: z.string().describe('The run that would be reset.'),
    eventId: z.int(),
    why: z.string(),
    discarded,
    pendingActivities: z.array(pendingActivity),
    orphanedChildren: z.array(orphanedChild),
    terminatesRunId: z.string().optional().describe('The live run that would be terminated.'),
    links,
  }),
).register(answerSchemas, { id: 'ResetPreview' });

const engine = z
  .enum(batchEngines)
  .describe('`worker`: Rewind’s worker. `server`: Temporal’s own batch engine, which tells much less.');
const limitations = z
  .array(z.string())
  .optional()
  .describe('What this engine does not do for the action, each as a sentence.');

export const batchStarted = describes<BatchStarted>()(
  z.object({
    operationId: operationId(),
    outcome: z.enum(['started', 'nothingMatched']),
    state: z.enum(['running', 'completed']),
    engine,
    namespace: z.string(),
    matched: count().describe('Runs that matched; of each workflow the latest one is dealt with.'),
    workerPolling: z.boolean().optional().describe('False when no worker polls: the batch operation waits for one.'),
    explanation: z.string().optional(),
    limitations,
    links,
  }),
).register(answerSchemas, { id: 'BatchStarted' });

export const batchPreview = describes<BatchPreview>()(
  z.object({
    outcome: z.literal('preview'),
    engine,
    namespace: z.string(),
    matched: count(),
    tooMany: z.boolean().describe('Whether it would be refused for matching more than `maxWorkflows`.'),
    sample: z
      .array(
        z.object({
          workflowId: z.string(),
          runId: z.string().optional(),
          reset: resetPreview.optional(),
          refused: z.string().optional(),
        }),
      )
      .describe('Some of what matched, with what a reset would do to each.'),
    limitations,
  }),
).register(answerSchemas, { id: 'BatchPreview' });

const byKind = () => z.record(z.string(), count());
const progress = {
  done: count().describe('Workflows that were dealt with, whatever came of it.'),
  outcomes: byKind().describe('Of those, by the outcome that each one’s operation has.'),
  failed: byKind().describe('Of those, the ones that failed, by the kind of failure.'),
  skipped: count().describe('Runs that were passed over, because their workflow has a later one.'),
};
const batchState = z.enum(['running', 'completed', 'cancelled', 'failed']);

export const batchAnswer = describes<BatchResource>()(
  z.object({
    operationId: operationId(),
    namespace: z.string(),
    state: batchState,
    engine,
    action: z.enum(['cancel', 'terminate', 'reset']),
    reason: z.string(),
    actor,
    requestedAt: time(),
    matched: count(),
    ...progress,
    ratePerSecond: z.number().optional().describe('Workflows a second, since it was begun.'),
    secondsLeft: z.number().optional().describe('While it is running, at that rate.'),
  }),
).register(answerSchemas, { id: 'BatchAnswer' });

export const batchStopAnswer = describes<BatchStopResult>()(
  z.union([cancelAnswer, z.object({ ...terminateAnswer.shape, matched: count(), ...progress })]),
).register(answerSchemas, { id: 'BatchStopAnswer' });

/** The ledger keeps any verb's request and answer; which, and what of a failure is shown, is narrower than its type. */
type ShownOperation = Omit<OperationResource, 'request' | 'answer' | 'failure'> & {
  request: Record<string, unknown>;
  answer?: CancelResult | TerminateResult | ResetResult | BatchStarted | BatchStopResult;
  failure?: Omit<RecordedFailure, 'details'> & {
    details: Omit<FailureDetails, 'operatorDetail' | 'nothingDone' | 'errors'>;
  };
};

export const operationAnswer = describes<ShownOperation>()(
  z.object({
    operationId: operationId(),
    namespace: z.string(),
    workflowId: z.string(),
    verb: z.enum(['cancel', 'terminate', 'reset', 'batch']),
    actor,
    reason: z.string(),
    requestId: z.string().optional().describe('Of the request that asked first: the operator finds it in the logs.'),
    request: z.record(z.string(), z.unknown()).describe('The request as it was checked.'),
    state: z
      .enum(['started', 'completed', 'refused', 'failed', 'unknown'])
      .describe(
        '`started`: written before acting. `completed`: it acted, or found nothing to do. `refused`: nothing was done, ' +
          'and asking again would change nothing. `failed`: nothing was done; the same request under the same key tries ' +
          'again. `unknown`: Temporal did not answer; the same request finds out first.',
      ),
    requestedAt: time(),
    attempt: count(),
    runId: z.string().optional().describe('The run it acts on.'),
    completedAt: optionalTime(),
    outcome: z.string().optional().describe('The answer’s `outcome`, or the kind of failure.'),
    answer: z
      .union([cancelAnswer, terminateAnswer, resetAnswer, batchStarted])
      .optional()
      .describe('The first answer.'),
    failure: z
      .object({
        kind: z.enum(kinds),
        message: z.string(),
        details: z.object({
          field: z.string().optional(),
          value: z.unknown().optional(),
          allowed: z.string().optional(),
          resetPoints: z.array(resetPoint).optional(),
          retryAfterSeconds: z.number().optional(),
        }),
      })
      .optional(),
    nextCheckAt: optionalTime().describe('When Rewind looks next at what is not known yet.'),
    settled: z
      .object({ status: z.string(), closeTime: optionalTime() })
      .optional()
      .describe('How the workflow ended after a cancellation was requested.'),
    stuck: z
      .array(z.enum(['noPoller', 'workflowTaskFailing', 'activityNotHeartbeating']))
      .optional()
      .describe('After a cancellation: what kept the workflow from acting on it when it was looked at last.'),
    batchOperationId: z.string().optional().describe('The batch operation that this one is an item of.'),
    batch: z
      .object({ state: batchState, matched: count(), progress: z.object(progress) })
      .optional()
      .describe('With the verb `batch`: how far it is.'),
  }),
).register(answerSchemas, { id: 'Operation' });

export const operationsAnswer = describes<Omit<OperationsPage, 'operations'> & { operations: ShownOperation[] }>()(
  z.object({
    namespace: z.string(),
    workflowId: z.string(),
    operations: z.array(operationAnswer).describe('Newest first.'),
    nextPageToken,
  }),
).register(answerSchemas, { id: 'OperationsAnswer' });

export const batchItemsAnswer = describes<Omit<BatchItemsPage, 'items'> & { items: ShownOperation[] }>()(
  z.object({
    operationId: operationId(),
    items: z.array(operationAnswer).describe('Each workflow’s operation, by workflow id.'),
    nextPageToken,
  }),
).register(answerSchemas, { id: 'BatchItemsAnswer' });

const problem = describes<Omit<Problem, 'type'> & { type: string }>()(
  z.object({
    type: z.string().describe('Stable: match on it, not on words.'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    requestId: z.string().describe('API Gateway’s: the operator finds the request in the logs by it.'),
    errors: z
      .array(z.object({ field: z.string(), value: z.unknown().optional(), allowed: z.string() }))
      .optional()
      .describe('Each field that was refused, with its value and what is allowed.'),
    resetPoints: z.array(resetPoint).optional().describe('With `not-a-reset-point`: the newest points there are.'),
  }),
).register(answerSchemas, { id: 'Problem' });

/** What API Gateway answers by itself (api/gateway-problems.ts): without a status where it may be one of several. */
problem
  .omit({ errors: true, resetPoints: true })
  .partial({ status: true })
  .register(answerSchemas, { id: 'GatewayProblem' });
