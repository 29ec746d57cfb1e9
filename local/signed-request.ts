import { signed } from '../client/sign';
import type { LocalDetails } from './details';

export interface SignedRequest {
  method: 'GET' | 'POST';
  /** Below the API's base, with a slash at the start and encoded as it is to be sent: `/namespaces/orders/…`. */
  path: string;
  /** Values as they are meant; they are encoded here. */
  query?: Record<string, string>;
  /** A string is sent as it is, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface ApiResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Parsed where the answer is JSON (`application/json`, `application/problem+json`), text otherwise. */
  // oxlint-disable-next-line typescript/no-explicit-any -- what the API answers is for the caller to check
  body: any;
}

/** Calls the HTTP API as an AWS principal, with anything: for requests that a typed client would not make. */
export async function signedRequest(
  { apiUrl, region, credentials }: Pick<LocalDetails, 'apiUrl' | 'region' | 'credentials'>,
  { method, path, query = {}, body: given, headers }: SignedRequest,
): Promise<ApiResponse> {
  const url = new URL(`${apiUrl}${path}`);
  url.search = new URLSearchParams(query).toString();
  const body = typeof given === 'string' ? given : JSON.stringify(given);
  const request = new Request(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    body,
  });
  return answerOf(await fetch(await signed(request, { region, credentials })));
}

async function answerOf(response: Response): Promise<ApiResponse> {
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: isJson && text !== '' ? JSON.parse(text) : text,
  };
}
