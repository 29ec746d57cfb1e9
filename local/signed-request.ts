import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
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

/** Calls the HTTP API as an AWS principal: signed with Signature Version 4 for the service `execute-api`. */
export async function signedRequest(
  { apiUrl, region, credentials }: Pick<LocalDetails, 'apiUrl' | 'region' | 'credentials'>,
  request: SignedRequest,
): Promise<ApiResponse> {
  const url = new URL(`${apiUrl}${request.path}`);
  const query = Object.entries(request.query ?? {});
  // As Signature Version 4 encodes: a URLSearchParams would send a space as "+".
  url.search = query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');

  const body = typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 });
  const signed = await signer.sign({
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    method: request.method,
    path: url.pathname,
    query: Object.fromEntries(query),
    headers: {
      host: url.host,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...lowerCased(request.headers ?? {}),
    },
    ...(body !== undefined && { body }),
  });

  const { host: _host, ...headers } = signed.headers;
  const response = await fetch(url, { method: request.method, headers, ...(body !== undefined && { body }) });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: isJson && text !== '' ? JSON.parse(text) : text,
  };
}

const encode = (text: string) =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const lowerCased = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
