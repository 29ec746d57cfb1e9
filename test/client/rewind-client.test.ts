import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
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

  const client = (options: Partial<RewindClientOptions> = {}): RewindClient =>
    createRewindClient({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' },
      ...options,
    });
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
