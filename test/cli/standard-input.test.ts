import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { RewindCommand } from '../support/rewind-command';

/* Workflow ids from standard input, as a command sends them. */

const rewind = new RewindCommand();
let sent: unknown[] = [];
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { workflowId, runId, firstExecutionRunId } = JSON.parse(await text(request)) as Record<string, string>;
  sent.push({ workflowId, runId, firstExecutionRunId });
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ outcome: 'requested', status: 'Running', workflowId }));
}
const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
beforeAll(() => server.listening || once(server, 'listening'));
beforeEach(() => (sent = []));
afterAll(() => {
  server.close();
  rewind.remove();
});

const runId = '2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11';
test.each<[what: string, stdin: string, ids: object[]]>([
  [
    'of Windows, with a byte order mark',
    '\uFEFForder-1\r\norder-2\r\n',
    [{ workflowId: 'order-1' }, { workflowId: 'order-2' }],
  ],
  ['as `ls` prints them', `\uFEFF{"workflowId":"a\\nb","runId":"${runId}"}\n`, [{ workflowId: 'a\nb', runId }]],
  [
    'with spaces, hyphens and empty lines',
    ' a \n\n-b\n--yes\n-\n',
    [' a ', '-b', '--yes', '-'].map((workflowId) => ({ workflowId })),
  ],
  ['with a repeated id', 'a\nb\na\n', [{ workflowId: 'a' }, { workflowId: 'b' }]],
  [
    'with special characters of shells and JSON',
    "$(x)\n'\n{a}\n[1]\n42\nnull\n",
    ['$(x)', "'", '{a}', '[1]', '42', 'null'].map((workflowId) => ({ workflowId })),
  ],
])('a file %s', async (_what, stdin, ids) => {
  const { port } = server.address() as AddressInfo;
  const place = ['--api-url', `http://127.0.0.1:${port}`, '--region', 'eu-west-1', '-n', 'orders'];
  const env = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };

  const { exitCode } = await rewind.run(['cancel', '-', '--reason', 'r', '--yes', ...place], { env, stdin });

  expect({ exitCode, sent }).toEqual({ exitCode: 0, sent: ids });
});
