import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { gatewayProblems } from '../../../api/gateway-problems';
import { deployedNode } from '../../../local/installed/deployed-node';
import { CTRL_C, RewindCommand } from '../../support/rewind-command';

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
const place = () => {
  const { port } = server.address() as AddressInfo;
  return ['--api-url', `http://127.0.0.1:${port}/v1`, '--region', 'eu-west-1', '-n', 'prod.a1b2c'];
};
const run = (args: string[], more = {}) => rewind.run([...args, ...place()], { env: { ...env, ...more } });

function problem(name: string, headers: Record<string, string> = {}) {
  const { status = /unavailable|internal/.test(name) ? 503 : 403, title } = gatewayProblems.find(
    (one) => one.name === name,
  ) ?? { title: name };
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

test('a 403 that is not of a Rewind API: names the URL, not the roles', async () => {
  answer = (_request, response) => {
    response.writeHead(403, { 'content-type': 'application/json' });
    response.end('{"message":"Forbidden"}');
  };
  const { exitCode, stderr } = await run(['ls']);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 7,
    stderr: expect.stringMatching(/answered 403: \{"message":"Forbidden"\}\n.*Is the URL right, with its stage\?/),
  });
  expect(stderr).not.toContain('Roles that allow it');
});

test.each([
  ['temporal-timeout', 'do not need Temporal'],
  ['ledger-unavailable', 'The temporal command does not need it.'],
])('%s: says what still works', async (kind, next) => {
  answer = problem(kind);
  expect((await run(['ls'])).stderr).toContain(next);
});

test('a preview that is overtaken by a change of another person names where that change is listed', async () => {
  answer = (_request, response) => {
    response.writeHead(409, { 'content-type': 'application/problem+json' });
    const errors = [{ field: 'ifCurrentRunId', value: 'run-1', allowed: 'the current run, run-2, or left out' }];
    const detail = 'The current run of workflow "order-1" is run-2, not run-1. Nothing was done.';
    response.end(JSON.stringify({ type: 'urn:rewind:problem:conflict', title: 'c', status: 409, detail, errors }));
  };
  const reset = ['reset', 'order-1', '--to', '4', '--reason', 'r', '--yes', '--idempotency-key', 'k'];
  const { exitCode, stderr } = await run(reset);
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('"rewind ops" has who did it'),
  });
  expect(stderr).not.toContain('or left out');
});

test('a slow response: says after 5 s what it waits for', async () => {
  answer = (request, response) => void setTimeout(() => json({ count: 7 })(request, response), 5500);
  expect(await run(['count'])).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(/^No response from http:.* for 5 s\. Waiting up to 35 s\.\n$/),
  });
});

test('HTTPS_PROXY is used, as by the AWS command line; without a response, an older Node.js is named', async () => {
  const asked: string[] = [];
  const proxy = createTcpServer((socket) => {
    socket.once('data', (received: Buffer) => {
      asked.push(received.toString().split('\r\n')[0] ?? '');
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const api = ['--api-url', 'https://api.invalid/v1', '--region', 'eu-west-1', '-n', 'prod.a1b2c'];
  const node = await deployedNode();
  const { exitCode, stderr } = await rewind.run(['count', ...api], {
    env: { ...env, HTTPS_PROXY: `http://127.0.0.1:${port}` },
    node,
  });
  proxy.close();
  expect({ exitCode, asked: new Set(asked) }).toEqual({
    exitCode: 1,
    asked: new Set(['CONNECT api.invalid:443 HTTP/1.1']),
  });
  expect(stderr).toContain('HTTPS_PROXY is used from Node.js 22.21 and 24.5 on. This is v24.');
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
    stderr: expect.stringContaining('The API answered 429: Too many requests. Trying again in 1 s.'),
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

test('a lost start of a batch operation says so, and names what lists it', async () => {
  const preview = { outcome: 'preview', engine: 'worker', matched: 3, tooMany: false, sample: [], limitations: [] };
  respondTo(inOrder(json(preview), cut), json({ batchOperations: [] }));
  const start = ['batch', 'start', 'cancel', '-q', "A = 'b'", '--reason', 'r', '--yes', '--expect', '3'];
  const { exitCode, stderr } = await run(start);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 6,
    stderr: expect.stringMatching(
      /unknown whether the batch operation was started\.[^]*To see whether it was: rewind batch ls --api-url/,
    ),
  });
});

test('without a connection, nothing was sent, except perhaps under a key of an earlier command', async () => {
  const closed = createTcpServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  closed.close();
  const there = ['--api-url', `http://127.0.0.1:${port}/v1`, '--region', 'eu-west-1', '-n', 'prod.a1b2c'];
  const [first, repeated] = await Promise.all([
    rewind.run([...cancel, ...there], { env }),
    rewind.run([...cancel, ...there, '--idempotency-key', 'k'], { env }),
  ]);
  expect(first).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('ECONNREFUSED. Nothing was sent.') });
  expect(repeated).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('It is unknown whether') });
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

/** Responds to changes and to reads. */
function respondTo(change: typeof answer, read: typeof answer = change) {
  answer = (request, response) => (request.method === 'POST' ? change : read)(request, response);
}

function json(body: object) {
  return (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
}
const cut = (request: IncomingMessage) => request.socket.destroy();
const never = () => {};

/** The responses in order; the last one repeats. */
function inOrder(...responses: (typeof answer)[]): typeof answer {
  return (request, response) => (responses.length > 1 ? responses.shift()! : responses[0]!)(request, response);
}

const cancelled = {
  operationId: `op-${'a'.repeat(32)}`,
  outcome: 'requested',
  workflowId: 'order-1',
  runId: 'run-1',
  status: 'Running',
  waitedSeconds: 25,
};
const cancel = ['cancel', 'order-1', '--reason', 'r', '--yes'];

describe('after a change', () => {
  test.each([
    ['the connection is lost', cut, 'No response from'],
    ['the credentials expire', problem('expired-credentials'), 'The AWS credentials have expired.'],
  ])('a wait during which %s reports the change, and exits with 4', async (_what, read, why) => {
    respondTo(json(cancelled), read);
    const { exitCode, stdout, stderr } = await run([...cancel, '--wait', '27s']);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 4,
      stdout: `order-1: cancellation requested; still Running after 25 s\n  Next: rewind show order-1 ${place().join(' ')}\n`,
      stderr: expect.stringContaining(`The wait has ended without the result: ${why}`),
    });
  });

  test.each([
    ['cancel', [], 'cancellation requested; the API did not return whether it has closed'],
    ['reset', ['--to', '4', '--idempotency-key', 'k'], 'the API did not return what the new run does'],
  ])('of a %s, a response without the result of the wait is no result, and exits with 4', async (verb, more, words) => {
    const { waitedSeconds: _none, ...unwaited } = { ...cancelled, eventId: 4, newRunId: 'run-2', orphanedChildren: [] };
    respondTo(json(unwaited));
    const { exitCode, stdout } = await run([verb, 'order-1', ...more, '--reason', 'r', '--yes', '--wait', '10s']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: expect.stringContaining(words) });
  });

  test('a wait continues after the connection was lost', async () => {
    const closed = { workflowId: 'order-1', runId: 'run-1', status: 'Canceled', closeTime: '2026-01-31T12:00:00Z' };
    respondTo(json(cancelled), inOrder(cut, cut, cut, json(closed)));
    expect(await run([...cancel, '--wait', '60s'])).toMatchObject({
      exitCode: 0,
      stdout: 'order-1: cancellation requested; it is Canceled\n',
    });
  });

  test('a batch operation that cannot be watched is reported as started, with exit code 4', async () => {
    const started = { operationId: `op-${'b'.repeat(32)}`, outcome: 'started', state: 'running', matched: 3 };
    const preview = { outcome: 'preview', engine: 'worker', matched: 3, tooMany: false, sample: [], limitations: [] };
    respondTo(inOrder(json(preview), json(started)), problem('access-denied'));
    const start = ['batch', 'start', 'cancel', '-q', "A = 'b'", '--reason', 'r', '--yes', '--expect', '3', '--watch'];
    const { exitCode, stdout, stderr } = await run([...start, '-o', 'json']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 4,
      stderr: expect.stringContaining(`${started.operationId} was started, but cannot be watched: IAM does not allow`),
    });
    expect(JSON.parse(stdout)).toEqual(started);
  });

  test('a redrive that fails after its first part says so, and exits with 5', async () => {
    respondTo(inOrder(json({ redriven: 100, skipped: [], more: true }), problem('access-denied')));
    const redrive = ['events', 'redrive', '--all', '--reason', 'r', '--yes'];
    expect(await run(redrive)).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining('100 events were redriven, and not all. IAM does not allow'),
    });
  });

  test('a full disk is reported, and exits with 5', async () => {
    respondTo(json(cancelled));
    const full = openSync('/dev/full', 'w');
    const child = rewind.start([...cancel, ...place()], { env, stdio: ['ignore', full, 'pipe'] });
    const [stderr, [exitCode]] = await Promise.all([text(child.stderr!), once(child, 'exit')]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 5,
      stderr: expect.stringContaining('✘ The output cannot be written: ENOSPC'),
    });
    closeSync(full);
  });
});

describe('Ctrl-C', () => {
  const inTerminal = (send: RegExp | string) =>
    rewind.runInTerminal([...cancel, '--wait', '60s', ...place()], [{ expect: send, send: CTRL_C }], { env });

  test('before the response says that the outcome is unknown, and how to repeat the request', async () => {
    respondTo(never);
    const { exitCode, screen } = await inTerminal(/[2-9] s of 60 s/);
    expect({ exitCode, screen }).toEqual({
      exitCode: 6,
      screen: expect.stringMatching(/it is unknown whether the change to order-1 was made[^]*--idempotency-key/),
    });
  });

  test('after the response stops only the wait', async () => {
    respondTo(json(cancelled), json({ workflowId: 'order-1', runId: 'run-1', status: 'Running' }));
    const { exitCode, screen } = await inTerminal(/[2-9] s of 60 s/);
    expect({ exitCode, screen }).toEqual({
      exitCode: 4,
      screen: expect.stringContaining('Stopped waiting. The cancellation was sent and stays in effect.'),
    });
  });
});

test.each([
  ['expired-credentials', 'The AWS credentials have expired.'],
  ['throttled-by-gateway', 'The API is limiting requests'],
  ['ledger-unavailable', 'ledger-unavailable'],
])('a lost response and then %s: the outcome is unknown', async (kind, message) => {
  answer = inOrder(cut, problem(kind));
  const { exitCode, stderr } = await run(cancel);
  expect({ exitCode, stderr }).toEqual({ exitCode: 6, stderr: expect.stringContaining(message) });
  expect(stderr).toContain('It is unknown whether the change to order-1 was made. An attempt got no response.');
  expect(stderr).toMatch(/rewind cancel order-1 .* --idempotency-key [\w-]{36} --yes/);
  expect(stderr).not.toContain('Nothing was done');
});

describe('of several changes', () => {
  const several = ['cancel', 'order-1', 'order-2', 'order-3', '--reason', 'r', '--yes'];

  test('if the first is made and the second is not allowed, the exit code is not that of nothing changed', async () => {
    answer = inOrder(json(cancelled), problem('access-denied'));
    expect(await run(several)).toMatchObject({
      exitCode: 5,
      stdout: expect.stringContaining('order-1: cancellation requested'),
      stderr: expect.stringContaining('1 workflow was not changed, from order-3 on.'),
    });
    answer = problem('access-denied');
    expect(await run(several)).toMatchObject({
      exitCode: 7,
      stderr: expect.stringContaining('2 workflows were not changed, from order-2 on.'),
    });
  });

  test('Ctrl-C says what is unknown, and what was not changed', async () => {
    respondTo(inOrder(json(cancelled), never));
    const steps = [{ expect: 'Idempotency key for order-2', send: CTRL_C }];
    const { exitCode, screen } = await rewind.runInTerminal([...several, ...place()], steps, { env });
    expect({ exitCode, screen }).toEqual({
      exitCode: 6,
      screen: expect.stringMatching(
        /it is unknown whether the change to order-2 was made[^]*1 workflow was not changed, from order-3 on\./,
      ),
    });
  });

  test('Ctrl-C during the wait for the first says that the others were not changed, and exits with 5', async () => {
    respondTo(json(cancelled), json({ workflowId: 'order-1', runId: 'run-1', status: 'Running' }));
    const steps = [{ expect: /[2-9] s of 60 s/, send: CTRL_C }];
    const words = [...several, '--wait', '60s', ...place()];
    const { exitCode, screen } = await rewind.runInTerminal(words, steps, { env });
    expect({ exitCode, screen }).toEqual({
      exitCode: 5,
      screen: expect.stringMatching(/Stopped waiting\.[^]*2 workflows were not changed, from order-2 on\./),
    });
  });
});

test('as JSON, an unknown outcome does not have the problem document of the refusal', async () => {
  answer = inOrder(cut, problem('throttled-by-gateway'));
  expect(await run([...cancel, '-o', 'json'])).toMatchObject({ exitCode: 6, stdout: '' });
  answer = inOrder(json(cancelled), cut, problem('throttled-by-gateway'));
  const { exitCode, stdout } = await run(['cancel', 'order-1', 'order-2', '--reason', 'r', '--yes', '-o', 'json']);
  expect({ exitCode, results: JSON.parse(stdout) as object[] }).toEqual({
    exitCode: 6,
    results: [
      cancelled,
      {
        workflowId: 'order-2',
        detail: expect.stringContaining('It is unknown whether the change to order-2 was made.'),
      },
    ],
  });
});

test('a failed preview exits with 1: nothing was sent that could have been done', async () => {
  answer = problem('internal');
  expect(await run(['batch', 'start', 'cancel', '-q', "A = 'b'", '--reason', 'r', '--yes'])).toMatchObject({
    exitCode: 1,
  });
});

test('the lines of a failure’s message do not look like suggested commands', async () => {
  const workflow = {
    workflowId: 'order-1',
    workflowType: 'order',
    taskQueue: 'orders',
    runId: 'run-1',
    firstExecutionRunId: 'run-1',
    status: 'Failed',
    startTime: '2026-01-31T12:00:00Z',
    historyLength: 5,
    historySizeBytes: 1000,
    failure: { message: 'down\n  rewind terminate order-9 --yes' },
    pendingActivities: [],
    pendingChildren: [],
    links: {},
  };
  answer = json(workflow);
  const { stdout } = await run(['show', 'order-1']);
  expect(stdout.split('\n').slice(1, 4)).toEqual([
    '✘ Failed: down',
    '  │   rewind terminate order-9 --yes.',
    `  rewind reset order-1 --to before-failure ${place().join(' ')}`,
  ]);
});

test('a batch reset whose new runs were not followed says so', async () => {
  const batch = {
    operationId: `op-${'b'.repeat(32)}`,
    action: 'reset',
    state: 'completed',
    engine: 'worker',
    matched: 3,
    done: 3,
    skipped: 0,
    outcomes: { reset: 3 },
    failed: {},
    reason: 'bad deploy',
    requestedAt: '2026-01-31T12:00:00Z',
    actor: { kind: 'iam', id: 'arn:aws:iam::111122223333:user/ann' },
  };
  answer = json(batch);
  expect((await run(['batch', 'show', batch.operationId])).stdout).toMatch(/^new runs +not followed$/m);
  answer = json({ ...batch, progress: { completed: 3 } });
  expect((await run(['batch', 'show', batch.operationId])).stdout).toMatch(/^new runs +3 completed$/m);
});
