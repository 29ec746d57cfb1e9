import { describeWorkflow } from '../../operations/describe';
import { httpFunction } from '../http/http-function';
import type { HttpFunctionDependencies } from '../http/http-function';
import { describeRequest } from './request';

/** `GET …/workflows/describe?workflowId=&runId=` */
export const createHandler = (dependencies: HttpFunctionDependencies) =>
  httpFunction(dependencies, describeRequest, async ({ namespace, input, until }) => ({
    status: 200,
    body: await describeWorkflow(await namespace.connect(until), input, namespace.webUiUrl),
  }));
