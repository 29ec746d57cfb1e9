import { listResetPoints } from '../../operations/reset-points';
import { httpFunction } from '../http/http-function';
import type { HttpFunctionDependencies } from '../http/http-function';
import { resetPointsRequest } from './request';

/** `GET …/workflows/reset-points?workflowId=&runId=` */
export const createHandler = (dependencies: HttpFunctionDependencies) =>
  httpFunction(dependencies, resetPointsRequest, async ({ namespace, input }) => ({
    status: 200,
    body: await listResetPoints(await namespace.connect(), input),
  }));
