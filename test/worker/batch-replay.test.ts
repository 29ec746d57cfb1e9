import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { WorkflowBundle } from '@temporalio/worker';
import { bundleWorkflows } from '../../worker/code';

/*
 * Histories that earlier code of the batch workflow wrote on a real server (`temporal workflow show -w ID --output json`):
 * by a query, by a list, continued as new, its last run, stopped, cancelled before it began, and open in the middle of a
 * page (`first-`); since lists are stored in the ledger: also a retry, a reset, and with a paused activity (`second-`);
 * since batch operations are suspended and follow their new runs: suspended and waiting, suspended and resumed, canaries
 * that end well and that do not, a share of failures that stops it, and a rollback of two passes (`third-`). A change that
 * could not replay them would wedge batch operations in flight: it needs `patched`.
 */
const folder = path.join(__dirname, 'histories');

interface SavedHistory {
  events: { workflowExecutionStartedEventAttributes?: { workflowId: string } }[];
}

jest.setTimeout(60_000);

const logger = new DefaultLogger('ERROR', () => {});
Runtime.install({ logger, telemetryOptions: { logging: { forward: {} } } });
let workflowBundle: WorkflowBundle;
beforeAll(async () => {
  workflowBundle = await bundleWorkflows([], logger);
});

test.each(readdirSync(folder))('%s replays on this code', async (name) => {
  const history = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as SavedHistory;
  const workflowId = history.events[0]?.workflowExecutionStartedEventAttributes?.workflowId;
  await expect(Worker.runReplayHistory({ workflowBundle }, history, workflowId)).resolves.toBeUndefined();
});
