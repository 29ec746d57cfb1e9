import type { BatchProgress, BatchRunState, CanaryProgress } from '../../api/batch-operation';
import {
  ActivityCancellationType,
  ActivityFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  patched,
  proxyActivities,
  setHandler,
  sleep,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import { addProgress, countFailures, noProgress, RESUME_SIGNAL, withoutFollowed } from '../../operations/batch/batch';
import type { BatchInput, BatchItem } from '../../operations/batch/batch';
import type { ItemRange } from '../../operations/batch/item-records';
import type { BatchActivities, Checkpoint } from '../activities/batch';
import { batchHeartbeatTimeout, batchPageSize } from '../config';

const { listBatchPage, noteBatch } = proxyActivities<BatchActivities>({
  startToCloseTimeout: '1 minute',
  retry: { maximumInterval: '10 seconds' },
});

const { performBatchItems, followNewRuns } = proxyActivities<BatchActivities>({
  // Long enough for a page at the lowest rate. The heartbeat timeout detects a crashed worker much earlier.
  startToCloseTimeout: '1 day',
  heartbeatTimeout: batchHeartbeatTimeout,
  retry: {
    initialInterval: '100 milliseconds',
    maximumInterval: '10 seconds',
    // With worker versioning, the server dispatches a second attempt to no worker after another build has become current
    // (observed on 1.29.1). The workflow therefore executes the rest of the page in a new activity.
    nonRetryableErrorTypes: ['TemporalTimeout:Heartbeat', 'TemporalTimeout:StartToClose'],
  },
  // Items in flight are finished and counted before the batch operation ends.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

const { countBatchItems } = proxyActivities<BatchActivities>({
  startToCloseTimeout: '1 minute',
  // A worker of an earlier release does not have this activity.
  retry: { maximumInterval: '10 seconds', nonRetryableErrorTypes: ['NotFoundError'] },
});

const resumeSignal = defineSignal(RESUME_SIGNAL);

/** How often a suspended batch operation checks the ledger for its resumption, in case the signal is lost. */
const SUSPENSION_CHECK_INTERVAL = '1 hour';

/** Maximum pages whose new runs are followed concurrently, which limits the records in the worker's memory. */
const MAX_FOLLOWED_PAGES = 40;

/** Time between two passes of a rollback. A pass that finds nothing new is the last. */
const PASS_INTERVAL = '10 seconds';

/** Maximum length of the recorded failure of a batch operation, in characters. */
const MAX_FAILURE_LENGTH = 1_000;

/**
 * Executes a batch operation page by page, with an operation in the ledger for each item. Continues as new, to limit the
 * size of its history.
 *
 * Changes of the order of its activities need `patched`; test/worker/replay.test.ts detects incompatible ones.
 */
export async function batchOperation(input: BatchInput): Promise<BatchProgress> {
  const execution = new BatchExecution(input);
  try {
    const end = await execution.run();
    await execution.recordEnd(end);
    return execution.progress;
  } catch (error) {
    if (isCancellation(error)) await execution.recordEnd({ state: 'cancelled' });
    else if (error instanceof ActivityFailure) {
      const failure = (error.cause ?? error).message.slice(0, MAX_FAILURE_LENGTH);
      await execution.recordEnd({ state: 'failed', failure });
    }
    throw error;
  }
}

/** The final state of a batch operation. */
interface End {
  state: Exclude<BatchRunState, 'running'>;
  failure?: string;
}

/** The state of a single workflow run. */
class BatchExecution {
  progress: BatchProgress;
  private cursor: string | undefined;
  /** When the query matched the items of the page that is being executed. */
  private matchedAt: string | undefined;
  private listed: number;
  private pass: number;
  private doneBefore: number;
  private resumed = 0;
  /** The rest of the page that is being executed. A worker that was killed or interrupted may have executed some of its items. */
  private uncounted: Pick<ItemRange, 'items' | 'firstPosition'> = { items: [], firstPosition: 0 };
  /** Pages whose new runs are being followed. */
  private readonly followed = new Set<Promise<unknown>>();

  constructor(private readonly input: BatchInput) {
    ({ progress: this.progress, cursor: this.cursor, listed: this.listed = 0 } = input);
    ({ pass: this.pass = 1, doneBefore: this.doneBefore = 0 } = input);
    setHandler(resumeSignal, () => void (this.resumed += 1));
  }

  async run(): Promise<End> {
    for (;;) {
      const { items, nextCursor, matchedAt } = await listPage(this.input, this.cursor);
      this.matchedAt = matchedAt;
      const end = await this.performPage(items);
      if (end) return end;
      this.listed += items.length;
      this.cursor = nextCursor;
      if (nextCursor === undefined && !(await this.startsNextPass())) break;
      if (workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > 1000) {
        await this.untilFollowed();
        // The next run does not inherit the cancellation of this run.
        if (CancellationScope.current().consideredCancelled) return { state: 'cancelled' };
        const { progress, cursor, listed, pass, doneBefore } = this;
        await continueAsNew<typeof batchOperation>({ ...this.input, progress, cursor, listed, pass, doneBefore });
      }
    }
    await this.untilFollowed();
    return CancellationScope.current().consideredCancelled && this.input.request.followSeconds !== undefined
      ? { state: 'cancelled' }
      : { state: 'completed' };
  }

  /** Starts another pass of a rollback, for runs that reached the bad build in the meantime, until a pass finds nothing new. */
  private async startsNextPass(): Promise<boolean> {
    const { rollback } = this.input.request;
    const { done } = this.progress;
    if (!rollback || (this.pass > 1 && done === this.doneBefore)) return false;
    this.pass += 1;
    this.doneBefore = done;
    await sleep(PASS_INTERVAL);
    return true;
  }

  async recordEnd({ state, failure }: End): Promise<void> {
    await CancellationScope.nonCancellable(() => this.countUncounted());
    await this.record(state, failure);
  }

  /**
   * Counts in the ledger the items that were executed without being counted: after the last heartbeat of an activity that timed
   * out, by an activity that was cancelled between two attempts, or out of order before a suspension.
   */
  private async countUncounted(): Promise<void> {
    const { operationId } = this.input;
    if (this.uncounted.items.length === 0 || !patched('uncounted-items')) return;
    try {
      this.progress = addProgress(this.progress, await countBatchItems({ operationId, ...this.uncounted }));
    } catch (error) {
      // Without the activity, or without a ledger, the end is recorded with the count so far.
      if (!(error instanceof ActivityFailure)) throw error;
    }
  }

  private record(state: BatchRunState, failure?: string): Promise<void> {
    const { operationId, matched } = this.input;
    const { progress } = this;
    return CancellationScope.nonCancellable(() => noteBatch(operationId, { state, matched, progress, failure }));
  }

  private async performPage(items: BatchItem[]): Promise<End | undefined> {
    const { canary, followSeconds } = this.input.request;
    const doneBefore = this.progress.done;
    const first = canary && this.listed === 0 ? items.slice(0, canary.count) : [];
    const others = items.slice(first.length);
    if (canary && first.length > 0) {
      this.setCanary('underway', first.length);
      const end = (await this.perform(first, this.listed)) ?? (await this.awaitCanary(first, canary));
      if (end) return end;
    }
    const end =
      others.length > 0 || first.length === 0 ? await this.perform(others, this.listed + first.length) : undefined;
    const isNew = this.pass === 1 || this.progress.done > doneBefore;
    if (followSeconds !== undefined && others.length > 0 && isNew)
      await this.follow(others, this.listed + first.length);
    if (end) await this.untilFollowed();
    return end;
  }

  private async perform(items: BatchItem[], firstPosition: number): Promise<End | undefined> {
    const { operationId, actor, requestId, request, askedAt, listedAt, matched } = this.input;
    const { workflows: _, ...perItem } = request;
    const { matchedAt } = this;
    this.uncounted = { items, firstPosition };
    do {
      const resumedBefore = this.resumed;
      const page = await performBatchItems(
        { operationId, actor, requestId, request: perItem, askedAt, listedAt, matchedAt, ...this.uncounted },
        { matched, progress: this.progress },
      ).catch(untilTimeout);
      // Each pass of a rollback skips the same items: count them only in the first pass.
      const skipped = this.pass > 1 ? 0 : page.progress.skipped;
      this.progress = addProgress(this.progress, { ...page.progress, skipped });
      const { next = this.uncounted.items.length } = page;
      this.uncounted = {
        items: this.uncounted.items.slice(next),
        firstPosition: this.uncounted.firstPosition + next,
      };
      // Checked after the progress is added: a cancelled activity returns normally, with the results of its items in flight.
      if (page.tooManyFailures !== undefined) return { state: 'failed', failure: page.tooManyFailures };
      if (page.stopped) return { state: 'cancelled' };
      // A resume signal during the activity may have arrived after its last check of the ledger.
      if (page.suspended) await condition(() => this.resumed > resumedBefore, SUSPENSION_CHECK_INTERVAL);
    } while (this.uncounted.items.length > 0);
    return undefined;
  }

  /** @returns the end of the batch operation if it was cancelled or the canary failed; undefined to continue */
  private async awaitCanary(
    items: BatchItem[],
    { waitSeconds, maxFailureRate }: NonNullable<BatchInput['request']['canary']>,
  ): Promise<End | undefined> {
    const { action, followSeconds = 0 } = this.input.request;
    const until = new Date(Date.now() + waitSeconds * 1_000).toISOString();
    await this.recordCanary('waiting', items.length, until);
    let followed = noProgress;
    if (action === 'reset') followed = await this.followItems(items, 0, waitSeconds);
    else await sleep(waitSeconds * 1_000);
    if (CancellationScope.current().consideredCancelled) return { state: 'cancelled' };
    const { done } = this.progress;
    const failures = countFailures(this.progress);
    if (failures <= done * maxFailureRate) {
      await this.recordCanary('passed', items.length);
      const needsFollowing = followSeconds > waitSeconds && (followed.progress?.stillRunning ?? 0) > 0;
      if (needsFollowing && patched('canary-followed')) await this.follow(items, 0, followed);
      return undefined;
    }
    this.setCanary('failed', items.length);
    return {
      state: 'failed',
      failure: `The canary failed: ${failures} of the first ${done} workflows failed, and maxFailureRate is ${maxFailureRate}. No further workflows were started.`,
    };
  }

  private setCanary(state: CanaryProgress['state'], count: number, until?: string): void {
    const failed = countFailures(this.progress);
    this.progress = { ...this.progress, canary: { state, count, failed, ...(until !== undefined && { until }) } };
  }

  private async recordCanary(state: CanaryProgress['state'], count: number, until?: string): Promise<void> {
    this.setCanary(state, count, until);
    // Workflows that were started by releases without this record continue without it.
    if (patched('canary-state')) await this.record('running');
  }

  /**
   * Starts to follow the new runs of a page, in the background of the pages after it.
   * @param counted progress of these runs that is already included, from the end of a canary
   */
  private async follow(items: BatchItem[], firstPosition: number, counted = noProgress): Promise<void> {
    if (this.followed.size >= MAX_FOLLOWED_PAGES) await Promise.race(this.followed);
    const { followSeconds = 0 } = this.input.request;
    const following = this.followItems(items, firstPosition, followSeconds, counted).finally(() =>
      this.followed.delete(following),
    );
    // Avoids an unhandled rejection: `untilFollowed` reports failures.
    following.catch(() => {});
    this.followed.add(following);
  }

  private async followItems(
    items: BatchItem[],
    firstPosition: number,
    followSeconds: number,
    counted = noProgress,
  ): Promise<BatchProgress> {
    const { operationId } = this.input;
    for (;;) {
      const ended = await followNewRuns({ operationId, items, firstPosition, followSeconds }).catch(
        (error: unknown) => {
          if (!isTimeout(error)) throw error;
        },
      );
      if (!ended) continue;
      this.progress = addProgress(withoutFollowed(this.progress, counted), ended);
      await this.record('running');
      return ended;
    }
  }

  private async untilFollowed(): Promise<void> {
    await Promise.all(this.followed);
  }
}

function isTimeout(error: unknown): error is ActivityFailure & { cause: TimeoutFailure } {
  return error instanceof ActivityFailure && error.cause instanceof TimeoutFailure;
}

/** Returns what an activity had done before it timed out, from its last heartbeat. */
function untilTimeout(error: unknown): Awaited<ReturnType<typeof performBatchItems>> {
  if (!isTimeout(error)) throw error;
  const checkpoint = error.cause.lastHeartbeatDetails as Checkpoint | undefined;
  const { next, progress } = checkpoint ?? { next: 0, progress: noProgress };
  return { next, progress, stopped: false };
}

/** Lists a page. Workflows of releases without stored lists have the list in their input, of which an activity gets a page. */
async function listPage(
  { operationId, request }: BatchInput,
  cursor: string | undefined,
): ReturnType<typeof listBatchPage> {
  const { workflows } = request;
  if (!workflows) return listBatchPage(request, cursor, operationId);
  const ids = [...new Set(workflows)];
  const start = Number(cursor ?? 0);
  const end = start + batchPageSize;
  const { items } = await listBatchPage({ ...request, workflows: ids.slice(start, end) });
  return { items, ...(end < ids.length && { nextCursor: String(end) }) };
}
