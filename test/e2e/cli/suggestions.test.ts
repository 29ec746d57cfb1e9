import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { localStack } from '../../support/local-stack';
import { rewindCommand } from '../../support/rewind-command';
import { completeWorkflow, scheduleActivity, ScriptedWorkflow } from '../../support/scripted-workflow';

/* The commands that the command suggests, pasted into a shell. They have to act where the command before them acted. */

const { connection, details } = localStack();
const rewind = rewindCommand();
const other = Object.keys(details.secretArns).find((name) => name !== details.namespace) ?? '';
const inOther = new Client({ connection, namespace: other });
const place = ['--context', 'local', '-n', other];

/** The suggested command lines in an output. */
const suggested = (output: string): string[] =>
  output.split('\n').flatMap((line) => /(?:^ {2}|: +|\? +)(rewind .+)$/.exec(line.trimEnd())?.[1] ?? []);

/** The words of a command line, as a shell splits it. */
const wordsOf = (line: string): Promise<string[]> =>
  new Promise((resolve, reject) => {
    execFile('bash', ['-c', `rewind() { printf '%s\\n' "$@"; }; ${line}`], (error, stdout) =>
      error ? reject(error) : resolve(stdout.trimEnd().split('\n')),
    );
  });

async function paste(line: string, where = place, env = {}): Promise<{ exitCode: number; stdout: string }> {
  const words = await wordsOf(line);
  expect({ line, place: words.slice(-where.length) }).toEqual({ line, place: where });
  return rewind.run(words, { env });
}

/** A workflow of the other namespace whose id another workflow has in the namespace of the context. */
async function twins(type: string): Promise<ScriptedWorkflow> {
  const workflowId = `it's ${randomUUID()}`;
  await ScriptedWorkflow.start(connection, { where: details.namespace, workflowId, type: 'elsewhere' });
  return ScriptedWorkflow.start(connection, { where: other, workflowId, type });
}

const isOfType = (type: string) => ({ exitCode: 0, stdout: expect.stringMatching(new RegExp(`^type +${type}$`, 'm')) });

test('of rewind show, points, op and of an id that does not exist', async () => {
  const workflow = await twins('broken');
  await workflow.completeTask(scheduleActivity('reserveStock', workflow.taskQueue));
  await workflow.completeActivity();
  await workflow.failTask('the code does not fit the history');
  const { stdout } = await rewind.run(['show', workflow.workflowId, ...place]);
  const [reset = '', points = ''] = suggested(stdout);
  expect((await paste(reset.replace(' --context', ' --dry-run --context'))).stdout).toContain('event 4');
  expect(await paste(points)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('reserveStock') });

  const reason = ['--reason', 'wedged', '--yes'];
  const asked = await rewind.run(['reset', workflow.workflowId, '--to', '4', ...reason, ...place]);
  expect(await paste(suggested(asked.stdout)[0] ?? '')).toMatchObject(isOfType('broken'));

  const missing = await rewind.run(['show', workflow.workflowId.replace(/-[^-]*$/, '-9'), ...place]);
  expect(await paste(suggested(missing.stderr)[0] ?? '')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining(workflow.workflowId),
  });
});

test('of rewind cancel on a terminal, which limits the change to the runs that it has shown', async () => {
  const { workflowId } = await twins('idle');
  const args = ['cancel', workflowId, '--reason', 'withdrawn', '--wait', '1s', ...place];
  const { screen } = await rewind.runInTerminal(args, [{ expect: 'Request cancellation?', send: 'y' }], {
    columns: 300,
  });
  expect(await paste(suggested(screen).at(-1) ?? '')).toMatchObject(isOfType('idle'));
});

test('of rewind terminate and restart', async () => {
  const workflow = await twins('amok');
  const reason = ['--reason', 'amok', '--yes'];
  const ended = await rewind.run(['terminate', workflow.workflowId, ...reason, ...place]);
  expect((await paste(suggested(ended.stdout)[0] ?? '')).stdout).toContain('preview of a reset');
  const again = await rewind.run(['restart', workflow.workflowId, ...reason, ...place]);
  expect(await paste(suggested(again.stdout)[0] ?? '')).toMatchObject(isOfType('amok'));
  await workflow.withRunId('').completeTask(completeWorkflow);
});

test('of batch operations, with the context of the environment', async () => {
  const type = `batch-${randomUUID()}`;
  const { workflowId } = await ScriptedWorkflow.start(connection, { where: other, type });
  const query = `WorkflowType = '${type}'`;
  for (let count = 0; count === 0;) ({ count } = await inOther.workflow.count(query));
  const start = ['batch', 'start', 'terminate', workflowId, '--engine', 'server', '--reason', 'amok', '--yes'];
  const env = { REWIND_CONTEXT: 'local' };
  const where = ['-n', other];
  const { stdout } = await rewind.run([...start, '--expect', '1', ...where], { env });
  expect((await paste(suggested(stdout)[0] ?? '', where, env)).stdout).toContain(
    'Batch terminate: completed, 1 of 1 done',
  );
});

test('with --api-url', async () => {
  const { workflowId } = await twins('idle');
  const { apiUrl, credentials, region } = details;
  const where = ['--api-url', apiUrl, '--region', region, '-n', other];
  const env = { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey };
  const { stdout } = await rewind.run(['cancel', workflowId, '--reason', 'withdrawn', '--yes', ...where], { env });
  expect(await paste(suggested(stdout)[0] ?? '', where, env)).toMatchObject(isOfType('idle'));
});
