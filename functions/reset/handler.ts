import { resetWorkflow } from '../../operations/reset';
import { changeFunction } from '../http/change-function';
import type { ChangeFunctionDependencies } from '../http/change-function';
import { resetRequest } from './request';

/** `POST …/workflows/reset` */
export const createHandler = (dependencies: ChangeFunctionDependencies) =>
  changeFunction(dependencies, resetRequest, {
    verb: 'reset',
    perform: (client, operation) => resetWorkflow(dependencies, client, operation),
    respond: (answer) => {
      const newRun = new URLSearchParams({ workflowId: answer.workflowId, runId: answer.newRunId });
      // Relative to …/workflows/reset, whatever stage or domain name is before it.
      return { status: 201, headers: { location: `describe?${newRun.toString()}` }, body: answer };
    },
  });
