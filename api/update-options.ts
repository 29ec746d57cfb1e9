import * as z from 'zod/mini';
import { operationId as exampleOperationId, run } from './example-values';
import { firstExecutionRunId, reason, runId, workflowId } from './fields';
import { changeRoute, failuresOfRunChanges, ONCE, response } from './route';
import { runSummary } from './run-summary';
import { described, named, operationId } from './schema';
import type { Output } from './schema';
import { anyOverrideAllowed, versioningOverrideIn } from './versioning-override';

const updateOptionsRequest = z.strictObject({
  workflowId,
  runId,
  firstExecutionRunId,
  versioningOverride: versioningOverrideIn(['autoUpgrade', 'none'], anyOverrideAllowed),
  reason,
});
export type UpdateOptionsRequest = z.output<typeof updateOptionsRequest>;

const override = () =>
  z.union([
    z.enum(['autoUpgrade', 'none']),
    z.object({ pinned: z.object({ deploymentName: z.string(), buildId: z.string() }) }),
  ]);

export const updateOptionsResult = named('UpdateOptionsResult', () =>
  z.object({
    operationId: operationId(),
    outcome: described(
      z.enum(['updated', 'unchanged', 'alreadyClosed']),
      '`unchanged`: the run already had this override. `alreadyClosed`: the run was already closed, with `status`.',
    ),
    ...runSummary(),
    versioningOverride: described(override(), 'The override after the request.'),
    previousVersioningOverride: z.optional(
      described(
        override(),
        'The override before the request. Absent if an earlier attempt of this operation made the change.',
      ),
    ),
  }),
);
export type UpdateOptionsResult = Output<typeof updateOptionsResult>;

const pinned = { deploymentName: 'orders', buildId: '2026-01-31' };

export const updateWorkflowOptions = changeRoute({
  path: 'workflows/update-options',
  function: 'update-options',
  access: 'resetter',
  tag: 'workflows',
  summary: 'Move a workflow to another worker version',
  description: `Sets or removes the versioning override of an open run. ${ONCE}`,
  request: updateOptionsRequest,
  requests: {
    autoUpgrade: {
      workflowId: 'order-1234',
      versioningOverride: 'autoUpgrade',
      reason: 'the fixed version is deployed',
    },
    pinned: { workflowId: 'order-1234', versioningOverride: { pinned }, reason: 'needs the fixed version' },
    none: {
      workflowId: 'order-1234',
      versioningOverride: 'none',
      reason: 'follow the versioning behavior of its workers again',
    },
  },
  responses: {
    200: response({
      description: 'The run has the override, or was already closed.',
      schema: updateOptionsResult,
      examples: {
        updated: {
          ...run,
          operationId: exampleOperationId,
          outcome: 'updated',
          status: 'Running',
          versioningOverride: 'autoUpgrade',
          previousVersioningOverride: { pinned },
        },
      },
    }),
  },
  failures: failuresOfRunChanges,
  verb: 'updateOptions',
  events: { updated: 'Workflow Options Updated' },
});
