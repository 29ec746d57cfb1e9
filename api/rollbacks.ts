import * as z from 'zod/mini';
import { batchStarted } from './batch-operation';
import { batchPreview, previewExample, startedExample, startFields } from './batch-operations';
import { nameIn } from './fields';
import { resetOptions } from './reset';
import { changeRoute, ONCE, response } from './route';

/* The rollback of a deployment: a batch operation of resets to before a bad build. */

const MAX_NAME_CHARACTERS = 255;
const MAX_TYPES = 50;
const closedStatuses = ['Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut'] as const;

const allowed = {
  deploymentName: `the name of a worker deployment, of 1 to ${MAX_NAME_CHARACTERS} characters`,
  badBuildId: `the build id whose work is undone, of 1 to ${MAX_NAME_CHARACTERS} characters; not the current or ramping version of the deployment`,
  toBuildId: `the build id that pinned runs move to, of 1 to ${MAX_NAME_CHARACTERS} characters; that of the current version when left out`,
  includeClosed: `a list of the statuses of closed runs that are reset too, of ${closedStatuses.join(', ')}; open runs only when left out`,
  restartTypes: `a list of up to ${MAX_TYPES} workflow types: a run that began on the bad build is started anew only when its type is in it`,
};
const name = (text: string) => nameIn(text, MAX_NAME_CHARACTERS);

export const startRollbackRequest = z.strictObject({
  deploymentName: name(allowed.deploymentName),
  badBuildId: name(allowed.badBuildId),
  toBuildId: z.optional(name(allowed.toBuildId)),
  includeClosed: z.optional(
    z
      .array(z.enum(closedStatuses, allowed.includeClosed), allowed.includeClosed)
      .check(z.maxLength(closedStatuses.length, allowed.includeClosed)),
  ),
  restartTypes: z.optional(
    z.array(name(allowed.restartTypes), allowed.restartTypes).check(z.maxLength(MAX_TYPES, allowed.restartTypes)),
  ),
  reason: startFields.reason,
  exclude: startFields.exclude,
  excludeReapply: resetOptions.excludeReapply,
  orphanedChildren: resetOptions.orphanedChildren,
  expectMatched: startFields.expectMatched,
  followSeconds: startFields.followSeconds,
  canary: startFields.canary,
  stopAtFailureRate: startFields.stopAtFailureRate,
  ratePerSecond: startFields.ratePerSecond,
  maxWorkflows: startFields.maxWorkflows,
  dryRun: startFields.dryRun,
});
export type RollbackRequest = z.output<typeof startRollbackRequest>;

export const startRollback = changeRoute({
  path: 'rollbacks',
  function: 'start-rollback',
  access: 'batchOperator',
  tag: 'batch operations',
  summary: 'Undo what a bad build of a worker deployment did',
  description: `Resets what the build touched to the last point before it, again for what it still picks up. A batch operation: its routes show, suspend and stop it. ${ONCE}`,
  request: startRollbackRequest,
  requests: {
    'open runs, and those that failed': {
      deploymentName: 'orders',
      badBuildId: '2026-01-31.2',
      includeClosed: ['Failed'],
      canary: { count: 5, waitSeconds: 60, maxFailureRate: 0 },
      reason: 'bad deploy',
    },
  },
  responses: {
    200: response({
      description: 'With `dryRun`: what it would do. Nothing was changed.',
      schema: batchPreview,
      examples: { preview: previewExample },
    }),
    202: response({
      description: 'It was started; `Location` shows its progress.',
      schema: batchStarted,
      examples: { started: startedExample },
      location: (result) => `batch-operations/${result.operationId}`,
    }),
  },
  failures: ['too-many-matches', 'conflict'],
});
