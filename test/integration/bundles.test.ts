import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { bundle } from '../../lib/bundling/function-bundles';
import { rpcs } from '../../operations/temporal/rpcs';
import { eventually } from '../support/eventually';
import {
  completeWorkflow,
  connectToTestServer,
  localActivityMarker,
  scheduleActivity,
  ScriptedWorkflow,
  startChild,
  startTimer,
} from '../support/scripted-workflow';
import { temporalAddressVariable } from '../support/server-address';
import { temporaryFolder } from '../support/temporary-folder';

/* Deployed bundles leave out most of Temporal's API: call every RPC from such a bundle on a real server. */

const folder = temporaryFolder();

/** The response to each RPC, called from a bundle. */
async function responsesOf(trim: boolean, { workflowId, runId }: ScriptedWorkflow): Promise<Map<string, object>> {
  const program = bundle({ program: path.join(__dirname, '../support/every-rpc.ts') }, { trim }).get('program');
  const file = path.join(folder, `trim-${trim}.js`);
  writeFileSync(file, program?.code ?? '');
  const address = process.env[temporalAddressVariable] ?? '';
  const args = [file, address, workflowId, runId, `smoke-${randomUUID()}`];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
  const lines = stdout.trim().split('\n');
  return new Map(
    lines.map((line) => JSON.parse(line) as { rpc: string; answer: object }).map((l) => [l.rpc, l.answer]),
  );
}

test('every RPC returns the same from a trimmed bundle as from a whole one, for a history with many event types', async () => {
  const connection = connectToTestServer();
  const workflow = await ScriptedWorkflow.start(connection);
  await workflow.signal('hurry', 'up');
  await workflow.failTask('cannot replay');
  await workflow.completeTask(
    scheduleActivity('charge', workflow.taskQueue),
    startTimer('soon', 1),
    startChild('child', workflow.taskQueue),
    localActivityMarker('look-up'),
  );
  await workflow.failActivity('card declined');
  // The server refuses to complete the workflow if an event arrives during the workflow task.
  await eventually(async () => {
    const history = await workflow.history();
    return ['childWorkflowExecutionStartedEventAttributes', 'timerFiredEventAttributes'].every((attributes) =>
      history.some((event) => Boolean(event[attributes as keyof typeof event])),
    );
  });
  await workflow.completeTask(completeWorkflow);
  await connection.close();

  const [trimmed, whole] = await Promise.all([responsesOf(true, workflow), responsesOf(false, workflow)]);
  expect([...trimmed.keys()].toSorted()).toEqual([...rpcs]);

  for (const rpc of ['describeWorkflowExecution', 'countWorkflowExecutions', 'describeTaskQueue']) {
    expect(trimmed.get(rpc)).toEqual(whole.get(rpc));
  }
  for (const rpc of ['getWorkflowExecutionHistory', 'getWorkflowExecutionHistoryReverse']) {
    expect(trimmed.get(rpc)).toEqual(whole.get(rpc));
    const { history } = trimmed.get(rpc) as { history: { events: Record<string, object>[] } };
    const attributes = history.events.map((event) => Object.keys(event).filter((key) => key.endsWith('Attributes')));
    expect(new Set(attributes.flat()).size).toBeGreaterThan(9);
    expect(attributes.every(({ length }) => length === 1)).toBe(true);
  }
  for (const rpc of ['startWorkflowExecution', 'requestCancelWorkflowExecution', 'terminateWorkflowExecution']) {
    expect(trimmed.get(rpc)).not.toHaveProperty('refused');
  }
  expect(trimmed.get('startBatchOperation')).not.toHaveProperty('refused');
  // The server decodes these requests, and refuses them for their content.
  expect(trimmed.get('resetWorkflowExecution')).toEqual({ refused: expect.stringMatching(/INVALID_ARGUMENT/) });
  for (const rpc of ['describeBatchOperation', 'stopBatchOperation']) {
    expect(trimmed.get(rpc)).toEqual({ refused: expect.stringMatching(/NOT_FOUND/) });
  }
  expect(trimmed.get('setWorkerDeploymentCurrentVersion')).toEqual({ refused: expect.stringMatching(/Deployment/) });
});
