import { cancelBatchOperation } from '../../api/batch-operations';
import { cancelBatch } from '../../operations/batch/follow';
import { requestMetadata, toResponse } from '../http/change-handler';
import type { ChangeDependencies } from '../http/change-handler';
import { httpHandler } from '../http/http-handler';

export const createHandler = (dependencies: ChangeDependencies) =>
  httpHandler(dependencies, cancelBatchOperation, async (http) => {
    const client = await http.namespace.connect(http.deadline);
    const stop = { ...requestMetadata(http), request: http.input };
    return toResponse(cancelBatchOperation, await cancelBatch(dependencies, client, http.operationId, stop));
  });
