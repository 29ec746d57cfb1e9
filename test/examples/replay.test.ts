import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { WorkflowBundle } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { bundleWorkflows } from '../../worker/code';

/*
 * Histories of runs that this release's code, or in one case its predecessor's, wrote on a real server. A change to a
 * workflow that could not replay them would wedge the runs that are in flight when it is deployed: it needs `patched`.
 *
 * To record one: `temporal workflow show -w ID --output json`.
 */
const folder = path.join(__dirname, 'histories');

/** A history as the CLI prints it; the first event names the workflow. */
interface SavedHistory {
  events: { workflowExecutionStartedEventAttributes?: { workflowId: string } }[];
}

/** Replays a saved history under the workflow id it was recorded with. */
function replay(workflowBundle: WorkflowBundle, name: string): Promise<void> {
  const history: SavedHistory = JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
  const workflowId = history.events[0]?.workflowExecutionStartedEventAttributes?.workflowId;
  return Worker.runReplayHistory({ workflowBundle }, history, workflowId);
}
const ofPreviousRelease = 'wedged-order-previous-release.json';

const logger = new DefaultLogger('ERROR', () => {});
Runtime.install({ logger, telemetryOptions: { logging: { forward: {} } } });
let release: WorkflowBundle;
let previousRelease: WorkflowBundle;
beforeAll(async () => {
  release = await bundleWorkflows(['examples/workflows'], logger);
  previousRelease = await bundleWorkflows(['examples/broken-releases/non-deterministic'], logger);
});

test.each(readdirSync(folder).filter((name) => name !== ofPreviousRelease))('%s replays on this code', async (name) => {
  await expect(replay(release, name)).resolves.toBeUndefined();
});

test('a run of the previous release replays neither on this code nor, which is its bug, on its own', async () => {
  for (const workflowBundle of [release, previousRelease]) {
    await expect(replay(workflowBundle, ofPreviousRelease)).rejects.toThrow(DeterminismViolationError);
  }
});
