import * as z from 'zod/mini';
import { batchStarted } from './batch-operation';
import { batchPreview, previewExample, startedExample, startFields } from './batch-operations';
import { nameIn } from './fields';
import { resetOptions } from './reset';
import { changeRoute, ONCE, response } from './route';

/* The rollback of a worker deployment: a batch operation that resets runs to before a bad build. */

const MAX_NAME_CHARACTERS = 255;
const MAX_TYPES = 50;
const closedStatuses = ['Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut'] as const;

const allowed = {
  deploymentName: `the name of a worker deployment, of 1 to ${MAX_NAME_CHARACTERS} characters`,
  badBuildId: `the build id to undo, of 1 to ${MAX_NAME_CHARACTERS} characters; not the current or ramping version of the deployment`,
  toBuildId: `the build id that pinned runs move to, of 1 to ${MAX_NAME_CHARACTERS} characters; that of the current version when left out`,
  includeClosed: `a list of statuses, from ${closedStatuses.join(', ')}: closed runs with these statuses are reset too; only open runs when left out`,
  restartTypes: `a list of up to ${MAX_TYPES} workflow types: a run that started on the bad build is restarted only if its type is in this list`,
};
const name = (text: string) => nameIn(text, MAX_NAME_CHARACTERS);

const startRollbackRequest = z.strictObject({
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
  description: `Resets the runs that the build has worked on to the last point before it, and repeats this for runs that it picks up in the meantime. A rollback is a batch operation, whose routes show, suspend and stop it. ${ONCE}`,
  request: startRollbackRequest,
  requests: {
    'open runs and failed runs': {
      deploymentName: 'orders',
      badBuildId: '2026-01-31.2',
      includeClosed: ['Failed'],
      canary: { count: 5, waitSeconds: 60, maxFailureRate: 0 },
      reason: 'bad deploy',
    },
  },
  responses: {
    200: response({
      description: 'With `dryRun`: what the rollback would do. Nothing was changed.',
      schema: batchPreview,
      examples: { preview: previewExample },
    }),
    202: response({
      description: 'The rollback was started. `Location` is the URL of its progress.',
      schema: batchStarted,
      examples: { started: startedExample },
      location: (result) => `batch-operations/${result.operationId}`,
    }),
  },
  failures: ['too-many-matches', 'conflict'],
});
