import { signed } from '../client/sign';
import type { LocalDetails } from './details';

export interface SignedRequest {
  method: 'GET' | 'POST';
  /** Path below the API's base URL, encoded, with a leading slash: `/namespaces/orders/…`. */
  path: string;
  /** Parameters, not encoded. */
  query?: Record<string, string>;
  /** A string is sent unchanged, other values as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface ApiResponse {
  status: number;
  /** Headers by name in lower case. */
  headers: Record<string, string>;
  /** Parsed if the response is JSON (`application/json`, `application/problem+json`), text otherwise. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the caller checks the response
  body: any;
}

/** Calls the HTTP API with arbitrary requests, signed by an AWS principal, for requests that a typed client would not send. */
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
