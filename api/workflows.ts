import * as z from 'zod/mini';
import { namespace, run } from './example-values';
import { pageSize, pageToken } from './fields';
import { readRoute, response } from './route';
import { runSummary } from './run-summary';
import { count, described, named, nextPageToken } from './schema';
import type { Output } from './schema';

const queryAllowed = 'a visibility query such as WorkflowType = \'order\' AND ExecutionStatus = "Running"';
const query = z
  .string(queryAllowed)
  .check(z.refine((text) => text.isWellFormed() && !text.includes('\0'), queryAllowed));

const listWorkflowsRequest = z.strictObject({ query: z.optional(query), pageSize, pageToken });
const countWorkflowsRequest = z.strictObject({ query: z.optional(query) });

export const listedWorkflow = named('ListedWorkflow', () =>
  z.object({
    ...z.omit(z.object(runSummary()), { namespace: true }).shape,
    workflowType: z.string(),
    taskQueue: z.string(),
    historyLength: described(count(), 'Events, as visibility has them: 0 for an open run.'),
    executionTime: z.optional(
      described(z.iso.datetime(), 'When its first workflow task is due, after a start delay or a cron back-off.'),
    ),
    ownedBy: z.optional(described(z.literal('rewind'), 'It executes a batch operation of Rewind.')),
  }),
);
export type ListedWorkflow = Output<typeof listedWorkflow>;

export const workflowsPage = named('Workflows', () =>
  z.object({
    namespace: z.string(),
    workflows: described(z.array(listedWorkflow()), 'Runs that match, in the server’s order: newest first.'),
    nextPageToken: nextPageToken(),
  }),
);
export type WorkflowsPage = Output<typeof workflowsPage>;

export const workflowCount = named('WorkflowCount', () =>
  z.object({
    namespace: z.string(),
    count: described(count(), 'Runs that match.'),
    groups: z.optional(
      described(
        z.array(z.object({ values: z.array(z.unknown()), count: count() })),
        'With `GROUP BY`: the values of the attributes, and the runs that have them.',
      ),
    ),
  }),
);
export type WorkflowCount = Output<typeof workflowCount>;

const { namespace: _, ...summary } = run;
const listed: ListedWorkflow = {
  ...summary,
  status: 'Running',
  workflowType: 'order',
  taskQueue: 'orders',
  historyLength: 0,
};

export const listWorkflows = readRoute({
  path: 'workflows',
  function: 'list-workflows',
  access: 'reader',
  tag: 'workflows',
  summary: 'List workflows by a visibility query',
  request: listWorkflowsRequest,
  requests: { 'open orders': { query: "WorkflowType = 'order' AND ExecutionStatus = 'Running'", pageSize: 20 } },
  responses: {
    200: response({
      description: 'The runs that match, as Temporal’s visibility has them: up to seconds old.',
      schema: workflowsPage,
      examples: { 'one open order': { namespace, workflows: [listed] } },
    }),
  },
  failures: [],
  reads: ['temporal'],
});

export const countWorkflows = readRoute({
  path: 'workflows/count',
  function: 'count-workflows',
  access: 'reader',
  tag: 'workflows',
  summary: 'Count workflows by a visibility query',
  request: countWorkflowsRequest,
  requests: { 'orders by status': { query: "WorkflowType = 'order' GROUP BY ExecutionStatus" } },
  responses: {
    200: response({
      description: 'How many runs match.',
      schema: workflowCount,
      examples: { 'by status': { namespace, count: 41, groups: [{ values: ['Running'], count: 41 }] } },
    }),
  },
  failures: [],
  reads: ['temporal'],
});
