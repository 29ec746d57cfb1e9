import { cancelWorkflow } from '../../operations/cancel';
import { httpFunction } from '../http/http-function';
import type { HttpFunctionDependencies } from '../http/http-function';
import { cancelRequest } from './request';

/** `POST …/workflows/cancel` */
export const createHandler = (dependencies: HttpFunctionDependencies) =>
  httpFunction(dependencies, cancelRequest, async ({ client, webUiUrl, actor, operationId, input }) => ({
    status: 200,
    body: await cancelWorkflow(client, input, { operationId, actor, webUiUrl }),
  }));
