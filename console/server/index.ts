import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseApiRequest, unknownRoute } from './api-request';
import type { ApiRequest, ApiRoute } from './api-request';
import { Guard } from './guard';
import { pageFile } from './pages';
import { sendBytes, sendJson, sendProblem } from './responses';

export type { ApiRequest, ApiRoute } from './api-request';
export { isPageAddress } from './pages';

/** A response of the API, or the console's own if there was none. */
export interface ApiResponse {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

export interface ConsoleOptions {
  /** Routes of the API to forward, by operation id in the OpenAPI document. */
  routes: Readonly<Record<string, ApiRoute>>;
  /** Signs a request with the user's credentials and sends it once. Does not throw if the API cannot be reached. */
  forward: (request: ApiRequest) => Promise<ApiResponse>;
  /** Folder with the page's files. */
  pageFolder: string;
  /** What the page shows about the API: context, account, namespace. */
  place: object;
  /** Whether to forward only reads and previews. */
  readOnly: boolean;
  /** The port to listen on; 0 or undefined for any free port. */
  port?: number | undefined;
  /** The console ends after this time without a request from a signed-in page. */
  idleMilliseconds: number;
}

export interface RunningConsole {
  origin: string;
  /** Returns an address that signs in the first browser that opens it; `page` is the address of a view, `/` for the start. */
  signInUrl: (page: string) => string;
  port: number;
  /** Resolves when the console has ended. */
  ended: Promise<'idle' | 'closed'>;
  close: () => void;
}

/** Large enough for a list of 10,000 workflow ids, which the API accepts. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Serves the page on 127.0.0.1, and forwards its requests to the API. */
export async function startConsole(options: ConsoleOptions): Promise<RunningConsole> {
  const server = createServer();
  const port = await listen(server, options.port ?? 0);
  const guard = new Guard(port);
  let end: (why: 'idle' | 'closed') => void = () => {};
  const ended = new Promise<'idle' | 'closed'>((resolve) => {
    end = (why) => {
      clearTimeout(idle);
      server.close();
      server.closeAllConnections();
      resolve(why);
    };
  });
  const idle = setTimeout(() => end('idle'), options.idleMilliseconds);
  const context: Context = { ...options, guard, placeId: idOf(options.place), used: () => idle.refresh() };
  server.on('request', (request, response) => void answer(context, request, response));
  return {
    origin: guard.origin,
    signInUrl: (page) =>
      `${guard.origin}${page}${guard.oneTimeToken === undefined ? '' : `#token=${guard.oneTimeToken}`}`,
    port,
    ended,
    close: () => end('closed'),
  };
}

/**
 * Identifies the API and the namespace that the console uses. Another console can use the same port later, and its cookie is
 * sent from the pages of this one, too: they would change workflows elsewhere than they show.
 */
const idOf = (place: object): string => createHash('sha256').update(JSON.stringify(place)).digest('base64url');

/** Header of requests to the API: the place that the page shows. */
const PLACE_HEADER = 'x-rewind-place';
const otherPlace = {
  status: 409,
  kind: 'other-place',
  detail: 'This page shows another API or namespace than rewind console uses now. Reload it.',
};

interface Context extends ConsoleOptions {
  guard: Guard;
  placeId: string;
  /** Called when a signed-in page has sent a request. */
  used: () => void;
}

async function answer(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const refusal = context.guard.refusal(request.headers);
    if (refusal) return sendProblem(response, refusal);
    const target = request.url ?? '';
    if (target === '/session') return await answerSession(context, request, response);
    if (target.startsWith('/api/')) return await answerApi(context, request, response);
    return await answerPage(context, request, response);
  } catch (error) {
    if (response.headersSent || response.destroyed) return undefined;
    const detail = error instanceof Error ? error.message : String(error);
    return sendProblem(response, { status: 500, kind: 'internal', detail });
  }
}

async function answerPage(
  { pageFolder }: Context,
  { method, url = '' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (method !== 'GET') return sendProblem(response, notAllowed);
  const file = await pageFile(pageFolder, url.replace(/\?.*$/s, ''));
  if (!file) return sendProblem(response, { status: 404, kind: 'unknown-page', detail: 'There is no such page.' });
  return sendBytes(response, 200, file.contentType, file.body);
}

const notAllowed = { status: 405, kind: 'method', detail: 'Only GET and POST are allowed.' };

/** GET: returns the session if this browser is signed in. POST: signs it in with the token. */
async function answerSession(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { guard, place, placeId, readOnly } = context;
  const refusal = guard.dataRefusal(request.headers);
  if (refusal) return sendProblem(response, refusal);
  const session = { ...place, placeId, readOnly };
  if (request.method === 'GET') {
    const signedOut = guard.sessionRefusal(request.headers);
    return signedOut ? sendProblem(response, signedOut) : sendJson(response, 200, session);
  }
  if (request.method !== 'POST') return sendProblem(response, notAllowed);
  const unfit = guard.writeRefusal(request.headers);
  if (unfit) return sendProblem(response, unfit);
  const cookie = guard.redeem(await tokenIn(request));
  if (cookie === undefined) {
    const detail = 'The address was used before. Run rewind console again for a new address.';
    return sendProblem(response, { status: 401, kind: 'token-refused', detail });
  }
  context.used();
  return sendJson(response, 200, session, { 'Set-Cookie': cookie });
}

async function tokenIn(request: IncomingMessage): Promise<string> {
  try {
    const { token } = JSON.parse((await bodyOf(request, 1000)) ?? '') as { token?: unknown };
    return typeof token === 'string' ? token : '';
  } catch {
    return '';
  }
}

/** Forwards a request to the route that the address names. Its parameters are in the body: an address would be decoded or normalized. */
async function answerApi(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { guard, routes, readOnly, forward, placeId, used } = context;
  const { headers, method, url = '' } = request;
  const name = url.slice('/api/'.length);
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
  const refusal =
    guard.dataRefusal(headers) ??
    guard.sessionRefusal(headers) ??
    (headers[PLACE_HEADER] === placeId ? undefined : otherPlace) ??
    (method === 'POST' ? guard.writeRefusal(headers) : notAllowed);
  if (refusal || !route) return sendProblem(response, refusal ?? unknownRoute);
  const text = await bodyOf(request, MAX_BODY_BYTES);
  if (text === undefined)
    return sendProblem(response, { status: 413, kind: 'too-large', detail: 'The body is over 10 MiB.' });
  const idempotencyKey = String(headers['idempotency-key'] ?? '');
  const parsed = parseApiRequest({ name, ...route }, text, { idempotencyKey, readOnly });
  if ('problem' in parsed) return sendProblem(response, parsed.problem);
  used();
  const answered = await forward(parsed.value);
  used();
  return sendJson(response, answered.status, answered.body, answered.headers);
}

/** The body of a request; undefined if it is longer than `most` bytes. */
async function bodyOf(request: IncomingMessage, most: number): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > most) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** @returns the port */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
