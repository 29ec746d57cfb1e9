import type { BatchProgress } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import { ApplicationFailure } from '@temporalio/common';
import { activityInfo, cancellationSignal, heartbeat, log } from '@temporalio/activity';
import { addProgress, noProgress } from '../../operations/batch/batch';
import type { BatchItem, BatchRecord } from '../../operations/batch/batch';
import { executeItems } from '../../operations/batch/execute-items';
import type { ItemsOfBatch } from '../../operations/batch/execute-items';
import { effectiveQuery } from '../../operations/batch/query';
import type { OperationDependencies } from '../../operations/verb';
import type { NamespaceClient } from '../../operations/temporal/namespace-client';
import { batchHeartbeatIntervalMs, batchPageSize } from '../config';

/** The dependencies of batch operations. */
export interface BatchDependencies extends OperationDependencies {
  connect: () => Promise<NamespaceClient>;
}

interface BatchPage {
  items: BatchItem[];
  /** Where the next page begins; absent on the last. */
  nextCursor?: string;
}

/** The details of a heartbeat, for the next attempt: items before `next` are done. */
interface Remembered {
  next: number;
  progress: BatchProgress;
}

/** How often progress is written to the ledger, in milliseconds. */
const PROGRESS_INTERVAL_MS = 1_000;

/** The activities of the workflow `batchOperation`. */
export function createBatchActivities(dependencies?: BatchDependencies) {
  const given = (): BatchDependencies => {
    if (dependencies) return dependencies;
    throw ApplicationFailure.nonRetryable('This worker has no ledger: REWIND_LEDGER_TABLE is not set', 'NoLedger');
  };

  return {
    async listBatchPage(request: BatchRequest, cursor?: string): Promise<BatchPage> {
      const { workflows } = request;
      if (workflows) {
        const start = Number(cursor ?? 0);
        const end = start + batchPageSize;
        const ids = [...new Set(workflows)];
        const items = ids.slice(start, end).map((workflowId) => ({ workflowId }));
        return { items, ...(end < ids.length && { nextCursor: String(end) }) };
      }
      const client = await given().connect();
      const token = cursor === undefined ? undefined : Buffer.from(cursor, 'base64');
      const { executions, nextPageToken } = await client.listWorkflows(effectiveQuery(request), batchPageSize, token);
      return {
        items: executions,
        ...(nextPageToken && { nextCursor: Buffer.from(nextPageToken).toString('base64') }),
      };
    },

    async performBatchItems(
      batch: ItemsOfBatch,
      before: { matched: number; progress: BatchProgress },
    ): Promise<{ progress: BatchProgress; stopped: boolean }> {
      const { connect, ...once } = given();
      const client = await connect();
      let remembered: Remembered = activityInfo().heartbeatDetails ?? { next: 0, progress: noProgress };
      const beat = setInterval(() => heartbeat(remembered), batchHeartbeatIntervalMs);
      heartbeat(remembered);
      let noted = 0;
      const onProgress = (next: number, progress: BatchProgress) => {
        remembered = { next, progress };
        if (Date.now() - noted < PROGRESS_INTERVAL_MS) return;
        noted = Date.now();
        const soFar = addProgress(before.progress, progress);
        void once.ledger
          .updateBatch(batch.operationId, { state: 'running', matched: before.matched, progress: soFar })
          .catch(() => {});
      };
      try {
        const ended = await executeItems(once, client, batch, { stop: cancellationSignal(), onProgress }, remembered);
        const { operationId, requestId } = batch;
        log.info('A page of a batch operation is done', { operationId, requestId, ...ended.progress });
        return { progress: ended.progress, stopped: ended.next < batch.items.length };
      } finally {
        clearInterval(beat);
      }
    },

    async noteBatch(operationId: string, batch: BatchRecord): Promise<void> {
      await given().ledger.updateBatch(operationId, batch);
    },
  };
}

/** For `proxyActivities<BatchActivities>` in workflow code. */
export type BatchActivities = ReturnType<typeof createBatchActivities>;
