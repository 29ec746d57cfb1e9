import { listResetPoints } from '../../operations/reset-points';
import { httpFunction } from '../http/http-function';
import type { HttpFunctionDependencies } from '../http/http-function';
import { resetPointsRequest } from './request';

/** `GET …/workflows/reset-points?workflowId=&runId=&pageSize=&pageToken=` */
export const createHandler = (dependencies: HttpFunctionDependencies) =>
  httpFunction(
    dependencies,
    resetPointsRequest,
    async ({ namespace, until, input: { pageSize: size, pageToken: token, ...execution } }) => ({
      status: 200,
      body: await listResetPoints(await namespace.connect(until), execution, { size, token }),
    }),
  );
