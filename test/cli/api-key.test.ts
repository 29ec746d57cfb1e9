import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { forwarder } from '../../cli/requests/console-forward';
import type { Session } from '../../cli/session';
import { runCommand } from '../support/command-with-handlers';
import type { ApiRequest } from '../support/command-with-handlers';
import { RewindCommand } from '../support/rewind-command';

/* The API key of a usage plan, which an API with `api.usagePlans` requires. */

const rewind = new RewindCommand();
afterAll(() => rewind.remove());

const list = { statusCode: 200, body: JSON.stringify({ workflows: [] }) };
const problem = {
  statusCode: 403,
  headers: { 'content-type': 'application/problem+json' },
  body: JSON.stringify({ type: 'urn:rewind:problem:invalid-api-key', title: 't', status: 403, detail: 'Forbidden' }),
};

test.each([
  ['the key of the environment', { REWIND_API_KEY: 'key-of-on-call' }, 'key-of-on-call'],
  ['no key without it', {}, undefined],
  ['no key if it is empty', { REWIND_API_KEY: '' }, undefined],
])('a request has %s', async (_what, env, expected) => {
  const received: unknown[] = [];
  const respond = async ({ event }: ApiRequest) => {
    received.push(event.multiValueHeaders['x-api-key']?.[0]);
    return list;
  };
  const { exitCode } = await runCommand(rewind, ['ls'], respond, '', env);
  expect({ exitCode, received }).toEqual({ exitCode: 0, received: [expected] });
});

test.each([
  ['is missing', {}, 'The API requires the API key of a usage plan.'],
  ['is not valid', { REWIND_API_KEY: 'old' }, 'The API does not accept the API key in REWIND_API_KEY.'],
])('the error says that the key %s', async (_what, env, message) => {
  const { exitCode, stderr } = await runCommand(rewind, ['ls'], async () => problem, '', env);
  expect(exitCode).toBe(7);
  expect(stderr).toContain(message);
  expect(stderr).toContain('Set REWIND_API_KEY to the value of your client’s key');
});

test('a request of the console has the key', async () => {
  const received: unknown[] = [];
  const server = createServer(({ headers }, response) => {
    received.push(headers['x-api-key']);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };
  const context = { name: 'prod', apiUrl, region: 'eu-west-1', credentials };
  const session = { context, terminal: { env: { REWIND_API_KEY: 'key-of-on-call' } } } as unknown as Session;

  const { status } = await forwarder(session)({ route: 'listWorkflows', path: { namespace: 'prod.a1b2c' }, query: {} });

  expect({ status, received }).toEqual({ status: 200, received: ['key-of-on-call'] });
  server.close();
});
