import { executeOperation } from '../../operations/execute-operation';
import { previewReset, reset } from '../../operations/reset/reset';
import { requestMetadata, toResponse } from '../http/change-function';
import type { ChangeFunctionDependencies } from '../http/change-function';
import { httpFunction } from '../http/http-function';
import { resetRequest } from './request';

/** `POST …/workflows/reset` */
export const createHandler = (dependencies: ChangeFunctionDependencies) =>
  httpFunction(dependencies, resetRequest, async (http) => {
    const { namespace, input: request, until } = http;
    const client = await namespace.connect(until);
    if (request.dryRun) return { status: 200, body: await previewReset(client, request, namespace.webUiUrl) };
    const operation = { ...requestMetadata(http), request };
    return toResponse(await executeOperation(dependencies, client, reset, operation), (answer) => {
      const newRun = new URLSearchParams({ workflowId: answer.workflowId, runId: answer.newRunId });
      // Relative to …/workflows/reset, whatever stage or domain name is before it.
      return { status: 201, headers: { location: `describe?${newRun.toString()}` }, body: answer };
    });
  });
