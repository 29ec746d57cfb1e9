import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createSend } from '../../cli/requests/http';
import { createRewindClient, NoResponseError } from '../../client/rewind-client';
import type { RewindClient, RewindClientOptions } from '../../client/rewind-client';

interface Received extends Pick<IncomingMessage, 'method' | 'url' | 'headers'> {
  body: string;
}
interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: object;
}

/** Closes the connection without a response. */
const cut: Answer = { status: 0 };

/** Sends no response, and keeps the connection open. */
const silent: Answer = { status: -1 };

const everythingButDate = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

describe('the typed client', () => {
  let server: Server;
  let received: Received[];
  /** Responses in order; the last one repeats. */
  let answers: Answer[];
  let onRequest: () => void;
  beforeAll(async () => {
    server = createServer((request, response) => {
      void text(request).then((body) => {
        const { method, url, headers } = request;
        received.push({ method, url, headers, body });
        onRequest();
        const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
        if (answer === cut) return request.socket.destroy();
        if (answer === silent) return undefined;
        response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
        return response.end(JSON.stringify(answer.body ?? {}));
      });
    });
    await new Promise<void>((listening) => {
      server.listen(0, '127.0.0.1', listening);
    });
  });
  beforeEach(() => {
    received = [];
    onRequest = () => {};
    answers = [{ status: 200, body: { outcome: 'requested' } }];
  });
  afterAll(() => server.close());

  const nodeOptions = () => ({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' },
  });
  const client = (options: Partial<RewindClientOptions> = {}): RewindClient =>
    createRewindClient({ ...nodeOptions(), ...options });
  const params = { path: { namespace: 'prod.a1b2c' } };
  const cancel = (rewind: RewindClient, headers: Record<string, string> = {}) =>
    rewind.POST('/namespaces/{namespace}/workflows/cancel', {
      params: { ...params, header: headers },
      body: { workflowId: 'order-1234', reason: 'withdrawn' },
    });
  const busy = { status: 503, headers: { 'retry-after': '0', 'content-type': 'application/problem+json' } };

  test('signs requests and returns the response', async () => {
    const { data, response } = await cancel(client());

    expect(response.status).toBe(200);
    expect(data?.outcome).toBe('requested');
    expect(received).toMatchObject([
      {
        method: 'POST',
        url: '/v1/namespaces/prod.a1b2c/workflows/cancel',
        body: '{"workflowId":"order-1234","reason":"withdrawn"}',
        headers: {
          'content-type': 'application/json',
          authorization: expect.stringMatching(
            /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/execute-api\/aws4_request, SignedHeaders=.*host/,
          ),
          'x-amz-security-token': 'session',
        },
      },
    ]);
  });

  test.each(['fetch', 'node:http'])('sends the API key of a usage plan, and signs it: on %s', async (transport) => {
    const options = { ...nodeOptions(), apiKey: 'key-of-a-pipeline' };
    const query = { workflowId: 'w' };
    await (transport === 'fetch'
      ? createRewindClient(options).GET('/namespaces/{namespace}/workflows/describe', { params: { ...params, query } })
      : createSend(options)({ route: 'describeWorkflow', ...params, query }));
    expect(received[0]?.headers).toMatchObject({
      'x-api-key': 'key-of-a-pipeline',
      authorization: expect.stringMatching(/SignedHeaders=[^,]*x-api-key/),
    });
  });

  test('encodes a query the way its signature does', async () => {
    await client().GET('/namespaces/{namespace}/workflows/describe', {
      params: { ...params, query: { workflowId: "a/b c+d?'(*)!ö" } },
    });

    expect(received[0]?.url).toBe(
      '/v1/namespaces/prod.a1b2c/workflows/describe?workflowId=a%2Fb%20c%2Bd%3F%27%28%2A%29%21%C3%B6',
    );
    expect(received[0]?.headers).not.toHaveProperty('idempotency-key');
  });

  test('retries a response with Retry-After under the same key, with a new signature', async () => {
    answers = [busy, busy, { status: 200 }];
    onRequest = () => jest.setSystemTime(Date.now() + 60_000);
    jest.useFakeTimers({ now: Date.now(), doNotFake: [...everythingButDate] });

    const { response } = await cancel(client()).finally(() => jest.useRealTimers());

    expect(response.status).toBe(200);
    expect(received).toHaveLength(3);
    expect(new Set(received.map(({ headers }) => headers['x-amz-date'])).size).toBe(3);
    expect(new Set(received.map(({ headers }) => headers.authorization)).size).toBe(3);
    const keys = new Set(received.map(({ headers }) => headers['idempotency-key']));
    expect([...keys]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  });

  test('generates a key for each change, and keeps a given key', async () => {
    const rewind = client();
    await cancel(rewind);
    await cancel(rewind);
    await cancel(rewind, { 'Idempotency-Key': 'deploy-42' });

    const [first, second, third] = received.map(({ headers }) => headers['idempotency-key']);
    expect(first).not.toBe(second);
    expect(third).toBe('deploy-42');
  });

  test('retries a change under its key after a broken connection, and returns the key with the error', async () => {
    answers = [cut, { status: 200, body: { outcome: 'requested' } }];
    expect((await cancel(client({ connectionPauseSeconds: 0 }))).data?.outcome).toBe('requested');
    const keys = new Set(received.map(({ headers }) => headers['idempotency-key']));
    expect({ sent: received.length, keys: keys.size }).toEqual({ sent: 2, keys: 1 });

    answers = [cut];
    received = [];
    const failed: unknown = await cancel(client({ connectionPauseSeconds: 0 })).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(NoResponseError);
    expect(received).toHaveLength(3);
    expect((failed as NoResponseError).idempotencyKey).toBe(received[2]?.headers['idempotency-key']);
    expect((failed as NoResponseError).message).toContain(received[0]?.headers['idempotency-key']);
  });

  const refused = { status: 403, body: { type: 'urn:rewind:problem:expired-credentials' } };
  test.each<[what: string, last: Answer]>([
    ['a refusal by API Gateway', refused],
    ['a limited rate', { status: 429 }],
    ['an unreachable ledger', { status: 503 }],
    ['an operation in progress', { status: 409, headers: { 'retry-after': '60' } }],
  ])('after a broken connection, %s leaves the outcome of a change unknown', async (_what, last) => {
    answers = [cut, last];
    const failed = await cancel(client({ connectionPauseSeconds: 0 })).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(NoResponseError);
    const { refusal, idempotencyKey } = failed as NoResponseError<Response>;
    expect({ status: refusal?.status, idempotencyKey }).toEqual({
      status: last.status,
      idempotencyKey: received[0]?.headers['idempotency-key'],
    });
  });

  test('after a broken connection, a response that the ledger has looked up is returned, and any response to a GET', async () => {
    answers = [cut, { status: 404, body: { type: 'urn:rewind:problem:workflow-not-found' } }];
    expect((await cancel(client({ connectionPauseSeconds: 0 }))).response.status).toBe(404);
    answers = [cut, refused];
    const read = client({ connectionPauseSeconds: 0 }).GET('/namespaces/{namespace}/workflows/describe', {
      params: { ...params, query: { workflowId: 'w' } },
    });
    expect((await read).response.status).toBe(403);
  });

  test('after a broken connection, missing credentials leave the outcome of a change unknown', async () => {
    answers = [cut];
    const noCredentials = new Error('the session has expired');
    const credentials = jest
      .fn()
      .mockResolvedValueOnce({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' })
      .mockRejectedValueOnce(noCredentials);
    const failed = await cancel(client({ connectionPauseSeconds: 0, credentials })).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(NoResponseError);
    expect((failed as NoResponseError).cause).toBe(noCredentials);
    expect(received).toHaveLength(1);
  });

  test('retries an attempt without a response in time, under the same key', async () => {
    answers = [silent, { status: 200, body: { outcome: 'requested' } }];
    const options = { connectionPauseSeconds: 0, attemptTimeoutSeconds: 0.2 };
    expect((await cancel(client(options))).data?.outcome).toBe('requested');
    answers = [silent];
    const send = createSend({ ...options, ...nodeOptions() });
    const body = { workflowId: 'order-1234', reason: 'withdrawn' };
    const request = { route: 'cancelWorkflow', ...params, body, idempotencyKey: 'deploy-42' } as const;
    const failed = await send(request).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(NoResponseError);
    expect(received.filter(({ headers }) => headers['idempotency-key'] === 'deploy-42')).toHaveLength(3);
  });

  test.each(['fetch', 'node:http'])('without a connection, nothing was sent: on %s', async (transport) => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    const options = { ...nodeOptions(), baseUrl: `http://127.0.0.1:${port}/v1`, connectionPauseSeconds: 0 };
    const body = { workflowId: 'order-1234', reason: 'withdrawn' };
    const sending =
      transport === 'fetch'
        ? cancel(client(options))
        : createSend(options)({ route: 'cancelWorkflow', ...params, body });
    await expect(sending).rejects.toMatchObject({ name: 'NoResponseError', nothingSent: true });
    answers = [cut];
    await expect(cancel(client({ connectionPauseSeconds: 0 }))).rejects.toMatchObject({ nothingSent: false });
  });

  test('does not retry a request that its caller has aborted', async () => {
    const caller = new AbortController();
    const aborting = jest.fn(() => {
      caller.abort();
      return Promise.reject(new Error('cut off by the caller'));
    });
    const aborted = client({ fetch: aborting }).GET('/namespaces/{namespace}/workflows/describe', {
      params: { ...params, query: { workflowId: 'w' } },
      signal: caller.signal,
    });
    await expect(aborted).rejects.toThrow('cut off by the caller');
    expect(aborting).toHaveBeenCalledTimes(1);
  });

  test('fails after its last attempt, with the last error', async () => {
    answers = [{ ...busy, body: { type: 'urn:rewind:problem:ledger-unavailable', status: 503 } }];

    const { error, data } = await cancel(client({ attempts: 2 }));

    expect(received).toHaveLength(2);
    expect(data).toBeUndefined();
    expect(error).toMatchObject({ type: 'urn:rewind:problem:ledger-unavailable' });
  });

  test.each<[what: string, answer: Answer]>([
    ['has no Retry-After', { status: 504 }],
    ['has a Retry-After longer than the client waits', { status: 409, headers: { 'retry-after': '41' } }],
  ])('does not retry after a response that %s', async (_what, answer) => {
    answers = [answer];

    const { response } = await cancel(client());

    expect(response.status).toBe(answer.status);
    expect(received).toHaveLength(1);
  });
});
