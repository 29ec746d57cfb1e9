import { runCommand } from '../support/command-with-handlers';
import type { ApiRequest } from '../support/command-with-handlers';
import { RewindCommand } from '../support/rewind-command';

/* A list sends the fields of its route only: not the options that choose the API and the output. */

const rewind = new RewindCommand();
afterAll(() => rewind.remove());

test.each([
  ['ls -q x', 'workflows', { query: ['x'] }],
  ['history order-42', 'entries', { workflowId: ['order-42'] }],
  ['points order-42', 'resetPoints', { workflowId: ['order-42'] }],
  ['ops order-42 --by ann', 'operations', { workflowId: ['order-42'], actor: ['ann'] }],
  ['batch ls --state running', 'batchOperations', { state: ['running'] }],
  ['batch items op-1 --outcome failed', 'items', { outcome: ['failed'] }],
  ['events ls --trigger withdrawn', 'rejectedEvents', { trigger: ['withdrawn'] }],
])('rewind %s', async (line, field, expected) => {
  const queries: unknown[] = [];
  const respond = async ({ event }: ApiRequest) => {
    queries.push(event.multiValueQueryStringParameters);
    return { statusCode: 200, body: JSON.stringify({ [field]: [] }) };
  };
  const { exitCode, stdout } = await runCommand(rewind, [...line.split(' '), '-o', 'json'], respond);
  expect({ exitCode, queries }).toEqual({ exitCode: 0, queries: [{ ...expected, pageSize: ['100'] }] });
  expect(JSON.parse(stdout)).toEqual({ [field]: [] });
});
