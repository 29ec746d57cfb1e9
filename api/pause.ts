import * as z from 'zod/mini';
import { operationId as exampleOperationId, run } from './example-values';
import { firstExecutionRunId, instant, reason, runId, TIME, workflowId } from './fields';
import { changeRoute, failuresOfRunChanges, ONCE, response } from './route';
import { runSummary } from './run-summary';
import { described, named, operationId, optionalTime } from './schema';
import type { Output } from './schema';

/** When Rewind ends a pause. */
export const until = instant(`${TIME}, or left out`);

const chosen = { workflowId, runId, firstExecutionRunId, reason };

const pauseRequest = z.strictObject({ ...chosen, until });
export type PauseRequest = z.output<typeof pauseRequest>;
const unpauseRequest = z.strictObject(chosen);
export type UnpauseRequest = z.output<typeof unpauseRequest>;

const CLOSED = '`alreadyClosed`: the run was already closed, with `status`.';

export const pauseResult = named('PauseResult', () =>
  z.object({
    operationId: operationId(),
    outcome: described(
      z.enum(['paused', 'alreadyPaused', 'alreadyClosed']),
      `\`alreadyPaused\`: another operation paused the run, so \`until\` has no effect. ${CLOSED}`,
    ),
    ...runSummary(),
    until: described(optionalTime(), 'When Rewind unpauses the run, up to a minute later.'),
  }),
);
export type PauseResult = Output<typeof pauseResult>;

export const unpauseResult = named('UnpauseResult', () =>
  z.object({
    operationId: operationId(),
    outcome: described(z.enum(['unpaused', 'notPaused', 'alreadyClosed']), CLOSED),
    ...runSummary(),
  }),
);
export type UnpauseResult = Output<typeof unpauseResult>;

const failures = [...failuresOfRunChanges, 'pause-unsupported'] as const;
const exampleUntil = '2026-01-31T18:00:00Z';
const example = { ...run, operationId: exampleOperationId };

export const pauseWorkflow = changeRoute({
  path: 'workflows/pause',
  function: 'pause',
  access: 'pauser',
  tag: 'workflows',
  summary: 'Pause a workflow',
  description:
    'Until it is unpaused, the workflow gets no workflow task, and activities that wait for an attempt start none. Tasks that a worker is executing continue, and an activity is retried if it fails; timers and timeouts keep running. ' +
    `Requires Temporal 1.30 or newer, with pausing enabled. ${ONCE}`,
  request: pauseRequest,
  requests: {
    pause: { workflowId: 'order-1234', reason: 'payment service is down' },
    until: { workflowId: 'order-1234', until: exampleUntil, reason: 'payment service is down' },
  },
  responses: {
    200: response({
      description: 'The workflow is paused, or was already closed.',
      schema: pauseResult,
      examples: { paused: { ...example, outcome: 'paused', status: 'Paused', until: exampleUntil } },
    }),
  },
  failures,
  verb: 'pause',
  events: { paused: 'Workflow Paused' },
});

export const unpauseWorkflow = changeRoute({
  path: 'workflows/unpause',
  function: 'unpause',
  access: 'pauser',
  tag: 'workflows',
  summary: 'Unpause a workflow',
  description: ONCE,
  request: unpauseRequest,
  requests: { unpause: { workflowId: 'order-1234', reason: 'payment service is up again' } },
  responses: {
    200: response({
      description: 'The workflow is not paused, or was already closed.',
      schema: unpauseResult,
      examples: { unpaused: { ...example, outcome: 'unpaused', status: 'Running' } },
    }),
  },
  failures,
  verb: 'unpause',
  events: { unpaused: 'Workflow Unpaused' },
});
