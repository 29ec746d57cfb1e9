import { resumeBatchOperation } from '../../api/batch-operations';
import { changeSuspension } from '../../operations/batch/suspend';
import { requestMetadata, toResponse } from '../http/change-handler';
import type { ChangeDependencies } from '../http/change-handler';
import { httpHandler } from '../http/http-handler';

export const createHandler = (dependencies: ChangeDependencies) =>
  httpHandler(dependencies, resumeBatchOperation, async (http) => {
    const client = await http.namespace.connect(http.deadline);
    const operation = { ...requestMetadata(http), request: http.input };
    const executed = await changeSuspension(dependencies, client, 'resume', http.operationId, operation);
    return toResponse(resumeBatchOperation, executed);
  });
