import * as z from 'zod/mini';
import { operationId as exampleOperationId, run } from './example-values';
import { firstExecutionRunId, reason, runId, workflowId } from './fields';
import { changeRoute, ONCE, response } from './route';
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
      '`unchanged`: it had this override before. `alreadyClosed`: it had closed, in `status`.',
    ),
    ...runSummary(),
    versioningOverride: described(override(), 'After the request.'),
    previousVersioningOverride: z.optional(
      described(override(), 'Before it. Absent where an earlier attempt made the change.'),
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
    none: { workflowId: 'order-1234', versioningOverride: 'none', reason: 'as its workers say again' },
  },
  responses: {
    200: response({
      description: 'It has the override, or had closed.',
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
  failures: ['workflow-not-found', 'run-not-found', 'conflict', 'batch-workflow', 'outcome-unknown'],
  verb: 'updateOptions',
  events: { updated: 'Workflow Options Updated' },
});
