import { retryBatchOperation } from '../../api/batch-operations';
import { retryRequest } from '../../operations/batch/follow';
import { batch } from '../../operations/batch/start';
import { executeOperation } from '../../operations/execute-operation';
import { requestMetadata, toResponse } from '../http/change-handler';
import type { ChangeDependencies } from '../http/change-handler';
import { httpHandler } from '../http/http-handler';

export const createHandler = (dependencies: ChangeDependencies) =>
  httpHandler(dependencies, retryBatchOperation, async (http) => {
    const { namespace, operationId, input, deadline } = http;
    const { reason, ...repeated } = input;
    const request = await retryRequest(dependencies.ledger, namespace.name, operationId, repeated);
    const operation = { ...requestMetadata(http), request: { ...request, reason } };
    const client = await namespace.connect(deadline);
    return toResponse(retryBatchOperation, await executeOperation(dependencies, client, batch, operation));
  });
