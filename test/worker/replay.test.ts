import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { WorkflowBundle } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { bundleWorkflows } from '../../worker/code';

/*
 * Histories of runs of this release and of earlier ones, recorded on a real server. If workflow code cannot replay them, it
 * fails the workflow tasks of open runs when it is deployed: such a change needs `patched`.
 *
 * To record one: `temporal workflow show -w ID --output json`.
 */
const ofExamples = path.join(__dirname, '../examples/histories');
const ofPreviousRelease = 'wedged-order-previous-release.json';

/*
 * Of the batch workflow: by a query, by a list, continued as new, its last run, stopped, cancelled before it began, and open
 * in the middle of a page (`first-`); since lists are stored in the ledger: also a retry, a reset, and with a paused activity
 * (`second-`); since batch operations are suspended and follow their new runs: suspended and waiting, suspended and resumed,
 * canaries that end well and that do not, a share of failures that stops it, a rollback of two passes, and stopped while its
 * activity was paused (`third-`); since items that were not counted are counted at the end: the same (`fourth-`).
 */
const ofBatches = path.join(__dirname, 'histories');

/** A history as the CLI prints it; the first event names the workflow. */
interface SavedHistory {
  events: { workflowExecutionStartedEventAttributes?: { workflowId: string } }[];
}

/** Replays a saved history under the workflow id it was recorded with. */
function replay(workflowBundle: WorkflowBundle, file: string): Promise<void> {
  const history = JSON.parse(readFileSync(file, 'utf8')) as SavedHistory;
  const workflowId = history.events[0]?.workflowExecutionStartedEventAttributes?.workflowId;
  return Worker.runReplayHistory({ workflowBundle }, history, workflowId);
}

const logger = new DefaultLogger('ERROR', () => {});
Runtime.install({ logger, telemetryOptions: { logging: { forward: {} } } });
let release: WorkflowBundle;
let previousRelease: WorkflowBundle;
beforeAll(async () => {
  release = await bundleWorkflows(['examples/workflows'], logger);
  previousRelease = await bundleWorkflows(['examples/broken-releases/non-deterministic'], logger);
});

const histories = [ofExamples, ofBatches].flatMap((folder) => readdirSync(folder).map((name) => ({ folder, name })));

test.each(histories.filter(({ name }) => name !== ofPreviousRelease))(
  'replays $name on this code',
  async ({ folder, name }) => {
    await expect(replay(release, path.join(folder, name))).resolves.toBeUndefined();
  },
);

test('a run of the previous release replays neither on this code nor, because of a bug, on its own code', async () => {
  for (const workflowBundle of [release, previousRelease]) {
    await expect(replay(workflowBundle, path.join(ofExamples, ofPreviousRelease))).rejects.toThrow(
      DeterminismViolationError,
    );
  }
});
