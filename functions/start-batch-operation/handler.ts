import { BATCH_LEDGER_ID } from '../../operations/batch/batch';
import { previewBatch, startBatch } from '../../operations/batch/start';
import { requestMetadata, toResponse } from '../http/change-function';
import type { ChangeFunctionDependencies } from '../http/change-function';
import { httpFunction } from '../http/http-function';
import { startBatchRequest } from './request';

/** `POST …/batch-operations` */
export const createHandler = (dependencies: ChangeFunctionDependencies & { taskQueue: string }) =>
  httpFunction(dependencies, startBatchRequest, async (http) => {
    const client = await http.namespace.connect(http.until);
    const { dryRun, ...request } = http.input;
    if (dryRun) return { status: 200, body: await previewBatch(client, request) };
    const { reason } = request;
    const operation = {
      ...requestMetadata(http),
      workflowId: BATCH_LEDGER_ID,
      verb: 'batch' as const,
      reason,
      request,
    };
    return toResponse(await startBatch(dependencies, client, operation, dependencies.taskQueue), (answer) => ({
      status: 202,
      headers: { location: `batch-operations/${answer.operationId}` },
      body: answer,
    }));
  });
