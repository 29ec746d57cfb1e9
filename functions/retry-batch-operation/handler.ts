import { retryRequest } from '../../operations/batch/follow';
import { batch } from '../../operations/batch/start';
import { executeOperation } from '../../operations/execute-operation';
import { changeBatchRequest } from '../cancel-batch-operation/request';
import { requestMetadata, toResponse } from '../http/change-function';
import type { ChangeFunctionDependencies } from '../http/change-function';
import { httpFunction, pathParameter } from '../http/http-function';

/** `POST …/batch-operations/{operationId}/retry` */
export const createHandler = (dependencies: ChangeFunctionDependencies & { taskQueue: string }) =>
  httpFunction(dependencies, changeBatchRequest, async (http) => {
    const { reason } = http.input;
    const again = await retryRequest(
      dependencies.ledger,
      http.namespace.name,
      pathParameter(http.event, 'operationId'),
    );
    const operation = { ...requestMetadata(http), request: { ...again, reason } };
    return toResponse(
      await executeOperation(dependencies, await http.namespace.connect(http.until), batch, operation),
      (answer) => ({
        status: 202,
        headers: { location: `../${answer.operationId}` },
        body: answer,
      }),
    );
  });
