import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { apiRoutes } from '../../cli/requests/console-forward';
import { startConsole } from '../../console/server';
import type { ApiRequest, ConsoleOptions, RunningConsole } from '../../console/server';
import { temporaryFolder } from '../support/temporary-folder';

/* Raw requests to the console's server: a browser or `fetch` would normalize them. */

const folder = temporaryFolder();
for (const [name, text] of Object.entries({
  'index.html': '<p>page</p>',
  'page.js': '',
  'page.css': '',
  'icon.svg': '',
}))
  writeFileSync(path.join(folder, name), text);
const forwarded: ApiRequest[] = [];
const running: RunningConsole[] = [];
afterEach(() => {
  for (const one of running.splice(0)) one.close();
  forwarded.length = 0;
});

async function start(options: Partial<ConsoleOptions> = {}): Promise<RunningConsole> {
  const started = await startConsole({
    routes: apiRoutes,
    forward: async (request) => {
      forwarded.push(request);
      return { status: 200, body: { forwarded: true }, headers: { 'Retry-After': '3' } };
    },
    pageFolder: folder,
    place: { context: 'local', namespace: 'orders.local' },
    readOnly: false,
    idleMilliseconds: 60_000,
    ...options,
  });
  running.push(started);
  return started;
}

interface Response {
  status: number;
  headers: string;
  body: string;
  json: () => { type?: string; detail?: string };
}

/** Sends a raw request. */
function send(
  { port }: { port: number },
  line: string,
  headers: Record<string, string | undefined> = {},
  body = '',
): Promise<Response> {
  const all = { Host: `127.0.0.1:${port}`, Connection: 'close', 'Content-Length': String(body.length), ...headers };
  const fields = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`${line} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n${body}`);
    });
    socket.setEncoding('utf8');
    socket.on('data', (part) => (text += String(part)));
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', ...rest] = text.split('\r\n\r\n');
      // Responses of Node.js's server are chunked: each chunk follows its length.
      const content = rest.join('\r\n\r\n').replaceAll(/^[0-9a-f]+\r\n|\r\n0\r\n\r\n$/gi, '');
      resolve({
        status: Number(head.split(' ')[1]),
        headers: head,
        body: content,
        json: () => JSON.parse(content) as { type?: string },
      });
    });
  });
}

const tokenOf = (started: RunningConsole) => new URL(started.signInUrl('/')).hash.replace('#token=', '');
const writing = { 'Content-Type': 'application/json', 'X-Rewind-Console': '1' };

/** Headers of a signed-in page. */
interface SignedIn extends Record<string, string> {
  Cookie: string;
  'X-Rewind-Place': string;
}

async function signIn(started: RunningConsole): Promise<SignedIn> {
  const text = JSON.stringify({ token: tokenOf(started) });
  const { headers, body } = await send(started, 'POST /session', writing, text);
  const { placeId } = JSON.parse(body) as { placeId: string };
  return { Cookie: /^set-cookie: ([^;]*)/im.exec(headers)?.[1] ?? '', 'X-Rewind-Place': placeId };
}

const list = 'POST /api/listWorkflows';
const cancel = 'POST /api/cancelWorkflow';
const change = { ...writing, 'Idempotency-Key': 'key-1' };
const inNamespace = { namespace: 'orders.local' };
/** The body of a request to a route: parameters of its path, its query, and its own body. */
const toRoute = (given: object) => JSON.stringify({ path: inNamespace, ...given });
const empty = toRoute({});

describe('signing in', () => {
  test('redeems the token once, for a cookie that is HttpOnly and SameSite', async () => {
    const started = await start();
    const body = JSON.stringify({ token: tokenOf(started) });
    const first = await send(started, 'POST /session', writing, body);
    expect(first.headers).toMatch(/^set-cookie: rewind-console-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/\r$/im);
    expect(await send(started, 'POST /session', writing, body)).toMatchObject({ status: 401 });
    expect(new URL(started.signInUrl('/')).hash).toBe('');
  });

  test.each(['', 'x', '"token"', '{"token": 5}', '{"token": "guess"}'])('refuses the token %j', async (body) => {
    const started = await start();
    expect(await send(started, 'POST /session', writing, body)).toMatchObject({ status: 401 });
    expect(await signIn(started)).toMatchObject({ Cookie: expect.stringContaining('=') });
  });

  test('forwards nothing without the cookie or with another cookie', async () => {
    const started = await start();
    const { Cookie, ...place } = await signIn(started);
    for (const headers of [{}, { Cookie: `rewind-console-${started.port}=guess` }, { Cookie: `x${Cookie}` }]) {
      expect(await send(started, list, { ...writing, ...headers }, empty)).toMatchObject({ status: 401 });
      expect(await send(started, cancel, { ...change, ...headers }, empty)).toMatchObject({ status: 401 });
    }
    expect(forwarded).toEqual([]);
    expect(await send(started, list, { ...writing, Cookie, ...place }, empty)).toMatchObject({ status: 200 });
  });
});

test('forwards nothing from a page that shows another API or namespace, although browsers send it the cookie of this console', async () => {
  const staging = await start({ place: { context: 'staging', namespace: 'orders' } });
  const stale = await signIn(staging);
  staging.close();
  const prod = await start({ place: { context: 'prod', namespace: 'orders' } });
  const { Cookie, ...shown } = await signIn(prod);
  for (const place of [{ 'X-Rewind-Place': stale['X-Rewind-Place'] }, {}]) {
    for (const line of [list, cancel]) {
      const response = await send(prod, line, { ...change, ...place, Cookie }, empty);
      expect({ status: response.status, type: response.json().type }).toEqual({
        status: 409,
        type: 'urn:rewind:console:other-place',
      });
    }
  }
  expect(forwarded).toEqual([]);
  // A console that was started again for the same place serves its earlier pages.
  const again = await start({ place: { context: 'prod', namespace: 'orders' } });
  expect(await signIn(again)).toMatchObject(shown);
});

describe('requests from other origins', () => {
  test.each(['evil.example', 'localhost:1', '127.0.0.1', '[::1]:80', ''])(
    'refuses another name for 127.0.0.1: Host %j',
    async (Host) => {
      const started = await start();
      const headers = { ...(await signIn(started)), ...writing, Host };
      for (const line of ['GET /', 'GET /page.js', 'GET /session', list]) {
        const { status } = await send(started, line, headers, empty);
        expect({ line, refused: [400, 403].includes(status) }).toEqual({ line, refused: true });
      }
      expect(await send(started, list, { ...headers, Host: undefined }, empty)).toMatchObject({ status: 400 });
      expect(forwarded).toEqual([]);
    },
  );

  test.each(['null', 'https://evil.example', 'http://127.0.0.1:1', 'http://localhost'])(
    'refuses the origin %s, and allows no other origin in a response',
    async (Origin) => {
      const started = await start();
      const headers = { ...(await signIn(started)), ...change, Origin };
      const answers = [
        await send(started, cancel, headers, empty),
        await send(started, list, headers, empty),
        await send(started, 'OPTIONS /api/cancelWorkflow', headers),
      ];
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
      expect(answers.map((answer) => answer.headers).join('')).not.toMatch(/access-control/i);
      expect(forwarded).toEqual([]);
    },
  );

  test.each(['cross-site', 'same-site', 'none'])('refuses data to a request from %s', async (site) => {
    const started = await start();
    const headers = { ...(await signIn(started)), ...writing, 'Sec-Fetch-Site': site };
    expect(await send(started, list, headers, empty)).toMatchObject({ status: 403 });
    expect(await send(started, 'GET /session', headers)).toMatchObject({ status: 403 });
    expect(await send(started, 'GET /', headers)).toMatchObject({ status: 200 });
  });

  test('every response forbids frames, inline scripts and other sources', async () => {
    const started = await start();
    for (const line of ['GET /', 'GET /page.js', 'GET /nothing', list, 'POST /']) {
      const { headers } = await send(started, line);
      expect(headers).toMatch(/content-security-policy: default-src 'self';.*frame-ancestors 'none'/i);
      expect(headers).not.toMatch(/unsafe/i);
      expect(headers).toMatch(/x-content-type-options: nosniff/i);
      expect(headers).toMatch(/cache-control: no-store/i);
    }
  });

  test('listens on 127.0.0.1 only', async () => {
    const { port } = await start();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.2', resolve));
    expect((other.address() as AddressInfo).port).toBe(port);
    await new Promise((resolve) => other.close(resolve));
  });
});

describe('forwarding', () => {
  test('sends the route, its parameters, the body and the key', async () => {
    const started = await start();
    const cookie = { ...(await signIn(started)), ...writing };
    const { headers, body } = await send(started, list, cookie, toRoute({ query: { query: 'a = +', pageSize: 5 } }));
    expect(headers).toMatch(/retry-after: 3/i);
    expect(body).toBe('{"forwarded":true}');
    await send(started, cancel, { ...cookie, ...change }, toRoute({ body: { workflowId: 'a' } }));
    await send(started, 'POST /api/getOperation', cookie, toRoute({ path: { ...inNamespace, operationId: 'op-1' } }));
    expect(forwarded).toEqual([
      { route: 'listWorkflows', path: inNamespace, query: { query: 'a = +', pageSize: 5 } },
      { route: 'cancelWorkflow', path: inNamespace, query: {}, body: { workflowId: 'a' }, idempotencyKey: 'key-1' },
      { route: 'getOperation', path: { ...inNamespace, operationId: 'op-1' }, query: {} },
    ]);
  });

  test.each([
    ['POST /api/'],
    ['POST /api/namespaces/orders.local/workflows'],
    ['POST /api/listWorkflows/'],
    ['POST /api/listWorkflows?query='],
    ['POST /api/%6cistWorkflows'],
    ['POST /api/LISTWORKFLOWS'],
    ['POST /api//listWorkflows'],
    ['POST /api/../api/listWorkflows'],
    ['POST /api/__proto__'],
    ['POST /api/constructor'],
    ['POST http://169.254.169.254/api/listWorkflows', '', 405],
    ['GET /api/listWorkflows', '', 405],
    ['DELETE /api/listWorkflows', '', 405],
    ...['', '..', 'a..b', '%2e%2e', 'a%2Fworkflows', 'a\\b', 'a/../b', 'a/workflows'].map(
      (namespace) => [list, JSON.stringify({ path: { namespace } })] as const,
    ),
    [list, '{"path": {}}'],
    ...['', '..', '%2e%2e', 'op-1/x', '-'].map(
      (operationId) => ['POST /api/getOperation', toRoute({ path: { ...inNamespace, operationId } })] as const,
    ),
    ['POST /api/getOperation', empty],
  ] as const)(
    'refuses %s with the body %j, which is not a route',
    async (line, body = empty, expected: number = 404) => {
      const started = await start();
      const { status } = await send(started, line, { ...(await signIn(started)), ...change }, body || empty);
      expect(status).toBe(expected);
      expect(forwarded).toEqual([]);
    },
  );

  test('requires the header, JSON and a key for a change', async () => {
    const started = await start();
    const cookie = await signIn(started);
    const post = (headers: Record<string, string | undefined>, body = empty) =>
      send(started, cancel, { ...cookie, ...change, ...headers }, body);
    expect(await post({ 'X-Rewind-Console': undefined })).toMatchObject({ status: 403 });
    expect(await post({ 'Content-Type': 'text/plain' })).toMatchObject({ status: 415 });
    expect(await post({ 'Idempotency-Key': undefined })).toMatchObject({ status: 400 });
    for (const body of ['{', 'null', '{}', '{"path": null}'])
      expect(await post({}, body)).toMatchObject({ status: 400 });
    expect(forwarded).toEqual([]);
  });

  test('--read-only forwards only reads and previews', async () => {
    const started = await start({ readOnly: true });
    const headers = { ...(await signIn(started)), ...change };
    const reset = 'POST /api/resetWorkflow';
    expect(await send(started, cancel, headers, toRoute({ body: { dryRun: true } }))).toMatchObject({ status: 403 });
    for (const body of [{ dryRun: 1 }, { dryRun: false }, null, undefined]) {
      expect(await send(started, reset, headers, toRoute({ body }))).toMatchObject({ status: 403 });
    }
    expect(forwarded).toEqual([]);
    const withoutKey = { ...headers, 'Idempotency-Key': undefined };
    expect(await send(started, reset, withoutKey, toRoute({ body: { dryRun: true } }))).toMatchObject({ status: 200 });
    const preview = 'POST /api/previewBatchCancellation';
    expect(await send(started, preview, withoutKey, toRoute({ body: { query: 'a' } }))).toMatchObject({ status: 200 });
    expect(await send(started, list, headers, empty)).toMatchObject({ status: 200 });
    expect(forwarded.map(({ route }) => route)).toEqual(['resetWorkflow', 'previewBatchCancellation', 'listWorkflows']);
  });
});

describe('the page', () => {
  test.each([
    '/',
    '/n/orders.local/workflows?query=a',
    '/n/orders.local/workflow?workflowId=%2F..%2F',
    '/n/orders.local/operations/op-1',
  ])('serves %s', async (address) => {
    expect(await send(await start(), `GET ${address}`)).toMatchObject({ status: 200, body: '<p>page</p>' });
  });

  test.each([
    '/index.html',
    '/package.json',
    '/../package.json',
    '/..%2fpackage.json',
    '/n/../../etc/passwd',
    '/n/a/workflows/../../x',
    '/n/a/anything',
    '/constructor',
    '//evil.example',
  ])('does not serve %s', async (address) => {
    expect(await send(await start(), `GET ${address}`)).toMatchObject({ status: 404 });
  });
});

describe('the idle timeout', () => {
  test('stops the server when no signed-in page sends requests', async () => {
    // Long, so that a busy machine sends the request before the end.
    const started = await start({ idleMilliseconds: 1_500 });
    const cookie = { ...(await signIn(started)), ...writing };
    const began = performance.now();
    // Requests without the cookie do not count.
    let sent = 0;
    const unauthenticated = setInterval(() => {
      void send(started, list, writing, empty).catch(() => {});
      if ((sent += 1) >= 100) clearInterval(unauthenticated);
    }, 50);
    setTimeout(() => void send(started, list, cookie, empty), 300);
    expect(await started.ended).toBe('idle');
    clearInterval(unauthenticated);
    expect(sent).toBeLessThan(100);
    expect(performance.now() - began).toBeGreaterThan(1_750);
    await expect(send(started, list, cookie, empty)).rejects.toThrow(/ECONNREFUSED/);
  });
});
