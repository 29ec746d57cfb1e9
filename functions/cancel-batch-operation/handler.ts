import { cancelBatch } from '../../operations/batch/follow';
import { requestMetadata, toResponse } from '../http/change-function';
import type { ChangeFunctionDependencies } from '../http/change-function';
import { httpFunction, pathParameter } from '../http/http-function';
import { changeBatchRequest } from './request';

/** `POST …/batch-operations/{operationId}/cancel` */
export const createHandler = (dependencies: ChangeFunctionDependencies) =>
  httpFunction(dependencies, changeBatchRequest, async (http) => {
    const client = await http.namespace.connect(http.until);
    const operationId = pathParameter(http.event, 'operationId');
    const operation = { ...requestMetadata(http), request: http.input };
    return toResponse(await cancelBatch(dependencies, client, operationId, operation), (answer) => ({
      status: 202,
      body: answer,
    }));
  });
