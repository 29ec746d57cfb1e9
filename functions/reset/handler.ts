import { previewReset, resetWorkflow } from '../../operations/reset/reset';
import type { ResetResult, ResetPreview } from '../../operations/reset/reset';
import { changeFunction } from '../http/change-function';
import type { Answered, ChangeFunctionDependencies } from '../http/change-function';
import { resetRequest } from './request';

/** What looking at the new run, recording and answering take after a wait, in milliseconds. */
const AFTER_WAITING_MS = 3_000;

/** `POST …/workflows/reset` */
export const createHandler = (dependencies: ChangeFunctionDependencies) =>
  changeFunction(dependencies, resetRequest, {
    verb: 'reset',
    perform: async (client, operation, until): Promise<Answered<ResetResult | ResetPreview>> => {
      const { request, webUiUrl } = operation;
      if (request.dryRun) return { answer: await previewReset(client, request, webUiUrl), replayed: false };
      return resetWorkflow(dependencies, client, operation, {
        waitSeconds: request.waitSeconds,
        until: until - AFTER_WAITING_MS,
      });
    },
    respond: (answer) => {
      if (answer.outcome === 'preview') return { status: 200, body: answer };
      const newRun = new URLSearchParams({ workflowId: answer.workflowId, runId: answer.newRunId });
      // Relative to …/workflows/reset, whatever stage or domain name is before it.
      return { status: 201, headers: { location: `describe?${newRun.toString()}` }, body: answer };
    },
  });
