import { callsOver } from '../support/calls-over';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import { respondWithHandlers, runCommand, runInTerminal } from '../support/command-with-handlers';
import type { ApiRequest } from '../support/command-with-handlers';
import { createLedger } from '../support/ledger-table';
import { RecordedLog } from '../support/recorded-log';
import { ENTER, RewindCommand } from '../support/rewind-command';
import {
  cancelWorkflowExecution,
  continueAsNewAfter,
  failWorkflow,
  scheduleActivity,
  ScriptedWorkflow,
  testConnection,
} from '../support/scripted-workflow';

/* A workflow may be started again under the same id while a prompt waits: only the chain of runs that was shown may change. */

const connection = testConnection();
const command = new RewindCommand();
afterAll(() => command.remove());

let respond: ReturnType<typeof respondWithHandlers>;
beforeAll(async () => {
  const namespaces = { find: (name: string) => ({ name, connect: () => Promise.resolve(clientOf(name)) }) };
  const clientOf = (name: string) => new NamespaceClient(name, callsOver(connection));
  respond = respondWithHandlers({
    namespaces,
    logger: new RecordedLog(),
    onRecordFailure: () => {},
    ledger: await createLedger(),
  });
});

async function withActivity(workflowId?: string): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection, { workflowId });
  await workflow.completeTask(scheduleActivity('charge', workflow.taskQueue, { activityId: '5' }));
  return workflow;
}

/** Answers the prompt after the workflow that it shows was replaced under the same id. */
async function answerAfterRestart(
  args: (workflowId: string) => string[],
  prompt: string,
  answer: (id: string) => string,
) {
  const before = await withActivity();
  const { workflowId } = before;
  let after: ScriptedWorkflow | undefined;
  const requests: ApiRequest[] = [];
  const restarting = async (request: ApiRequest) => {
    const response = await respond(request);
    requests.push(request);
    if (request.route.path === 'workflows/describe' && !after) {
      const { runId } = before;
      const attribution = { reason: 'replaced', identity: 'test', temporalRequestId: 'replaced' };
      await before.client.terminate({ workflowId, runId }, attribution);
      after = await withActivity(workflowId);
    }
    return response;
  };
  const steps = [{ expect: prompt, send: answer(workflowId) }];
  const { exitCode, screen } = await runInTerminal(command, args(workflowId), steps, restarting);
  return { exitCode, screen, before, after: after!, requests };
}

const reason = ['--reason', 'wedged'];
const yes = () => 'y';
test.each<[verb: string, args: (id: string) => string[], prompt: string, answer: (id: string) => string]>([
  ['cancel', (id) => ['cancel', id, ...reason], 'Request cancellation?', yes],
  ['terminate', (id) => ['terminate', id, ...reason], 'Type ', (id) => `${id}${ENTER}`],
  [
    'update-options',
    (id) => ['update-options', id, '--versioning', 'autoUpgrade', ...reason],
    'Set the versioning override',
    yes,
  ],
  ['activity pause', (id) => ['activity', 'pause', id, '--activity-id', '5', ...reason], 'Pause activity', yes],
])('%s changes no workflow that was started after the prompt', async (_verb, args, prompt, answer) => {
  const { exitCode, screen, before, after, requests } = await answerAfterRestart(args, prompt, answer);

  expect({ exitCode, screen }).toMatchObject({
    exitCode: expect.any(Number),
    screen: expect.stringMatching(
      /belongs to another chain of runs|nothing to|no activity is pending, it is Terminated/,
    ),
  });
  expect(requests.at(-1)?.route.changes).toBe(true);
  const description = await after.describe();
  expect(description.workflowExecutionInfo).toMatchObject({ execution: { runId: after.runId }, closeTime: null });
  expect(description.pendingActivities).toMatchObject([{ paused: false }]);
  expect(await after.cancelRequests()).toEqual([]);
  expect(before.runId).not.toBe(after.runId);
});

test('the suggested command to repeat a confirmed change names its chain of runs, and returns the same answer', async () => {
  const { workflowId } = await withActivity();
  const withLostResponse = async (request: ApiRequest) => {
    const response = await respond(request);
    return request.route.changes ? { statusCode: 503, body: '{"message": "Service Unavailable"}' } : response;
  };
  const steps = [{ expect: 'Request cancellation?', send: 'y' }];
  const { screen } = await runInTerminal(command, ['cancel', workflowId, ...reason], steps, withLostResponse);
  const [, line = ''] = /(rewind cancel [^]*?--yes)/.exec(screen) ?? [];
  const args = line.replaceAll(/\s+/g, ' ').split(' ').slice(1);
  expect(args).toContain('--first-run-id');

  expect(await runCommand(command, args, respond)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('cancellation requested'),
  });
});

test('a wait that is longer than a request can wait ends with the run that was cancelled, not with a new workflow', async () => {
  const before = await withActivity();
  const { workflowId } = before;
  let after: ScriptedWorkflow | undefined;
  const withoutWaiting = async (request: ApiRequest) => {
    const { event, route } = request;
    if (!route.changes) return respond(request);
    const body = JSON.stringify({ ...(JSON.parse(event.body ?? '{}') as object), waitSeconds: 0 });
    const response = await respond({ route, event: { ...event, body } });
    await before.completeTask(cancelWorkflowExecution);
    after = await withActivity(workflowId);
    return response;
  };

  const result = await runCommand(command, ['cancel', workflowId, ...reason, '--wait', '26s', '--yes'], withoutWaiting);

  expect(result).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('it is Canceled') });
  expect(await after?.describe()).toMatchObject({ workflowExecutionInfo: { closeTime: null } });
}, 60_000);

test('and follows a run that continues as new', async () => {
  const before = await withActivity();
  const { workflowId } = before;
  const withoutWaiting = async (request: ApiRequest) => {
    const { event, route } = request;
    if (!route.changes) return respond(request);
    const body = JSON.stringify({ ...(JSON.parse(event.body ?? '{}') as object), waitSeconds: 0 });
    const response = await respond({ route, event: { ...event, body } });
    await before.completeTask(continueAsNewAfter(0));
    await before.completeTask(failWorkflow('cannot be cancelled'));
    return response;
  };

  const result = await runCommand(command, ['cancel', workflowId, ...reason, '--wait', '26s', '--yes'], withoutWaiting);

  expect(result).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('it is Failed') });
}, 60_000);
