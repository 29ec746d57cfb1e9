import { terminateWorkflow } from '../../operations/terminate';
import { httpFunction } from '../http/http-function';
import type { HttpFunctionDependencies } from '../http/http-function';
import { terminateRequest } from './request';

/** `POST …/workflows/terminate` */
export const createHandler = (dependencies: HttpFunctionDependencies) =>
  httpFunction(dependencies, terminateRequest, async ({ client, webUiUrl, actor, operationId, input }) => ({
    status: 200,
    body: await terminateWorkflow(client, input, { operationId, actor, webUiUrl }),
  }));
