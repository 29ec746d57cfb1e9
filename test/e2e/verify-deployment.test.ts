import path from 'node:path';
import { checks } from '../../bin/verification/checks';
import { localDetails } from '../support/rewind-api';
import { shell } from '../support/shell';

/* `npm run verify-deployment`, on the local stack. */

const details = localDetails();
const root = path.resolve(__dirname, '../..');

function verify(options: string[]): Promise<string> {
  const { namespace, temporal, secretArns, apiUrl } = details;
  const connection = ['--address', temporal.address, '--secret-arn', secretArns[namespace] ?? ''];
  const serverName = temporal.tlsServerName === undefined ? [] : ['--tls-server-name', temporal.tlsServerName];
  const args = [
    '--stack',
    'RewindControl',
    '--namespace',
    namespace,
    '--api-url',
    apiUrl,
    ...connection,
    ...serverName,
  ];
  return shell(
    `cd ${root}\nnpm run -s verify-deployment -- ${[...args, ...options].map((arg) => `'${arg}'`).join(' ')}`,
  );
}

test('every check passes, with events too', async () => {
  const lines = (await verify(['--event-source', details.eventSource])).trim().split('\n');

  expect(lines.filter((line) => !line.startsWith('passed'))).toEqual([]);
  expect(lines).toHaveLength(checks.length);
});

test('without a source no event is sent, and it says so', async () => {
  const lines = (await verify([])).trim().split('\n');

  const skipped = lines.filter((line) => !line.startsWith('passed'));
  expect(skipped).toHaveLength(2);
  for (const line of skipped) expect(line).toMatch(/^skipped {2}an event .*: needs --event-source$/);
});

test('a check that fails makes the whole fail, and says what was seen', async () => {
  const failed = verify(['--api-url', `${details.apiUrl}/elsewhere`]).catch(
    (error: { stdout: string }) => error.stdout,
  );

  await expect(failed).resolves.toMatch(/^failed {3}a workflow is described.*: described as .*$/m);
});
