import { routes } from '../requests/contract';
import { flag, text, texts, value } from './declaration';
import { secondsOf } from '../output/durations';
import { CliError } from '../exit-codes';

/* Options of several commands. They have the same names as in `temporal workflow …` if they exist there. */

const { fields } = routes.resetWorkflow;

const id = '-w, --workflow-id <id>';
/** Of commands that take several workflows. */
export const workflowIds = texts(id, 'a workflow id, for ids that begin with "-"; may be repeated');
/** Of commands that take one. */
export const oneWorkflowId = texts(id, 'the workflow id, if it begins with "-"');
const runId = text('-r, --run-id <id>', fields.runId);
export const firstRunId = text('--first-run-id <id>', routes.cancelWorkflow.fields.firstExecutionRunId);
export const query = text('-q, --query <query>', routes.listWorkflows.fields.query);
export const reason = text('--reason <text>', "why, for the ledger and Temporal's history: 1 to 1000 characters");
export const wait = value('--wait <duration>', 'wait for the result, at most this long: 20s, 5m', secondsOf);
export const yes = flag('-y, --yes', 'do not ask; required without a terminal');
export const idempotencyKey = text(
  '--idempotency-key <key>',
  'a key under which the same request acts once, however often it is sent; random when left out',
);
/** Options that name a workflow, or a run of it. */
export const whichRun = { workflowId: oneWorkflowId, runId };
/** Options that name several workflows, or a run of one. */
export const whichRuns = { workflowId: workflowIds, runId };
/** Options of every change: its reason, its confirmation and its key. */
export const asked = { reason, yes, idempotencyKey };

/** The arguments of commands that change one workflow, or several. */
export const oneWorkflow = [{ name: '[id]', description: 'the workflow; "-" reads it from standard input' }];
export const manyWorkflows = [
  { name: '[id...]', description: 'workflows; "-" reads one per line from standard input' },
];

export const limit = value(
  '--limit <number>',
  'list at most this many; when left out, 20 as a table and all as JSON',
  wholeNumber,
);

export function wholeNumber(given: string): number {
  if (/^[1-9]\d*$/.test(given)) return Number(given);
  throw new CliError('usage', `${JSON.stringify(given)} is not a whole number of 1 or more.`);
}
