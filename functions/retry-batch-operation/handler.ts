import { BATCH_LEDGER_ID } from '../../operations/batch/batch';
import { retryRequest } from '../../operations/batch/follow';
import { startBatch } from '../../operations/batch/start';
import { changeBatchRequest } from '../cancel-batch-operation/request';
import { requestMetadata, toResponse } from '../http/change-function';
import type { ChangeFunctionDependencies } from '../http/change-function';
import { httpFunction, pathParameter } from '../http/http-function';

/** `POST …/batch-operations/{operationId}/retry` */
export const createHandler = (dependencies: ChangeFunctionDependencies & { taskQueue: string }) =>
  httpFunction(dependencies, changeBatchRequest, async (http) => {
    const { ledger, taskQueue } = dependencies;
    const { reason } = http.input;
    const again = await retryRequest(ledger, http.namespace.name, pathParameter(http.event, 'operationId'));
    const request = { ...again, reason };
    const operation = {
      ...requestMetadata(http),
      workflowId: BATCH_LEDGER_ID,
      verb: 'batch' as const,
      reason,
      request,
    };
    return toResponse(
      await startBatch(dependencies, await http.namespace.connect(http.until), operation, taskQueue),
      (answer) => ({
        status: 202,
        headers: { location: `../${answer.operationId}` },
        body: answer,
      }),
    );
  });
