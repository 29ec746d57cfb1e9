import { setMaxListeners } from 'node:events';
import type { BatchProgress } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import { ApplicationFailure } from '@temporalio/common';
import { activityInfo, cancellationDetails, cancelled, cancellationSignal, heartbeat, log } from '@temporalio/activity';
import { failures, OperationFailure } from '../../api/failures';
import { addProgress, noProgress } from '../../operations/batch/batch';
import type { BatchRecord } from '../../operations/batch/batch';
import { executeItems } from '../../operations/batch/execute-items';
import type { ItemsOfBatch } from '../../operations/batch/execute-items';
import { countItems } from '../../operations/batch/item-records';
import type { ItemRange } from '../../operations/batch/item-records';
import { followNewRuns } from '../../operations/batch/new-runs';
import type { FollowedItems } from '../../operations/batch/new-runs';
import { listSelected } from '../../operations/batch/selection';
import type { SelectionPage } from '../../operations/batch/selection';
import type { Ledger } from '../../operations/ledger/ledger';
import type { OperationDependencies } from '../../operations/verb';
import type { NamespaceClient } from '../../operations/temporal/namespace-client';
import { batchHeartbeatIntervalMs, batchPageSize } from '../config';

/** Dependencies of batch operations. */
export interface BatchDependencies extends OperationDependencies {
  connect: () => Promise<NamespaceClient>;
  /** Base URL of the Temporal Web UI, for links. */
  webUiUrl?: string | undefined;
}

/** Heartbeat details, from which the next attempt or activity continues. */
export interface Checkpoint {
  /** Index of the first item that is not done. */
  next: number;
  progress: BatchProgress;
}

/** The batch operation before a page. */
interface Before {
  matched: number;
  progress: BatchProgress;
}

/** The result of executing a page, or a part of it. */
interface PerformedPage {
  progress: BatchProgress;
  /** Whether the batch operation must not start further items. */
  stopped: boolean;
  /** Whether the rest of the page has to be executed after a resumption. */
  suspended?: boolean;
  /** With `stopped`: a sentence, if the failure rate was exceeded. */
  tooManyFailures?: string;
  /** Index of the first item that is not done and counted. Absent if none is left. */
  next?: number;
}

/** Minimum interval between records of the progress, in milliseconds. */
const RECORD_INTERVAL_MS = 1_000;

/**
 * Creates the activities of the workflow `batchOperation`.
 * @param dependencies absent on a worker without a ledger, where the activities fail
 */
export function createBatchActivities(dependencies?: BatchDependencies) {
  const requireDependencies = (): BatchDependencies => {
    if (dependencies) return dependencies;
    throw ApplicationFailure.nonRetryable('This worker has no ledger: REWIND_LEDGER_TABLE is not set', 'NoLedger');
  };

  return {
    listBatchPage: (request: BatchRequest, cursor?: string, operationId = ''): Promise<SelectionPage> =>
      withNonRetryable(async () => {
        // A workflow of an earlier release passes a page of the list in its input.
        if (request.workflows) return { items: request.workflows.map((workflowId) => ({ workflowId })) };
        const { ledger, connect } = requireDependencies();
        // A workflow of an earlier release does not pass the id.
        if (operationId !== '') await requireRecord(ledger, operationId);
        return listSelected(ledger, connect, { operationId, request }, { size: batchPageSize, cursor });
      }),

    performBatchItems: (batch: ItemsOfBatch, before: Before): Promise<PerformedPage> =>
      performItems(requireDependencies(), batch, before),

    /** Follows the new runs of a page's resets, and returns their progress. */
    async followNewRuns(batch: FollowedItems): Promise<BatchProgress> {
      const { connect, ledger } = requireDependencies();
      const client = await connect();
      return withHeartbeats(heartbeat, async () => {
        const stop = cancellationSignal();
        const ended = await followNewRuns(ledger, client, batch, stop);
        // Unless the batch operation was stopped, another attempt continues.
        if (stop.aborted && !cancellationDetails()?.cancelRequested) await cancelled();
        return ended;
      });
    },

    /** Counts the items of a range that were started. */
    async countBatchItems(range: ItemRange): Promise<BatchProgress> {
      const { connect, ...operationDependencies } = requireDependencies();
      return countItems(operationDependencies, await connect(), range);
    },

    noteBatch: (operationId: string, batch: BatchRecord): Promise<void> =>
      withNonRetryable(() => requireDependencies().ledger.updateBatch(operationId, batch)),
  };
}

/** For `proxyActivities<BatchActivities>` in workflow code. */
export type BatchActivities = ReturnType<typeof createBatchActivities>;

/** Executes the items of a page, records the progress, and continues from the heartbeat of an earlier attempt. */
async function performItems(
  { connect, webUiUrl, ...dependencies }: BatchDependencies,
  batch: ItemsOfBatch,
  before: Before,
): Promise<PerformedPage> {
  const client = await connect();
  let checkpoint: Checkpoint = activityInfo().heartbeatDetails ?? { next: 0, progress: noProgress };
  const recentRate = rateMeter();
  const record = (progress: BatchProgress, rate: { recentRate?: number }) =>
    dependencies.ledger.updateBatch(batch.operationId, {
      ...rate,
      state: 'running',
      matched: before.matched,
      progress: addProgress(before.progress, progress),
    });
  const recorder = progressRecorder((progress) => record(progress, recentRate(progress.done)));
  const onProgress = (next: number, progress: BatchProgress) => {
    checkpoint = { next, progress };
    recorder.record(progress);
  };
  const execute = async (): Promise<PerformedPage> => {
    const stop = cancellationSignal();
    // Each item in flight may add a listener, and Node.js warns about more than ten.
    setMaxListeners(0, stop);
    const page = { ...batch, webUiUrl, before: before.progress };
    const ended = await executeItems(dependencies, client, page, { stop, onProgress }, checkpoint);
    const { next, progress } = ended;
    const details = cancellationDetails();
    // The workflow continues from here in another activity, on another worker.
    if (details?.workerShutdown) return { next, progress, stopped: false };
    if (stop.aborted && !details?.cancelRequested) {
      // The activity was paused, reset or timed out: the next attempt continues from here.
      heartbeat(checkpoint);
      await cancelled();
    }
    if (ended.tooManyFailures !== undefined) return { ...ended, stopped: true };
    if (ended.suspended) {
      await recorder.flush();
      await record(progress, { recentRate: 0 });
      return { ...ended, stopped: false };
    }
    const { operationId, requestId } = batch;
    log.info('A page of a batch operation is done', { operationId, requestId, ...progress });
    return next < batch.items.length ? { next, progress, stopped: true } : { progress, stopped: false };
  };
  const sendHeartbeat = () => {
    heartbeat(checkpoint);
  };
  return withHeartbeats(sendHeartbeat, async () => {
    try {
      return await execute();
    } finally {
      await recorder.flush();
    }
  });
}

/** Sends a heartbeat, and repeats it until the action ends. */
async function withHeartbeats<Result>(send: () => void, act: () => Promise<Result>): Promise<Result> {
  const heartbeats = setInterval(send, batchHeartbeatIntervalMs);
  send();
  try {
    return await act();
  } finally {
    clearInterval(heartbeats);
  }
}

/** Converts permanent failures to nonretryable ones, so that the server does not retry the activity. */
async function withNonRetryable<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof OperationFailure)) throw error;
    // `internal` is a call that DynamoDB rejects, and would reject again.
    if (failures[error.kind].retry !== 'never' && error.kind !== 'internal') throw error;
    throw ApplicationFailure.nonRetryable(error.details.operatorDetail ?? error.message, error.kind);
  }
}

/** @throws {ApplicationFailure} when the ledger does not have the batch operation: without its record, no item may be started */
async function requireRecord(ledger: Ledger, operationId: string): Promise<void> {
  if ((await ledger.find(operationId)) !== undefined) return;
  throw ApplicationFailure.nonRetryable(
    `The ledger of the worker has no batch operation ${operationId}: it expired, or another deployment of Rewind started it on the same task queue. ` +
      'In a namespace, each deployment needs a task queue of its own (worker.taskQueue)',
    'NoRecord',
  );
}

/** Sliding window for the recent rate, in milliseconds. */
const RATE_WINDOW_MS = 15_000;

/** Returns a function that takes the number of processed workflows, and returns their recent rate per second. */
function rateMeter() {
  const seen: { at: number; done: number }[] = [];
  return (done: number): { recentRate?: number } => {
    const at = Date.now();
    while (seen.length > 1 && (seen[0]?.at ?? at) < at - RATE_WINDOW_MS) seen.shift();
    const [first] = seen;
    seen.push({ at, done });
    return first === undefined || first.at === at
      ? {}
      : { recentRate: ((done - first.done) * 1_000) / (at - first.at) };
  };
}

/** Records progress at intervals, with sequential writes. Progress that could not be recorded is recorded with a later write. */
function progressRecorder(write: (progress: BatchProgress) => Promise<void>) {
  let writing: Promise<void> | undefined;
  let recordedAt = 0;
  let latest: BatchProgress | undefined;
  const writeLatest = () => {
    const progress = latest;
    if (progress === undefined) return;
    latest = undefined;
    recordedAt = Date.now();
    writing = write(progress)
      .catch(() => (latest ??= progress))
      .then(() => (writing = undefined));
  };
  return {
    record(progress: BatchProgress): void {
      latest = progress;
      if (!writing && Date.now() - recordedAt >= RECORD_INTERVAL_MS) writeLatest();
    },
    /** Records the latest progress, because following new runs can delay the next record by an hour. */
    async flush(): Promise<void> {
      await writing;
      writeLatest();
      await writing;
    },
  };
}
