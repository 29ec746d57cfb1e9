import * as z from 'zod/mini';
import { batchEngines } from '../../operations/batch/batch';
import type { BatchRequest } from '../../operations/batch/batch';
import { reason, workflowId } from '../request-fields';
import { target } from '../reset/request';

const actions = ['cancel', 'terminate', 'reset'] as const;
const DEFAULT_RATE = 20;
const MAX_RATE = 200;
const DEFAULT_MAX_WORKFLOWS = 1_000;
const MAX_WORKFLOWS = 100_000;

const allowed = {
  engine: 'one of "worker", "server" (Temporal\'s own batch engine); "worker" when left out',
  action: 'one of "cancel", "terminate", "reset"',
  query: 'a visibility query, without null characters; exactly one of "query" and "workflows"',
  workflows: 'a list of at least one workflow id; exactly one of "query" and "workflows"',
  target: 'where to reset to: required with "reset", left out otherwise',
  ratePerSecond: `a number over 0, at most ${MAX_RATE}; ${DEFAULT_RATE} when left out`,
  maxWorkflows: `a whole number from 1 to ${MAX_WORKFLOWS}; ${DEFAULT_MAX_WORKFLOWS} when left out`,
  dryRun: 'true or false',
};

/** What Temporal's visibility can read at all; whether it understands it, only Temporal knows. */
const isText = (query: string) => query.trim() !== '' && query.isWellFormed() && !query.includes('\0');

export const startBatchRequest = z.pipe(
  z
    .strictObject({
      action: z.enum(actions, allowed.action),
      engine: z._default(z.enum(batchEngines, allowed.engine), 'worker'),
      query: z.optional(z.string(allowed.query).check(z.refine(isText, allowed.query))),
      workflows: z.optional(z.array(workflowId, allowed.workflows).check(z.minLength(1, allowed.workflows))),
      reason,
      target: z.optional(target),
      ratePerSecond: z._default(
        z
          .number(allowed.ratePerSecond)
          .check(z.positive(allowed.ratePerSecond), z.lte(MAX_RATE, allowed.ratePerSecond)),
        DEFAULT_RATE,
      ),
      maxWorkflows: z._default(
        z.int(allowed.maxWorkflows).check(z.gte(1, allowed.maxWorkflows), z.lte(MAX_WORKFLOWS, allowed.maxWorkflows)),
        DEFAULT_MAX_WORKFLOWS,
      ),
      dryRun: z.optional(z.boolean(allowed.dryRun)),
    })
    .check(
      z.refine(({ query, workflows }) => (query === undefined) !== (workflows === undefined), {
        path: ['query'],
        error: allowed.query,
      }),
      z.refine(({ action, target: given }) => (action === 'reset') === (given !== undefined), {
        path: ['target'],
        error: allowed.target,
      }),
    ),
  z.transform((fields) => fields as BatchRequest & { dryRun?: boolean }),
);
