import { randomUUID } from 'node:crypto';
import { localStack } from '../../support/local-stack';
import { CTRL_C, ENTER, rewindCommand } from '../../support/rewind-command';

/* `rewind batch …`, `ops` and `op`, as the built command on the deployed API. */

const { client, idle, visible } = localStack();
const rewind = rewindCommand();
const reason = ['--reason', 'a test'];

/** Open workflows of a type of their own, which visibility has. */
async function several(count: number): Promise<{ query: string; ids: string[] }> {
  const type = `batch-${randomUUID()}`;
  const ids = Array.from({ length: count }, (_, index) => `${type}-${index}`);
  await Promise.all(ids.map((workflowId) => idle(workflowId, type)));
  const query = `WorkflowType = '${type}' AND ExecutionStatus = 'Running'`;
  await visible(query, count);
  return { query, ids };
}

test('refuses lines that name runs: a batch operation would change the latest run of each workflow', async () => {
  const { query, ids } = await several(1);
  const { stdout } = await rewind.run(['ls', '-q', query, '-o', 'jsonl']);
  const start = ['batch', 'start', 'terminate', '-', ...reason, '--yes', '--expect', '1'];
  expect(await rewind.run(start, { stdin: stdout })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/Standard input names runs, such as run [\w-]{36} of batch-[^]*jq -r .workflowId/),
  });
  expect((await client.workflow.getHandle(ids[0] ?? '').describe()).status.name).toBe('RUNNING');
  expect(await rewind.run(start, { stdin: `${ids[0]}\n` })).toMatchObject({ exitCode: 0 });
});

test('starts a batch operation after the count is typed, and shows its progress and items', async () => {
  const { query, ids } = await several(3);
  const { exitCode, screen } = await rewind.runInTerminal(
    ['batch', 'start', 'terminate', '-q', query, '--watch'],
    [
      { expect: new RegExp(String.raw`${ids[0]}[\s\S]*Why\?`), send: `a test${ENTER}` },
      { expect: 'Type 3', send: `3${ENTER}` },
    ],
  );
  expect(screen).toMatch(/3 of 3 done/);
  expect({ exitCode, screen }).toMatchObject({ exitCode: 0, screen: expect.stringMatching(/outcomes +3 terminated/) });

  const operationId = /op-[0-9a-f]{32}/.exec(screen)?.[0] ?? '';
  expect(await rewind.json(['batch', 'show', operationId])).toMatchObject({ state: 'completed', done: 3 });
  const { items } = await rewind.json<{ items: { workflowId: string; operationId: string }[] }>([
    'batch',
    'items',
    operationId,
  ]);
  expect(items.map(({ workflowId }) => workflowId).toSorted()).toEqual(ids);

  const { stdout } = await rewind.run(['op', items[0]?.operationId ?? '']);
  expect(stdout).toContain(`part of     ${operationId}`);
  expect((await rewind.run(['op', operationId])).stdout).toContain(`Next: rewind batch show ${operationId}`);
  expect((await rewind.run(['ops', ids[0] ?? ''])).stdout).toMatch(/terminate +batch-.* completed +terminated/);
});

test('Ctrl-C at the prompt for the count sends nothing', async () => {
  const { query } = await several(1);
  const unsent = `unsent ${randomUUID()}`;
  const { exitCode } = await rewind.runInTerminal(
    ['batch', 'start', 'cancel', '-q', query, '--reason', unsent],
    [{ expect: 'Type 1', send: CTRL_C }],
  );
  expect(exitCode).toBe(130);
  const { batchOperations } = await rewind.json<{ batchOperations: { reason: string }[] }>(['batch', 'ls']);
  expect(batchOperations.map((each) => each.reason)).not.toContain(unsent);
});

test('without a terminal, requires the count and refuses a wrong one', async () => {
  const { query } = await several(2);
  const start = ['batch', 'start', 'terminate', '-q', query, ...reason];
  expect(await rewind.run(start)).toMatchObject({ exitCode: 2 });
  expect(await rewind.run([...start, '--yes'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('--expect 2'),
  });
  expect(await rewind.run([...start, '--yes', '--expect', '3'])).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('2 match, not the 3'),
  });
  expect(await rewind.run([...start, '--max', '1', '--yes', '--expect', '2'])).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('--max 2'),
  });
  expect(await client.workflow.count(query)).toMatchObject({ count: 2 });
  expect(await rewind.run([...start, '--yes', '--expect', '2', '--watch'])).toMatchObject({ exitCode: 0 });
});

test('previews a reset with the reasons of refusals, and changes nothing', async () => {
  const { query, ids } = await several(1);
  const { exitCode, stdout } = await rewind.run(['batch', 'start', 'reset', '-q', query, '--to', 'first', '--dry-run']);
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`${ids[0]}  Workflow`) });
  expect(await rewind.json(['ops', ids[0] ?? ''])).toMatchObject({ operations: [] });
});

test('moves workflows to another version; rejects options of other actions and actions that the server lacks', async () => {
  const { query } = await several(2);
  const start = (action: string, ...more: string[]) =>
    rewind.run(['batch', 'start', action, '-q', query, ...reason, ...more]);
  const version = ['--versioning', 'autoUpgrade'];
  expect(await start('update-options', ...version, '--yes', '--expect', '2', '--watch')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/outcomes +2 updated/),
  });
  expect(await start('update-options', '--dry-run')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('--versioning is missing'),
  });
  expect(await start('cancel', '--until', '2026-01-31T18:00:00Z', '--dry-run')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('--until is for pause, not for cancel'),
  });
  expect(await start('pause', '--dry-run')).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('cannot pause workflows'),
  });
});

test('failed items set exit code 5 and are listed; a retry repeats only these items', async () => {
  const { ids } = await several(1);
  const some = ['batch', 'start', 'cancel', `${ids[0]}`, `none-${randomUUID()}`, ...reason, '--yes', '--expect', '2'];
  const { exitCode, stdout } = await rewind.run([...some, '--watch']);
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 5, stdout: expect.stringContaining('1 workflow-not-found') });
  const operationId = /op-[0-9a-f]{32}/.exec(stdout)?.[0] ?? '';
  const failed = await rewind.run(['batch', 'items', operationId, '--outcome', 'failed']);
  expect(failed.stdout).toMatch(/none-.* workflow-not-found/);
  const retried = await rewind.run(['batch', 'retry', operationId, ...reason, '--yes', '--watch']);
  expect({ ...retried }).toMatchObject({ exitCode: 5, stdout: expect.stringContaining('was started on 1 runs') });
  expect(retried.stdout).toContain('1 workflow-not-found');
});

test('Ctrl-C stops watching a running batch operation, and stop stops the operation', async () => {
  const { query } = await several(5);
  const { operationId } = await rewind.json<{ operationId: string }>([
    'batch',
    'start',
    'cancel',
    '-q',
    query,
    ...reason,
    // So slow that it has not ended however busy the machine is.
    '--rate',
    '0.01',
    '--yes',
    '--expect',
    '5',
  ]);
  const others = await rewind.run(['batch', 'start', 'terminate', '-q', query, '--dry-run']);
  expect(others.stdout).toMatch(
    new RegExp(`  Batch cancel ${operationId} is running and has the same query: \\d of 5 done`),
  );
  const another = ['batch', 'start', 'terminate', '-q', `${query} AND WorkflowId != 'x'`, '--dry-run'];
  expect((await rewind.run(another)).stdout).toContain(`${operationId} is running and may change the same workflows`);
  const watched = await rewind.runInTerminal(['batch', 'watch', operationId], [{ expect: ' of 5', send: CTRL_C }]);
  expect(watched).toMatchObject({
    exitCode: 4,
    screen: expect.stringContaining(`Batch operation ${operationId} continues.`),
  });
  expect(watched.screen).toMatch(/█*░+ \d of 5/);
  const suspended = await rewind.runInTerminal(
    ['batch', 'suspend', operationId, '--reason', 'slow service'],
    [{ expect: 'Suspend it? Reason: slow service', send: 'y' }],
  );
  expect(suspended).toMatchObject({
    exitCode: 0,
    screen: expect.stringContaining('Suspended: it changes no further workflow'),
  });
  expect((await rewind.run(['batch', 'show', operationId])).stdout).toContain(
    `Suspended by: rewind ops rewind-batch-${operationId}\n`,
  );
  expect(await rewind.run(['batch', 'ls', '--state', 'suspended'])).toMatchObject({
    stdout: expect.stringContaining(operationId),
  });
  expect(await rewind.run(['batch', 'resume', operationId, ...reason, '--yes'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('Resumed: it continues where it stopped.'),
  });
  const stopped = await rewind.runInTerminal(
    ['batch', 'stop', operationId, '--reason', 'enough'],
    [{ expect: 'Stop it? Reason: enough', send: 'y' }],
  );
  expect(stopped).toMatchObject({ exitCode: 0, screen: expect.stringContaining('batch cancel, running') });
  const by = `by: rewind ops rewind-batch-${operationId}`;
  expect(await rewind.run(['batch', 'watch', operationId])).toMatchObject({
    // A script must not take it for an operation that has changed all its workflows.
    exitCode: 5,
    stdout: expect.stringMatching(new RegExp(`cancelled, \\d of 5 done[^]*Stopped ${by}`)),
  });
  expect((await rewind.run(['ops', `rewind-batch-${operationId}`])).stdout).toMatch(/cancel .* enough/);
  await rewind.run(['batch', 'start', 'terminate', '-q', query, ...reason, '--yes', '--expect', '5', '--watch']);
});
