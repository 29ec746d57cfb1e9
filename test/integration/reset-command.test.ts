import { respondWithHandlers, runCommand } from '../support/command-with-handlers';
import { createLedger } from '../support/ledger-table';
import { RecordedLog } from '../support/recorded-log';
import { RewindCommand } from '../support/rewind-command';
import {
  completeWorkflow,
  failedWorkflow,
  failWorkflow,
  startTimer,
  testConnection,
} from '../support/scripted-workflow';
import type { ScriptedWorkflow } from '../support/scripted-workflow';

/* The exit code of `rewind reset --wait`, on which a pipeline decides. */

const connection = testConnection();
const command = new RewindCommand();
afterAll(() => command.remove());

async function resetAndWait(workflows: ScriptedWorkflow[], ...work: Promise<void>[]) {
  const [{ client }] = workflows as [ScriptedWorkflow];
  const dependencies = {
    namespaces: { find: (name: string) => ({ name, connect: () => Promise.resolve(client) }) },
    logger: new RecordedLog(),
    onRecordFailure: () => {},
    ledger: await createLedger(),
  };
  const ids = workflows.map(({ workflowId }) => workflowId);
  const words = ['reset', ...ids, '--to', 'last', '--reason', 'bad deploy', '--wait', '4s', '--yes'];
  const [{ exitCode, stdout }] = await Promise.all([
    runCommand(command, words, respondWithHandlers(dependencies)),
    ...work,
  ]);
  return { exitCode, stdout };
}

type Act = (workflow: ScriptedWorkflow) => Promise<void>;

test.each<[what: string, act: Act, exitCode: number, text: string]>([
  ['completes', (workflow) => workflow.completeTask(completeWorkflow), 0, 'Completed'],
  ['fails in the same way', (workflow) => workflow.completeTask(failWorkflow('no')), 5, 'failed in the same way'],
  ['fails in another way', (workflow) => workflow.completeTask(failWorkflow('other')), 5, 'failed in another way'],
  ['has a workflow task that fails', (workflow) => workflow.failTask('bug'), 5, 'is stuck'],
  ['is still open', (workflow) => workflow.completeTask(startTimer('1', 600_000)), 4, 'has started'],
])('a new run that %s', async (_what, act, exitCode, text) => {
  const workflow = await failedWorkflow(connection);
  const result = await resetAndWait([workflow], act(workflow));
  expect(result).toEqual({ exitCode, stdout: expect.stringContaining(text) });
});

test('a new run that fails decides, although that of another workflow is still open', async () => {
  const [open, failing] = [await failedWorkflow(connection), await failedWorkflow(connection)];
  const result = await resetAndWait(
    [open, failing],
    open.completeTask(startTimer('1', 600_000)),
    failing.completeTask(failWorkflow('no')),
  );
  expect(result).toMatchObject({ exitCode: 5 });
});
