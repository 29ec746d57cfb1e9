import type { BatchProgress, BatchRunState } from '../../api/batch-operation';
import {
  ActivityCancellationType,
  CancellationScope,
  continueAsNew,
  isCancellation,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import { addProgress } from '../../operations/batch/batch';
import type { BatchInput } from '../../operations/batch/batch';
import type { BatchActivities } from '../activities/batch';
import { batchHeartbeatTimeout } from '../config';

const { listBatchPage, noteBatch } = proxyActivities<BatchActivities>({
  startToCloseTimeout: '1 minute',
  retry: { maximumInterval: '10 seconds' },
});

const { performBatchItems } = proxyActivities<BatchActivities>({
  // A page at the slowest rate. A dead worker is noticed by its heartbeats.
  startToCloseTimeout: '1 day',
  heartbeatTimeout: batchHeartbeatTimeout,
  retry: { initialInterval: '100 milliseconds', maximumInterval: '10 seconds' },
  // Items in progress are done and counted before the batch operation ends.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/**
 * A batch operation: page by page, each item an operation of the ledger. Continues as new, so that its history stays
 * small however many workflows there are.
 */
export async function batchOperation(input: BatchInput): Promise<BatchProgress> {
  const { operationId, actor, requestId, request, matched } = input;
  let { progress, cursor } = input;
  const note = (state: BatchRunState) => noteBatch(operationId, { state, matched, progress });

  try {
    for (;;) {
      const { items, nextCursor } = await listBatchPage(request, cursor);
      const page = await performBatchItems({ operationId, actor, requestId, request, items }, { matched, progress });
      progress = addProgress(progress, page.progress);
      // A cancelled activity still returns the progress of its page.
      if (page.stopped) return await CancellationScope.nonCancellable(async () => (await note('cancelled'), progress));
      cursor = nextCursor;
      if (cursor === undefined) break;
      if (workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > 1000) {
        await continueAsNew<typeof batchOperation>({ ...input, progress, cursor });
      }
    }
    await note('completed');
    return progress;
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => note('cancelled'));
    throw error;
  }
}
