import { shell } from '../support/shell';

/* `rewind` in the shell that `.rewind/env.sh` sets up: the command of this checkout, on the local stack. */

test('calls the local stack', async () => {
  expect(JSON.parse(await shell('rewind ops nothing -o json'))).toMatchObject({ operations: [] });
});

test('calls the local stack whatever the current context is', async () => {
  const printed = await shell(
    'export XDG_CONFIG_HOME=$(mktemp -d)\nrewind context add prod --api-url http://127.0.0.1:1 -n x\nrewind count',
  );
  expect(printed).toMatch(/^\d+$/m);
});

test('exits with the exit code of the command', async () => {
  await expect(shell('rewind show nothing')).rejects.toMatchObject({
    code: 3,
    stderr: expect.stringContaining('has no workflow'),
  });
});
