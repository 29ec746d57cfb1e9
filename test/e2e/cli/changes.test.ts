import { randomUUID } from 'node:crypto';
import type { components } from '../../../client/openapi';
import { eventually } from '../../support/eventually';
import { localStack } from '../../support/local-stack';
import { CTRL_C, ENTER, rewindCommand } from '../../support/rewind-command';
import { scheduleActivity, ScriptedWorkflow } from '../../support/scripted-workflow';

/* `rewind cancel`, `terminate` and `reset`, as the built command on the deployed API. */

// Runs before the afterAll that closes the client's connection.
afterAll(() =>
  Promise.all(
    started.map((id) =>
      client.workflow
        .getHandle(id)
        .terminate()
        .catch(() => {}),
    ),
  ),
);
const { api, client, connection, details, idle: startIdle } = localStack();
const rewind = rewindCommand();
const started: string[] = [];

type Operation = components['schemas']['Operation'];

/** A workflow that no worker serves. */
async function idle(id?: string): Promise<string> {
  const { workflowId } = await startIdle(id);
  started.push(workflowId);
  return workflowId;
}

const reason = ['--reason', 'a test'];
const statusOf = async (workflowId: string) => (await api.describe(workflowId)).body;

test('restart starts a terminated workflow again, and refuses a running one', async () => {
  const workflowId = await idle();
  const command = ['restart', workflowId, ...reason, '--yes'];
  const refused = await rewind.run(command);
  expect({ exitCode: refused.exitCode, stderr: refused.stderr }).toEqual({
    exitCode: 3,
    stderr: expect.stringContaining('to have that run terminated'),
  });
  await client.workflow.getHandle(workflowId).terminate();

  const { exitCode, stdout } = await rewind.run(command);
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(/restarted as run [\w-]{36}/),
  });
  expect(await statusOf(workflowId)).toMatchObject({ status: 'Running' });
});

test('update-options sets a versioning override, and pause reports that this server does not support it', async () => {
  const workflowId = await idle();
  const updated = await rewind.run(['update-options', workflowId, '--versioning', 'autoUpgrade', ...reason, '--yes']);
  expect(updated).toMatchObject({ exitCode: 0, stdout: `${workflowId}: versioning override none, now autoUpgrade\n` });
  const paused = await rewind.run(['pause', workflowId, ...reason, '--yes']);
  expect(paused).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('cannot pause workflows') });
});

describe('activity', () => {
  const activity = (verb: string, workflowId: string, ...which: string[]) =>
    rewind.run(['activity', verb, workflowId, ...which, ...reason, '--yes']);

  test('pause, unpause and reset change a pending activity by its id or type', async () => {
    const workflow = await ScriptedWorkflow.start(connection, { where: details.namespace });
    const { workflowId, taskQueue } = workflow;
    started.push(workflowId);
    await workflow.completeTask(scheduleActivity('charge', taskQueue, { activityId: '5', attempts: 3 }));
    const lines = (done: string, state: string) => ({
      exitCode: 0,
      stdout: `${workflowId}: ${done}\n  5 charge: ${state}, attempt 1\n`,
    });

    expect(await activity('pause', workflowId, '--activity-id', '5')).toMatchObject(lines('paused', 'Paused'));
    expect(await activity('unpause', workflowId, '--type', 'charge')).toMatchObject(lines('unpaused', 'Scheduled'));
    expect(await activity('reset', workflowId, '--activity-id', '5')).toMatchObject(
      lines('reset; the next attempt is due now', 'Scheduled'),
    );
  });

  test('pause lists the pending activities when the given one is not pending', async () => {
    const { exitCode, stderr } = await activity('pause', await idle(), '--type', 'charge');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringContaining('no pending activity of the type "charge"'),
    });
    expect(stderr).toContain('no activity is pending');
  });
});

describe('cancel', () => {
  test('prints the key, requests the cancellation, and prints the next command', async () => {
    const workflowId = await idle();
    const { exitCode, stdout, stderr } = await rewind.run(['cancel', workflowId, ...reason, '--yes']);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `${workflowId}: cancellation requested; its code decides how it ends\n  Next: rewind show ${workflowId}\n`,
    });
    expect(stderr).toContain(`namespace ${details.namespace}, context local`);
    expect(stderr).toMatch(new RegExp(`Idempotency key for ${workflowId}: [\\w-]{36}`));
    expect(await statusOf(workflowId)).toMatchObject({ cancelRequested: true });
  });

  test('after the cancellation or termination of another person, says where to read who it was', async () => {
    const workflowId = await idle();
    const cancelled = ['cancel', workflowId, ...reason, '--yes'];
    await rewind.run(cancelled);
    const requestedBy = `  Requested by: rewind history ${workflowId}\n`;
    expect((await rewind.run(cancelled)).stdout).toBe(
      `${workflowId}: cancellation was already requested; its code decides how it ends\n${requestedBy}  Next: rewind show ${workflowId}\n`,
    );
    expect((await rewind.run(['show', workflowId])).stdout).toContain(
      `${workflowId} is Running, and its cancellation was requested\n${requestedBy}`,
    );
    await client.workflow.getHandle(workflowId).terminate();
    // Without Rewind, history has only the identity of the client.
    const { stdout: history } = await rewind.run(['history', workflowId]);
    expect(history).toMatch(/cancellation requested: a test .* rewind-operator\n/);
    expect(history).toMatch(/\d+@\S+\n/);
    for (const verb of ['cancel', 'terminate']) {
      const { stdout } = await rewind.run([verb, workflowId, ...reason, '--yes']);
      expect(stdout).toBe(`${workflowId}: nothing to ${verb}, it is Terminated\n  Next: rewind show ${workflowId}\n`);
    }
  });

  test('waits, reports what keeps the workflow open, and exits with 4', async () => {
    const workflowId = await idle();
    const { exitCode, stdout } = await rewind.run(['cancel', workflowId, ...reason, '--yes', '--wait', '3s']);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 4, stdout: expect.stringContaining('No worker polls') });
  });

  test('shows the target and asks for confirmation in a terminal', async () => {
    const workflowId = await idle();
    const { exitCode, screen } = await rewind.runInTerminal(
      ['cancel', workflowId],
      [
        { expect: /idle, Running, started \d+ s ago[\s\S]*Why\?/, send: `not needed${ENTER}` },
        { expect: 'Request cancellation? Reason: not needed', send: 'y' },
      ],
    );
    expect({ exitCode, screen }).toMatchObject({
      exitCode: 0,
      screen: expect.stringContaining('cancellation requested'),
    });
  });

  test('changes of each of several workflows only the chain of runs that it read before it asked', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => idle()));
    const { exitCode, screen } = await rewind.runInTerminal(
      ['cancel', ...ids, ...reason],
      [{ expect: 'Request cancellation of 12 workflows?', send: 'y' }],
    );
    expect({ exitCode, screen }).toMatchObject({
      exitCode: 0,
      screen: expect.stringContaining('  and 9 more: 9 Running\n'),
    });
    const first = await Promise.all(ids.map(async (id) => [id, (await statusOf(id)).firstExecutionRunId]));
    const requested = ids.map(async (id) => {
      const { operations } = await rewind.json<{ operations: Operation[] }>(['ops', '-w', id]);
      return operations.map(({ request }) => [id, request?.['firstExecutionRunId']]);
    });
    expect((await Promise.all(requested)).flat()).toEqual(first);
  });

  test('does not ask, and changes none of several workflows, if one is not found', async () => {
    const [one, other] = [await idle(), await idle()];
    const { exitCode, screen } = await rewind.runInTerminal(['cancel', one, `none-${other}`, other, ...reason]);
    expect({ exitCode, screen }).toEqual({
      exitCode: 3,
      screen: expect.stringContaining(`1 of 3 workflows were not found: none-${other}. Nothing was done.`),
    });
    expect(screen).not.toContain('Request cancellation');
    expect(await statusOf(one)).toMatchObject({ cancelRequested: false });
  });

  test.each([
    ['the reason', [{ expect: 'Why?', send: CTRL_C }]],
    [
      'the question',
      [
        { expect: 'Why?', send: `r${ENTER}` },
        { expect: 'Request cancellation?', send: CTRL_C },
      ],
    ],
    [
      'the question, answered with no',
      [
        { expect: 'Why?', send: `r${ENTER}` },
        { expect: 'Request cancellation?', send: 'n' },
      ],
    ],
  ])('sends nothing after Ctrl-C at %s', async (_what, steps) => {
    const workflowId = await idle();
    const { exitCode, screen } = await rewind.runInTerminal(['cancel', workflowId], steps);
    expect({ exitCode, screen }).toMatchObject({ exitCode: 130, screen: expect.stringContaining('Nothing was sent.') });
    expect(await statusOf(workflowId)).toMatchObject({ cancelRequested: false });
  });

  test('Ctrl-C before the response prints the command that sends the same request', async () => {
    const workflowId = await idle();
    const { exitCode, screen } = await rewind.runInTerminal(
      ['cancel', workflowId, ...reason, '--yes', '--wait', '60s'],
      // Not one number: a busy machine leaves out some.
      [{ expect: /([3-9]|1\d) s of 60 s/, send: CTRL_C }],
    );
    expect({ exitCode, screen }).toEqual({
      exitCode: 6,
      screen: expect.stringContaining(`it is unknown whether the change to ${workflowId} was made`),
    });
    const [, key = ''] = /--idempotency-key ([\w-]+)/.exec(screen) ?? [];
    expect(await statusOf(workflowId)).toMatchObject({ cancelRequested: true });
    const repeated = ['cancel', workflowId, ...reason, '--wait', '60s', '--idempotency-key', key, '--yes'];
    await client.workflow.getHandle(workflowId).terminate();
    expect(await rewind.json(repeated)).toMatchObject({ outcome: 'requested' });
  });

  test('needs --yes and a reason without a terminal', async () => {
    const workflowId = await idle();
    expect(await rewind.run(['cancel', workflowId, ...reason])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--yes'),
    });
    expect(await rewind.run(['cancel', workflowId, '--yes'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--reason is missing'),
    });
    expect(await statusOf(workflowId)).toMatchObject({ cancelRequested: false });
  });

  test('accepts ids with any characters: arguments, options, lines and objects of standard input', async () => {
    const ids = ["it's 50% off/é", `-hyphen-${randomUUID()}`, '{"not": "an object', `tab\there-${randomUUID()}`].map(
      (id) => `${id} ${randomUUID()}`,
    );
    const [quote = '', hyphen = '', brace = '', tab = ''] = await Promise.all(ids.map((id) => idle(id)));
    const { workflowId, runId } = await statusOf(tab);
    const { exitCode, stdout } = await rewind.run(
      ['cancel', quote, `--workflow-id=${hyphen}`, '-', ...reason, '--yes', '-o', 'jsonl'],
      { stdin: `${brace}\n${JSON.stringify({ workflowId, runId })}\n` },
    );
    const results = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect({ exitCode, results }).toMatchObject({
      exitCode: 0,
      results: [quote, hyphen, brace, tab].map(
        (id) => expect.objectContaining({ workflowId: id, outcome: 'requested' }) as object,
      ),
    });
  });

  test('cancels the others when one of several is not found, and exits with 5', async () => {
    const [one, other] = [await idle(), await idle()];
    const { exitCode, stdout, stderr } = await rewind.run(['cancel', one, `none-${other}`, other, ...reason, '--yes']);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining(`none-${other}: Namespace`),
    });
    expect(stdout.match(/cancellation requested/g)).toHaveLength(2);
  });

  test('executes once under a key', async () => {
    const workflowId = await idle();
    const repeated = ['cancel', workflowId, ...reason, '--idempotency-key', randomUUID(), '--yes'];
    const first = await rewind.json(repeated);
    expect(await rewind.json(repeated)).toEqual(first);
    expect(await rewind.run(['cancel', workflowId, '--reason', 'another', ...repeated.slice(4)])).toMatchObject({
      exitCode: 3,
    });
  });
});

describe('terminate', () => {
  test('requires the id to be typed', async () => {
    const workflowId = await idle();
    const { exitCode, screen } = await rewind.runInTerminal(
      ['terminate', workflowId, ...reason],
      [
        { expect: `Type ${workflowId}`, send: `something else${ENTER}` },
        { expect: 'or press Ctrl-C', send: `\u0015${workflowId}${ENTER}` },
      ],
    );
    expect({ exitCode, screen }).toMatchObject({
      exitCode: 0,
      screen: expect.stringContaining(`${workflowId}: terminated`),
    });
    expect(await statusOf(workflowId)).toMatchObject({ status: 'Terminated' });
  });

  test('Ctrl-C at this prompt sends nothing', async () => {
    const workflowId = await idle();
    const { exitCode } = await rewind.runInTerminal(
      ['terminate', workflowId, ...reason],
      [{ expect: `Type ${workflowId}`, send: CTRL_C }],
    );
    expect(exitCode).toBe(130);
    expect(await statusOf(workflowId)).toMatchObject({ status: 'Running' });
  });
});

describe('reset', () => {
  /** An order that was terminated after it had scheduled packOrder. */
  async function terminated(): Promise<string> {
    const workflowId = `order-${randomUUID()}`;
    const handle = await client.workflow.start('cancellableOrder', {
      workflowId,
      taskQueue: details.taskQueue,
      args: [{ orderId: workflowId }],
    });
    started.push(workflowId);
    await eventually(async () => {
      const { body } = await api.resetPoints(workflowId);
      return body.resetPoints.some(({ label }) => label.includes('packOrder'));
    }, 'the order to get to packOrder');
    await handle.terminate('to be reset');
    return workflowId;
  }

  /** Of the tests that change nothing. */
  let untouched: string;
  beforeAll(async () => {
    untouched = await terminated();
  });

  test('previews, asks for confirmation, and resets to the previewed point', async () => {
    const workflowId = await terminated();
    const { exitCode, screen } = await rewind.runInTerminal(
      ['reset', workflowId, '--to', 'before-activity=packOrder'],
      [
        { expect: /point +event \d+: Event[\s\S]*runs again +packOrder[\s\S]*Why\?/, send: `a test${ENTER}` },
        { expect: /Reset .*\? Reason: a test/, send: 'y' },
      ],
    );
    expect({ exitCode, screen }).toMatchObject({
      exitCode: 0,
      screen: expect.stringMatching(/reset to event \d+; run [\w-]{36} continues/),
    });
    expect(await statusOf(workflowId)).toMatchObject({ status: 'Running' });
  });

  test('prompts for a reset point when none is given', async () => {
    const workflowId = await terminated();
    const { exitCode, screen } = await rewind.runInTerminal(
      ['reset', workflowId, ...reason],
      [
        { expect: 'Reset', send: ENTER },
        { expect: '? Reason', send: 'y' },
      ],
    );
    expect({ exitCode, screen }).toMatchObject({ exitCode: 0, screen: expect.stringContaining('before packOrder') });
  });

  test.each([
    ['the choice of a point', [], [{ expect: 'Reset', send: CTRL_C }]],
    ['the question', ['--to', 'last'], [{ expect: '? Reason', send: CTRL_C }]],
  ])('Ctrl-C at %s sends nothing', async (_what, to, steps) => {
    const { exitCode } = await rewind.runInTerminal(['reset', untouched, ...to, ...reason], steps);
    expect(exitCode).toBe(130);
    expect(await statusOf(untouched)).toMatchObject({ status: 'Terminated' });
  });

  const preview = { exitCode: 0, outcome: 'preview' };
  test.each([
    ['first', preview],
    ['last', preview],
    ['before-activity=reserveStock#first', preview],
    ['back=0', preview],
    ['4', preview],
    ['before-failure', { exitCode: 3, type: 'urn:rewind:problem:not-a-reset-point' }],
    ['before-time=2020-01-01T00:00:00Z', preview],
  ])('previews --to %s, and changes nothing', async (to, expected) => {
    const { exitCode, stdout } = await rewind.run(['reset', untouched, '--to', to, '--dry-run', '-o', 'json']);
    expect({ ...(JSON.parse(stdout) as object), exitCode }).toMatchObject(expected);
    expect(await statusOf(untouched)).toMatchObject({ status: 'Terminated' });
  });

  test('a reset of an old run terminates the current run only when its run id is given', async () => {
    const workflowId = await terminated();
    const { runId: old } = await statusOf(workflowId);
    const whole = ['reset', workflowId, '-r', old, '--to', 'first', ...reason, '--yes'];
    const { newRunId } = await rewind.json<{ newRunId: string }>(whole);
    const { exitCode, stderr } = await rewind.run(whole);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(`--terminate-run: ${newRunId}`),
    });
    expect(await rewind.json([...whole, '--terminate-run', newRunId])).toMatchObject({ terminatedRunId: newRunId });
  });

  test('refuses an unknown reset target, and lists the valid forms', async () => {
    const { exitCode, stderr } = await rewind.run(['reset', 'x', '--to', 'yesterday', ...reason, '--yes']);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--to before-activity=TYPE'),
    });
  });
});
