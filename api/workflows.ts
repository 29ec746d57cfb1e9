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

const listedWorkflow = named('ListedWorkflow', () =>
  z.object({
    ...z.omit(z.object(runSummary()), { namespace: true }).shape,
    workflowType: z.string(),
    taskQueue: z.string(),
    historyLength: described(count(), 'Number of events, from visibility, which has 0 for an open run.'),
    executionTime: z.optional(
      described(z.iso.datetime(), 'When the first workflow task is due, after a start delay or a cron back-off.'),
    ),
    ownedBy: z.optional(
      described(
        z.enum(['rewind', 'temporal']),
        '`rewind` if the workflow executes a batch operation of Rewind; `temporal` if it is one of Temporal’s own, such as that of a schedule.',
      ),
    ),
  }),
);
export type ListedWorkflow = Output<typeof listedWorkflow>;

const workflowsPage = named('Workflows', () =>
  z.object({
    namespace: z.string(),
    workflows: described(z.array(listedWorkflow()), 'The runs that match, newest first.'),
    nextPageToken: nextPageToken(),
  }),
);
export type WorkflowsPage = Output<typeof workflowsPage>;

const workflowCount = named('WorkflowCount', () =>
  z.object({
    namespace: z.string(),
    count: described(count(), 'Number of runs that match.'),
    groups: z.optional(
      described(
        z.array(z.object({ values: z.array(z.unknown()), count: count() })),
        'With `GROUP BY`: the number of runs for each combination of values.',
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
      description: 'The runs that match, from Temporal’s visibility, which can lag by seconds.',
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
      description: 'The number of runs that match.',
      schema: workflowCount,
      examples: { 'by status': { namespace, count: 41, groups: [{ values: ['Running'], count: 41 }] } },
    }),
  },
  failures: [],
  reads: ['temporal'],
});
