import type { Agent, AgentOptions, IncomingMessage, request as Request } from 'node:http';
import { sendRepeatedly } from '../../client/attempts';
import type { Attempts } from '../../client/attempts';
import { API_KEY_HEADER, signedParts } from '../../client/sign';
import type { RequestParts, Signer } from '../../client/sign';
import { routes } from './contract';
import type { RouteName } from './contract';

/** A request to a route. */
interface ApiRequest {
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
  /** An environment whose `HTTPS_PROXY` and `NO_PROXY` apply, if Node.js supports it: 22.21, 24.5 and newer. */
  proxyEnv?: Record<string, string | undefined>;
  /** Called when an attempt has had no response for this number of seconds. */
  onSlow?: (seconds: number) => void;
}

const SLOW_SECONDS = 5;

/**
 * Returns a function that sends requests, like the typed client, on `node:http`: the command starts for a single request, and loading
 * `fetch` takes longer than the request.
 */
export function createSend({ baseUrl, region, credentials, apiKey, proxyEnv, onSlow, ...attempts }: SendOptions): Send {
  let transport: Promise<Transport> | undefined;
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
    const { waitSeconds = 0 } = (given ?? {}) as { waitSeconds?: number };
    const seconds = SLOW_SECONDS + waitSeconds;
    const key = idempotencyKey ?? (method === 'POST' ? crypto.randomUUID() : undefined);
    if (key !== undefined) headers['Idempotency-Key'] = key;
    const prepare = async (signal: AbortSignal) => {
      const parts = await signedParts({ method, url, headers, body }, { region, credentials });
      const opened = (transport ??= transportOf(url, proxyEnv));
      return () => {
        const slow = onSlow && setTimeout(onSlow, seconds * 1000, seconds);
        return sendOnce({ method, body, ...parts }, signal, opened).finally(() => clearTimeout(slow));
      };
    };
    return sendRepeatedly({ idempotencyKey: key, prepare, discard: () => undefined }, attempts);
  };
}

interface Transport {
  request: typeof Request;
  agent?: Agent;
}

async function transportOf({ protocol }: URL, proxyEnv: SendOptions['proxyEnv']): Promise<Transport> {
  if (protocol === 'http:') return { request: (await import('node:http')).request };
  const https = await import('node:https');
  // As the default agent. The types of Node.js 22 lack `proxyEnv`.
  const agent = new https.Agent({ keepAlive: true, timeout: 5000, proxyEnv } as AgentOptions);
  return { request: https.request, agent };
}

async function sendOnce(
  { method, url, headers, body }: RequestParts,
  signal: AbortSignal,
  transport: Promise<Transport>,
): Promise<ApiResponse> {
  const { request, agent } = await transport;
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { method, headers, signal, agent }, resolve).on('error', reject).end(body);
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
