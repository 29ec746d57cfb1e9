import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { gatewayProblems } from '../../../api/gateway-problems';
import { RewindCommand } from '../../support/rewind-command';

/*
 * Responses of API Gateway itself, and a lost response. The emulator cannot be made to throttle or to expire credentials, so a
 * server here responds as the gateway's templates do (api/gateway-problems.ts).
 */

const rewind = new RewindCommand();
let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
  rewind.remove();
});

const env = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
const run = (args: string[], more = {}) => {
  const { port } = server.address() as AddressInfo;
  const place = ['--api-url', `http://127.0.0.1:${port}/v1`, '--region', 'eu-west-1', '-n', 'prod.a1b2c'];
  return rewind.run([...args, ...place], { env: { ...env, ...more } });
};

function problem(name: string, headers: Record<string, string> = {}) {
  const { status = 403, title } = gatewayProblems.find((one) => one.name === name) ?? { title: name };
  return (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
    response.end(JSON.stringify({ type: `urn:rewind:problem:${name}`, title, status, detail: title, requestId: 'r' }));
  };
}

test('IAM denies: names the roles that would allow it', async () => {
  answer = problem('access-denied');
  const { exitCode, stderr } = await run(['terminate', 'order-1', '--reason', 'r', '--yes']);
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 7,
    stderr: expect.stringContaining(
      'Roles that allow it: terminator, batchOperator. Ask for one in namespace prod.a1b2c',
    ),
  });
});

test('expired credentials: names the command that renews them', async () => {
  answer = problem('expired-credentials');
  expect(await run(['ls'])).toMatchObject({ exitCode: 7, stderr: expect.stringContaining('aws login') });
  const withToken = await run(['ls'], { AWS_SESSION_TOKEN: 'old' });
  expect(withToken).toMatchObject({
    exitCode: 7,
    stderr: expect.stringContaining('AWS_SESSION_TOKEN of this shell has expired'),
  });
});

test('a clock that is 12 minutes ahead: reports the skew', async () => {
  answer = problem('invalid-signature', { date: new Date(Date.now() - 12 * 60_000).toUTCString() });
  expect(await run(['ls'])).toMatchObject({
    exitCode: 7,
    stderr: expect.stringContaining('The clock of this machine is 12 minutes ahead of that of AWS.'),
  });
});

test('a route that an older deployment lacks: names the route', async () => {
  answer = problem('unsigned-or-unknown-route');
  expect(await run(['count'])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('no route GET workflows/count'),
  });
});

test('throttled: reports it, waits and retries', async () => {
  let requests = 0;
  answer = (request, response) => {
    requests += 1;
    if (requests === 1) return problem('throttled-by-gateway', { 'retry-after': '1' })(request, response);
    response.writeHead(200, { 'content-type': 'application/json' });
    return response.end(JSON.stringify({ namespace: 'prod.a1b2c', count: 7 }));
  };
  const { exitCode, stdout, stderr } = await run(['count']);
  expect({ exitCode, stdout, stderr }).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('7'),
    stderr: expect.stringContaining('The API is limiting requests (429): trying again in 1 s.'),
  });
});

test('a lost response: retries under the same key, and prints the command that repeats the request', async () => {
  const keys = new Set<string | undefined>();
  answer = (request) => {
    keys.add(request.headers['idempotency-key'] as string);
    request.socket.destroy();
  };
  const { exitCode, stderr } = await run(['cancel', 'order-1', '--reason', 'r', '--wait', '20s', '--yes']);
  const [key] = [...keys];
  expect({ exitCode, keys: keys.size }).toEqual({ exitCode: 6, keys: 1 });
  expect(stderr).toContain('It is unknown whether the change to order-1 was made.');
  expect(stderr).toMatch(
    new RegExp(`rewind cancel order-1 --wait 20s --reason r --api-url .* --idempotency-key ${key} --yes`),
  );
});

test.each([
  ['temporal-unavailable', 503, 6],
  ['throttled', 429, 1],
  ['conflict', 409, 3],
  ['outcome-unknown', 410, 6],
  ['internal', 500, 6],
  ['invalid-request', 400, 2],
])('a change that fails with %s exits with %i → %i', async (kind, status, expected) => {
  answer = (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/problem+json' });
    response.end(
      JSON.stringify({ type: `urn:rewind:problem:${kind}`, title: kind, status, detail: `${kind}.`, requestId: 'r' }),
    );
  };
  const { exitCode, stdout } = await run(['cancel', 'order-1', '--reason', 'r', '--yes', '-o', 'json']);
  expect(exitCode).toBe(expected);
  expect(JSON.parse(stdout)).toMatchObject({ type: `urn:rewind:problem:${kind}` });
});
