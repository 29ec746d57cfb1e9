import { batch, previewBatch } from '../../operations/batch/start';
import { executeOperation } from '../../operations/execute-operation';
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
    const operation = { ...requestMetadata(http), request };
    return toResponse(await executeOperation(dependencies, client, batch, operation), (answer) => ({
      status: 202,
      headers: { location: `batch-operations/${answer.operationId}` },
      body: answer,
    }));
  });
