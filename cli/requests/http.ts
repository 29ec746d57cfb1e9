import type { IncomingMessage } from 'node:http';
import { sendRepeatedly } from '../../client/attempts';
import type { Attempts } from '../../client/attempts';
import { API_KEY_HEADER, signedParts } from '../../client/sign';
import type { RequestParts, Signer } from '../../client/sign';
import { routes } from './contract';
import type { RouteName } from './contract';

/** A request to a route. */
export interface ApiRequest {
  route: RouteName;
  /** The parameters in the path. */
  path: Record<string, string>;
  query?: object | undefined;
  body?: unknown;
  idempotencyKey?: string | undefined;
}

export interface ApiResponse {
  status: number;
  ok: boolean;
  headers: { get(name: string): string | null };
  /** Parsed, if it is JSON. */
  body: unknown;
}

export type Send = (request: ApiRequest) => Promise<ApiResponse>;

interface SendOptions extends Signer, Attempts<ApiResponse> {
  /** The output `ApiUrl` of the stack, without a trailing slash. */
  baseUrl: string;
  /** The API key of a usage plan. */
  apiKey?: string | undefined;
}

/**
 * Returns a function that sends requests, like the typed client, on `node:http`: the command starts for a single request, and loading
 * `fetch` takes longer than the request.
 */
export function createSend({ baseUrl, region, credentials, apiKey, ...attempts }: SendOptions): Send {
  return async ({ route, path, query = {}, body: given, idempotencyKey }) => {
    const { method, path: below } = routes[route];
    const place = `/namespaces/{namespace}/${below}`.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
      encodeURIComponent(path[name] ?? ''),
    );
    const url = new URL(`${baseUrl}${place}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.append(name, String(value));
    }
    const body = given === undefined ? undefined : JSON.stringify(given);
    const headers: Record<string, string> = {};
    if (apiKey !== undefined) headers[API_KEY_HEADER] = apiKey;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const key = idempotencyKey ?? (method === 'POST' ? crypto.randomUUID() : undefined);
    if (key !== undefined) headers['Idempotency-Key'] = key;
    const prepare = async (signal: AbortSignal) => {
      const parts = await signedParts({ method, url, headers, body }, { region, credentials });
      return () => sendOnce({ method, body, ...parts }, signal);
    };
    return sendRepeatedly({ idempotencyKey: key, prepare, discard: () => undefined }, attempts);
  };
}

async function sendOnce({ method, url, headers, body }: RequestParts, signal: AbortSignal): Promise<ApiResponse> {
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
  return { status, ok: status >= 200 && status < 300, headers: { get }, body: parsed(text, get('content-type')) };
}

function parsed(text: string, contentType: string | null): unknown {
  if (!/\bjson\b/.test(contentType ?? '')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
