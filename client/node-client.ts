import type { IncomingMessage } from 'node:http';
import { sendRepeatedly } from './attempts';
import type { Attempts } from './attempts';
import type { RewindClient } from './rewind-client';
import { API_KEY_HEADER, signedParts } from './sign';
import type { RequestParts, Signer } from './sign';

/** The part of a response that callers may read. `Response` of `fetch` has it too. */
export interface NodeResponse {
  status: number;
  ok: boolean;
  headers: { get(name: string): string | null };
}

export interface NodeClientOptions extends Signer, Attempts<Answered> {
  /** The output `ApiUrl` of the stack, without a trailing slash. */
  baseUrl: string;
  /** The API key of a usage plan. */
  apiKey?: string | undefined;
}

export type NodeClient = Pick<RewindClient, 'GET' | 'POST'>;

interface Parameters {
  params: {
    path: Record<string, string>;
    query?: Record<string, string | number | undefined>;
    header?: Record<string, string>;
  };
  body?: unknown;
}

/** A response whose body was read. */
export interface Answered extends NodeResponse {
  text: string;
}

/**
 * Creates the typed client on `node:http`, for programs that start for a single request, because loading `fetch` takes longer
 * than the request. Its responses only have `status`, `ok` and `headers.get`.
 */
export function createNodeClient({ baseUrl, region, credentials, apiKey, ...attempts }: NodeClientOptions): NodeClient {
  const send = async (method: string, route: string, { params, body: given }: Parameters) => {
    const path = route.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(params.path[name] ?? ''));
    const url = new URL(`${baseUrl}${path}`);
    for (const [name, value] of Object.entries(params.query ?? {})) {
      if (value !== undefined) url.searchParams.append(name, String(value));
    }
    const body = given === undefined ? undefined : JSON.stringify(given);
    const headers: Record<string, string> = { ...params.header };
    if (apiKey !== undefined) headers[API_KEY_HEADER] = apiKey;
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (method === 'POST') headers['Idempotency-Key'] ??= crypto.randomUUID();
    const prepare = async (signal: AbortSignal) => {
      const parts = await signedParts({ method, url, headers, body }, { region, credentials });
      return () => sendOnce({ method, body, ...parts }, signal);
    };
    const idempotencyKey = headers['Idempotency-Key'];
    const response = await sendRepeatedly({ idempotencyKey, prepare, discard: () => undefined }, attempts);
    const answer = parsed(response);
    return response.ok ? { data: answer, response } : { error: answer, response };
  };
  const client = {
    GET: (route: string, init: Parameters) => send('GET', route, init),
    POST: (route: string, init: Parameters) => send('POST', route, init),
  };
  // The types of routes, parameters and responses come from the OpenAPI document.
  return client as unknown as NodeClient;
}

async function sendOnce({ method, url, headers, body }: RequestParts, signal: AbortSignal): Promise<Answered> {
  const { request } = await (url.protocol === 'http:' ? import('node:http') : import('node:https'));
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { method, headers, signal }, resolve).on('error', reject).end(body);
  });
  incoming.setEncoding('utf8');
  let text = '';
  for await (const part of incoming) text += String(part);
  const { statusCode: status = 0, headers: received } = incoming;
  const get = (name: string) => {
    const value = received[name.toLowerCase()];
    return value === undefined ? null : String(value);
  };
  return { status, ok: status >= 200 && status < 300, headers: { get }, text };
}

export function parsed({ text, headers }: Answered): unknown {
  if (!/\bjson\b/.test(headers.get('content-type') ?? '')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
