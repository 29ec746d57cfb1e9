import { runCommand } from '../support/command-with-handlers';
import type { ApiRequest } from '../support/command-with-handlers';
import { RewindCommand } from '../support/rewind-command';

/* Workflow ids from standard input, as a command sends them. */

const rewind = new RewindCommand();
afterAll(() => rewind.remove());

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
  const sent: unknown[] = [];
  const respond = async ({ event }: ApiRequest) => {
    const { workflowId, runId: run, firstExecutionRunId } = JSON.parse(event.body ?? '') as Record<string, string>;
    sent.push({ workflowId, runId: run, firstExecutionRunId });
    return { statusCode: 200, body: JSON.stringify({ outcome: 'requested', status: 'Running', workflowId }) };
  };

  const { exitCode } = await runCommand(rewind, ['cancel', '-', '--reason', 'r', '--yes'], respond, stdin);

  expect({ exitCode, sent }).toEqual({ exitCode: 0, sent: ids });
});
