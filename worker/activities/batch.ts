import { setMaxListeners } from 'node:events';
import type { BatchProgress } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import { ApplicationFailure } from '@temporalio/common';
import { activityInfo, cancellationDetails, cancelled, cancellationSignal, heartbeat, log } from '@temporalio/activity';
import { failures, OperationFailure } from '../../api/failures';
import { addProgress, noProgress } from '../../operations/batch/batch';
import type { BatchRecord } from '../../operations/batch/batch';
import { executeItems, waitUnless } from '../../operations/batch/execute-items';
import type { ItemsOfBatch } from '../../operations/batch/execute-items';
import { followNewRuns } from '../../operations/batch/new-runs';
import type { FollowedItems } from '../../operations/batch/new-runs';
import { listSubjects } from '../../operations/batch/subjects';
import type { SubjectPage } from '../../operations/batch/subjects';
import type { OperationDependencies } from '../../operations/verb';
import type { NamespaceClient } from '../../operations/temporal/namespace-client';
import { batchHeartbeatIntervalMs, batchPageSize } from '../config';

/** What batch operations work with; absent on a worker without a ledger. */
export interface BatchDependencies extends OperationDependencies {
  connect: () => Promise<NamespaceClient>;
  /** Base URL of the Temporal Web UI, for links. */
  webUiUrl?: string | undefined;
}

/** What a heartbeat keeps for the next attempt or activity: items before `next` are done. */
export interface Checkpoint {
  next: number;
  progress: BatchProgress;
}

/** What became of a page, or of a part of it. */
interface PerformedPage {
  progress: BatchProgress;
  /** No workflow is to be begun any more. */
  stopped: boolean;
  /** The batch operation is suspended: the rest is to be performed once it is resumed. */
  suspended?: boolean;
  /** With `stopped`: why, where too many have failed. */
  tooManyFailures?: string;
  /** Items of the page before this one are done. All of them where it is absent. */
  next?: number;
}

/** Least time between two records of the progress, in milliseconds. */
const RECORD_INTERVAL_MS = 1_000;

/** The activities behind the workflow `batchOperation`. */
export function createBatchActivities(dependencies?: BatchDependencies) {
  const given = (): BatchDependencies => {
    if (dependencies) return dependencies;
    throw ApplicationFailure.nonRetryable('This worker has no ledger: REWIND_LEDGER_TABLE is not set', 'NoLedger');
  };

  return {
    listBatchPage: (request: BatchRequest, cursor?: string, operationId = ''): Promise<SubjectPage> =>
      finalFailuresAsSuch(async () => {
        // Of a workflow that has its list for itself, one page.
        if (request.workflows) return { items: request.workflows.map((workflowId) => ({ workflowId })) };
        const { ledger, connect } = given();
        return listSubjects(ledger, connect, { operationId, request }, { size: batchPageSize, cursor });
      }),

    async performBatchItems(
      batch: ItemsOfBatch,
      before: { matched: number; progress: BatchProgress },
    ): Promise<PerformedPage> {
      const { connect, webUiUrl, ...once } = given();
      const client = await connect();
      let checkpoint: Checkpoint = activityInfo().heartbeatDetails ?? { next: 0, progress: noProgress };
      const beat = setInterval(() => heartbeat(checkpoint), batchHeartbeatIntervalMs);
      heartbeat(checkpoint);
      const recentRate = rateMeter();
      const record = (progress: BatchProgress, rate: { recentRate?: number }) =>
        once.ledger.updateBatch(batch.operationId, {
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
      try {
        const stop = cancellationSignal();
        // Each item in flight may wait for it: Node.js warns of more than ten.
        setMaxListeners(0, stop);
        const page = { ...batch, webUiUrl, before: before.progress };
        const ended = await executeItems(once, client, page, { stop, onProgress }, checkpoint);
        const details = cancellationDetails();
        // Another worker continues from here.
        if (details?.workerShutdown) return { next: ended.next, progress: ended.progress, stopped: false };
        if (stop.aborted && !details?.cancelRequested) {
          // A pause, a reset or a timeout of this attempt: the next one continues from here.
          heartbeat(checkpoint);
          await cancelled();
        }
        const { operationId, requestId } = batch;
        if (ended.tooManyFailures !== undefined) return { ...ended, stopped: true };
        if (ended.suspended) {
          await recorder.flush();
          await record(ended.progress, { recentRate: 0 });
          return { ...ended, stopped: false };
        }
        log.info('A page of a batch operation is done', { operationId, requestId, ...ended.progress });
        return { progress: ended.progress, stopped: ended.next < batch.items.length };
      } finally {
        clearInterval(beat);
        await recorder.flush();
      }
    },

    /** Follows the new runs of a page's resets, and returns how far they got. */
    async followNewRuns(batch: FollowedItems): Promise<BatchProgress> {
      const { connect, ledger } = given();
      const client = await connect();
      const beat = setInterval(() => heartbeat(), batchHeartbeatIntervalMs);
      heartbeat();
      try {
        const stop = cancellationSignal();
        const ended = await followNewRuns(ledger, client, batch, stop, waitUnless);
        // Only a stop of the batch operation ends the following early; otherwise another attempt continues it.
        if (stop.aborted && !cancellationDetails()?.cancelRequested) await cancelled();
        return ended;
      } finally {
        clearInterval(beat);
      }
    },

    noteBatch: (operationId: string, batch: BatchRecord): Promise<void> =>
      finalFailuresAsSuch(() => given().ledger.updateBatch(operationId, batch)),
  };
}

/** For `proxyActivities<BatchActivities>` in workflow code. */
export type BatchActivities = ReturnType<typeof createBatchActivities>;

/** An attempt at an activity whose failure cannot pass is the last one. */
async function finalFailuresAsSuch<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof OperationFailure)) throw error;
    // `internal`: a call that DynamoDB refuses whenever it is made.
    if (failures[error.kind].retry !== 'never' && error.kind !== 'internal') throw error;
    throw ApplicationFailure.nonRetryable(error.details.operatorDetail ?? error.message, error.kind);
  }
}

/** Time over which the recent rate is measured, in milliseconds. */
const RATE_WINDOW_MS = 15_000;

/** Measures how many workflows a second are processed, from one record of the progress to the next. */
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

/** Records progress once in a while, one write after the other. Progress that could not be recorded is recorded later. */
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
    /** Records the latest progress; the new runs may be followed for an hour before the next. */
    async flush(): Promise<void> {
      await writing;
      writeLatest();
      await writing;
    },
  };
}
