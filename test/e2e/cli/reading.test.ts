import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../../support/eventually';
import { localStack } from '../../support/local-stack';
import { rewindCommand } from '../../support/rewind-command';
import { completeWorkflow, scheduleActivity, ScriptedWorkflow } from '../../support/scripted-workflow';

/* The commands that change nothing, and how they print. */

// Runs before the afterAll that closes the client's connection.
afterAll(() => Promise.all(ids.map((id) => client.workflow.getHandle(id).terminate())));
const { client, connection, details, idle, visible } = localStack();
const rewind = rewindCommand();
const type = `reading-${randomUUID()}`;
const query = `WorkflowType = '${type}'`;
const ids = Array.from({ length: 23 }, (_, index) => `${type}-${String(index).padStart(2, '0')}`);

beforeAll(async () => {
  await Promise.all(ids.map((workflowId) => idle(workflowId, type)));
  await visible(query, ids.length);
});

describe('ls and count', () => {
  test('prints a table of the newest 20 and reports that there are more', async () => {
    const { stdout, stderr } = await rewind.run(['ls', '-q', query]);
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toMatch(/^STATUS +WORKFLOW +TYPE +STARTED/);
    expect(lines).toHaveLength(21);
    expect(stderr).toContain('There are more: --limit 200');
  });

  test('prints all pages as JSON with the fields of the API', async () => {
    const whole = await rewind.json<{ workflows: { workflowId: string }[] }>(['ls', '-q', query]);
    expect(whole.workflows.map(({ workflowId }) => workflowId).toSorted()).toEqual(ids);
    const { stdout } = await rewind.run(['ls', '-q', query, '--limit', '5', '-o', 'jsonl']);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(5);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ status: 'Running', workflowType: type });
  });

  test('counts, in total and by group', async () => {
    expect((await rewind.run(['count', '-q', query])).stdout).toBe('23\n');
    expect((await rewind.run(['count', '-q', `${query} GROUP BY ExecutionStatus`])).stdout).toMatch(/^23 +Running$/m);
  });

  test('a query that Temporal does not accept is a usage error with its position', async () => {
    const { exitCode, stderr } = await rewind.run(['ls', '-q', 'WorkflowType = ']);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/query.*position \d+/s) });
  });
});

describe('show', () => {
  test('starts with the problem and what to do', async () => {
    // A task that no worker has taken for some seconds.
    const stdout = await eventually(async () => {
      const shown = (await rewind.run(['show', ids[0] ?? ''])).stdout;
      return shown.includes('Nothing shows') ? undefined : shown;
    }, 'the workflow to be stuck');
    const [status, wrong, next] = stdout.split('\n');
    expect(status).toBe(`${ids[0]} is Running`);
    expect(wrong).toMatch(/^✘ No worker polls task queue "[^"]+"\. The workflow proceeds once one polls; terminating/);
    expect(next).toBe('');
  });

  test('shows the cron schedule of a run that waits for it', async () => {
    const cron = { where: details.namespace, cronSchedule: '0 3 1 1 *' };
    const { workflowId } = await ScriptedWorkflow.start(connection, cron);
    const { stdout } = await rewind.run(['show', workflowId]);
    expect(stdout).toMatch(/^cron +0 3 1 1 \*$/m);
    expect(stdout).toMatch(/^waits until +\S+-01-01T03:00:00\.\d+Z \(cron\)$/m);
    await client.workflow.getHandle(workflowId).terminate();
  });

  test('suggests ids with the same prefix for an unknown id, and changes nothing', async () => {
    const { exitCode, stderr } = await rewind.run(['show', `${type}-0`]);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/Ids that begin with it: reading-.*, …/),
    });
  });

  test('escapes control characters of an id', async () => {
    const workflowId = `\u001B[2J-${randomUUID()}`;
    await idle(workflowId, type);
    const { stdout } = await rewind.run(['show', workflowId]);
    expect(stdout.split('\n')[0]).toBe(`\\u001b[2J-${workflowId.slice(5)} is Running`);
    expect(await rewind.json(['show', workflowId])).toMatchObject({ workflowId });
    await client.workflow.getHandle(workflowId).terminate();
  });
});

test('history, points and open print the workflow', async () => {
  const [workflowId = ''] = ids;
  expect((await rewind.run(['history', workflowId])).stdout).toMatch(/^1 +.*the workflow started/m);
  expect(await rewind.json(['points', workflowId])).toMatchObject({ resetPoints: [] });
  const { stdout } = await rewind.run(['open', workflowId]);
  expect(stdout).toContain(`/namespaces/${details.namespace}/workflows/${workflowId}/`);
});

test('errors name the options of the command, and the next step', async () => {
  const [workflowId = ''] = ids;
  const errorOf = async (...args: string[]) => (await rewind.run(args)).stderr;
  expect(await errorOf('show', workflowId, '-r', 'x')).toContain('✘ --run-id is "x": it must be the UUID of a run');
  expect(await errorOf('reset', workflowId, '--to', '7', '--dry-run')).toMatch(/^ {2}--to: /m);
  expect(await errorOf('activity', 'reset', workflowId, '--type', 'x', '--reason', 'r', '--yes')).toMatch(
    /^ {2}--type: /m,
  );
  expect(await errorOf('ls', '--limit', '0')).toContain('✘ --limit <number>: "0" is not a whole number');
  expect(await errorOf('ops', '--since', 'yesterday')).toContain('✘ --since <when>: "yesterday" is not a time such as');
  expect(await errorOf('shwo')).toMatch(/Did you mean show.*^ {2}See: rewind --help$/ms);
  expect(await errorOf('batch', 'wacth')).toMatch(/^ {2}See: rewind batch --help$/m);
  expect(await errorOf('batch', 'show')).toMatch(/^ {2}See: rewind batch show --help$/m);
  expect(await errorOf('show', '-order 1')).toContain(`An id that begins with "-": --workflow-id='-order 1'`);

  const completed = await ScriptedWorkflow.start(connection, { where: details.namespace });
  await completed.completeTask(completeWorkflow);
  const restart = await errorOf('restart', completed.workflowId, '--reason', 'r', '--yes');
  expect(restart).toMatch(/^ {2}--completed: to start a completed workflow again$/m);
});

describe('terminals', () => {
  test('at 60 columns no line is longer, and ids are not truncated', async () => {
    const { screen } = await rewind.runInTerminal(['ls', '-q', query, '--limit', '3'], [], { columns: 60 });
    expect(Math.max(...screen.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(screen).toMatch(new RegExp(`Running +${type}-\\d\\d`));
  });

  test('a long id, text or caller neither hides the other columns nor widens them', async () => {
    const workflow = await ScriptedWorkflow.start(connection, {
      where: details.namespace,
      workflowId: `${randomUUID()}-${'long'.repeat(50)}`,
      type,
    });
    const { workflowId, taskQueue } = workflow;
    await visible(`WorkflowId = '${workflowId}'`, 1);
    const ls = await rewind.runInTerminal(['ls', '-q', query, '--limit', '2'], [], { columns: 100 });
    expect(ls.screen).toMatch(/^STATUS +WORKFLOW {40,60}TYPE +STARTED/);
    expect(ls.screen).toMatch(new RegExp(`^Running  ${workflowId}  reading-\\S+…  \\d+ s ago +scripted-\\S+…$`, 'm'));
    expect(ls.screen).toContain('No room for RUN: -o json has all.');

    await workflow.completeTask(scheduleActivity('chargeCard', taskQueue, { attempts: 2, retryIntervalSeconds: 300 }));
    await workflow.failActivity('no '.repeat(100), { retryable: true });
    const history = await rewind.runInTerminal(['history', workflowId], [], { columns: 80 });
    expect(history.screen).toMatch(/^5 +pending +chargeCard \(activity, attempt 2 pending \S*…  \d+ s ago +4$/m);
    const show = await rewind.runInTerminal(['show', workflowId], [], { columns: 80 });
    expect(show.screen).toMatch(/^chargeCard +\S+ +Scheduled +2 +no no .*…$/m);

    const reason = 'the customer does not want it any more';
    await rewind.run(['terminate', workflowId, '--reason', reason, '--yes']);
    const ops = await rewind.runInTerminal(['ops', workflowId], [], { columns: 320 });
    expect(ops.screen).toMatch(/terminate .* rewind-operator +the customer does not want it any more +op-/);
    const narrow = await rewind.runInTerminal(['ops', workflowId], [], { columns: 120 });
    expect(narrow.screen).toMatch(/terminate .* rewind-operator +the customer do/);
    expect((await rewind.run(['ops', workflowId])).stdout).toMatch(
      /rewind-operator +the customer does not want it any more/,
    );
  });

  test('uses colours in a terminal, but not with NO_COLOR or in a pipe', async () => {
    const args = ['ls', '-q', query, '--limit', '1'];
    const blue = '\u001B[34mRunning';
    expect((await rewind.runInTerminal(args)).raw).toContain(blue);
    expect((await rewind.runInTerminal(args, [], { env: { NO_COLOR: '1' } })).raw).not.toContain('\u001B[');
    expect((await rewind.run(args)).stdout).not.toContain('\u001B[');
  });

  test('a closed pipe is not an error', async () => {
    const script = `${process.execPath} ${path.resolve(__dirname, '../../../cli/rewind.cjs')} ls -q "${query}" -o jsonl | head -1; echo "\${PIPESTATUS[0]}"`;
    const env = {
      PATH: process.env['PATH'],
      HOME: rewind.home,
      REWIND_LOCAL_JSON: path.resolve(process.env['REWIND_E2E_LOCAL_JSON'] ?? ''),
    };
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], { env });
    expect({ end: stdout.trim().split('\n').at(-1), stderr }).toEqual({ end: '0', stderr: '' });
  });
});
