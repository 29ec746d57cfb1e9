import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { RewindCommand } from '../support/rewind-command';

/* An option with an empty value, such as an unset variable of the shell, is an error. */

const rewind = new RewindCommand();
const requests: string[] = [];
const server = createServer((request, response) => {
  requests.push(request.url ?? '');
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
}).listen(0, '127.0.0.1');
beforeAll(() => server.listening || once(server, 'listening'));
afterAll(() => {
  server.close();
  rewind.remove();
});

const changed = ['--reason', 'r', '--yes'];
test.each<[words: string[], option: string]>([
  [['cancel', 'order-1', '--first-run-id', '', ...changed], '--first-run-id'],
  [['terminate', 'order-1', '--run-id=', ...changed], '--run-id'],
  [['cancel', 'order-1', '--idempotency-key', '', ...changed], '--idempotency-key'],
  [['reset', 'order-1', '--to', 'last', '--then-signal', '', ...changed], '--then-signal'],
  [['reset', 'order-1', '--to', 'last', '--terminate-run', '', ...changed], '--terminate-run'],
  [['pause', 'order-1', '--until', '', ...changed], '--until'],
  [['ls', '-q', '', '-o', 'jsonl'], '--query'],
  [['batch', 'start', 'cancel', '-q', "WorkflowType = 'x'", '--except', '', ...changed], '--except'],
])('rewind %j sends nothing', async (words, option) => {
  const { port } = server.address() as AddressInfo;
  const place = ['--api-url', `http://127.0.0.1:${port}`, '--region', 'eu-west-1', '-n', 'orders'];
  const env = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };

  const { exitCode, stdout, stderr } = await rewind.run([...words, ...place], { env });

  expect({ exitCode, stdout, requests }).toEqual({ exitCode: 2, stdout: '', requests: [] });
  expect(stderr).toContain(option);
  expect(stderr).toContain('the value is empty');
});
