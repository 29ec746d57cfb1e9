import { resetWorkflow } from '../../operations/reset';
import { httpFunction } from '../http/http-function';
import type { HttpFunctionDependencies } from '../http/http-function';
import { resetRequest } from './request';

/** `POST …/workflows/reset` */
export const createHandler = (dependencies: HttpFunctionDependencies) =>
  httpFunction(dependencies, resetRequest, async ({ client, webUiUrl, actor, operationId, input }) => {
    const answer = await resetWorkflow(client, input, { operationId, actor, webUiUrl });
    const newRun = new URLSearchParams({ workflowId: answer.workflowId, runId: answer.newRunId });
    return { status: 201, headers: { location: `describe?${newRun.toString()}` }, body: answer };
  });
