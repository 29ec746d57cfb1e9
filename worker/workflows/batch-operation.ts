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
import type { BatchActivities, Checkpoint } from '../activities/batch';
import { batchHeartbeatTimeout, batchPageSize } from '../config';

const { listBatchPage, noteBatch } = proxyActivities<BatchActivities>({
  startToCloseTimeout: '1 minute',
  retry: { maximumInterval: '10 seconds' },
});

const { performBatchItems, followNewRuns } = proxyActivities<BatchActivities>({
  // A page at the slowest rate; the heartbeat shows a dead worker long before.
  startToCloseTimeout: '1 day',
  heartbeatTimeout: batchHeartbeatTimeout,
  retry: {
    initialInterval: '100 milliseconds',
    maximumInterval: '10 seconds',
    // The server gives a second attempt to no worker where another build has become current since (observed with worker
    // versioning on 1.29.1): the workflow begins the rest of the page as an activity of its own.
    nonRetryableErrorTypes: ['TemporalTimeout:Heartbeat', 'TemporalTimeout:StartToClose'],
  },
  // What is in flight is done and counted before the batch operation ends.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

const resumeSignal = defineSignal(RESUME_SIGNAL);

/** How often a suspended batch operation looks into the ledger whether it may go on, should its signal be lost. */
const SUSPENDED_LOOK = '1 hour';

/** Pages whose new runs are followed at the same time: the worker holds the records of these only. */
const MAX_FOLLOWED_PAGES = 40;

/** Time between two passes of a rollback. A pass that finds nothing new is the last. */
const PASS_INTERVAL = '10 seconds';

/** Characters that the ledger keeps of why a batch operation failed. */
const MAX_FAILURE_LENGTH = 1_000;

/**
 * A batch operation: page by page, each item an operation of the ledger. Continues as new, so that its history stays
 * small however many workflows there are.
 *
 * A change of the order of its activities needs `patched`: test/worker/replay.test.ts.
 */
export async function batchOperation(input: BatchInput): Promise<BatchProgress> {
  const course = new Course(input);
  try {
    const end = await course.run();
    await course.noteNow(end.state, end.failure);
    return course.progress;
  } catch (error) {
    if (isCancellation(error)) await course.noteNow('cancelled');
    else if (error instanceof ActivityFailure)
      await course.noteNow('failed', (error.cause ?? error).message.slice(0, MAX_FAILURE_LENGTH));
    throw error;
  }
}

/** How a batch operation ended. */
interface End {
  state: Exclude<BatchRunState, 'running'>;
  failure?: string;
}

/** One run of the workflow. */
class Course {
  progress: BatchProgress;
  private cursor: string | undefined;
  private listed: number;
  private pass: number;
  private doneBefore: number;
  private resumed = 0;
  /** Pages whose new runs are followed now. */
  private readonly followed = new Set<Promise<unknown>>();

  constructor(private readonly input: BatchInput) {
    ({ progress: this.progress, cursor: this.cursor, listed: this.listed = 0 } = input);
    ({ pass: this.pass = 1, doneBefore: this.doneBefore = 0 } = input);
    setHandler(resumeSignal, () => void (this.resumed += 1));
  }

  async run(): Promise<End> {
    for (;;) {
      const { items, nextCursor } = await listPage(this.input, this.cursor);
      const end = await this.performPage(items);
      if (end) return end;
      this.listed += items.length;
      this.cursor = nextCursor;
      if (nextCursor === undefined && !(await this.beginsAgain())) break;
      if (workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > 1000) {
        await this.untilFollowed();
        // The next run would not know of a cancellation of this one.
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

  /** A rollback looks again for what the bad build has picked up meanwhile, until there is nothing new. */
  private async beginsAgain(): Promise<boolean> {
    const { rollback } = this.input.request;
    const { done } = this.progress;
    if (!rollback || (this.pass > 1 && done === this.doneBefore)) return false;
    this.pass += 1;
    this.doneBefore = done;
    await sleep(PASS_INTERVAL);
    return true;
  }

  noteNow(state: BatchRunState, failure?: string): Promise<void> {
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
    let next = 0;
    do {
      const resumedBefore = this.resumed;
      const page = await performBatchItems(
        {
          operationId,
          actor,
          requestId,
          request: perItem,
          askedAt,
          listedAt,
          items: items.slice(next),
          firstPosition: firstPosition + next,
        },
        { matched, progress: this.progress },
      ).catch(untilTimeout);
      // What was skipped in the first pass of a rollback is skipped in each.
      const skipped = this.pass > 1 ? 0 : page.progress.skipped;
      this.progress = addProgress(this.progress, { ...page.progress, skipped });
      next = page.next === undefined ? items.length : next + page.next;
      // The activity ends as usual when it is cancelled, with what it had in flight: nothing of that may be lost.
      if (page.tooManyFailures !== undefined) return { state: 'failed', failure: page.tooManyFailures };
      if (page.stopped) return { state: 'cancelled' };
      // A resumption while the activity ran may have come after its last look.
      if (page.suspended) await condition(() => this.resumed > resumedBefore, SUSPENDED_LOOK);
    } while (next < items.length);
    return undefined;
  }

  /** @returns the end of the batch operation when too many of the first workflows failed */
  private async awaitCanary(
    items: BatchItem[],
    { waitSeconds, maxFailureRate }: NonNullable<BatchInput['request']['canary']>,
  ): Promise<End | undefined> {
    const { action, followSeconds = 0 } = this.input.request;
    const until = new Date(Date.now() + waitSeconds * 1_000).toISOString();
    await this.noteCanary('waiting', items.length, until);
    let followed = noProgress;
    if (action === 'reset') followed = await this.followItems(items, 0, waitSeconds);
    else await sleep(waitSeconds * 1_000);
    if (CancellationScope.current().consideredCancelled) return { state: 'cancelled' };
    const { done } = this.progress;
    const failures = countFailures(this.progress);
    if (failures <= done * maxFailureRate) {
      await this.noteCanary('passed', items.length);
      const areToBeFollowed = followSeconds > waitSeconds && (followed.progress?.stillRunning ?? 0) > 0;
      if (areToBeFollowed && patched('canary-followed')) await this.follow(items, 0, followed);
      return undefined;
    }
    this.setCanary('failed', items.length);
    return {
      state: 'failed',
      failure: `The canary failed: of the first ${done} workflows ${failures} failed, and maxFailureRate is ${maxFailureRate}. No other was begun.`,
    };
  }

  private setCanary(state: CanaryProgress['state'], count: number, until?: string): void {
    const failed = countFailures(this.progress);
    this.progress = { ...this.progress, canary: { state, count, failed, ...(until !== undefined && { until }) } };
  }

  private async noteCanary(state: CanaryProgress['state'], count: number, until?: string): Promise<void> {
    this.setCanary(state, count, until);
    // Those that began before there was such a record continue without it.
    if (patched('canary-state')) await this.noteNow('running');
  }

  /**
   * Begins to follow the new runs of a page, beside the pages after it.
   * @param counted how far they were when a canary's time was over
   */
  private async follow(items: BatchItem[], firstPosition: number, counted = noProgress): Promise<void> {
    if (this.followed.size >= MAX_FOLLOWED_PAGES) await Promise.race(this.followed);
    const { followSeconds = 0 } = this.input.request;
    const following = this.followItems(items, firstPosition, followSeconds, counted).finally(() =>
      this.followed.delete(following),
    );
    // A failure counts where all are awaited.
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
      await this.noteNow('running');
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

/** What an activity had done when its worker was gone. */
function untilTimeout(error: unknown): Awaited<ReturnType<typeof performBatchItems>> {
  if (!isTimeout(error)) throw error;
  const kept = error.cause.lastHeartbeatDetails as Checkpoint | undefined;
  const { next, progress } = kept ?? { next: 0, progress: noProgress };
  return { next, progress, stopped: false };
}

/** The workflows of a release before lists were stored have the list in their input; an activity gets a page of it. */
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
