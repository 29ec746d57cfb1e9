import type { BatchProgress, BatchRunState } from '../../api/batch-operation';
import {
  ActivityCancellationType,
  ActivityFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  proxyActivities,
  setHandler,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import { addProgress, noProgress, RESUME_SIGNAL } from '../../operations/batch/batch';
import type { BatchInput } from '../../operations/batch/batch';
import type { BatchActivities, Checkpoint } from '../activities/batch';
import { batchHeartbeatTimeout, batchPageSize } from '../config';

const { listBatchPage, noteBatch } = proxyActivities<BatchActivities>({
  startToCloseTimeout: '1 minute',
  retry: { maximumInterval: '10 seconds' },
});

const { performBatchItems } = proxyActivities<BatchActivities>({
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

/** Characters that the ledger keeps of why a batch operation failed. */
const MAX_FAILURE_LENGTH = 1_000;

/**
 * A batch operation: page by page, each item an operation of the ledger. Continues as new, so that its history stays
 * small however many workflows there are.
 *
 * A change of the order of its activities needs `patched`: test/worker/batch-replay.test.ts.
 */
export async function batchOperation(input: BatchInput): Promise<BatchProgress> {
  const { operationId, actor, requestId, request, matched } = input;
  let { progress, cursor, listed = 0 } = input;
  const note = (state: BatchRunState, failure?: string) =>
    noteBatch(operationId, { state, matched, progress, failure });
  const noteNow = (state: BatchRunState, failure?: string) =>
    CancellationScope.nonCancellable(() => note(state, failure));
  const { workflows: _, ...perItem } = request;
  let resumed = 0;
  setHandler(resumeSignal, () => void (resumed += 1));

  try {
    for (;;) {
      const { items, nextCursor } = await listPage(input, cursor);
      let stopped: boolean;
      let next = 0;
      do {
        const before = resumed;
        const page = await performBatchItems(
          { operationId, actor, requestId, request: perItem, items: items.slice(next), firstPosition: listed + next },
          { matched, progress },
        ).catch(untilTimeout);
        progress = addProgress(progress, page.progress);
        stopped = page.stopped;
        next = page.next === undefined ? items.length : next + page.next;
        // A resumption while the activity ran may have come after its last look.
        if (page.suspended) await condition(() => resumed > before, SUSPENDED_LOOK);
      } while (next < items.length && !stopped);
      listed += items.length;
      // The activity ends as usual when it is cancelled, with what it had in flight: nothing of that may be lost.
      if (stopped) {
        await noteNow('cancelled');
        return progress;
      }
      cursor = nextCursor;
      if (cursor === undefined) break;
      if (workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > 1000) {
        // The next run would not know of a cancellation of this one.
        if (CancellationScope.current().consideredCancelled) {
          await noteNow('cancelled');
          return progress;
        }
        await continueAsNew<typeof batchOperation>({ ...input, progress, cursor, listed });
      }
    }
    await note('completed');
    return progress;
  } catch (error) {
    if (isCancellation(error)) await noteNow('cancelled');
    else if (error instanceof ActivityFailure)
      await noteNow('failed', (error.cause ?? error).message.slice(0, MAX_FAILURE_LENGTH));
    throw error;
  }
}

/** What an activity had done when its worker was gone. */
function untilTimeout(error: unknown): Awaited<ReturnType<typeof performBatchItems>> {
  if (!(error instanceof ActivityFailure && error.cause instanceof TimeoutFailure)) throw error;
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
