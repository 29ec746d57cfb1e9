import * as z from 'zod/mini';
import { namespace, runId as exampleRunId, workflowId as exampleWorkflowId } from './example-values';
import { pageSize, pageToken, runId, workflowId } from './fields';
import { resetPoint, resetPointsExample } from './reset-point';
import { readRoute, response } from './route';
import { described, named, nextPageToken } from './schema';
import type { Output } from './schema';

export const resetPointsRequest = z.strictObject({ workflowId, runId, pageSize, pageToken });

const resetPointsPage = named('ResetPoints', () =>
  z.object({
    namespace: z.string(),
    workflowId: z.string(),
    runId: z.string(),
    resetPoints: described(z.array(resetPoint()), 'Newest first.'),
    nextPageToken: nextPageToken(),
  }),
);
export type ResetPointsPage = Output<typeof resetPointsPage>;

export const listResetPoints = readRoute({
  path: 'workflows/reset-points',
  function: 'reset-points',
  access: 'reader',
  tag: 'workflows',
  summary: 'List the points that a run can be reset to',
  request: resetPointsRequest,
  requests: { 'the first page': { workflowId: 'order-1234', pageSize: 20 } },
  responses: {
    200: response({
      description: 'The reset points, newest first. The server accepts each of them.',
      schema: resetPointsPage,
      examples: {
        'two points': {
          namespace,
          workflowId: exampleWorkflowId,
          runId: exampleRunId,
          resetPoints: resetPointsExample,
        },
      },
    }),
  },
  failures: ['workflow-not-found', 'run-not-found'],
  reads: ['temporal'],
});
